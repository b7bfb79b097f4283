"""Writes the broker's definitions for the server form: `python -m deploy.definitions FILE`.

Passwords come from REGISTRY_BROKER_PASSWORD and its like.
"""

import os
import sys
from pathlib import Path

from deploy.local.definitions import as_json, definitions, topics
from deploy.local.environment import SERVICES


def main(path: Path) -> None:
    """Write the file that RabbitMQ loads when it starts."""
    passwords = {service: os.environ[f"{service.upper()}_BROKER_PASSWORD"] for service in SERVICES}
    path.write_text(as_json(definitions(passwords, topics())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

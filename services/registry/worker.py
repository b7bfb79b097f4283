"""What the registry service listens to. Run it with `python -m services.registry.worker`."""

from shared.inbox import Handlers
from services.registry.settings import Settings
from shared.worker import main

HANDLERS: Handlers = {}

if __name__ == "__main__":
    main("registry", Settings.from_env("registry"), HANDLERS)

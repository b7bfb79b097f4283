"""What the requests service listens to. Run it with `python -m services.requests.worker`."""

from shared.inbox import Handlers
from services.requests.settings import Settings
from shared.worker import main

HANDLERS: Handlers = {}

if __name__ == "__main__":
    main("requests", Settings.from_env("requests"), HANDLERS)

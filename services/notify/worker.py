"""What the notify service listens to. Run it with `python -m services.notify.worker`."""

from shared.inbox import Handlers
from services.notify.settings import Settings
from shared.worker import main

HANDLERS: Handlers = {}

if __name__ == "__main__":
    main("notify", Settings.from_env("notify"), HANDLERS)

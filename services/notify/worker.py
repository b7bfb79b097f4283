"""What the notify service listens to. Run it with `python -m services.notify.worker`."""

from services.notify.messages import actions as messages
from services.notify.settings import Settings
from shared.contract.events import (
    CaseCancelled,
    CaseHandedOver,
    CaseReady,
    CaseRejected,
    CaseReturned,
    CaseSubmitted,
    CaseVerified,
    ResidentDied,
    ResidentMerged,
    ResidentRestored,
)
from shared.inbox import Handlers
from shared.worker import main

HANDLERS: Handlers = {
    CaseSubmitted: messages.tell,
    CaseReturned: messages.tell,
    CaseVerified: messages.tell,
    CaseReady: messages.tell,
    CaseHandedOver: messages.tell,
    CaseRejected: messages.tell,
    CaseCancelled: messages.tell,
    ResidentDied: messages.silence,
    ResidentRestored: messages.hear_again,
    ResidentMerged: messages.follow_merged,
}

if __name__ == "__main__":
    main("notify", Settings.from_env("notify"), HANDLERS)

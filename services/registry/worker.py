"""What the registry service listens to. Run it with `python -m services.registry.worker`."""

from services.registry.changes.actions import answer_proposal, carry_out
from services.registry.changes.remarks import sayings
from services.registry.coverage.actions import keep_counting
from services.registry.settings import Settings
from shared.contract.events import ChangeProposed, ChangeRequested
from shared.inbox import Handlers
from shared.worker import Background, main

HANDLERS: Handlers = {ChangeProposed: answer_proposal, ChangeRequested: carry_out}
BACKGROUND: tuple[Background, ...] = (keep_counting,)

if __name__ == "__main__":
    sayings()  # a broken rule stops the start, not a case
    main("registry", Settings.from_env("registry"), HANDLERS, BACKGROUND)

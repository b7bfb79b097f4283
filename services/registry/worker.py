"""What the registry service listens to. Run it with `python -m services.registry.worker`."""

from services.registry.anomalies.actions import keep_looking
from services.registry.cards import prints, recordings
from services.registry.cards.talking import keep_talking
from services.registry.changes.actions import answer_proposal, carry_out, hear_of_arrival
from services.registry.changes.remarks import sayings
from services.registry.coverage.actions import keep_counting
from services.registry.duplicates.actions import keep_inspecting
from services.registry.exports.actions import keep_exporting
from services.registry.imports.working import keep_importing
from services.registry.moves.actions import keep_expiring
from services.registry.settings import Settings
from shared.contract.events import (
    ArrivalReported,
    CaseHandedOver,
    ChangeProposed,
    ChangeRequested,
    RecordingRepeated,
)
from shared.inbox import Handlers
from shared.worker import Background, main

HANDLERS: Handlers = {
    ChangeProposed: answer_proposal,
    ChangeRequested: carry_out,
    ArrivalReported: hear_of_arrival,
    RecordingRepeated: recordings.repeat,
    CaseHandedOver: prints.handed_over,
}
BACKGROUND: tuple[Background, ...] = (
    keep_counting,
    keep_expiring,
    keep_inspecting,
    keep_looking,
)  # and the talk with the centre

if __name__ == "__main__":
    sayings()  # a broken rule stops the start, not a case
    settings = Settings.from_env("registry")
    main(
        "registry",
        settings,
        HANDLERS,
        (*BACKGROUND, keep_talking(settings), keep_importing(settings), keep_exporting(settings)),
    )

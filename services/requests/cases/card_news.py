"""What the registry tells of recordings and cards, in whatever order and however often it arrives."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import rules, store
from services.requests.cases.answers import finish
from services.requests.cases.moving import SYSTEM, move, tell_ready, way_of
from services.requests.cases.tables import Case
from services.requests.catalogue.store import catalogue
from shared import clock
from shared.contract.events import CardChanged, ExpectedDocument, IssuedKind, RecordingChanged
from shared.contract.facts import CardKind

PRINT = "print"
_OF_RECORDING = {
    "PRINT_READY_RECORD": "print_ready",
    "DUPLICATE_RECORD": "duplicate_found",
    "ADJUDICATE_IN_PROCESS": "resolve_duplicate",
    "ENROLL_FAILURE_AT_CENTRAL": "capture_failed",
    "ENROLL_FAILURE_AT_REGIONAL": "capture_failed",
}
_OF_CARD = {
    "PRINTED": PRINT,
    "NO_BLANK": "no_blank",
    "QUEUED": "blank_arrived",
    "CANCELLED": "cancel",
}
_WAITS = frozenset({"QUEUED", "NO_BLANK"})
_COMES_TO_NOTHING = "capture_failed"  # no card follows until somebody is recorded again


async def recording_changed(session: AsyncSession, event: RecordingChanged) -> None:
    """Move the case of a recording as the ministry says."""
    case = await _locked(session, event.case_id)
    if case is None:
        return
    action = "wait_for_age" if event.waits_for_age else _OF_RECORDING.get(event.status)
    case.awaits_card = action != _COMES_TO_NOTHING
    if action is not None:
        await _take(session, case, action)
    await session.flush()
    if not case.awaits_card:
        await finish(session, case)


async def card_changed(session: AsyncSession, event: CardChanged) -> None:
    """Move the case of a card as its print site says; one printed can be fetched."""
    case = await _locked(session, event.case_id)
    if case is None:
        return
    others = [each for each in case.awaited_prints if each != event.print_id]
    case.awaits_card = False  # what was recorded has its card
    case.awaited_prints = [*others, event.print_id] if event.state in _WAITS else others
    moved = await _take(session, case, _OF_CARD.get(event.state, ""))
    if moved and event.state == "PRINTED":
        await _tell_printed(session, case, event.kind)
    await session.flush()
    if event.state not in _WAITS:  # printed, or not to come any more
        await finish(session, case)


async def _locked(session: AsyncSession, case_id: UUID | None) -> Case | None:
    """Return the case; behind a card may be an import as well, which is none of ours."""
    return await store.lock(session, case_id) if case_id else None


async def _take(session: AsyncSession, case: Case, action: str) -> bool:
    way = way_of(catalogue(), case)
    step = rules.find(way.workflow, case.state, action)
    if step is None or not step.system:
        return False
    await move(session, case, way, step, SYSTEM, clock.now())
    return True


async def _tell_printed(session: AsyncSession, case: Case, kind: CardKind) -> None:
    way = way_of(catalogue(), case)
    documents = [
        ExpectedDocument(document_id=each.document_id, kind=IssuedKind(each.kind))
        for each in await store.documents(session, case.id)
        if each.expected
    ]
    await tell_ready(session, case, way.service, clock.now(), documents, [kind])

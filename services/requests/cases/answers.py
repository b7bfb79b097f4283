"""What the registry answers, in whatever order and however often it arrives."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import rules, store
from services.requests.cases.moving import SYSTEM, move, tell_ready, way_of
from services.requests.cases.outages import stand_still_if_declared
from services.requests.cases.store import Said
from services.requests.cases.tables import Case
from services.requests.catalogue.store import catalogue
from shared import clock
from shared.contract.events import (
    ChangeApplied,
    ChangePlanned,
    ChangeRefused,
    DocumentIssued,
    ExpectedDocument,
    IssuedKind,
    MoveClosed,
    Reason,
    ResidentMerged,
)
from shared.contract.plan import Remark

REFUSED, READY, PARTLY = "change_refused", "ready", "partly_ready"  # steps of the system
IN_TRANSIT = "IN_TRANSIT"  # the state of who is on the way
DEPART = "depart"  # instead of READY, where people leave with the letter
ENDED = {"ARRIVED": "arrive", "CANCELLED": "cancel", "EXPIRED": "expire"}  # how a move may end
# What follows on the change itself, where no paper is waited for: a digital identity is active,
# and the case is over.
AT_ONCE = ("activate", "close")


async def _locked(session: AsyncSession, case_id: UUID) -> Case:
    case = await store.lock(session, case_id)
    if case is None:
        raise LookupError("an answer about a case that is not ours")
    return case


async def planned(session: AsyncSession, event: ChangePlanned) -> None:
    """Keep what the case would do, unless it was asked anew meanwhile."""
    case = await _locked(session, event.case_id)
    if event.round != case.round or case.applied_at:
        return
    store.set_plan(case, event.plan)
    case.plan_round, case.plan_digest = event.round, event.digest
    case.plan_refused = event.refused
    case.village_code = event.village_code or case.village_code
    case.related_resident_ids = event.related_resident_ids
    case.subject_resident_ids = event.subject_resident_ids
    if case.state not in rules.EDITABLE:  # else somebody else may have taken it over meanwhile
        case.applicant_resident_id = case.applicant_resident_id or event.applicant_resident_id
    await session.flush()


async def applied(session: AsyncSession, event: ChangeApplied) -> None:
    """Note that the registry holds the change, and wait for the documents that follow."""
    await store.hold_outages(session)
    case = await _locked(session, event.case_id)
    await store.expect(session, case.id, event.documents)
    if case.applied_at is None:
        case.applied_at = event.applied_at
        case.outcome = event.outcome.model_dump(mode="json")
        case.village_code = event.village_code or case.village_code
    await stand_still_if_declared(session, case, event.applied_at)
    await finish(session, case)
    await _follow(session, case)


async def refused(session: AsyncSession, event: ChangeRefused) -> None:
    """Put the case back to verification under the plan that holds now; nothing was changed."""
    case = await _locked(session, event.case_id)
    way = way_of(catalogue(), case)
    step = rules.find(way.workflow, case.state, REFUSED)
    if step is None or case.applied_at:
        return
    remarks = {each.rule: each for each in event.plan.refusals}
    reasons = [_reason(rule, remarks.get(rule)) for rule in event.rules]
    await move(session, case, way, step, SYSTEM, clock.now(), Said(reasons=reasons))
    store.set_plan(case, event.plan)
    case.plan_round, case.plan_digest = case.round, event.digest
    case.plan_refused = bool(event.plan.refusals)
    await session.flush()


def _reason(rule: str, remark: Remark | None) -> Reason:
    if remark:
        return Reason(code=rule, text_id=remark.text_id, text_en=remark.text_en)
    return Reason(
        code=rule,
        text_id="Data berubah sejak diverifikasi; periksa pratinjau yang baru.",
        text_en="The data has changed since it was verified; look at the new preview.",
    )


async def issued(session: AsyncSession, event: DocumentIssued) -> None:
    """Note a document, which may be faster than the news that it is expected."""
    case = await _locked(session, event.case_id)
    document = ExpectedDocument(document_id=event.document_id, kind=event.kind)
    await store.receive(session, case.id, document, event.issued_at, event.download)
    await finish(session, case)


async def move_closed(session: AsyncSession, event: MoveClosed) -> None:
    """Note how the move of a case ended, also when that is known before its papers are there."""
    case = await _locked(session, event.case_id)
    case.move_outcome = event.outcome
    await session.flush()
    await _end_move(session, case)


async def _end_move(session: AsyncSession, case: Case) -> None:
    if case.move_outcome is None or case.state != IN_TRANSIT:
        return
    way = way_of(catalogue(), case)
    for action in (ENDED[case.move_outcome], "close"):
        step = rules.find(way.workflow, case.state, action)
        if step is not None and step.system:
            await move(session, case, way, step, SYSTEM, clock.now())


async def _follow(session: AsyncSession, case: Case) -> None:
    way = way_of(catalogue(), case)
    for action in AT_ONCE:
        step = rules.find(way.workflow, case.state, action)
        if step is not None and step.system:
            await move(session, case, way, step, SYSTEM, clock.now())


async def finish(session: AsyncSession, case: Case) -> None:
    """Move the case to READY once the change is applied and every document and card is there."""
    way = way_of(catalogue(), case)
    ways = (rules.find(way.workflow, case.state, each) for each in (READY, DEPART))
    step = next((each for each in ways if each), None)
    if step is None or case.applied_at is None or await store.waiting_for(session, case.id):
        return
    now = clock.now()
    if (case.awaits_card or case.awaited_prints) and any(
        each.action == PARTLY for each in way.workflow.transitions
    ):
        if partly := rules.find(way.workflow, case.state, PARTLY):
            await move(session, case, way, partly, SYSTEM, now)
        return
    await move(session, case, way, step, SYSTEM, now)
    documents = [
        ExpectedDocument(document_id=each.document_id, kind=IssuedKind(each.kind))
        for each in await store.documents(session, case.id)
        if each.expected
    ]
    await tell_ready(session, case, way.service, now, documents)
    await _end_move(session, case)


async def merged(session: AsyncSession, event: ResidentMerged) -> None:
    """Let the cases of somebody who had two records follow the one that is kept."""
    await store.follow(session, event.loser_id, event.winner_id)

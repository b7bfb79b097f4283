"""One step of a case, with everything that follows from it: timeline, clock, and what is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.requests.cases import sla, store
from services.requests.cases.placing import print_site
from services.requests.cases.sla import Calendar, Clock
from services.requests.cases.store import Said
from services.requests.cases.tables import Case
from services.requests.catalogue.rules import (
    Catalogue,
    Service,
    Transition,
    Workflow,
    complete,
    workflow_of,
)
from services.requests.points.store import points
from shared import clock, outbox
from shared.contract.events import (
    ArrivalReported,
    CaseCancelled,
    CaseEvent,
    CaseHandedOver,
    CaseReady,
    CaseRejected,
    CaseReturned,
    CaseSubmitted,
    CaseVerified,
    ChangeProposed,
    ChangeRequested,
    ExpectedDocument,
    RecordingRepeated,
)
from shared.contract.facts import (
    CardKind,
    Fact,
    IssueCard,
    PersonRef,
    RecordBiometrics,
    RenewCard,
)

SYSTEM = ("system", "SISTEM")
ARRIVAL_TOLD = "report_arrival"  # step of whoever hears of it


@dataclass(frozen=True, slots=True)
class Way:
    """How one case goes: its service, and the steps that this allows."""

    catalogue: Catalogue
    service: Service
    workflow: Workflow


def way_of(catalogue: Catalogue, case: Case) -> Way:
    """Return how a case goes by the present catalogue."""
    service = catalogue.services[case.service_code]
    return Way(catalogue, service, workflow_of(catalogue, service, case.channel))


async def move(
    session: AsyncSession,
    case: Case,
    way: Way,
    step: Transition,
    who: tuple[str, str],
    now: datetime,
    said: Said | None = None,
) -> None:
    """Take a step that the rules allow; `who` is a `sub` and the role it acts in."""
    said, before = said or Said(), case.state
    await _tick(session, case, way, step, now)
    case.state = step.to
    if step.asks_for_plan:
        case.round, case.verified_digest = case.round + 1, None
    elif "plan" in step.needs:
        case.verified_digest = case.plan_digest
    ends = step.to in way.workflow.final
    case.closed_at, case.claimed = (now, False) if ends else (None, case.claimed)
    session.add(store.next_step(case, step.action, before, who, now, said))
    await session.flush()  # takes the row's lock, which is what puts the events below in order
    await _ask_registry(session, case, way, step, who, now)
    await _tell_of_arrival(session, case, step, who, now, said.movers)
    await _tell(session, case, way, step, now, said)


async def _tick(
    session: AsyncSession, case: Case, way: Way, step: Transition, now: datetime
) -> None:
    pausing = way.workflow.pausing | way.workflow.final
    if step.clock is None and not {case.state, step.to} & pausing and case.outage_id is None:
        return
    calendar = await store.calendar(session)
    clock = clock_of(case).resume(now, calendar)
    if step.clock == "start":
        clock = clock.start(now, due_by(way, now, calendar))
    if step.clock == "stop":
        clock = clock.stop(now)
    if step.to in pausing:
        clock = clock.pause(now)
    write_clock(case, clock)
    case.outage_id = None  # from here on the clock stands where the step put it


def due_by(way: Way, now: datetime, calendar: Calendar) -> datetime:
    """Return when a case is due whose file is complete and correct now."""
    promise = way.catalogue.slas[way.service.sla]
    if promise.clock == "business_days":
        return sla.due(now, promise.limit, calendar)
    if promise.clock == "hours":
        return sla.later(now, timedelta(hours=promise.limit), calendar)
    return now + timedelta(seconds=promise.limit)


def clock_of(case: Case) -> Clock:
    """Return where the clock of a case stands."""
    return Clock(
        case.complete_at,
        case.due_at,
        case.paused_since,
        case.paused or timedelta(),
        case.stopped_at,
    )


def write_clock(case: Case, clock: Clock) -> None:
    """Put the clock of a case."""
    case.complete_at, case.due_at = clock.complete_at, clock.due_at
    case.paused_since, case.paused = clock.paused_since, clock.paused
    case.stopped_at = clock.stopped_at


def whole_facts(case: Case, way: Way) -> list[Fact]:
    """Return what the registry is asked: the facts as stated, and those the service adds.

    The day of the report decides, so that every round and the signature ask for the same.
    """
    day = case.reported_on
    if day is None:
        raise ValueError("a draft asks nothing of the registry")
    facts = complete(way.catalogue, way.service, store.facts_of(case), day).facts
    site = print_site(points(), case.point_id)
    return [_printed_at(each, site) for each in facts]


def _printed_at(fact: Fact, site: str | None) -> Fact:
    """Have a card printed where its case was taken in, unless another site is named."""
    if not isinstance(fact, IssueCard | RenewCard) or fact.print_at is not None:
        return fact
    if isinstance(fact, IssueCard) and fact.card is not CardKind.KTP_EL:
        return fact
    return fact.model_copy(update={"print_at": site})


async def _ask_registry(
    session: AsyncSession,
    case: Case,
    way: Way,
    step: Transition,
    who: tuple[str, str],
    now: datetime,
) -> None:
    if step.asks_for_plan and case.reported_on:
        proposed = ChangeProposed(
            case_id=case.id,
            round=case.round,
            service_code=case.service_code,
            reported_on=case.reported_on,
            facts=whole_facts(case, way),
            applicant=store.applicant_of(case).resident,
        )
        await outbox.add(session, proposed)
    if step.applies and case.applied_at:
        await _record_again(session, case, who)
    elif step.applies and case.reported_on and case.verified_digest:
        requested = ChangeRequested(
            case_id=case.id,
            service_code=case.service_code,
            reported_on=case.reported_on,
            facts=whole_facts(case, way),
            digest=case.verified_digest,
            actor=who[0],
            signed_at=now,
        )
        await outbox.add(session, requested)


async def _record_again(session: AsyncSession, case: Case, who: tuple[str, str]) -> None:
    """A recording failed at the ministry: the case is applied, and what it applied is repeated."""
    for fact in store.facts_of(case):
        if isinstance(fact, RecordBiometrics) and fact.reference and fact.captured_on:
            repeated = RecordingRepeated(
                case_id=case.id,
                reference=fact.reference,
                quality=fact.quality,
                captured_on=fact.captured_on,
                actor=who[0],
            )
            await outbox.add(session, repeated)


async def _tell_of_arrival(
    session: AsyncSession,
    case: Case,
    step: Transition,
    who: tuple[str, str],
    now: datetime,
    movers: Sequence[PersonRef],
) -> None:
    """Pass on that the destination has registered those who moved out; the registry settles it."""
    if step.action == ARRIVAL_TOLD:
        reported = ArrivalReported(
            case_id=case.id,
            report_id=uuid7(),
            arrived_on=now.astimezone(clock.OFFICE).date(),
            actor=who[0],
            reported_at=now,
            movers=list(movers) or None,
        )
        await outbox.add(session, reported)


_TOLD: dict[str, type[CaseEvent]] = {
    "submit": CaseSubmitted,
    "verify": CaseVerified,
    "return": CaseReturned,
    "reject": CaseRejected,
    "cancel": CaseCancelled,
    "hand_over": CaseHandedOver,
}


async def _tell(
    session: AsyncSession, case: Case, way: Way, step: Transition, now: datetime, said: Said
) -> None:
    """Tell the other services what a person did; whatever else moves, the citizen need not know."""
    kind = None if step.system else _TOLD.get(step.action)
    if kind is None:
        return
    more: dict[str, object] = {}
    if kind in {CaseReturned, CaseRejected}:
        more = {"reasons": said.reasons}
    if kind is CaseSubmitted:
        more = {"due_at": case.due_at}
    await outbox.add(session, kind.model_validate(_about(case, way.service, now) | more))


def _about(case: Case, service: Service, now: datetime) -> dict[str, object]:
    contact = store.applicant_of(case).contact(case.applicant_resident_id)
    return {
        "case_id": case.id,
        "number": case.number,
        "service_code": service.code,
        "service_name_id": service.name_id,
        "service_name_en": service.name_en,
        "channel": case.channel,
        "village_code": case.village_code,
        "at": now,
        "contact": contact,
    }


async def tell_ready(
    session: AsyncSession,
    case: Case,
    service: Service,
    now: datetime,
    documents: Sequence[ExpectedDocument],
    cards: Sequence[CardKind] = (),
) -> None:
    """Tell that every document and card can be fetched, and once how."""
    wanted = {each.document_id for each in documents}
    rows = [each for each in await store.documents(session, case.id) if each.document_id in wanted]
    downloads = [each for row in rows if (each := store.take_download(row))]
    news = _about(case, service, now) | {
        "documents": list(documents),
        "cards": list(cards),
        "downloads": downloads or None,
    }
    await outbox.add(session, CaseReady.model_validate(news))

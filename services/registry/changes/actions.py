"""What can happen to the registry: a change is planned, and an approved one applied."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import loading, printing, recoding, store, withholding
from services.registry.changes.kinds import KINDS
from services.registry.changes.planning import Planned, make_plan
from services.registry.changes.references import named, related, subjects
from services.registry.changes.steps import Context, Made
from services.registry.changes.tables import Change
from services.registry.families.rules import KkExhausted
from services.registry.moves import store as moves
from services.registry.policy import POLICY
from services.registry.residents.reading import Reading
from services.registry.residents.rules.nik import NikExhausted
from shared import clock, outbox
from shared.contract.events import (
    ArrivalReported,
    ChangeApplied,
    ChangePlanned,
    ChangeProposed,
    ChangeRefused,
    ChangeRequested,
    Event,
    ExpectedDocument,
)
from shared.contract.facts import ConfirmArrivalElsewhere, Fact
from shared.contract.plan import Outcome, Plan, Rule
from shared.policy import Decision, Thing, decide

log = logging.getLogger(__name__)

APPLIED, REFUSED = "APPLIED", "REFUSED"


async def answer_proposal(session: AsyncSession, event: ChangeProposed) -> None:
    """Tell a case what its facts would do now."""
    today = clock.today()
    facts = await recoding.current(session, event.facts, today)
    state = await loading.load(session, facts, today)
    planned = make_plan(state, facts, Context(today, event.reported_on))
    applicant = await store.resident_of(session, event.applicant) if event.applicant else None
    close = set(related(state, facts))
    if applicant is not None:
        close |= await store.household(session, applicant)
    answer = ChangePlanned(
        case_id=event.case_id,
        round=event.round,
        digest=planned.plan.digest,
        refused=planned.refused,
        plan=planned.plan,
        village_code=planned.village_code,
        related_resident_ids=sorted(close),
        subject_resident_ids=subjects(state, facts),
        applicant_resident_id=applicant,
    )
    await outbox.add(session, answer)


async def preview(
    session: AsyncSession, reading: Reading, facts: Sequence[Fact], reported_on: date | None
) -> Planned:
    """Plan facts for somebody who considers to file them, on what they may see.

    Whom they may not see is nobody to them: the refusal is the same; what a record says now is
    told as far as they are shown it elsewhere. Everybody whom the plan may tell about is noted in
    the access log.
    """
    today = clock.today()
    facts = await recoding.current(session, facts, today)
    state = await loading.load(session, facts, today)
    ids = {UUID(key) for key in state.persons}
    seen = {str(each.id): reading.of(each) for each in await store.visible(session, reading, ids)}
    homes = [key for key, each in state.families.items() if _reaches(reading, each.village_code)]
    known = state.only(set(seen), homes)
    planned = make_plan(known, facts, Context(today, reported_on or today))
    return replace(planned, plan=withholding.shown_to(planned.plan, known, seen))


def _reaches(reading: Reading, village_code: str) -> bool:
    thing = Thing(village_code)
    return decide(POLICY, reading.caller, reading.operation, thing) is Decision.ALLOW


async def carry_out(session: AsyncSession, event: ChangeRequested) -> None:
    """Apply a signed change if it still does what was approved; answer either way.

    Idempotent by case. A race that only a constraint of the database notices fails this
    transaction; the message is then tried again, and the new plan sees who won.
    """
    await store.lock_case(session, event.case_id)
    change = await store.get(session, event.case_id)
    if change is None or not _is_answered(change, event):
        change = await _decide(session, event)
    await outbox.add(session, _answer(change))


async def hear_of_arrival(session: AsyncSession, event: ArrivalReported) -> None:
    """Settle those of a case's move who are still on the way: the destination has them.

    Idempotent by report. News of a move that is settled already changes nothing.
    """
    await store.lock_case(session, event.report_id)
    if await store.get(session, event.report_id) is not None:
        return
    facts: list[Fact] = [
        ConfirmArrivalElsewhere(
            letter=each.number or "", arrived_on=event.arrived_on, movers=event.movers or []
        )
        for each in await moves.open_of_case(session, event.case_id)
    ]
    if facts:
        change = await _decide(session, await _as_reported(session, event, facts))
        if change.status == REFUSED:
            log.warning("an arrival elsewhere was not taken in", extra={"rules": change.rules})


async def _as_reported(
    session: AsyncSession, event: ArrivalReported, facts: list[Fact]
) -> ChangeRequested:
    """Return the request that a report stands for; nobody may change the movers meanwhile."""
    await loading.lock(session, facts)
    today = clock.today()
    state = await loading.load(session, facts, today)
    return ChangeRequested(
        case_id=event.report_id,
        service_code="MOV-OUT",
        reported_on=event.arrived_on,
        facts=facts,
        digest=make_plan(state, facts, Context(today, event.arrived_on)).plan.digest,
        actor=event.actor,
        signed_at=event.reported_at,
    )


def _is_answered(change: Change, event: ChangeRequested) -> bool:
    """Tell whether this very request was decided; a refused case may come back signed anew."""
    return change.status == APPLIED or change.signed_at >= event.signed_at


async def _decide(session: AsyncSession, event: ChangeRequested) -> Change:
    today = clock.today()
    facts = await recoding.current(session, event.facts, today)
    await loading.lock(session, facts)
    state = await loading.load(session, facts, today)
    planned = make_plan(state, facts, Context(today, event.reported_on))
    people = named(state, facts)
    if rules := _objections(planned, event):
        return await store.save(session, _change(event, planned, REFUSED, people, rules=rules))
    made = Made(event.case_id, event.actor, today)
    try:
        async with session.begin_nested():
            documents = await _apply(session, facts, planned, made)
    except (NikExhausted, KkExhausted) as error:
        log.exception("no number is left", extra={"case_id": str(event.case_id)})
        return await store.save(
            session, _change(event, planned, REFUSED, people, rules=[error.rule])
        )
    people += made.people.values()
    outcome = _outcome(made)
    applied = _change(event, planned, APPLIED, people, documents=documents, outcome=outcome)
    return await store.save(session, applied)


def _objections(planned: Planned, event: ChangeRequested) -> list[Rule]:
    rules = list(dict.fromkeys(each.rule for each in planned.plan.refusals))
    if not rules and planned.plan.digest != event.digest:
        rules = ["PLAN_CHANGED"]
    return rules


async def _apply(
    session: AsyncSession, facts: Sequence[Fact], planned: Planned, made: Made
) -> list[ExpectedDocument]:
    for fact, step in zip(facts, planned.steps, strict=True):
        await KINDS[type(fact)].apply(session, step.decision, made)
    return await printing.queue_all(session, made)


def _outcome(made: Made) -> Outcome:
    return Outcome(
        resident_ids=list(made.people.values()),
        family_ids=made.families,
        certificate_ids=made.certificates,
        card_ids=made.cards,
    )


def _change(
    event: ChangeRequested,
    planned: Planned,
    status: str,
    people: Sequence[UUID],
    *,
    rules: Sequence[Rule] = (),
    documents: Sequence[ExpectedDocument] = (),
    outcome: Outcome | None = None,
) -> Change:
    return Change(
        source_id=event.case_id,
        status=status,
        kinds=[each.kind for each in event.facts],
        digest=planned.plan.digest,
        plan=planned.plan.model_dump(mode="json"),
        rules=list(rules),
        outcome=outcome and outcome.model_dump(mode="json"),
        documents=[each.model_dump(mode="json") for each in documents],
        village_code=planned.village_code,
        resident_ids=list(people),
        actor=event.actor,
        signed_at=event.signed_at,
        decided_at=clock.now(),
    )


def _answer(change: Change) -> Event:
    if change.status == REFUSED:
        return ChangeRefused(
            case_id=change.source_id,
            rules=change.rules,
            digest=change.digest,
            plan=Plan.model_validate(change.plan),
        )
    return ChangeApplied(
        case_id=change.source_id,
        outcome=Outcome.model_validate(change.outcome),
        documents=[ExpectedDocument.model_validate(each) for each in change.documents],
        village_code=change.village_code,
        applied_at=change.decided_at,
    )

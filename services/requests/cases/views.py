"""A case as one reader may see it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import deciding, filing, reach, rules, store
from services.requests.cases.moving import Way, clock_of, way_of
from services.requests.cases.schemas import (
    CaseBrief,
    CaseOut,
    ClocksOut,
    DocumentOut,
    MissingOut,
    ObstacleOut,
    PlanOut,
    ReasonOut,
    ServiceOut,
    SimilarOut,
    StepOut,
    Timeline,
)
from services.requests.cases.sla import Calendar
from services.requests.cases.tables import Case, CaseStep
from services.requests.catalogue.rules import Catalogue, Missing
from shared import clock
from shared.auth import Principal
from shared.contract.events import Language
from shared.policy import Decision


async def bare(
    session: AsyncSession, catalogue: Catalogue, case: Case, reader: Principal, language: str
) -> CaseOut:
    """Return a case without what names people: the answer to whoever has just changed it."""
    way, actor = way_of(catalogue, case), reach.actor(reader, case)
    standing = await deciding.standing_of(session, case)
    blocked = rules.obstacles(way.workflow, actor, standing)
    return CaseOut(
        id=case.id,
        number=case.number,
        state=case.state,
        version=case.version,
        round=case.round,
        service=ServiceOut(
            code=way.service.code, name_id=way.service.name_id, name_en=way.service.name_en
        ),
        channel=case.channel,
        point_id=case.point_id,
        intake_area=case.intake_area,
        village_code=case.village_code,
        allowed_actions=rules.allowed_actions(way.workflow, actor, standing),
        obstacles=[ObstacleOut(action=each, rule=why) for each, why in blocked.items()],
        clocks=_clocks(case, clock.now(), await store.calendar(session)),
        missing=await _missing(session, way, case, language),
        similar=await _similar(session, case),
        plan_pending=_is_pending(case),
        documents=await _documents(session, case),
    )


async def full(
    session: AsyncSession,
    catalogue: Catalogue,
    case: Case,
    reader: Principal,
    language: str,
) -> CaseOut:
    """Return a case with the people in it; of the plan only what the reader's role may see."""
    shown = await bare(session, catalogue, case, reader, language)
    if reach.decision(reader, "cases.read", case) is not Decision.ALLOW:
        return shown
    named: dict[str, object] = {
        "applicant": store.applicant_of(case),
        "applicant_died_on": case.applicant_died_on,
        "facts": store.facts_of(case),
    }
    if reach.may(reader, "cases.read_plan", case):
        named["plan"] = _plan(case)
    return shown.model_copy(update=named)


def _plan(case: Case) -> PlanOut | None:
    plan = store.plan_of(case)
    if plan is None or case.plan_digest is None:
        return None
    return PlanOut(
        round=case.plan_round, digest=case.plan_digest, refused=case.plan_refused, plan=plan
    )


def _is_pending(case: Case) -> bool:
    return case.plan_round < case.round


async def _missing(session: AsyncSession, way: Way, case: Case, language: str) -> list[MissingOut]:
    if case.state not in rules.EDITABLE:
        return []
    return [_in_words(each, language) for each in await filing.lacking(session, way, case)]


def _in_words(missing: Missing, language: str) -> MissingOut:
    return MissingOut(
        pointer=missing.pointer,
        rule=missing.rule,
        message=missing.text_en if language == Language.ENGLISH else missing.text_id,
        attachment="|".join(missing.codes) or None,
        form=missing.form,
    )


async def _similar(session: AsyncSession, case: Case) -> list[SimilarOut]:
    if case.state not in rules.EDITABLE:
        return []
    return [
        SimilarOut(
            number=each.number,
            state=each.state,
            filed_at=each.submitted_at or each.created_at,
            point_id=each.point_id,
        )
        for each in await store.same_subject(session, case.fingerprint, but=case.id)
    ]


async def _documents(session: AsyncSession, case: Case) -> list[DocumentOut]:
    if case.applied_at is None:
        return []
    return [
        DocumentOut(document_id=each.document_id, kind=each.kind, issued_at=each.issued_at)
        for each in await store.documents(session, case.id)
        if each.expected
    ]


def _clocks(case: Case, now: datetime, calendar: Calendar) -> ClocksOut:
    promise = clock_of(case)
    age = promise.age(now, calendar)
    since = case.submitted_at
    return ClocksOut(
        created_at=case.created_at,
        submitted_at=since,
        complete_at=case.complete_at,
        due_at=case.due_at,
        paused_since=case.paused_since,
        stopped_at=case.stopped_at,
        office_seconds=None if age is None else int(age.total_seconds()),
        calendar_seconds=int(((case.closed_at or now) - since).total_seconds()) if since else None,
        overdue=promise.is_overdue(now),
    )


def brief(case: Case, now: datetime) -> CaseBrief:
    """Return a case as a line of a list."""
    return CaseBrief(
        id=case.id,
        number=case.number,
        state=case.state,
        version=case.version,
        round=case.round,
        service_code=case.service_code,
        channel=case.channel,
        point_id=case.point_id,
        intake_area=case.intake_area,
        village_code=case.village_code,
        plan_pending=_is_pending(case),
        plan_refused=case.plan_refused,
        submitted_at=case.submitted_at,
        due_at=case.due_at,
        overdue=clock_of(case).is_overdue(now),
        paused=case.paused_since is not None,
    )


async def timeline(session: AsyncSession, case: Case, reader: Principal) -> Timeline:
    """Return every step; who took it and what colleagues noted is for officers only."""
    inside = reach.may(reader, "cases.read_plan", case)
    steps = await store.timeline(session, case.id)
    return Timeline(steps=[_step(each, inside=inside) for each in steps])


def _step(step: CaseStep, *, inside: bool) -> StepOut:
    said = store.said_with(step)
    return StepOut(
        seq=step.seq,
        action=step.action,
        from_state=step.from_state,
        to_state=step.to_state,
        round=step.round,
        role=step.role,
        at=step.at,
        actor=step.actor if inside else None,
        reasons=[ReasonOut.model_validate(each.model_dump()) for each in said.reasons],
        note=said.note if inside else None,
        receiver=said.receiver if inside else None,
    )

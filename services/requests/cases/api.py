"""Cases over HTTP: filing, deciding, reading."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import deciding, filing, reach, sla, store, views
from services.requests.cases.schemas import (
    CaseBrief,
    CaseIn,
    CaseOut,
    CasePatch,
    CaseQuery,
    CaseRef,
    Deciding,
    DecisionResult,
    DecisionsIn,
    DecisionsOut,
    SubmitIn,
    Timeline,
)
from services.requests.cases.store import Place, Sight, Wanted
from services.requests.cases.tables import Case
from services.requests.catalogue.store import catalogue
from services.requests.points.store import points
from services.requests.policy import POLICY
from shared import clock, pages, problems, versions
from shared.auth import Principal
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.pages import Page
from shared.policy import Decision, Purpose, Reach, allowed, reaches
from shared.problems import NotFound, Reader
from shared.versions import ExpectedVersion

router = APIRouter(prefix="/v1", tags=["cases"])

Filer = Annotated[Principal, Depends(allowed(POLICY, "cases.file"))]
Actor = Annotated[Principal, Depends(allowed(POLICY, "cases.act"))]
Looker = Annotated[Principal, Depends(allowed(POLICY, "cases.read"))]
Lister = Annotated[Principal, Depends(allowed(POLICY, "cases.list"))]


@router.post("/cases", status_code=201)
async def file_case(
    new: CaseIn,
    session: Session,
    caller: Filer,
    once: OneTime,
    response: Response,
    language: Reader,
) -> CaseOut:
    """Begin a case; the answer lists everything that it still lacks."""
    case = await filing.create(session, catalogue(), points(), new, caller)
    response.headers["Location"] = f"/v1/cases/{case.id}"
    versions.tag(response, case.version)
    return await once.reply(201, await views.bare(session, catalogue(), case, caller, language))


@router.patch("/cases/{case_id}")
async def revise_case(
    case_id: UUID,
    patch: CasePatch,
    version: ExpectedVersion,
    session: Session,
    caller: Filer,
    response: Response,
    language: Reader,
) -> CaseOut:
    """Replace the facts or the applicant of a draft, or of a case that came back."""
    case = await filing.revise(session, case_id, version, patch, caller)
    versions.tag(response, case.version)
    return await views.bare(session, catalogue(), case, caller, language)


@router.post("/cases/{case_id}/submit")
async def submit_case(
    case_id: UUID,
    version: ExpectedVersion,
    session: Session,
    caller: Filer,
    response: Response,
    language: Reader,
    said: SubmitIn | None = None,
) -> CaseOut:
    """Hand in a complete file; the registry is asked what it would do."""
    case = await filing.submit(session, catalogue(), case_id, version, said or SubmitIn(), caller)
    versions.tag(response, case.version)
    return await views.bare(session, catalogue(), case, caller, language)


@router.post("/cases/{case_id}/actions")
async def take_action(
    case_id: UUID,
    word: Deciding,
    version: ExpectedVersion,
    session: Session,
    caller: Actor,
    response: Response,
    language: Reader,
) -> CaseOut:
    """Take a step of the workflow, as `allowed_actions` lists them."""
    ref = CaseRef.model_construct(id=case_id, version=version)
    case = await deciding.take(session, catalogue(), ref, word, caller)
    versions.tag(response, case.version)
    return await views.bare(session, catalogue(), case, caller, language)


@router.post("/decisions")
async def decide_cases(
    asked: DecisionsIn,
    session: Session,
    caller: Actor,
    once: OneTime,
    language: Reader,
) -> DecisionsOut:
    """Take the same step of up to 200 cases; each is decided for itself, and answered for itself."""
    results = await deciding.take_many(session, catalogue(), asked.cases, asked, caller)
    shown = [_result(each, language) for each in results]
    done = sum(each.ok for each in shown)
    return await once.reply(200, DecisionsOut(results=shown, done=done, refused=len(shown) - done))


def _result(result: deciding.Result, language: str) -> DecisionResult:
    if result.problem:
        body = json.loads(bytes(problems.render(result.problem, language).body))
        return DecisionResult(id=result.ref.id, ok=False, problem=body)
    return DecisionResult(id=result.ref.id, ok=True, state=result.state, version=result.version)


async def visible(session: AsyncSession, case_id: UUID, reader: Principal) -> Case:
    """Return a case that the reader may at least see the frame of.

    Raises:
        NotFound: there is none, or it is not for them; both look the same.
    """
    case = await store.find(session, case_id)
    if case is None or reach.decision(reader, "cases.read", case) is Decision.DENY:
        raise NotFound
    return case


@router.get("/cases/{case_id}")
async def read_case(
    case_id: UUID,
    session: Session,
    reader: Looker,
    purpose: Purpose,
    response: Response,
    language: Reader,
) -> CaseOut:
    """Read a case with the people in it; who read it, and why, is written down."""
    case = await visible(session, case_id, reader)
    shown = await views.full(session, catalogue(), case, reader, language)
    seen = [each for each in ("applicant", "facts", "plan") if getattr(shown, each) is not None]
    await store.note_access(session, case.id, reader, purpose, seen)
    versions.tag(response, case.version)
    return shown


@router.get("/cases/{case_id}/timeline")
async def read_timeline(
    case_id: UUID, session: Session, reader: Looker, purpose: Purpose
) -> Timeline:
    """Read every step of a case: who, when, and why."""
    case = await visible(session, case_id, reader)
    await store.note_access(session, case.id, reader, purpose, ["timeline"])
    return await views.timeline(session, case, reader)


@router.get("/cases")
async def list_cases(
    session: ReadSession,
    caller: Lister,
    query: Annotated[CaseQuery, Query()],
    request: Request,
    response: Response,
) -> Page[CaseBrief]:
    """List cases of the caller's reach, open ones unless asked; nothing in it names a person."""
    now = clock.now()
    wanted = await _wanted(session, query, now)
    after = _place(query.after, by_due=wanted.by_due) if query.after else None
    found = await store.page(session, _sight(caller), wanted, after, query.limit + 1)
    shown, following = pages.cut(
        found, query.limit, lambda case: (case.due_at, case.id) if wanted.by_due else (case.id,)
    )
    pages.link_next(request, response, following)
    return Page(items=[views.brief(each, now) for each in shown], next=following)


def _place(after: str, *, by_due: bool) -> Place:
    if by_due:
        due_at, case_id = pages.keys(after, AwareDatetime, UUID)
        return due_at, case_id
    return None, pages.keys(after, UUID)[0]


def _sight(caller: Principal) -> Sight:
    granted = reaches(POLICY, caller, "cases.list")
    areas = caller.areas if Reach.AREA in granted else frozenset()
    return Sight(Reach.EVERYWHERE in granted, areas, caller)


async def _wanted(session: AsyncSession, query: CaseQuery, now: datetime) -> Wanted:
    before = now if query.overdue else None
    if query.at_risk:
        before = sla.later(now, sla.AT_RISK, await store.calendar(session))
    return Wanted(
        states=tuple(query.state),
        service_code=query.service_code,
        channel=query.channel,
        area=query.area,
        mine=query.mine,
        closed=query.closed,
        due_before=before,
        due_after=now if query.at_risk and not query.overdue else None,
        by_due=query.sort == "due_at",
    )

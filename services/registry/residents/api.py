"""Residents over HTTP. Nothing here changes anybody: that is what changes are for."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from services.registry.residents import lookups, telling
from services.registry.residents.lookups import Seen
from services.registry.residents.reading import Reading, Shown, permit, reading
from services.registry.residents.rules import history
from services.registry.residents.rules.nik import mask
from services.registry.residents.schemas import (
    ORIGINS,
    AccessOut,
    HistoryOut,
    Hit,
    Hits,
    ListedResident,
    Question,
    ResidentOut,
    VersionOut,
)
from services.registry.residents.tables import Resident
from shared import clock, pages, versions
from shared.auth import Caller
from shared.contract.facts import VillageCode
from shared.db import Session
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Purpose
from shared.problems import NotFound

router = APIRouter(prefix="/v1/residents", tags=["residents"])

_COLUMNS = tuple(Resident.__mapper__.column_attrs.keys())
_LISTED = frozenset(ListedResident.model_fields)
_HIT = frozenset(Hit.model_fields) - {"score"}


def _record(resident: Resident) -> dict[str, Any]:
    return {name: getattr(resident, name) for name in _COLUMNS}


def _masked(resident: Resident, names: frozenset[str]) -> Mapping[str, Any]:
    return {name: getattr(resident, name) for name in names} | {"nik": mask(resident.nik)}


def _shown(seen: Seen, begun: Reading, asked: str | None = None) -> ResidentOut:
    resident = seen.resident
    shown = begun.of(resident)
    return ResidentOut.of(
        _record(resident),
        version=resident.version,
        whole=shown.whole,
        # Who asks by the number knows it; who asked by an old one learns what became of it.
        numbers=shown.numbers or asked is not None,
        origins=shown.origins,
        replaced=asked is not None and asked != resident.nik,
        district_is_known=seen.district_is_known,
    )


def _told(known: list[Any], shown: Shown) -> list[VersionOut]:
    told = telling.tell_all("residents", known)
    if shown.origins:
        return told
    return [
        each.model_copy(
            update={"changes": [one for one in each.changes if one.field not in ORIGINS]}
        )
        for each in told
    ]


@router.post("/search", operation_id="search_residents")
async def search_residents(
    question: Question, session: Session, caller: Caller, purpose: Purpose
) -> ResidentOut | Hits:
    """Find one person by NIK, or people of one's own area by a name in any spelling.

    A NIK that was given up answers with its person and `number_was_replaced`. Whom the caller may
    not see is not found.
    """
    if question.nik is not None:
        begun = permit(caller, purpose, "residents.search_number")
        seen = await lookups.by_number(session, begun, question.nik)
        if seen is None:
            raise NotFound
        return _shown(seen, begun, question.nik)
    begun = permit(caller, purpose, "residents.search_name")
    found = await lookups.by_name(
        session,
        begun,
        question.name or "",
        birth_date=question.birth_date,
        mother_name=question.mother_name,
        area=question.area,
        limit=question.limit,
    )
    return Hits(items=[Hit(score=score, **_masked(each, _HIT)) for each, score in found])


@router.get("", operation_id="list_residents")
async def list_residents(
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("residents.list"))],
    village_code: Annotated[VillageCode, Query()],
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[ListedResident]:
    """List those who live in a village, by name; a village of others is empty."""
    behind = pages.keys(after, str, UUID) if after else None
    rows = await lookups.page_of_village(session, begun, village_code, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.full_name, row.id))
    pages.link_next(request, response, following)
    return Page(items=[ListedResident(**_masked(row, _LISTED)) for row in shown], next=following)


@router.get("/{resident_id}", operation_id="read_resident")
async def read_resident(
    resident_id: UUID,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("residents.read"))],
) -> ResidentOut:
    """Return one person, as much of them as the caller's role shows."""
    seen = await lookups.read(session, begun, resident_id)
    if seen is None:
        raise NotFound
    versions.tag(response, seen.resident.version)
    return _shown(seen, begun)


@router.get("/{resident_id}/history", operation_id="read_resident_history")
async def read_resident_history(
    resident_id: UUID,
    session: Session,
    begun: Annotated[Reading, Depends(reading("residents.history"))],
    valid_on: Annotated[
        date | None, Query(description="What was so on this day; today when absent")
    ] = None,
    known_at: Annotated[
        AwareDatetime | None, Query(description="As known at this moment; now when absent")
    ] = None,
) -> HistoryOut:
    """Answer both questions of history: what was so then, and what did we know when."""
    seen = await lookups.read(session, begun, resident_id, fields="history")
    if seen is None:
        raise NotFound
    day, moment = valid_on or clock.today(), known_at or clock.now()
    recorded = await lookups.versions(session, resident_id)
    state = history.as_of(recorded, day, moment)
    known = history.known(recorded, moment)
    shown = begun.of(seen.resident)
    return HistoryOut(
        valid_on=day,
        known_at=moment,
        begins_on=history.began(recorded, moment),
        state=state
        and ResidentOut.of(
            state,
            version=known[-1].version,
            whole=shown.whole,
            numbers=shown.numbers,
            origins=shown.origins,
            district_is_known=seen.district_is_known,
        ),
        versions=_told(known, shown),
    )


@router.get("/{resident_id}/accesses", operation_id="list_resident_accesses")
async def list_resident_accesses(
    resident_id: UUID,
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("residents.accesses"))],
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[AccessOut]:
    """Say who looked at somebody's data, as what and why, the newest first."""
    if await lookups.read(session, begun, resident_id, fields="accesses") is None:
        raise NotFound
    before = pages.keys(after, int)[0] if after else None
    rows = await lookups.accesses(session, resident_id, before, limit + 1)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    names_callers = begun.caller.resident_id != resident_id
    items = [
        AccessOut(
            at=each.at,
            roles=each.roles,
            purpose=each.purpose,
            operation=each.operation,
            fields=each.fields,
            sub=each.sub if names_callers else None,
        )
        for each in shown
    ]
    return Page(items=items, next=following)

"""Families over HTTP. Nothing here changes any: that is what changes are for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.families import lookups
from services.registry.families.schemas import (
    FamilyHistoryOut,
    FamilyOut,
    FamilyQuestion,
    FamilyThen,
    Member,
    MemberOut,
)
from services.registry.families.tables import Family
from services.registry.residents import telling
from services.registry.residents.reading import Reading, reading
from services.registry.residents.rules import history
from services.registry.residents.rules.nik import mask
from shared import clock, versions
from shared.db import Session
from shared.problems import NotFound

router = APIRouter(prefix="/v1/families", tags=["families"])

_COPIED = frozenset(FamilyOut.model_fields) - {"kk_number", "numbers_are_masked", "members"}
_OF_MEMBER = ("full_name", "sex", "birth_date", "marital_status", "status")


async def _shown(
    session: AsyncSession, begun: Reading, family: Family, *, number_known: bool
) -> FamilyOut:
    members = await lookups.members(session, begun, family)
    everything = begun.sees_numbers([each.resident.id for each in members], family.village_code)
    return FamilyOut(
        kk_number=family.kk_number if everything or number_known else mask(family.kk_number),
        numbers_are_masked=not everything,
        members=[_line(each, masked=not everything) for each in members],
        **{name: getattr(family, name) for name in _COPIED},
    )


def _line(member: Member, *, masked: bool) -> MemberOut:
    person = member.resident
    return MemberOut(
        resident_id=person.id,
        position=member.position,
        relationship=member.relationship,
        nik=mask(person.nik) if masked else person.nik,
        **{name: getattr(person, name) for name in _OF_MEMBER},
    )


@router.post("/search", operation_id="search_families")
async def search_families(
    question: FamilyQuestion,
    session: Session,
    begun: Annotated[Reading, Depends(reading("families.search"))],
) -> FamilyOut:
    """Find a family by its number, a closed one as well."""
    family = await lookups.by_number(session, begun, question.kk_number)
    if family is None:
        raise NotFound
    return await _shown(session, begun, family, number_known=True)


@router.get("/{family_id}", operation_id="read_family")
async def read_family(
    family_id: UUID,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("families.read"))],
) -> FamilyOut:
    """Return one family with its members."""
    family = await lookups.by_id(session, begun, family_id)
    if family is None:
        raise NotFound
    versions.tag(response, family.version)
    return await _shown(session, begun, family, number_known=False)


@router.get("/{family_id}/history", operation_id="read_family_history")
async def read_family_history(
    family_id: UUID,
    session: Session,
    begun: Annotated[Reading, Depends(reading("families.history"))],
    valid_on: Annotated[
        date | None, Query(description="What was so on this day; today when absent")
    ] = None,
    known_at: Annotated[
        AwareDatetime | None, Query(description="As known at this moment; now when absent")
    ] = None,
) -> FamilyHistoryOut:
    """Answer both questions of history: what was so then, and what did we know when."""
    family = await lookups.by_id(session, begun, family_id)
    if family is None:
        raise NotFound
    day, moment = valid_on or clock.today(), known_at or clock.now()
    recorded = await lookups.versions(session, family_id)
    state = history.as_of(recorded, day, moment)
    return FamilyHistoryOut(
        valid_on=day,
        known_at=moment,
        begins_on=history.began(recorded, moment),
        state=None if state is None else FamilyThen.model_validate(state),
        versions=telling.tell_all("families", history.known(recorded, moment)),
    )

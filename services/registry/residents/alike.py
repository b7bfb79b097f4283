"""Finds residents who may be the person about to be registered."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.residents.lookups import search
from services.registry.residents.rules.alike import CLOSE_DAYS, SUSPICIOUS, Known, likeness
from services.registry.residents.schemas import Lookalike
from services.registry.residents.tables import Resident

MOST = 20  # candidates compared, and returned


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Whom to look for; a mother who is a resident says more than her name."""

    full_name: str
    sex: str
    birth_date: date
    mother_name: str
    precision: str = "DAY"
    mother_id: UUID | None = None
    twins: bool = False  # declared as one of several: jenis kelahiran 2 or more


async def similar(session: AsyncSession, newcomer: Newcomer) -> list[Lookalike]:
    """Return who may be this person already, the most likely first; everywhere in the registry."""
    found = {each.id: each for each in await _siblings(session, newcomer)}
    found |= {each.id: each for each in await _namesakes(session, newcomer)}
    judged = (_judge(newcomer, each) for each in found.values())
    suspicious = [each for each in judged if each.score >= SUSPICIOUS]
    return sorted(suspicious, key=lambda each: (-each.score, each.resident_id))[:MOST]


async def _siblings(session: AsyncSession, newcomer: Newcomer) -> list[Resident]:
    if newcomer.mother_id is None:
        return []
    first, last = _days(newcomer)
    statement = select(Resident).where(
        Resident.mother_id == newcomer.mother_id, Resident.birth_date.between(first, last)
    )
    return list(await session.scalars(statement))


async def _namesakes(session: AsyncSession, newcomer: Newcomer) -> list[Resident]:
    hits = search(newcomer.full_name, None, _days(newcomer), None, MOST, origins=True)
    statement = select(Resident).join(hits, hits.c.resident_id == Resident.id)
    return list(await session.scalars(statement))


def _days(newcomer: Newcomer) -> tuple[date, date]:
    margin = timedelta(days=CLOSE_DAYS)
    return newcomer.birth_date - margin, newcomer.birth_date + margin


def _judge(newcomer: Newcomer, other: Resident) -> Lookalike:
    same_mother = newcomer.mother_id is not None and newcomer.mother_id == other.mother_id
    one = Known(
        newcomer.full_name,
        newcomer.sex,
        newcomer.birth_date,
        newcomer.precision,
        newcomer.mother_name,
    )
    two = Known(
        other.full_name,
        other.sex,
        other.birth_date,
        other.birth_date_precision,
        other.mother_name,
    )
    return Lookalike(
        resident_id=other.id,
        score=likeness(one, two, same_mother=same_mother, twins=newcomer.twins),
        same_mother=same_mother,
        same_birth_date=newcomer.birth_date == other.birth_date,
    )

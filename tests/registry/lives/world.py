"""What the registry holds, read without the product's own code: whom a life can happen to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Thing = TypeVar("Thing")
Row = dict[str, Any]


@dataclass(frozen=True)
class Someone:
    """A resident, dead or alive."""

    id: UUID
    nik: str
    full_name: str
    sex: str
    birth_date: date
    marital_status: int
    spouse_id: UUID | None
    mother_id: UUID | None
    father_id: UUID | None
    family_id: UUID | None
    village_code: str | None
    status: str
    citizenship: int
    permit: str | None
    religion: int
    recording_status: str
    birth_certificate_number: str | None

    @property
    def alive(self) -> bool:
        return self.status == "HIDUP"

    @property
    def at_home(self) -> bool:
        return self.alive and self.family_id is not None

    @property
    def married(self) -> bool:
        return self.marital_status in {2, 3}

    def age(self, today: date) -> int:
        before = (today.month, today.day) < (self.birth_date.month, self.birth_date.day)
        return today.year - self.birth_date.year - before


@dataclass(frozen=True)
class Household:
    """A family that is open, and who is in it."""

    id: UUID
    kk_number: str
    head_id: UUID
    village_code: str
    members: tuple[UUID, ...]


@dataclass
class World:
    """Everything as it is before a step; choices are the seed's."""

    today: date
    rng: Random
    people: dict[UUID, Someone]
    homes: dict[UUID, Household]
    rows: dict[str, list[Row]]  # of the other tables, by name; empty where there is no such table

    def pick(self, things: Iterable[Thing], wanted: Callable[[Thing], bool] | None = None) -> Thing:
        """Return one of those wanted; where there is none the life cannot happen now."""
        found = [each for each in things if wanted is None or wanted(each)]
        if not found:
            raise Impossible
        return self.rng.choice(found)

    def anybody(self, wanted: Callable[[Someone], bool] = lambda each: each.at_home) -> Someone:
        return self.pick(self.people.values(), wanted)

    def home(self, wanted: Callable[[Household], bool] | None = None) -> Household:
        return self.pick(self.homes.values(), wanted)

    def home_of(self, someone: Someone) -> Household:
        if someone.family_id is None:
            raise Impossible
        return self.homes[someone.family_id]

    def grown(self, someone: Someone, years: int = 19) -> bool:
        return someone.at_home and someone.age(self.today) >= years

    def chance(self, of: float) -> bool:
        return self.rng.random() < of


class Impossible(Exception):  # noqa: N818 - nothing is wrong
    """Nobody is there to whom this could happen."""


_PEOPLE = """
select id, nik, full_name, sex, birth_date, marital_status, spouse_id, mother_id, father_id,
    family_id, village_code, status, citizenship, permit, religion, recording_status,
    birth_certificate_number
from residents order by nik"""
_HOMES = """
select f.id, f.kk_number, f.head_id, f.village_code, array(
    select m.resident_id from memberships m join residents r on r.id = m.resident_id
    where m.family_id = f.id and upper_inf(m.period) order by r.nik) as members
from families f where f.closed_on is null order by f.kk_number"""
# What later facts speak of, oldest first. An order by random ids could not be replayed.
_OTHERS = {
    "families": "kk_number",
    "certificates": "number",
    "cards": "recorded_at, kind",
    "recordings": "recorded_at",
    "moves": "recorded_at",
}


async def look(session: AsyncSession, rng: Random, today: date) -> World:
    """Read everything."""
    people = [Someone(*row) for row in await session.execute(text(_PEOPLE))]
    homes = [
        Household(row.id, row.kk_number, row.head_id, row.village_code, tuple(row.members))
        for row in await session.execute(text(_HOMES))
    ]
    there = set(await session.scalars(text("select tablename from pg_tables")))
    rows = {
        name: await _rows(session, name, order) if name in there else []
        for name, order in _OTHERS.items()
    }
    return World(
        today, rng, {each.id: each for each in people}, {each.id: each for each in homes}, rows
    )


async def _rows(session: AsyncSession, table: str, order: str) -> list[Row]:
    found = await session.execute(text(f"select * from {table} order by {order}"))
    return [dict(each) for each in found.mappings()]

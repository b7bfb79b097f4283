"""Reads for somebody who asks: within what they may see, and noted in the statement that reads.

The access log is written by the same statement, so there is no read without its row.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Float,
    Insert,
    Integer,
    Select,
    SQLColumnExpression,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    case,
    column,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.policy import POLICY
from services.registry.regions.rules import contains, outermost
from services.registry.regions.tables import Region
from services.registry.residents.reading import Reading
from services.registry.residents.rules import spelling
from services.registry.residents.store import holder
from services.registry.residents.tables import Access, Resident, ResidentVersion
from shared import trace
from shared.auth import Principal
from shared.policy import Reach, reaches

PRESENT = ("HIDUP", "HILANG", "NONAKTIF")  # in_population of status_penduduk.csv
MOST_WORDS = 6  # of a name that is searched for; more say nothing new


def within(
    caller: Principal, action: str, village: SQLColumnExpression[Any], is_own: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition that a row is one to which the caller may do this."""
    granted = reaches(POLICY, caller, action)
    if Reach.EVERYWHERE in granted:
        return true()
    conditions: list[ColumnElement[bool]] = [false()]
    if Reach.AREA in granted:
        conditions += [_inside(village, area) for area in outermost(caller.areas)]
    if Reach.OWN in granted and caller.resident_id is not None:
        conditions.append(is_own)
    return or_(*conditions)


def _inside(village: SQLColumnExpression[Any], area: str) -> ColumnElement[bool]:
    """Codes nest at their dots, and `/` is the character behind the dot."""
    return or_(village == area, and_(village > f"{area}.", village < f"{area}/"))


def _visible(reading: Reading) -> ColumnElement[bool]:
    is_own = Resident.id == reading.caller.resident_id
    return within(reading.caller, reading.operation, Resident.village_code, is_own)


def note(reading: Reading, found: CTE, *, fields: str | None = None) -> Insert:
    """Return the statement that notes a reading of everybody in `found`, by its column id.

    `fields` says what is shown; when absent, whole or identity, as the policy has it for each.
    """
    shown = literal(fields) if fields else _fields(reading, found)
    values = select(
        literal(reading.caller.sub),
        literal(sorted(reading.caller.roles), ARRAY(Text)),
        literal(reading.purpose),
        literal(reading.operation),
        found.c.id,
        shown,
        literal(trace.trace_id()),
    )
    columns = ("sub", "roles", "purpose", "operation", "resident_id", "fields", "trace_id")
    return insert(Access).from_select(columns, values)


def _fields(reading: Reading, found: CTE) -> ColumnElement[str]:
    is_own = found.c.id == reading.caller.resident_id
    whole = within(reading.caller, "residents.whole", found.c.village_code, is_own)
    return case((whole, "whole"), else_="identity")


class Seen(NamedTuple):
    """A person who was read, and whether their NIK's district is one of today's."""

    resident: Resident
    district_is_known: bool


async def by_number(session: AsyncSession, reading: Reading, nik: str) -> Seen | None:
    """Return the holder of a NIK, also of one given up, if the caller may see them."""
    wanted = select(Resident).where(holder(nik), _visible(reading))
    return await _one(session, reading, wanted)


async def read(
    session: AsyncSession, reading: Reading, resident_id: UUID, *, fields: str | None = None
) -> Seen | None:
    """Return a resident if the caller may see them; `fields` as in `note`."""
    wanted = select(Resident).where(Resident.id == resident_id, _visible(reading))
    return await _one(session, reading, wanted, fields)


async def by_id(session: AsyncSession, reading: Reading, resident_id: UUID) -> Resident | None:
    """Return a resident if the caller may see them."""
    seen = await read(session, reading, resident_id)
    return None if seen is None else seen.resident


async def _one(
    session: AsyncSession, reading: Reading, wanted: Select[Resident], fields: str | None = None
) -> Seen | None:
    found = wanted.cte("found")
    noted = note(reading, found, fields=fields).cte("noted")
    six = [func.substr(found.c.nik, start, 2) for start in (1, 3, 5)]
    known = select(Region.code).where(Region.code == func.concat_ws(".", *six)).exists()
    statement = select(aliased(Resident, found), known).add_cte(noted)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Seen(*row)


async def page_of_village(
    session: AsyncSession,
    reading: Reading,
    village_code: str,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[Resident]:
    """Return living residents of a village by name, behind a name and id; none if it is not theirs.

    One more than `limit` tells that there is a next page; it is not shown, so it is not noted.
    """
    wanted = select(Resident).where(
        Resident.village_code == village_code,
        Resident.status.in_(PRESENT),
        _visible(reading),
    )
    if after is not None:
        wanted = wanted.where(tuple_(Resident.full_name, Resident.id) > after)
    found = wanted.order_by(Resident.full_name, Resident.id).limit(limit + 1).cte("found")
    listed = aliased(Resident, found)
    shown = select(found).order_by(found.c.full_name, found.c.id).limit(limit).cte("shown")
    statement = (
        select(listed)
        .order_by(listed.full_name, listed.id)
        .add_cte(note(reading, shown, fields="masked").cte("noted"))
    )
    return (await session.scalars(statement)).all()


def search_areas(reading: Reading, area: str | None) -> list[str] | None:
    """Return where a search by name may look: the caller's areas, or `area` within them.

    None is everywhere, an empty list nowhere.
    """
    granted = reaches(POLICY, reading.caller, reading.operation)
    if Reach.EVERYWHERE in granted:
        return None if area is None else [area]
    own = outermost(reading.caller.areas) if Reach.AREA in granted else []
    if area is None:
        return own
    if any(contains(each, area) for each in own):
        return [area]
    return [each for each in own if contains(area, each)]


async def by_name(
    session: AsyncSession,
    reading: Reading,
    name: str,
    *,
    birth_date: date | None = None,
    mother_name: str | None = None,
    area: str | None = None,
    limit: int,
) -> list[tuple[Resident, float]]:
    """Return those who resemble a name, the most alike first, each with a score up to 1."""
    origins = Reach.EVERYWHERE in reaches(POLICY, reading.caller, "residents.origins")
    areas, born = search_areas(reading, area), (birth_date, birth_date)
    hits = search(name, areas, born, mother_name, limit, origins=origins)
    found = select(hits.c.resident_id.label("id"), hits.c.score).cte("found")
    statement = (
        select(Resident, found.c.score)
        .join(found, found.c.id == Resident.id)
        .order_by(found.c.score.desc(), Resident.full_name, Resident.id)
        .add_cte(note(reading, found, fields="masked").cte("noted"))
    )
    return [(resident, score) for resident, score in await session.execute(statement)]


def search(
    name: str,
    areas: list[str] | None,
    born: tuple[date | None, date | None],
    mother_name: str | None,
    limit: int,
    *,
    origins: bool,
) -> TableValuedAlias:
    """Return the call of the guarded search function; its columns are resident_id and score.

    Without `origins` nobody who was adopted is found or ranked by their natural parents.
    """
    asked = spelling.asked(name)
    return func.search_residents(
        literal(asked.words[:MOST_WORDS], ARRAY(Text)),
        literal(areas, ARRAY(Text)),
        literal(born[0], Date),
        literal(born[1], Date),
        literal(mother_name.upper() if mother_name else None, Text),
        literal(limit, Integer),
        literal(asked.spelled, Text),
        literal(asked.father, Text),
        literal(origins, Boolean),
    ).table_valued(column("resident_id", Uuid), column("score", Float), name="hit")


async def versions(session: AsyncSession, resident_id: UUID) -> Sequence[ResidentVersion]:
    """Return everything that was ever recorded about somebody, oldest first."""
    statement = select(ResidentVersion).where(ResidentVersion.resident_id == resident_id)
    return (await session.scalars(statement.order_by(ResidentVersion.version))).all()


async def accesses(
    session: AsyncSession, resident_id: UUID, before: int | None, limit: int
) -> Sequence[Access]:
    """Return who read about somebody, newest first, older than the entry `before`."""
    statement = select(Access).where(Access.resident_id == resident_id)
    if before is not None:
        statement = statement.where(Access.id < before)
    return (await session.scalars(statement.order_by(Access.id.desc()).limit(limit))).all()

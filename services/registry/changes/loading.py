"""Whom a list of facts concerns: read as a state to plan on, and locked to apply."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.changes import references, registers, rows
from services.registry.changes.lookalikes import with_lookalikes
from services.registry.changes.state import (
    Journey,
    Key,
    State,
)
from services.registry.duplicates import store as duplicates
from services.registry.families import store as families
from services.registry.families.tables import Family as FamilyRow
from services.registry.moves import store as moves
from services.registry.regions.tables import Region
from services.registry.residents import store as residents
from services.registry.residents.tables import Alias, Resident
from shared.contract.facts import (
    BirthReport,
    Fact,
    RegisterResident,
    ResolveDuplicate,
)

Value = TypeVar("Value")


async def load(session: AsyncSession, facts: Sequence[Fact], today: date) -> State:
    """Return the people and families that these facts speak of, as they are now.

    With them come their spouses and the families of these, wherever they live: what happens to one
    of a couple changes the status, and so the family card, of the other.
    """
    niks, kk_numbers = await _resolve(session, facts)
    journeys = await rows.journeys(session, facts)
    named, successors = await _named(session, facts, niks)
    named |= _travellers(journeys)
    traces = await registers.traces(session, facts)
    close = await _close(session, facts, named, traces)
    stated = _homes(facts, kk_numbers) | _left(journeys) | registers.homes(traces)
    homes = stated | await _homes_of(session, close)
    members = await rows.members(session, homes)
    wanted = close | {each for lines in members.values() for each, _ in lines}
    people = await rows.people(session, wanted, mothers=named)
    state = State(
        persons=people,
        families=await rows.families(session, homes, members),
        niks={nik: str(each) for nik, each in niks.items()},
        kk_numbers={number: str(each) for number, each in kk_numbers.items()},
        villages=await _villages(session, facts, today),
        journeys={each.number: each for each in journeys},
        districts=await _districts(session, facts),
        stays=await moves.staying(session, set(references.staying(facts)), today),
        entries=await rows.entries(session, facts, named, people.values()),
        traces={str(each): found for each, found in traces.items()},
        successors={str(each): str(heir) for each, heir in successors.items()},
        two_people=await _two_people(session, facts, named),
    )
    return await with_lookalikes(session, state, facts)


async def lock(session: AsyncSession, facts: Sequence[Fact]) -> None:
    """Keep everybody and every family in these facts as they are until the transaction ends.

    Always in the same order, so that two changes wait for each other and never in a circle: births
    of a day and sex, families by id, residents by id. A family joined meanwhile is locked as well.
    """
    for number in sorted(set(references.letters(facts))):
        await _lock(session, f"letters/{number}")
    for nik in sorted(set(references.staying(facts))):
        await _lock(session, f"stays/{nik}")
    for day in sorted({day for each in facts for day in _births(each)}):
        await _lock(session, f"births/{day}")
    niks, kk_numbers = await _resolve(session, facts)
    journeys = await rows.journeys(session, facts, lock=True)
    named, _ = await _named(session, facts, niks)
    named |= _travellers(journeys)
    traces = await registers.traces(session, facts)
    stated = _homes(facts, kk_numbers) | _left(journeys) | registers.homes(traces)
    held: set[UUID] = set()
    while True:
        close = await _close(session, facts, named, traces)
        missing = (stated | await _homes_of(session, close)) - held
        await families.load(session, missing, lock=True)
        await residents.load(session, close, lock=True)
        if not missing:
            await certificates.about(session, named, lock=True)
            return
        held |= missing


async def _lock(session: AsyncSession, name: str) -> None:
    key = func.hashtextextended(name, 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


def _births(fact: Fact) -> Iterator[str]:
    # Nobody may register the same unknown person twice at once: there is no row yet to lock.
    if isinstance(fact, RegisterResident):
        yield f"{fact.birth_date}/{fact.sex}"
    if isinstance(fact, BirthReport):
        yield f"{fact.child.birth_date}/{fact.child.sex}"
    for newcomer in references.newcomers(fact):
        yield f"{newcomer.birth_date}/{newcomer.sex}"


async def _resolve(
    session: AsyncSession, facts: Sequence[Fact]
) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Return whom the NIKs, and which families the KK numbers, in the facts belong to."""
    wanted = {each.nik for each in references.persons(facts) if each.nik}
    held = select(Resident.nik, Resident.id).where(Resident.nik.in_(wanted))
    given_up = select(Alias.nik, Alias.resident_id).where(Alias.nik.in_(wanted))
    niks = dict(_pairs(await session.execute(held))) if wanted else {}
    niks |= dict(_pairs(await session.execute(given_up))) if wanted else {}
    numbers = {each.kk_number for each in references.families(facts) if each.kk_number}
    kk = select(FamilyRow.kk_number, FamilyRow.id).where(FamilyRow.kk_number.in_(numbers))
    return niks, dict(_pairs(await session.execute(kk))) if numbers else {}


def _pairs(rows: Iterable[Row[str, Value]]) -> Iterator[tuple[str, Value]]:
    yield from ((row[0], row[1]) for row in rows)


async def _named(
    session: AsyncSession, facts: Sequence[Fact], niks: Mapping[str, UUID]
) -> tuple[set[UUID], dict[UUID, UUID]]:
    """Return who is named, by certificates too, and who took the place of merged records."""
    by_id = {each.resident_id for each in references.persons(facts) if each.resident_id}
    merged = (
        select(Resident.id, Alias.resident_id)
        .join(Alias, Alias.nik == Resident.nik)
        .where(Resident.id.in_(by_id))
    )
    heirs = {row[0]: row[1] for row in await session.execute(merged)} if by_id else {}
    people = {heirs.get(each, each) for each in by_id} | set(niks.values())
    return people | await registers.subjects(session, facts), heirs


async def _close(
    session: AsyncSession,
    facts: Sequence[Fact],
    named: Collection[UUID],
    traces: registers.Traces,
) -> set[UUID]:
    """Return everybody whose record may change with that of those named."""
    close = await _with_spouses(session, named) | registers.traced(traces)
    if references.reach_other_wives(facts):
        close = await _with_spouses(session, close)
    if not references.reach_children(facts):
        return close
    parents = (
        Resident.mother_id,
        Resident.father_id,
        Resident.adoptive_mother_id,
        Resident.adoptive_father_id,
    )
    children = or_(*(each.in_(named) for each in parents))
    return close | set(await session.scalars(select(Resident.id).where(children)))


def _homes(facts: Sequence[Fact], kk_numbers: Mapping[str, UUID]) -> set[UUID]:
    refs = references.families(facts)
    return set(kk_numbers.values()) | {each.family_id for each in refs if each.family_id}


async def _with_spouses(session: AsyncSession, people: Collection[UUID]) -> set[UUID]:
    """Return these people and everybody married to one of them, by either's record."""
    if not people:
        return set()
    theirs = select(Resident.spouse_id).where(
        Resident.id.in_(people), Resident.spouse_id.is_not(None)
    )
    others = select(Resident.id).where(Resident.spouse_id.in_(people))
    found = await session.scalars(theirs.union_all(others))
    return set(people) | {each for each in found if each}


async def _homes_of(session: AsyncSession, people: Collection[UUID]) -> set[UUID]:
    if not people:
        return set()
    statement = select(Resident.family_id).where(
        Resident.id.in_(people), Resident.family_id.is_not(None)
    )
    return {each for each in await session.scalars(statement) if each}


async def _two_people(
    session: AsyncSession, facts: Sequence[Fact], named: Collection[UUID]
) -> frozenset[frozenset[Key]]:
    """Return the pairs of whom somebody decided that they are not one person."""
    if not any(isinstance(each, ResolveDuplicate) for each in facts):
        return frozenset()
    judged = await duplicates.not_the_same(session, named)
    return frozenset(frozenset(str(each) for each in pair) for pair in judged)


def _travellers(journeys: Iterable[Journey]) -> set[UUID]:
    return {UUID(each.person) for journey in journeys for each in journey.travellers}


def _left(journeys: Iterable[Journey]) -> set[UUID]:
    return {UUID(key) for each in journeys for key in (each.family, each.stayers) if key}


async def _districts(session: AsyncSession, facts: Sequence[Fact]) -> dict[str, str]:
    """Return the districts that the facts name, known today or from before, with their names."""
    codes = set(references.districts(facts))
    known = select(Region.code, Region.name).where(Region.code.in_(codes))
    return dict(_pairs(await session.execute(known))) if codes else {}


async def _villages(session: AsyncSession, facts: Sequence[Fact], today: date) -> dict[str, str]:
    codes = set(references.villages(facts))
    statement = select(Region.code, Region.name).where(
        Region.code.in_(codes),
        Region.level == "village",
        or_(Region.valid_from.is_(None), Region.valid_from <= today),
        or_(Region.valid_to.is_(None), Region.valid_to >= today),
    )
    return dict(_pairs(await session.execute(statement))) if codes else {}

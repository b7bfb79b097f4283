"""What a plan is made on: reads the people and families of a list of facts, and locks them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store as cards
from services.registry.certificates import store as certificates
from services.registry.certificates.rules import CertificateStatus
from services.registry.certificates.tables import Certificate
from services.registry.changes import references, registers
from services.registry.changes.naming import UNKNOWN_MOTHER
from services.registry.changes.state import (
    Entry,
    Family,
    HeldCard,
    Journey,
    Key,
    Member,
    Particulars,
    Person,
    State,
    Traveller,
)
from services.registry.duplicates import store as duplicates
from services.registry.families import store as families
from services.registry.families.tables import Family as FamilyRow
from services.registry.families.tables import Membership
from services.registry.moves import store as moves
from services.registry.moves.tables import Move
from services.registry.regions.tables import Region
from services.registry.residents import store as residents
from services.registry.residents.alike import Newcomer as Stranger
from services.registry.residents.alike import similar as find_similar
from services.registry.residents.tables import Alias, Resident
from shared.contract.facts import (
    Arrive,
    ArriveFromAbroad,
    BirthReport,
    CardKind,
    Citizenship,
    Fact,
    MaritalStatus,
    Newcomer,
    RegisterForeigner,
    RegisterResident,
    Relationship,
    ResolveDuplicate,
    Sex,
)

Value = TypeVar("Value")

_PERSON = (
    Resident.id,
    Resident.full_name,
    Resident.sex,
    Resident.birth_date,
    Resident.religion,
    Resident.marital_status,
    Resident.citizenship,
    Resident.permit,
    Resident.status,
    Resident.spouse_id,
    Resident.mother_id,
    Resident.father_id,
    Resident.adoptive_mother_id,
    Resident.adoptive_father_id,
    Resident.family_id,
    Resident.village_code,
    Resident.birth_certificate_number,
    Resident.death_date,
    *(getattr(Resident, each.name) for each in fields(Particulars)),
)


async def load(session: AsyncSession, facts: Sequence[Fact], today: date) -> State:
    """Return the people and families that these facts speak of, as they are now.

    With them come their spouses and the families of these, wherever they live: what happens to one
    of a couple changes the status, and so the family card, of the other.
    """
    niks, kk_numbers = await _resolve(session, facts)
    journeys = await _journeys(session, facts)
    named, successors = await _named(session, facts, niks)
    named |= _travellers(journeys)
    traces = await registers.traces(session, facts)
    close = await _close(session, facts, named, traces)
    stated = _homes(facts, kk_numbers) | _left(journeys) | registers.homes(traces)
    homes = stated | await _homes_of(session, close)
    members = await _members(session, homes)
    wanted = close | {each for lines in members.values() for each, _ in lines}
    people = await _people(session, wanted, mothers=named)
    state = State(
        persons=people,
        families=await _families(session, homes, members),
        niks={nik: str(each) for nik, each in niks.items()},
        kk_numbers={number: str(each) for number, each in kk_numbers.items()},
        villages=await _villages(session, facts, today),
        journeys={each.number: each for each in journeys},
        districts=await _districts(session, facts),
        stays=await moves.staying(session, set(references.staying(facts)), today),
        entries=await _entries(session, facts, named, people.values()),
        traces={str(each): found for each, found in traces.items()},
        successors={str(each): str(heir) for each, heir in successors.items()},
        two_people=await _two_people(session, facts, named),
    )
    return await _with_lookalikes(session, state, facts)


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
    journeys = await _journeys(session, facts, lock=True)
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
    for newcomer in newcomers(fact):
        yield f"{newcomer.birth_date}/{newcomer.sex}"


def newcomers(fact: Fact) -> list[Newcomer]:
    """Return whom a fact brings into the registry with the record they have elsewhere."""
    if isinstance(fact, Arrive | ArriveFromAbroad):
        return [each.newcomer for each in fact.arrivals if each.newcomer]
    if isinstance(fact, RegisterForeigner) and fact.newcomer:
        return [fact.newcomer]
    return []


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


async def _journeys(
    session: AsyncSession, facts: Sequence[Fact], *, lock: bool = False
) -> list[Journey]:
    """Return the letters that the facts name, with their people."""
    letters = await moves.numbered(session, set(references.letters(facts)), lock=lock)
    people: dict[UUID, list[Traveller]] = defaultdict(list)
    for each in await moves.movers(session, [letter.id for letter in letters]):
        position = Relationship(each.relationship) if each.relationship else None
        people[each.move_id].append(Traveller(str(each.resident_id), each.status, position))
    return [_journey(each, people[each.id]) for each in letters]


def _journey(letter: Move, people: Sequence[Traveller]) -> Journey:
    def key(other: UUID | None) -> Key | None:
        return str(other) if other else None

    return Journey(
        key=str(letter.id),
        number=letter.number or "",
        direction=letter.direction,
        status=letter.status,
        issued_on=letter.issued_on,
        valid_until=letter.valid_until,
        people=letter.people,
        elsewhere=letter.elsewhere_code,
        family=key(letter.family_id),
        stayers=key(letter.stayers_family_id),
        travellers=tuple(people),
        lines=tuple(Member(key, Relationship(at)) for key, at in letter.data.get("lines", ())),
        village_code=letter.village_code,
    )


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


async def _members(
    session: AsyncSession, homes: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, int]]]:
    lines: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    statement = (
        select(Membership.family_id, Membership.resident_id, Membership.relationship)
        .where(Membership.family_id.in_(homes), func.upper_inf(Membership.period))
        .order_by(Membership.family_id, Membership.position, Membership.id)
    )
    for family_id, resident_id, relationship in await session.execute(statement):
        lines[family_id].append((resident_id, relationship))
    return lines


async def _families(
    session: AsyncSession,
    homes: Collection[UUID],
    members: Mapping[UUID, Sequence[tuple[UUID, int]]],
) -> dict[Key, Family]:
    columns = (
        FamilyRow.id, FamilyRow.head_id, FamilyRow.village_code, FamilyRow.address,
        FamilyRow.rt, FamilyRow.rw, FamilyRow.closed_on, FamilyRow.kind,
        FamilyRow.hamlet, FamilyRow.postal_code,
    )  # fmt: skip
    rows = await session.execute(select(*columns).where(FamilyRow.id.in_(homes)))
    return {str(row.id): _family(row, members.get(row.id, ())) for row in rows}


def _family(row: Any, lines: Sequence[tuple[UUID, int]]) -> Family:  # noqa: ANN401 - its columns
    return Family(
        key=str(row.id),
        head=str(row.head_id),
        village_code=row.village_code,
        address=row.address,
        rt=row.rt,
        rw=row.rw,
        members=tuple(Member(str(each), Relationship(position)) for each, position in lines),
        closed=row.closed_on is not None,
        institution=row.kind == "INSTITUTION",
        hamlet=row.hamlet,
        postal_code=row.postal_code,
    )


async def _people(
    session: AsyncSession, wanted: Collection[UUID], mothers: Collection[UUID]
) -> dict[Key, Person]:
    """Return these people, and the children of those who may be mothers in the facts."""
    theirs = or_(Resident.id.in_(wanted), Resident.mother_id.in_(mothers))
    rows = (await session.execute(select(*_PERSON).where(theirs).order_by(Resident.id))).all()
    ids = [row.id for row in rows]
    held = await cards.held(session, ids)
    digital = await cards.digital_holders(session, ids)
    orders = await certificates.birth_orders(session, ids)
    return {
        str(row.id): _person(
            row,
            orders.get(row.id),
            tuple(_card(each) for each in held.get(row.id, ())),
            has_digital_id=row.id in digital,
        )
        for row in rows
    }


def _card(card: Any) -> HeldCard:  # noqa: ANN401 - a row of the cards slice
    return HeldCard(CardKind(card.kind), card.variant, card.valid_until)


def _person(
    row: Any,  # noqa: ANN401 - its columns
    birth_order: int | None,
    held: tuple[HeldCard, ...],
    *,
    has_digital_id: bool,
) -> Person:
    def key(other: UUID | None) -> Key | None:
        return str(other) if other else None

    return Person(
        key=str(row.id),
        full_name=row.full_name,
        sex=Sex(row.sex),
        birth_date=row.birth_date,
        religion=row.religion,
        marital_status=MaritalStatus(row.marital_status),
        citizenship=Citizenship(row.citizenship),
        permit=row.permit,
        status=row.status,
        spouse=key(row.spouse_id),
        mother=key(row.mother_id),
        father=key(row.father_id),
        adopters=tuple(
            str(each) for each in (row.adoptive_father_id, row.adoptive_mother_id) if each
        ),
        family=key(row.family_id),
        village_code=row.village_code,
        birth_order=birth_order,
        death_date=row.death_date,
        has_birth_certificate=row.birth_certificate_number is not None,
        cards=held,
        has_digital_id=has_digital_id,
        particulars=Particulars(*(getattr(row, each.name) for each in fields(Particulars))),
    )


async def _entries(
    session: AsyncSession,
    facts: Sequence[Fact],
    named: Collection[UUID],
    people: Iterable[Person],
) -> dict[Key, Entry]:
    """Return what the civil registers hold about those named and their children."""
    parents = {str(each) for each in named}
    children = {UUID(each.key) for each in people if {each.mother, each.father} & parents}
    about = await certificates.about(session, {*named, *children})
    found = [*about, *await registers.named(session, facts)]
    return {str(each.id): _entry(each) for each in found}


def _entry(row: Certificate) -> Entry:
    return Entry(
        key=str(row.id),
        kind=row.kind,
        number=row.number,
        subject=str(row.subject_id) if row.subject_id else None,
        partner=str(row.partner_id) if row.partner_id else None,
        event_date=row.event_date,
        cancelled=row.status == CertificateStatus.CANCELLED,
        data=row.data,
    )


async def _villages(session: AsyncSession, facts: Sequence[Fact], today: date) -> dict[str, str]:
    codes = set(references.villages(facts))
    statement = select(Region.code, Region.name).where(
        Region.code.in_(codes),
        Region.level == "village",
        or_(Region.valid_from.is_(None), Region.valid_from <= today),
        or_(Region.valid_to.is_(None), Region.valid_to >= today),
    )
    return dict(_pairs(await session.execute(statement))) if codes else {}


async def _with_lookalikes(session: AsyncSession, state: State, facts: Sequence[Fact]) -> State:
    """Return the state with residents who may be the very people that the facts register."""
    similar = {}
    for index, fact in enumerate(facts):
        if (newcomer := _newcomer(state, fact, index)) is not None:
            alike = await find_similar(session, newcomer)
            similar[index] = tuple(sorted(str(each.resident_id) for each in alike))
    strangers = {
        (index, line): await _alike(session, newcomer)
        for index, fact in enumerate(facts)
        for line, newcomer in enumerate(newcomers(fact))
    }
    seen = {UUID(key) for keys in (*similar.values(), *strangers.values()) for key in keys}
    found = seen - _ids(state)
    people = await _people(session, found, mothers=()) if found else {}
    persons = {**state.persons, **people}
    return replace(state, persons=persons, similar=similar, alike=strangers)


async def _alike(session: AsyncSession, newcomer: Newcomer) -> tuple[Key, ...]:
    stranger = Stranger(
        full_name=newcomer.full_name,
        sex=newcomer.sex,
        birth_date=newcomer.birth_date,
        mother_name=newcomer.mother_name,
        precision=newcomer.birth_date_precision,
    )
    return tuple(sorted(str(each.resident_id) for each in await find_similar(session, stranger)))


def _ids(state: State) -> set[UUID]:
    return {UUID(key) for key in state.persons}


def _newcomer(state: State, fact: Fact, index: int) -> Stranger | None:
    if isinstance(fact, RegisterResident):
        return Stranger(
            full_name=fact.full_name,
            sex=fact.sex,
            birth_date=fact.birth_date,
            mother_name=fact.mother_name,
            precision=fact.birth_date_precision,
            mother_id=_id(state.person(fact.mother, index)),
        )
    if isinstance(fact, BirthReport):
        mother = state.person(fact.mother, index)
        return Stranger(
            full_name=fact.child.full_name,
            sex=fact.child.sex,
            birth_date=fact.child.birth_date,
            mother_name=mother.full_name if mother else UNKNOWN_MOTHER,
            mother_id=_id(mother),
            twins=fact.child.birth_kind > 1,
        )
    return None


def _id(person: Person | None) -> UUID | None:
    return UUID(person.key) if person else None

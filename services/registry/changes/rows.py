"""Rows of the registry as the people, families, letters and entries of a state."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store as cards
from services.registry.certificates import store as certificates
from services.registry.certificates.rules import CertificateStatus
from services.registry.certificates.tables import Certificate
from services.registry.changes import references, registers
from services.registry.changes.state import (
    Entry,
    Family,
    HeldCard,
    Journey,
    Key,
    Member,
    Particulars,
    Person,
    Traveller,
)
from services.registry.families.tables import Family as FamilyRow
from services.registry.families.tables import Membership
from services.registry.moves import store as moves
from services.registry.moves.tables import Move
from services.registry.residents.tables import Resident
from shared.contract.facts import (
    CardKind,
    Citizenship,
    Fact,
    MaritalStatus,
    Relationship,
    Sex,
)

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


async def members(
    session: AsyncSession, homes: Collection[UUID]
) -> dict[UUID, list[tuple[UUID, int]]]:
    """Return who is in these families now, and as what, in the order of the card."""
    lines: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    statement = (
        select(Membership.family_id, Membership.resident_id, Membership.relationship)
        .where(Membership.family_id.in_(homes), func.upper_inf(Membership.period))
        .order_by(Membership.family_id, Membership.position, Membership.id)
    )
    for family_id, resident_id, relationship in await session.execute(statement):
        lines[family_id].append((resident_id, relationship))
    return lines


async def families(
    session: AsyncSession,
    homes: Collection[UUID],
    members: Mapping[UUID, Sequence[tuple[UUID, int]]],
) -> dict[Key, Family]:
    """Return these families with their members."""
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


async def people(
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


async def entries(
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


async def journeys(
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

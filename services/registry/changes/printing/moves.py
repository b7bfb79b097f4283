"""What the letters about who leaves and who arrives say."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.printing.paper import (
    Paper,
    address_of,
    head_name,
    load_family,
    load_resident,
    printed_name,
    regency_name,
    region_name,
)
from services.registry.documents.schemas import (
    Address,
    ArrivalFromAbroadContent,
    ArrivalLetterContent,
    DepartureAbroadContent,
    Listed,
    MoveLetterContent,
)
from services.registry.families import store as families
from services.registry.moves import rules, store
from services.registry.moves.tables import Move, Mover
from services.registry.regions.rules import parent
from services.registry.residents import store as residents
from services.registry.residents.tables import Resident


async def move_letter(session: AsyncSession, move_id: UUID) -> Paper:
    """Return the letter of who moves to another regency."""
    move, movers, people = await _letter(session, move_id)
    applicant = people[movers[0].resident_id]
    assert move.number is not None  # noqa: S101 - every letter of ours has one
    assert move.valid_until is not None  # noqa: S101 - and runs out one day
    origin, kk_number, head = await _left(session, move, applicant)
    content = MoveLetterContent(
        number=move.number,
        applicant_nik=applicant.nik,
        applicant_name=printed_name(applicant),
        kk_number=kk_number,
        head_name=head,
        origin=origin,
        destination=await place(session, move.data["to"]),
        reason=move.reason or 0,
        reason_text=move.data["reason_text"],
        classification=rules.classification(move.village_code, move.data["to"]["district_code"]),
        move_kind=move.data["move_kind"],
        movers_card=move.data["movers_card"],
        stayers_card=move.data["stayers_card"],
        planned_on=date.fromisoformat(move.data["planned_on"]),
        valid_until=move.valid_until,
        movers=tuple(_line(people[each.resident_id], each) for each in movers),
        regency=await regency_name(session, move.village_code),
    )
    return Paper(content, list(people), move.village_code)


async def emigration_letter(session: AsyncSession, move_id: UUID) -> Paper:
    """Return the letter of who leaves the country."""
    move, movers, people = await _letter(session, move_id)
    applicant = people[movers[0].resident_id]
    assert move.number is not None  # noqa: S101 - every letter of ours has one
    assert move.country is not None  # noqa: S101 - it leads abroad
    origin, kk_number, head = await _left(session, move, applicant)
    assert kk_number is not None  # noqa: S101 - whoever goes abroad leaves a family
    assert head is not None  # noqa: S101 - and every family has a head
    content = DepartureAbroadContent(
        number=move.number,
        applicant_nik=applicant.nik,
        applicant_name=printed_name(applicant),
        kk_number=kk_number,
        head_name=head,
        origin=origin,
        country=move.country,
        address_abroad=move.data["address_abroad"],
        reason=move.reason or 0,
        reason_text=move.data["reason_text"],
        planned_on=date.fromisoformat(move.data["planned_on"]),
        movers=tuple(_line(people[each.resident_id], each) for each in movers),
        regency=await regency_name(session, move.village_code),
    )
    return Paper(content, list(people), move.village_code)


async def arrival_letter(session: AsyncSession, arrival_id: UUID) -> Paper:
    """Return the letter of who came from another regency."""
    arrival = await store.arrival(session, arrival_id)
    assert arrival is not None  # noqa: S101 - it was noted a moment ago
    assert arrival.number is not None  # noqa: S101 - for this letter
    move = await store.get(session, arrival.move_id)
    assert move is not None  # noqa: S101 - the arrival refers to it
    assert move.number is not None  # noqa: S101 - nobody comes from a regency without
    movers = await store.arrived(session, arrival_id)
    people = await residents.load(session, [each.resident_id for each in movers])
    applicant = people[movers[0].resident_id]
    family, members = await load_family(session, arrival.family_id)
    content = ArrivalLetterContent(
        number=arrival.number,
        applicant_nik=applicant.nik,
        applicant_name=printed_name(applicant),
        letter_number=move.number,
        letter_date=move.issued_on,
        origin=await place(session, move.data["origin"]),
        kk_number=family.kk_number,
        head_name=head_name(members),
        address=await address_of(session, family),
        reason=move.reason,
        arrived_on=arrival.arrived_on,
        arrivals=tuple(_line(people[each.resident_id], each) for each in movers),
        regency=await regency_name(session, family.village_code),
    )
    return Paper(content, list(people), family.village_code)


async def immigration_letter(session: AsyncSession, arrival_id: UUID) -> Paper:
    """Return the letter of who came from abroad."""
    arrival = await store.arrival(session, arrival_id)
    assert arrival is not None  # noqa: S101 - it was noted a moment ago
    assert arrival.number is not None  # noqa: S101 - for this letter
    move = await store.get(session, arrival.move_id)
    assert move is not None  # noqa: S101 - the arrival refers to it
    assert move.country is not None  # noqa: S101 - they came from somewhere
    movers = await store.arrived(session, arrival_id)
    people = await residents.load(session, [each.resident_id for each in movers])
    applicant = people[movers[0].resident_id]
    family, members = await load_family(session, arrival.family_id)
    passports = move.data["passports"]
    content = ArrivalFromAbroadContent(
        number=arrival.number,
        applicant_nik=applicant.nik,
        applicant_name=printed_name(applicant),
        country=move.country,
        arrived_on=arrival.arrived_on,
        kk_number=family.kk_number,
        head_name=head_name(members),
        address=await address_of(session, family),
        arrivals=tuple(
            _line(people[each.resident_id], each, passports.get(str(each.resident_id)))
            for each in movers
        ),
        regency=await regency_name(session, family.village_code),
    )
    return Paper(content, list(people), family.village_code)


async def _letter(
    session: AsyncSession, move_id: UUID
) -> tuple[Move, Sequence[Mover], dict[UUID, Resident]]:
    move = await store.get(session, move_id)
    assert move is not None  # noqa: S101 - it was written a moment ago
    movers = await store.movers(session, [move_id])
    people = await residents.load(session, [each.resident_id for each in movers])
    return move, movers, people


async def _left(
    session: AsyncSession, move: Move, applicant: Resident
) -> tuple[Address, str | None, str | None]:
    """Return where people lived, and the number and head of the family as it was."""
    if move.family_id is None:
        permit = await store.permit(session, applicant.id)
        assert permit is not None  # noqa: S101 - who is in no family stays on a permit
        return await place(session, permit.home), None, None
    family = (await families.load(session, [move.family_id]))[move.family_id]
    head = await load_resident(session, family.head_id)
    return await address_of(session, family), family.kk_number, printed_name(head)


async def place(session: AsyncSession, home: Mapping[str, Any]) -> Address:
    """Return an address of a form, here or in another regency, in names."""
    district = home.get("district_code") or parent(home["village_code"]) or ""
    return Address(
        street=home["address"],
        rt=home["rt"],
        rw=home["rw"],
        village=home.get("village") or await region_name(session, home["village_code"]),
        district=await region_name(session, district),
        regency=await regency_name(session, district),
        province=await region_name(session, district[:2]),
        postal_code=home.get("postal_code"),
    )


def _line(person: Resident, mover: Mover, passport: str | None = None) -> Listed:
    return Listed(
        full_name=printed_name(person),
        nik=person.nik,
        relationship=mover.relationship,
        sex=person.sex,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        passport_number=passport,
    )

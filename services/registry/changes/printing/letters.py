"""What the letters about foreigners and about people without papers say."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.printing.moves import place
from services.registry.changes.printing.paper import Paper, load_family, load_resident, printed_name
from services.registry.documents.schemas import (
    CommunityLetterContent,
    DisplacedPersonContent,
    ResidenceLetterContent,
    SubstituteCertificateContent,
    SubstituteIdentityContent,
    VitalEvent,
)
from services.registry.moves import store
from services.registry.moves.tables import Letter
from services.registry.residents.tables import Resident


async def residence_letter(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return where a foreigner with a limited permit lives."""
    letter = await _letter(session, letter_id)
    assert letter.resident_id is not None  # noqa: S101 - it is about somebody recorded
    holder = await load_resident(session, letter.resident_id)
    permit = await store.permit(session, holder.id)
    assert permit is not None  # noqa: S101 - on which the letter was issued
    content = ResidenceLetterContent(
        number=letter.number,
        nik=holder.nik,
        full_name=printed_name(holder),
        sex=holder.sex,
        birth_place=holder.birth_place,
        birth_date=holder.birth_date,
        nationality=permit.nationality,
        religion=holder.religion,
        marital_status=holder.marital_status,
        occupation=holder.occupation,
        passport_number=permit.passport_number,
        passport_until=permit.passport_until,
        permit_number=permit.number,
        permit_until=permit.valid_until,
        sponsor_name=permit.sponsor_name,
        address=await place(session, permit.home),
        valid_until=permit.valid_until,
    )
    return Paper(content, [holder.id], letter.village_code)


async def substitute_identity(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return the letter in place of lost identity papers."""
    letter, person, words = await _about(session, letter_id)
    more: dict[str, Any] = {}
    if person is not None:
        more = {"marital_status": person.marital_status, "occupation": person.occupation}
        if person.family_id is not None:
            family, _ = await load_family(session, person.family_id)
            more["kk_number"] = family.kk_number
    return _paper(letter, person, SubstituteIdentityContent(**words, **more))


async def substitute_certificate(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return the letter in place of a lost civil certificate."""
    letter, person, words = await _about(session, letter_id)
    lost = letter.data["certificate"]
    content = SubstituteCertificateContent(
        **words,
        event=VitalEvent(lost["event"]),
        event_date=_day(lost["event_date"]),
        event_place=lost["event_place"],
        certificate_number=lost["number"],
        partner_name=lost["partner_name"],
        mother_name=person.mother_name if person else None,
        father_name=person.father_name if person else None,
    )
    return _paper(letter, person, content)


async def displaced_person(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return the letter of somebody found without home and papers."""
    letter, person, words = await _about(session, letter_id)
    told = letter.data
    content = DisplacedPersonContent(
        **words,
        found_at=told["found_at"],
        found_on=_day(told["found_on"]),
        marks=told["marks"],
        shelter=told["shelter"],
    )
    return _paper(letter, person, content)


async def community_member(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return the letter of somebody of a remote community."""
    letter, person, words = await _about(session, letter_id)
    community, elder = letter.data["community"], letter.data["elder_name"]
    content = CommunityLetterContent(**words, community=community, elder_name=elder)
    return _paper(letter, person, content)


async def _letter(session: AsyncSession, letter_id: UUID) -> Letter:
    letter = await store.letter(session, letter_id)
    assert letter is not None  # noqa: S101 - it was written a moment ago
    return letter


async def _about(
    session: AsyncSession, letter_id: UUID
) -> tuple[Letter, Resident | None, dict[str, Any]]:
    """Return a letter, whom it is about, and what all of these letters say alike."""
    letter = await _letter(session, letter_id)
    told = letter.data
    words = {
        "number": letter.number,
        "origin": told["origin"],
        "cause": told["cause"],
        "address": await place(session, told["at"]),
    }
    if letter.resident_id is None:
        said = told["described"]
        return letter, None, words | said | {"birth_date": _day(said["birth_date"])}
    person = await load_resident(session, letter.resident_id)
    who = {
        "nik": person.nik,
        "full_name": printed_name(person),
        "sex": person.sex,
        "birth_place": person.birth_place,
        "birth_date": person.birth_date,
        "religion": person.religion,
    }
    return letter, person, words | who


def _paper(letter: Letter, person: Resident | None, content: Any) -> Paper:  # noqa: ANN401 - of its kind
    return Paper(content, [person.id] if person else [], letter.village_code)


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None

"""What a certificate of death says, and the letter about a child born dead."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.certificates.tables import Certificate
from services.registry.changes.printing.notes import margin, ruling_of
from services.registry.changes.printing.paper import (
    Paper,
    address_of,
    load_family,
    load_resident,
    printed_name,
    regency_name,
)
from services.registry.documents.schemas import (
    DeathCertificateContent,
    Party,
    StillbirthLetterContent,
)
from services.registry.residents.tables import Resident


async def death_certificate(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a death's entry; of whom had no NIK, as the report knew them."""
    certificate = await certificates.get(session, certificate_id)
    assert certificate is not None  # noqa: S101 - it was registered a moment ago
    words, village = certificate.data, certificate.data["village_code"]
    dead = certificate.subject_id and await load_resident(session, certificate.subject_id)
    content = DeathCertificateContent(
        number=certificate.number,
        **(_of_resident(dead) if dead else _of_nobody_recorded(words)),
        death_place=words["place"],
        death_date=certificate.event_date,
        spouse_name=words["spouse_name"],
        ruling=ruling_of(words),
        registered_on=certificate.registered_on,
        regency=await regency_name(session, village),
        annotations=await margin(session, certificate.id),
    )
    return Paper(content, _kin(certificate), village)


def _of_resident(dead: Resident) -> dict[str, Any]:
    return {
        "nik": dead.nik,
        "full_name": printed_name(dead),
        "sex": dead.sex,
        "birth_place": dead.birth_place,
        "birth_date": dead.birth_date,
        "citizenship": dead.citizenship,
        "father_name": dead.father_name,
        "mother_name": dead.mother_name,
    }


def _of_nobody_recorded(words: Mapping[str, Any]) -> dict[str, Any]:
    names = ("full_name", "sex", "birth_place", "birth_date", "citizenship")
    return {name: words[name] for name in (*names, "father_name", "mother_name")}


def _kin(certificate: Certificate) -> list[UUID]:
    """Return whose paper it is: of those who stayed, for the dead fetch nothing."""
    kin = [UUID(each) for each in certificate.data["kin"]]
    subject = [certificate.subject_id] if certificate.subject_id else []
    return list(dict.fromkeys([*subject, *kin]))


async def stillbirth_letter(session: AsyncSession, letter_id: UUID) -> Paper:
    """Return the letter about a child born dead."""
    letter = await certificates.get_stillbirth(session, letter_id)
    assert letter is not None  # noqa: S101 - it was written a moment ago
    mother = await load_resident(session, letter.mother_id)
    father = letter.father_id and await load_resident(session, letter.father_id)
    told = letter.data
    content = StillbirthLetterContent(
        number=letter.number,
        full_name=told["full_name"],
        sex=told["sex"],
        place=told["place"],
        happened_on=letter.happened_on,
        happened_at=told["happened_at"],
        weeks=told["weeks"],
        birth_order=told["birth_order"],
        mother=_parent(mother),
        father=_parent(father) if father else None,
        mother_address=await address_of(session, (await load_family(session, mother.family_id))[0])
        if mother.family_id
        else None,
        registered_on=letter.registered_on,
        regency=await regency_name(session, letter.village_code),
    )
    parents = [mother.id, *([father.id] if father else [])]
    return Paper(content, parents, letter.village_code)


def _parent(person: Resident) -> Party:
    return Party(
        full_name=printed_name(person),
        nik=person.nik,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        citizenship=person.citizenship,
    )

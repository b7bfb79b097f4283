"""What the print of a resident's biodata says (form F-1.08)."""

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
)
from services.registry.documents.schemas import BiodataContent
from services.registry.residents.tables import Resident
from shared.contract.facts import MaritalStatus

_DIVORCED = (MaritalStatus.DIVORCED_REGISTERED, MaritalStatus.DIVORCED_UNREGISTERED)
_SAME = (
    *("nik", "sex", "birth_place", "birth_date", "birth_certificate_number", "blood_type"),
    *("religion", "belief_organisation", "marital_status", "disability", "education"),
    *("occupation", "citizenship", "mother_name", "father_name"),
)
OFFICE = "35.10"  # of those who live nowhere: the office that prints


async def biodata(session: AsyncSession, resident_id: UUID) -> Paper:
    """Return what the registry holds of somebody; who is in no family has no address."""
    person = await load_resident(session, resident_id)
    told = await _own(session, person)
    if person.family_id is not None:
        family, members = await load_family(session, person.family_id)
        line = next(each for each in members if each.resident.id == person.id)
        told |= {
            "kk_number": family.kk_number,
            "head_name": head_name(members),
            "relationship": line.relationship,
            "address": await address_of(session, family),
        }
    village = person.village_code or OFFICE
    told["regency"] = await regency_name(session, village)
    return Paper(BiodataContent.model_validate(told), [person.id], village)


async def _own(session: AsyncSession, person: Resident) -> dict[str, object]:
    divorced = person.marital_status in _DIVORCED
    ending = {"divorce_number": person.marriage_number, "divorce_date": person.marriage_date}
    union = {"marriage_number": person.marriage_number, "marriage_date": person.marriage_date}
    return {
        **{name: getattr(person, name) for name in _SAME},
        **(ending if divorced else union),
        "full_name": printed_name(person),
        "mother_nik": await _nik(session, person.mother_id),
        "father_nik": await _nik(session, person.father_id),
    }


async def _nik(session: AsyncSession, resident_id: UUID | None) -> str | None:
    return (await load_resident(session, resident_id)).nik if resident_id else None

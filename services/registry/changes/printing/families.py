"""What a family card says."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.printing.paper import (
    Paper,
    address_of,
    head_name,
    load_family,
    printed_name,
)
from services.registry.documents.schemas import (
    FamilyCardContent,
    FamilyMember,
)
from services.registry.families.schemas import Member


async def family_card(session: AsyncSession, family_id: UUID) -> Paper:
    """Return the card of a family."""
    family, members = await load_family(session, family_id)
    content = FamilyCardContent(
        kk_number=family.kk_number,
        head_name=head_name(members),
        address=await address_of(session, family),
        members=[_line(each) for each in members],
    )
    return Paper(content, [each.resident.id for each in members], family.village_code)


def _line(member: Member) -> FamilyMember:
    person = member.resident
    return FamilyMember(
        full_name=printed_name(person),
        nik=person.nik,
        sex=person.sex,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        religion=person.religion,
        belief_organisation=person.belief_organisation,
        education=person.education,
        occupation=person.occupation,
        blood_type=person.blood_type,
        marital_status=person.marital_status,
        marriage_date=person.marriage_date,
        relationship=member.relationship,
        citizenship=person.citizenship,
        father_name=person.father_name,
        mother_name=person.mother_name,
    )

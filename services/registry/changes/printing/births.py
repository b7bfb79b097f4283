"""What a birth certificate says."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.changes.printing.notes import margin
from services.registry.changes.printing.paper import (
    Paper,
    load_resident,
    regency_name,
    with_parents,
)
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import (
    BirthCertificateContent,
)


async def birth_certificate(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a birth's entry."""
    certificate = await certificates.get(session, certificate_id)
    assert certificate is not None  # noqa: S101 - it was registered a moment ago
    assert certificate.subject_id is not None  # noqa: S101 - whoever is born has a NIK
    child = await load_resident(session, certificate.subject_id)
    village = certificate.data["village_code"]  # where the birth was registered, for ever
    content = BirthCertificateContent(
        number=certificate.number,
        nik=child.nik,
        full_name=child.full_name,
        sex=child.sex,
        birth_place=child.birth_place,
        birth_date=child.birth_date,
        birth_order=certificate.data["child_order"],
        citizenship=child.citizenship,
        parentage=Parentage(certificate.data["parentage"]),
        mother_name=certificate.data["mother_name"],
        father_name=certificate.data["father_name"],
        registered_on=certificate.registered_on,
        regency=await regency_name(session, village),
        annotations=await margin(session, certificate_id),
    )
    return Paper(content, with_parents(child), village)

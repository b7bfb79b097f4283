"""What the papers say about whose child somebody is."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.certificates.tables import Certificate
from services.registry.changes.printing.notes import margin, ruling_of, where_registered
from services.registry.changes.printing.paper import (
    Paper,
    load_resident,
    party,
    regency_name,
    with_parents,
)
from services.registry.documents.schemas import (
    AcknowledgementCertificateContent,
    LegitimationCertificateContent,
)
from services.registry.residents.tables import Resident


class Entered(NamedTuple):
    """An entry about a child, with the parents it names and the entry of the birth."""

    certificate: Certificate
    child: Resident
    father: Resident
    mother: Resident
    certified_on: date | None
    village: str


async def acknowledgement(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a father's acknowledgement."""
    entered = await _entered(session, certificate_id)
    certificate, data = entered.certificate, entered.certificate.data
    content = AcknowledgementCertificateContent(
        number=certificate.number,
        child=party(entered.child),
        birth_certificate_number=entered.child.birth_certificate_number,
        birth_certified_on=entered.certified_on,
        father=party(entered.father),
        mother=party(entered.mother),
        acknowledged_on=certificate.event_date,
        religion=data["religion"],
        ruling=ruling_of(data),
        registered_on=certificate.registered_on,
        regency=await regency_name(session, entered.village),
        annotations=await margin(session, certificate_id),
    )
    return Paper(content, with_parents(entered.child), entered.village)


async def legitimation(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a legitimation by the parents' marriage."""
    entered = await _entered(session, certificate_id)
    certificate, data = entered.certificate, entered.certificate.data
    marriage = data["marriage"]
    content = LegitimationCertificateContent(
        number=certificate.number,
        child=party(entered.child),
        birth_certificate_number=entered.child.birth_certificate_number,
        birth_certified_on=entered.certified_on,
        father=party(entered.father),
        mother=party(entered.mother),
        marriage_number=marriage["number"],
        married_on=certificate.event_date,
        marriage_registered_at=marriage["registered_at"],
        religion=marriage["religion"],
        leader_name=marriage["leader_name"],
        ruling=ruling_of(data),
        registered_on=certificate.registered_on,
        regency=await regency_name(session, entered.village),
        annotations=await margin(session, certificate_id),
    )
    return Paper(content, with_parents(entered.child), entered.village)


async def _entered(session: AsyncSession, certificate_id: UUID) -> Entered:
    certificate = await certificates.get(session, certificate_id)
    assert certificate is not None  # noqa: S101 - it was entered a moment ago
    assert certificate.subject_id is not None  # noqa: S101 - the child has a NIK
    child = await load_resident(session, certificate.subject_id)
    data = certificate.data
    birth = await certificates.get(session, UUID(data["birth"])) if data["birth"] else None
    return Entered(
        certificate,
        child,
        await load_resident(session, UUID(data["father"])),
        await load_resident(session, UUID(data["mother"])),
        birth.registered_on if birth else None,
        where_registered(certificate, [child]),
    )

"""What the papers of a couple say: marriage, divorce, and the annulment of either."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.certificates.tables import Certificate
from services.registry.changes.printing.notes import margin, named_on, ruling_of, where_registered
from services.registry.changes.printing.paper import Paper, party, regency_name
from services.registry.documents.schemas import (
    DivorceAnnulmentContent,
    DivorceCertificateContent,
    MarriageAnnulmentContent,
    MarriageCertificateContent,
)
from services.registry.residents.tables import Resident


class Entered(NamedTuple):
    """An entry about a couple, with both and the office's regency."""

    certificate: Certificate
    husband: Resident
    wife: Resident
    village: str
    regency: str

    @property
    def readers(self) -> list[UUID]:
        """Both may fetch the papers of what concerns both."""
        return [self.husband.id, self.wife.id]


async def marriage_certificate(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a marriage's entry, with what its margin says by now."""
    entered = await _entered(session, certificate_id)
    data = entered.certificate.data
    content = MarriageCertificateContent(
        number=entered.certificate.number,
        husband=party(entered.husband),
        wife=party(entered.wife),
        married_on=entered.certificate.event_date,
        place=data["place"],
        religion=data["religion"],
        belief_organisation=data["belief_organisation"],
        leader_name=data["leader_name"],
        ruling=ruling_of(data),
        registered_on=entered.certificate.registered_on,
        regency=entered.regency,
        annotations=await margin(session, certificate_id),
    )
    return Paper(content, entered.readers, entered.village)


async def divorce_certificate(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the quotation of a divorce's entry."""
    entered = await _entered(session, certificate_id)
    data, marriage = entered.certificate.data, entered.certificate.data["marriage"]
    ruling = ruling_of(data)
    assert ruling is not None  # noqa: S101 - nothing is entered without one
    content = DivorceCertificateContent(
        number=entered.certificate.number,
        husband=party(entered.husband),
        wife=party(entered.wife),
        marriage_number=marriage["number"],
        married_on=_day(marriage["married_on"]),
        marriage_place=marriage["place"],
        ruling=ruling,
        divorced_on=entered.certificate.event_date,
        registered_on=entered.certificate.registered_on,
        regency=entered.regency,
        annotations=await margin(session, certificate_id),
    )
    return Paper(content, entered.readers, entered.village)


async def marriage_annulment(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the letter that a marriage never was."""
    entered = await _entered(session, certificate_id)
    content = MarriageAnnulmentContent(**await _annulment(session, entered))
    return Paper(content, entered.readers, entered.village)


async def divorce_annulment(session: AsyncSession, certificate_id: UUID) -> Paper:
    """Return the letter that a divorce never was."""
    entered = await _entered(session, certificate_id)
    content = DivorceAnnulmentContent(**await _annulment(session, entered))
    return Paper(content, entered.readers, entered.village)


async def _annulment(session: AsyncSession, entered: Entered) -> dict[str, Any]:
    annulled = entered.certificate.data["annulled"]
    was = await certificates.get(session, UUID(annulled["entry"])) if annulled["entry"] else None
    return {
        "number": entered.certificate.number,
        "husband": party(entered.husband),
        "wife": party(entered.wife),
        "certificate_number": annulled["number"],
        "certified_on": was.registered_on if was else None,
        "ruling": ruling_of(entered.certificate.data),
        "registered_on": entered.certificate.registered_on,
        "regency": entered.regency,
    }


async def _entered(session: AsyncSession, certificate_id: UUID) -> Entered:
    certificate = await certificates.get(session, certificate_id)
    assert certificate is not None  # noqa: S101 - it was entered a moment ago
    husband, wife = await named_on(session, certificate)
    village = where_registered(certificate, [husband, wife])
    regency = await regency_name(session, village)
    return Entered(certificate, husband, wife, village, regency)


def _day(stated: str | None) -> date | None:
    return date.fromisoformat(stated) if stated else None

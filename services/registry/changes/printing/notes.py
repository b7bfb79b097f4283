"""What the sheet of a marginal note says, and what a certificate quotes of its margin."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.certificates.tables import Certificate, CertificateNote
from services.registry.changes.printing.paper import (
    Paper,
    load_resident,
    regency_name,
    with_parents,
)
from services.registry.documents.schemas import Annotation, MarginalNoteContent, Ruling
from services.registry.residents.tables import Resident


async def marginal_note(session: AsyncSession, note_id: UUID) -> Paper:
    """Return one note as a sheet of its own, kept with the register and the quotation."""
    note = await certificates.note_by_id(session, note_id)
    assert note is not None  # noqa: S101 - it was written a moment ago
    certificate = await certificates.get(session, note.certificate_id)
    assert certificate is not None  # noqa: S101 - a note is on an entry
    people = await named_on(session, certificate)
    village = where_registered(certificate, people)
    content = MarginalNoteContent(
        certificate_kind=certificate.kind,
        certificate_number=certificate.number,
        registered_on=certificate.registered_on,
        full_name=" / ".join(each.full_name for each in people)
        or str(certificate.data["full_name"]),
        nik=people[0].nik if len(people) == 1 else None,
        annotation=_quoted(note),
        ruling=ruling_of(note.data),
        regency=await regency_name(session, village),
    )
    readers = with_parents(people[0]) if len(people) == 1 else [each.id for each in people]
    return Paper(content, readers, village)


async def margin(session: AsyncSession, certificate_id: UUID) -> tuple[Annotation, ...]:
    """Return everything in the margin of an entry, as its quotation repeats it."""
    return tuple(_quoted(each) for each in await certificates.notes(session, certificate_id))


async def named_on(session: AsyncSession, certificate: Certificate) -> list[Resident]:
    """Return whom an entry is about: one person, a couple, or nobody with a NIK."""
    ids = (certificate.subject_id, certificate.partner_id)
    return [await load_resident(session, each) for each in ids if each is not None]


def where_registered(certificate: Certificate, people: list[Resident]) -> str:
    """Return the village in which an entry was made; of old entries, where its people live."""
    stated = certificate.data.get("village_code")
    living = next((each.village_code for each in people if each.village_code), None)
    regency = f"{certificate.regency[:2]}.{certificate.regency[2:]}"
    return str(stated) if stated else living or regency


def ruling_of(data: Mapping[str, Any]) -> Ruling | None:
    """Return the decision on which an entry or a note rests, if it rests on one."""
    stated = data.get("ruling")
    return Ruling.model_validate(stated) if stated else None


def _quoted(note: CertificateNote) -> Annotation:
    return Annotation(
        serial=note.serial, noted_on=note.noted_on, text_id=note.text_id, text_en=note.text_en
    )

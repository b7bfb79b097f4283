"""Civil certificates over HTTP. Nothing here changes any: that is what changes are for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store
from services.registry.certificates.history import versions as versions_of
from services.registry.certificates.rules import CertificateStatus, NoteKind
from services.registry.certificates.schemas import (
    CertificateDetail,
    CertificateHistoryOut,
    CertificateOut,
    Certificates,
    EntryThen,
    NoteThen,
    entry_of,
)
from services.registry.certificates.tables import Certificate
from services.registry.residents import lookups, telling
from services.registry.residents.reading import Reading, reading
from services.registry.residents.rules import history
from shared import clock, versions
from shared.db import Session
from shared.problems import NotFound

router = APIRouter(prefix="/v1/certificates", tags=["certificates"])

Begun = Annotated[Reading, Depends(reading("certificates.read"))]


@router.get("", operation_id="list_certificates")
async def list_certificates(
    session: Session,
    begun: Begun,
    resident_id: Annotated[UUID, Query(description="Whom the certificates are about")],
) -> Certificates:
    """List the entries of the civil registers about somebody, oldest first."""
    if await lookups.by_id(session, begun, resident_id) is None:
        raise NotFound
    rows = await store.of_resident(session, resident_id)
    return Certificates(items=[CertificateOut.model_validate(each) for each in rows])


async def _seen(
    session: AsyncSession, begun: Reading, certificate_id: UUID
) -> tuple[Certificate, bool]:
    """Return an entry that the caller may see, as one about somebody whom they may see.

    Also whether they may read what it says: who was adopted has the natural parents sealed.
    """
    certificate = await store.get(session, certificate_id)
    if certificate is None:
        raise NotFound
    for person in (certificate.subject_id, certificate.partner_id):
        seen = person and await lookups.by_id(session, begun, person)
        if seen:
            shown = begun.of(seen)
            return certificate, shown.whole and shown.origins
    raise NotFound


@router.get("/{certificate_id}", operation_id="read_certificate")
async def read_certificate(
    certificate_id: UUID, response: Response, session: Session, begun: Begun
) -> CertificateDetail:
    """Return one entry; what it says only to those who see whole records."""
    certificate, whole = await _seen(session, begun, certificate_id)
    versions.tag(response, certificate.version)
    notes = await store.notes(session, certificate_id)
    ended = (each.noted_on for each in notes if each.kind == NoteKind.CANCELLATION)
    return CertificateDetail(
        **CertificateOut.model_validate(certificate).model_dump(),
        entry=entry_of(certificate.kind, certificate.data) if whole else None,
        notes=[NoteThen.model_validate(each) for each in notes] if whole else None,
        cancelled_on=next(ended, None)
        if certificate.status == CertificateStatus.CANCELLED
        else None,
    )


@router.get("/{certificate_id}/history", operation_id="read_certificate_history")
async def read_certificate_history(
    certificate_id: UUID,
    session: Session,
    begun: Annotated[Reading, Depends(reading("certificates.history"))],
    valid_on: Annotated[
        date | None, Query(description="What it said on this day; today when absent")
    ] = None,
    known_at: Annotated[
        AwareDatetime | None, Query(description="As known at this moment; now when absent")
    ] = None,
) -> CertificateHistoryOut:
    """Answer both questions of history: what the entry said then, and what did we know when."""
    certificate, whole = await _seen(session, begun, certificate_id)
    day, moment = valid_on or clock.today(), known_at or clock.now()
    recorded = versions_of(
        certificate,
        await store.pasts(session, certificate_id),
        await store.notes(session, certificate_id),
    )
    state = history.as_of(recorded, day, moment)
    told = telling.tell_all("certificates", history.known(recorded, moment))
    return CertificateHistoryOut(
        valid_on=day,
        known_at=moment,
        begins_on=history.began(recorded, moment),
        state=state
        and EntryThen.model_validate({**state, "words": state["data"] if whole else None}),
        versions=told if whole else [each.model_copy(update={"changes": []}) for each in told],
    )

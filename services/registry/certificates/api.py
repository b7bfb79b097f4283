"""Civil certificates over HTTP. Nothing here changes any: that is what changes are for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.registry.certificates import store
from services.registry.certificates.schemas import (
    BirthEntry,
    CertificateDetail,
    CertificateOut,
    Certificates,
)
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared import versions
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


@router.get("/{certificate_id}", operation_id="read_certificate")
async def read_certificate(
    certificate_id: UUID, response: Response, session: Session, begun: Begun
) -> CertificateDetail:
    """Return one entry; what it says about the parents only to those who see whole records."""
    certificate = await store.get(session, certificate_id)
    if certificate is None or certificate.subject_id is None:
        raise NotFound
    subject = await lookups.by_id(session, begun, certificate.subject_id)
    if subject is None:
        raise NotFound
    versions.tag(response, certificate.version)
    whole = begun.of(subject).whole
    return CertificateDetail(
        **CertificateOut.model_validate(certificate).model_dump(),
        entry=BirthEntry.of(certificate.data) if whole else None,
    )

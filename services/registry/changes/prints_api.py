"""Prints that follow from no change: further copies, and what the registry holds of a resident."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.registry.changes.printing import biodata, quote_anew
from services.registry.documents import actions as documents
from services.registry.documents import store
from services.registry.documents.api import shown_document
from services.registry.documents.schemas import DocumentOut, NewCopy
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared import clock
from shared.contract.events import IssuedKind
from shared.db import Session
from shared.idempotency import OneTime
from shared.problems import NotFound

router = APIRouter(prefix="/v1", tags=["documents"])

_CANNOT: dict[int | str, dict[str, Any]] = {
    409: {"description": "It is a card: file a case to replace it"},
    410: {"description": "It is no longer in force"},
}


@router.post(
    "/documents/{document_id}/copies",
    operation_id="copy_document",
    status_code=202,
    responses=_CANNOT,
)
async def copy_document(
    document_id: UUID,
    body: NewCopy,
    request: Request,
    session: Session,
    begun: Annotated[Reading, Depends(reading("documents.copy"))],
    once: OneTime,
) -> DocumentOut:
    """Print a paper that is in force once more, under the next copy number; the former ends.

    Certificates and family cards quote their register as it is now.
    """
    document = await store.by_id(session, begun, document_id)
    if document is None:
        raise NotFound
    paper = await quote_anew(session, IssuedKind(document.kind), document.about_id)
    content = paper.content if paper else None
    actor, today = begun.caller.sub, clock.today()
    copied = await documents.copy(session, document, body.reason, actor, today, content)
    await session.refresh(copied)
    return await once.reply(202, shown_document(request, copied))


@router.post("/residents/{resident_id}/biodata", operation_id="print_biodata", status_code=202)
async def print_biodata(
    resident_id: UUID,
    request: Request,
    session: Session,
    begun: Annotated[Reading, Depends(reading("documents.biodata"))],
    once: OneTime,
) -> DocumentOut:
    """Print what the registry holds of a resident today (F-1.08); earlier prints of it end."""
    if await lookups.read(session, begun, resident_id, fields="whole") is None:
        raise NotFound
    paper = await biodata(session, resident_id)
    document = await documents.queue(
        session,
        IssuedKind.BIODATA,
        about_id=resident_id,
        resident_ids=paper.resident_ids,
        village_code=paper.village_code,
        case_id=None,
        content=paper.content,
        today=clock.today(),
        ordered_by=begun.caller.sub,
    )
    await session.refresh(document)
    return await once.reply(202, shown_document(request, document))

"""Prints that follow from no change: what the registry holds of a resident, on paper."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.registry.changes.printing import biodata
from services.registry.documents import actions as documents
from services.registry.documents.api import shown_document
from services.registry.documents.schemas import DocumentOut
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared import clock
from shared.contract.events import IssuedKind
from shared.db import Session
from shared.idempotency import OneTime
from shared.problems import NotFound

router = APIRouter(prefix="/v1/residents", tags=["documents"])


@router.post("/{resident_id}/biodata", operation_id="print_biodata", status_code=202)
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

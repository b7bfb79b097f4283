"""Changes over HTTP: a look ahead before filing, and what became of a case's facts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registry.changes import actions, store
from services.registry.changes.schemas import ChangeOut, PreviewIn, PreviewOut
from services.registry.residents.reading import Reading, reading
from shared.db import Session
from shared.problems import NotFound

router = APIRouter(prefix="/v1/changes", tags=["changes"])


@router.post("/preview", operation_id="preview_change")
async def preview_change(
    asked: PreviewIn,
    session: Session,
    begun: Annotated[Reading, Depends(reading("changes.preview"))],
) -> PreviewOut:
    """Say what facts would do to the registry now: effects, warnings, refusals. Nothing is kept.

    Who is unknown and who is outside the caller's reach give the same refusal. The plan of the
    case itself is made on everything, so that it may know more.
    """
    planned = await actions.preview(session, begun, asked.facts, asked.reported_on)
    plan = planned.plan
    return PreviewOut(refused=planned.refused, digest=plan.digest, plan=plan)


@router.get("/{source_id}", operation_id="read_change")
async def read_change(
    source_id: UUID,
    session: Session,
    begun: Annotated[Reading, Depends(reading("changes.read"))],
) -> ChangeOut:
    """Return the last answer to a case's signed facts: applied, or refused with the rules."""
    change = await store.get(session, source_id)
    if change is None:
        raise NotFound
    await store.visible(session, begun, change.resident_ids)
    return ChangeOut.model_validate(change)

"""Cards over HTTP. Nothing here changes any: that is what changes are for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.registry.cards import store
from services.registry.cards.schemas import CardOut, Cards
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared.db import Session
from shared.problems import NotFound

router = APIRouter(prefix="/v1/cards", tags=["cards"])


@router.get("", operation_id="list_cards")
async def list_cards(
    session: Session,
    begun: Annotated[Reading, Depends(reading("cards.read"))],
    resident_id: Annotated[UUID, Query(description="Whose cards")],
) -> Cards:
    """List every card somebody holds or held, oldest first."""
    if await lookups.by_id(session, begun, resident_id) is None:
        raise NotFound
    rows = await store.of_resident(session, resident_id)
    return Cards(items=[CardOut.model_validate(each) for each in rows])

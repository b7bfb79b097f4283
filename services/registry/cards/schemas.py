"""What the API tells about cards."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.cards.rules import Variant
from shared.contract.facts import CardKind


class CardOut(BaseModel):
    """A card that somebody holds or held; the last valid day counts as valid."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    resident_id: UUID
    kind: CardKind
    variant: Variant | None
    issued_on: date
    valid_until: date | None
    revoked_on: date | None
    revoke_reason: Annotated[str | None, Field(max_length=20)]


class Cards(BaseModel):
    """The cards of one person: few, so never in pages."""

    items: Annotated[list[CardOut], Field(max_length=1000)]

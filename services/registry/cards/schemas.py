"""What the API tells about cards."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.registry.cards.printing import BlankReason, PrintResult, PrintState
from services.registry.cards.recording import Status
from services.registry.cards.rules import Variant
from shared.contract.facts import CardKind, PointId, Strict


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


class RecordingOut(BaseModel):
    """One attempt to record somebody; there are no biometrics here."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    attempt: Annotated[int, Field(ge=1)]
    status: Status
    captured_on: date
    quality: Annotated[int | None, Field(ge=0, le=100)]
    wants_card: bool
    case_id: UUID | None


class Recordings(BaseModel):
    """The attempts to record one person, oldest first."""

    items: Annotated[list[RecordingOut], Field(max_length=1000)]


class PrintOut(BaseModel):
    """An order of a print site: whose card, where to, how far; nothing of the biodata."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: CardKind
    holder_name: Annotated[str, Field(max_length=100)]
    village_code: Annotated[str | None, Field(max_length=13)]
    point_id: PointId
    case_id: UUID | None
    state: PrintState
    shipped_to: PointId | None
    queued_at: AwareDatetime
    version: int


class PrintReport(Strict):
    """What a site did with an order."""

    result: PrintResult
    shipped_to: PointId | None = Field(default=None, description="Where it is handed over")


class BlanksIn(Strict):
    """Blanks that came to a site, or were spoiled there other than by a print."""

    point_id: PointId
    kind: CardKind
    why: Literal[BlankReason.RECEIVED, BlankReason.SPOILED]
    count: Annotated[int, Field(ge=1, le=100_000)]


class BlankStockOut(BaseModel):
    """How many blanks of a kind a site has."""

    model_config = ConfigDict(from_attributes=True)

    point_id: PointId
    kind: CardKind
    balance: Annotated[int, Field(ge=0)]


class BlankStocks(BaseModel):
    """The blanks of one site, by kind; a kind that was never counted is absent."""

    items: Annotated[list[BlankStockOut], Field(max_length=2)]

"""What the API tells about messages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.notify.messages.rules import State


class MessageOut(BaseModel):
    """One message as its recipient and the officers see it."""

    id: UUID
    case_id: UUID
    event: str
    channel: str
    language: str
    template: str
    template_version: int
    masked_address: str | None = Field(description="null when there is no address to write to")
    text: str | None = Field(description="null for those who may see only that it was sent")
    state: State
    why: str | None
    due_at: datetime
    created_at: datetime
    updated_at: datetime


class ReleaseIn(BaseModel):
    """Why a message may leave in a quiet hour."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Keluarga menunggu di loket"}]}
    )

    reason: str = Field(min_length=5, max_length=200, pattern=r"^\P{C}+$")

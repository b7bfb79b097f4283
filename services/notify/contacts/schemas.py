"""What the API tells and takes about contacts."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class ContactOut(BaseModel):
    """An address, masked; only its owner would recognise it."""

    id: UUID
    channel: str
    masked_address: str
    language: str
    consented: bool
    version: int


class ConsentIn(BaseModel):
    """Agree to messages, or withdraw."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"consented": False}]}
    )

    consented: bool

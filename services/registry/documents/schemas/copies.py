"""What is asked for, and told about, further copies and links."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.registry.documents.rules import CopyReason, LinkState
from shared.contract.facts import Strict


class NewCopy(Strict):
    """Why a further copy is wanted; the former print ends."""

    reason: CopyReason


class NewLink(Strict):
    """For how long a link is to lead to the paper."""

    days: Annotated[int, Field(ge=1, le=90)] = 30


class LinkOut(BaseModel):
    """A link to one print; its address is told once, and so is its PIN."""

    id: UUID
    state: LinkState
    expires_at: AwareDatetime
    created_at: AwareDatetime
    downloads: int = Field(ge=0)
    last_download_at: AwareDatetime | None
    wrong_pins: int = Field(ge=0, description="Since the last right one")


class MadeLink(LinkOut):
    """A link just made. Tell its holder the PIN by another way than the address."""

    url: str | None = Field(
        max_length=300,
        description="Shown once; a repeated request does not show it again",
        examples=["https://registry.example/d/AbCdEfGhIjKlMnOpQrStUv"],
    )
    pin: str | None = Field(max_length=6, description="Shown once", examples=["402915"])


class Links(BaseModel):
    """The links to one print, the newest first: few."""

    items: list[LinkOut] = Field(max_length=1000)

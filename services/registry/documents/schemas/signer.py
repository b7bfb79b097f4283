"""What the API tells about the signer of documents."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.facts import Strict


class NewOutage(Strict):
    """Why nobody can seal; shown to officers, never to citizens."""

    reason: Annotated[
        str,
        Field(
            min_length=5,
            max_length=500,
            pattern=r"^\P{C}+$",
            examples=["BSrE tidak menjawab sejak pukul 15.40"],
        ),
    ]


class Outage(BaseModel):
    """A time in which nobody can seal."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    reason: str = Field(max_length=500)
    declared_at: AwareDatetime
    declared_by: str = Field(max_length=200)
    ended_at: AwareDatetime | None
    ended_by: str | None = Field(max_length=200)


class SignerState(BaseModel):
    """Whether documents are sealed, and what waits."""

    outage: Outage | None = Field(description="The one that is declared now")
    waiting: int = Field(ge=0, description="Documents without a seal", examples=[0])
    failing: int = Field(ge=0, description="Those of them that were tried in vain", examples=[0])
    oldest_at: AwareDatetime | None = Field(description="Since when the oldest of them waits")

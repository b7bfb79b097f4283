"""What a change would do, in words for people and codes for machines."""

import hashlib
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Rule = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,39}$", examples=["NAME_TOO_LONG"])]


class Effect(BaseModel):
    """One consequence, such as `family.member_added`; `subject` is a resident, family or document."""

    model_config = ConfigDict(frozen=True)

    effect: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$", examples=["family.member_added"])
    subject: str
    before: dict[str, JsonValue] | None = None
    after: dict[str, JsonValue] | None = None
    text_id: str
    text_en: str


class Remark(BaseModel):
    """A rule that speaks: a refusal that blocks, or a warning that a person weighs."""

    model_config = ConfigDict(frozen=True)

    rule: Rule
    pointer: str = Field(description="JSON pointer into the list of facts", examples=["/0/child"])
    text_id: str
    text_en: str
    law: str | None = Field(default=None, examples=["Permendagri 73/2022 art 4"])


class Plan(BaseModel):
    """Everything a list of facts would do to the registry as it is now.

    Numbers that are allocated only when the change is applied (NIK, certificate number) are never
    in it; `digest` tells whether two plans do the same.
    """

    model_config = ConfigDict(frozen=True)

    effects: list[Effect] = []
    warnings: list[Remark] = []
    refusals: list[Remark] = []

    @property
    def digest(self) -> str:
        """Return a hex SHA-256 over effects and warnings: what a signature stands under."""
        body = self.model_dump_json(include={"effects", "warnings"})
        return hashlib.sha256(body.encode()).hexdigest()


class Outcome(BaseModel):
    """What an applied change made: for the case file, never for a log."""

    model_config = ConfigDict(frozen=True)

    resident_ids: list[UUID] = []
    family_ids: list[UUID] = []
    certificate_ids: list[UUID] = []
    card_ids: list[UUID] = []

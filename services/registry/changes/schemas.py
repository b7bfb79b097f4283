"""What the API reads and writes about changes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from shared.contract.events import ExpectedDocument
from shared.contract.facts import Fact, VillageCode
from shared.contract.plan import Outcome, Plan, Rule

MOST_FACTS = 20


_EXAMPLE: dict[str, JsonValue] = {
    "reported_on": "2026-11-24",
    "facts": [
        {
            "kind": "reissue_family_card",
            "family": {"kk_number": "3510051203109001"},
            "reason": "DAMAGED",
        }
    ],
}


class PreviewIn(BaseModel):
    """A list of facts that somebody considers to file."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    reported_on: date | None = Field(
        default=None, description="The legal day of the report; today when absent."
    )
    facts: Annotated[list[Fact], Field(min_length=1, max_length=MOST_FACTS)]


class PreviewOut(BaseModel):
    """What the facts would do now, as far as the caller may see."""

    refused: bool
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    plan: Plan


class ChangeOut(BaseModel):
    """What became of a case's change."""

    model_config = ConfigDict(from_attributes=True)

    source_id: UUID
    status: Annotated[str, Field(pattern=r"^(APPLIED|REFUSED)$")]
    kinds: list[str]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    plan: Plan
    rules: list[Rule]
    outcome: Outcome | None
    documents: list[ExpectedDocument]
    village_code: VillageCode | None
    actor: Annotated[str, Field(max_length=200)]
    signed_at: AwareDatetime
    decided_at: AwareDatetime

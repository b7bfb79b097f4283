"""What others hand to the moves slice, and what its API tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.registry.moves.rules import Direction, Status, Travel
from services.registry.residents.tables import Resident


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a letter names, and what they were, or are, to the head of a family here."""

    resident: Resident
    relationship: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Who leaves with a letter of ours, already judged by the rules."""

    direction: Direction
    letter: str  # SKPWNI or SKPLN
    movers: Sequence[Named]
    valid_days: int | None  # None: it does not run out
    reason: int
    village_code: str
    elsewhere_code: str | None = None
    country: str | None = None
    family_id: UUID | None = None
    stayers_family_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Who arrives with the letter of somewhere else, or without any from abroad."""

    direction: Direction
    number: str | None
    issued_on: date
    valid_until: date | None
    people: int
    village_code: str
    family_id: UUID
    arrived_on: date
    arrivals: Sequence[Named]
    letter: str | None  # SKDWNI or SKDLN, where one is printed
    reason: int | None = None
    elsewhere_code: str | None = None
    country: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


Area = Annotated[str, Field(max_length=13, examples=["35.10.05.2003"])]


class MoveLetter(BaseModel):
    """A letter without its people."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    direction: Direction
    status: Status
    number: Annotated[str | None, Field(max_length=60, examples=["SKPWNI/3510/24112026/0001"])]
    issued_on: date
    valid_until: Annotated[date | None, Field(description="The last valid day")]
    people: Annotated[int, Field(ge=1, le=1000)]
    village_code: Area
    elsewhere_code: Area | None
    country: Annotated[str | None, Field(max_length=100)]
    closed_on: date | None
    recorded_at: AwareDatetime


class MoverOut(BaseModel):
    """One of the people of a letter; the NIK is hidden but for a few digits."""

    resident_id: UUID
    nik: Annotated[str, Field(max_length=16)]
    full_name: Annotated[str, Field(max_length=100)]
    relationship: Annotated[int | None, Field(ge=1, le=11)]
    status: Travel
    closed_on: date | None


class MoveDetail(MoveLetter):
    """A letter with its people, as far as the caller may see them."""

    movers: Annotated[list[MoverOut], Field(max_length=1000)]

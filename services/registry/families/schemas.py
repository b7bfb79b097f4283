"""What others hand to the families slice, and what its API reads and writes."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.residents.schemas import Short, Text, Three, VersionOut
from services.registry.residents.tables import Resident
from shared.contract.facts import KkNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyData:
    """A family that is not in the registry yet: where it lives, and what kind it is."""

    address: str
    rt: str  # three digits
    rw: str
    village_code: str
    hamlet: str | None = None
    postal_code: str | None = None
    kind: str = "ORDINARY"  # or INSTITUTION


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a family, as its card shows them."""

    resident: Resident
    relationship: int
    position: int  # the line on the card, from 1


class FamilyQuestion(BaseModel):
    """Which family to look for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kk_number": "3510051203109001"}]}
    )

    kk_number: KkNumber


class MemberOut(BaseModel):
    """A line of the family card."""

    resident_id: UUID
    position: int
    relationship: int = Field(ge=1, le=11, description="To the head: code of shdk", examples=[4])
    nik: str = Field(max_length=16, examples=["3510**********01"])
    full_name: str = Field(max_length=100)
    sex: Short
    birth_date: date
    marital_status: int
    status: Short


class FamilyOut(BaseModel):
    """A family (KK) with its members in the order of the card; a closed one has none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e11",
                    "kk_number": "3510**********01",
                    "numbers_are_masked": True,
                    "kind": "ORDINARY",
                    "head_id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e10",
                    "address": "DUSUN KRAJAN",
                    "hamlet": None,
                    "rt": "001",
                    "rw": "002",
                    "postal_code": None,
                    "village_code": "35.10.05.2003",
                    "opened_on": "2026-11-24",
                    "closed_on": None,
                    "close_reason": None,
                    "version": 1,
                    "members": [],
                }
            ]
        }
    )

    id: UUID
    kk_number: str = Field(max_length=16, description="Masked unless role or scope shows it")
    numbers_are_masked: bool = Field(description="Of the family and of its members")
    kind: Short
    head_id: UUID
    address: Text
    hamlet: Text | None
    rt: Three
    rw: Three
    postal_code: Short | None
    village_code: Short
    opened_on: date
    closed_on: date | None
    close_reason: Short | None
    version: int
    members: list[MemberOut] = Field(description="An institution may have hundreds")


class FormerMember(BaseModel):
    """Who was on a line of the card then."""

    model_config = ConfigDict(extra="ignore")

    resident_id: UUID
    position: int
    relationship: int


class FamilyThen(BaseModel):
    """A family as it was; names are read at the residents."""

    model_config = ConfigDict(extra="ignore")

    kind: Short
    head_id: UUID
    address: Text
    hamlet: Text | None
    rt: Three
    rw: Three
    postal_code: Short | None
    village_code: Short
    opened_on: date
    closed_on: date | None
    close_reason: Short | None
    members: list[FormerMember]


class FamilyHistoryOut(BaseModel):
    """What was so on a day as far as it was known at a moment, and the recordings known then."""

    valid_on: date
    known_at: datetime
    begins_on: date | None = Field(description="Since when its record speaks of everything")
    state: FamilyThen | None
    versions: list[VersionOut]

"""What the duplicates API reads and writes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.residents.schemas import Short, Text, Three


class State(StrEnum):
    """Whether a pair waits for somebody, or what was decided about it."""

    OPEN = "OPEN"
    SAME = "SAME"
    NOT_SAME = "NOT_SAME"


class VerdictKind(StrEnum):
    """What a person may decide; the merge itself is a case of its own."""

    SAME = "SAME"
    NOT_SAME = "NOT_SAME"


class ReasonOut(BaseModel):
    """Why two records may be of one person, or what speaks against it."""

    rule: str = Field(max_length=40, examples=["SAME_BIRTH_DATE"])
    text_id: str = Field(max_length=200, examples=["tanggal lahir sama"])
    text_en: str = Field(max_length=200, examples=["the same birth date"])


class Suspected(BaseModel):
    """One of the two, the number masked."""

    id: UUID
    nik: str = Field(max_length=16, examples=["3510**********01"])
    full_name: Text
    sex: Short
    birth_date: date
    birth_date_precision: Short
    mother_name: Text | None = Field(description="Null: sealed by an adoption")
    status: Short
    village_code: Short | None
    rw: Three | None
    rt: Three | None


class Decided(BaseModel):
    """A decision about a pair."""

    model_config = ConfigDict(from_attributes=True)

    verdict: VerdictKind
    reason: Text
    decided_by: Text
    decided_on: date
    decided_at: datetime


class SuspicionOut(BaseModel):
    """Two records that may be of one person; a suggestion, it changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e20",
                    "score": 0.93,
                    "state": "OPEN",
                    "version": 1,
                    "reasons": [
                        {
                            "rule": "SAME_NAME",
                            "text_id": "nama sama",
                            "text_en": "the same name",
                        }
                    ],
                    "people": [],
                    "decisions": [],
                    "found_at": "2026-11-24T03:00:00Z",
                }
            ]
        }
    )

    id: UUID
    score: float = Field(ge=0, le=1)
    state: State
    version: int = Field(description="Send as If-Match to decide")
    reasons: list[ReasonOut] = Field(max_length=10)
    people: list[Suspected] = Field(max_length=2)
    decisions: list[Decided] = Field(max_length=50, description="Oldest first; the last one counts")
    found_at: datetime


class Decision(BaseModel):
    """What somebody decides about a pair, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"verdict": "NOT_SAME", "reason": "Saudara sepupu; NIK, ibu dan akta berbeda."}
            ]
        },
    )

    verdict: VerdictKind
    reason: Annotated[str, Field(min_length=5, max_length=250, pattern=r"^\P{C}+$")]

"""What the imports API reads and writes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.registry.imports.rules import Outcome
from services.registry.residents.schemas import Short, Text

Reason = Annotated[str, Field(min_length=5, max_length=250, pattern=r"^\P{C}+$")]


class State(StrEnum):
    """How far a batch is."""

    SENT = "SENT"  # waits for the check, or is being checked
    REFUSED = "REFUSED"  # the file as a whole cannot be used
    CHECKED = "CHECKED"  # the dry run is done; nothing is written
    COMMITTING = "COMMITTING"
    COMMITTED = "COMMITTED"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"
    CANCELLED = "CANCELLED"


class Result(StrEnum):
    """What became of a row at the commit, or at the roll back."""

    APPLIED = "APPLIED"
    STALE = "STALE"  # the registry changed since the dry run: send the row again
    TAKEN_BACK = "TAKEN_BACK"
    KEPT = "KEPT"  # something else happened to the person since; a roll back leaves them


class SaidRule(BaseModel):
    """A rule that speaks about a file or a row."""

    rule: str = Field(max_length=40, examples=["NUMBER_NOT_TEXT"])
    text_id: str = Field(max_length=600)
    text_en: str = Field(max_length=600)
    law: Text | None = None


class Progress(BaseModel):
    """Rows done of the step under way."""

    done: int = Field(ge=0)
    total: int = Field(ge=0)


class BatchOut(BaseModel):
    """One workbook on its way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e30",
                    "state": "CHECKED",
                    "dialect": "SIAK",
                    "village_code": None,
                    "whole_of": "35.10.05.2003",
                    "registers_numberless": False,
                    "ignored_headings": ["NO URUT"],
                    "refused": [],
                    "rows": {"NEW": 412, "SAME": 7580, "CHANGED": 3, "FAULTY": 5},
                    "faults": 6,
                    "results": {},
                    "progress": {"done": 8000, "total": 8000},
                    "sent_by": "op-muncar",
                    "sent_at": "2026-11-24T03:00:00Z",
                    "checked_at": "2026-11-24T03:00:09Z",
                    "committed_by": None,
                    "committed_at": None,
                    "rolled_back_by": None,
                    "rolled_back_at": None,
                    "trouble": None,
                    "version": 9,
                }
            ]
        }
    )

    id: UUID
    state: State
    dialect: Short | None = Field(description="SIAK, OPENSID, or BALAI: our own template")
    village_code: Short | None
    whole_of: Short | None = Field(description="Everybody of this area should be in it")
    registers_numberless: bool = Field(description="People without a NIK get one at the commit")
    ignored_headings: list[Text] = Field(
        max_length=200, description="Columns that mean nothing here"
    )
    refused: list[SaidRule] = Field(max_length=50, description="Why the file cannot be used at all")
    rows: dict[Outcome, int] = Field(description="How many rows there are of each outcome")
    faults: int = Field(description="Faults that keep rows out; warnings are not counted")
    results: dict[Result, int] = Field(description="What became of rows that were to be written")
    progress: Progress
    sent_by: Text
    sent_at: datetime
    checked_at: datetime | None
    committed_by: Text | None
    committed_at: datetime | None
    rolled_back_by: Text | None
    rolled_back_at: datetime | None
    trouble: Text | None = Field(
        description="Why the last try of a step failed; it goes on by itself"
    )
    version: int = Field(description="Send as If-Match to commit, cancel or roll back")


class FaultOut(BaseModel):
    """A rule that speaks about a cell, in the place where Excel shows it."""

    row: int = Field(ge=1, examples=[17])
    column: str | None = Field(max_length=3, description="As Excel names it", examples=["B"])
    heading: Text | None = Field(examples=["NIK"])
    blocks: bool = Field(description="False: a warning, the row is taken in nevertheless")
    rule: str = Field(max_length=40, examples=["NUMBER_NOT_TEXT"])
    text_id: str = Field(max_length=600)
    text_en: str = Field(max_length=600)
    law: Text | None


class DifferenceOut(BaseModel):
    """One thing that the commit would change."""

    about: str = Field(max_length=10, examples=["person"])
    field: str = Field(max_length=40, examples=["occupation"])
    before: JsonValue
    after: JsonValue
    hidden: bool = Field(
        default=False, description="True: what was before is not for the caller, and null"
    )


class RowOut(BaseModel):
    """What would become of a row, or became of it."""

    row: int
    outcome: Outcome
    full_name: Text | None
    nik: str | None = Field(max_length=16, description="Masked")
    held_by_row: int | None
    differences: list[DifferenceOut] = Field(max_length=40)
    resident_id: UUID | None
    suspects: list[UUID] = Field(max_length=50)
    result: Result | None


class MissingOut(BaseModel):
    """Somebody whom the registry has and the file does not; nothing happens to them."""

    id: UUID
    nik: str = Field(max_length=16, description="Masked")
    full_name: Text
    kk_number: str = Field(max_length=16, description="Masked")
    village_code: Short | None


class Clearance(BaseModel):
    """The decision that a row is none of those whom it resembles."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "Sepupu; ibu dan akta berbeda."}]},
    )

    reason: Reason


class RollBack(BaseModel):
    """Why a batch is taken back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"reason": "Berkas yang dikirim ternyata milik desa lain."}]
        },
    )

    reason: Reason

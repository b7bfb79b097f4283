"""Facts about births."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contract.terms import FamilyRef, Line, PersonRef, RegionCode, Sex, Strict, Witness


class Newborn(Strict):
    """The child as the birth letter and F-2.01 tell."""

    full_name: Line
    sex: Sex
    birth_date: date
    birth_time: time | None = None
    birth_place: Line
    birth_place_code: RegionCode | None = None
    place_kind: Annotated[int, Field(ge=1, le=5)] = 1
    birth_kind: Annotated[int, Field(ge=1, le=5, description="1 single, 2 twins ...")] = 1
    birth_order: Annotated[int, Field(ge=1, le=30)] = 1
    attendant: Annotated[int, Field(ge=1, le=4)] = 2
    weight_grams: Annotated[int | None, Field(ge=200, le=9000)] = None
    length_cm: Annotated[int | None, Field(ge=10, le=80)] = None


class MarriageEvidence(StrEnum):
    """What proves the parents' marriage; it decides the wording of the certificate."""

    MARRIAGE_PROOF = "MARRIAGE_PROOF"
    LIABILITY_STATEMENT = "F204"
    NONE = "NONE"


class RegisterBirth(Strict):
    """A birth, in time or late: UU 24/2013 art 27 and 32, Perpres 96/2018 art 33."""

    kind: Literal["register_birth"] = "register_birth"
    child: Newborn
    mother: PersonRef | None = None
    father: PersonRef | None = None
    marriage_evidence: MarriageEvidence = MarriageEvidence.MARRIAGE_PROOF
    marriage_date: date | None = None
    family: FamilyRef | None = Field(
        default=None, description="Whose card the child joins; the mother's when absent."
    )
    reporter_name: Line
    reporter_relationship: Line
    witnesses: list[Witness] = Field(min_length=2, max_length=2)
    reported_on: date | None = Field(
        default=None, description="The legal day of the report; the day of submission when absent."
    )
    name_counselled: bool = Field(
        default=False, description="The officer advised on the name (Permendagri 73/2022 art 4)."
    )
    cleared_of: list[UUID] = Field(default_factory=list, max_length=20)

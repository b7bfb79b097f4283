"""Facts about elements of a person's record that change or were wrong."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import Line, PersonRef, Precision, RegionCode, Sex, Strict
from shared.invalid import BadValue


class Emptiable(StrEnum):
    """Elements that may be taken off a record without another value."""

    TITLE_BEFORE = "title_before"
    TITLE_AFTER = "title_after"
    DISABILITY = "disability"


class Biodata(Strict):
    """New values of elements of F-1.06; what is absent stays as it is."""

    full_name: Line | None = None
    title_before: Line | None = None
    title_after: Line | None = None
    sex: Sex | None = None
    birth_place: Line | None = None
    birth_place_code: RegionCode | None = None
    birth_date: date | None = None
    birth_date_precision: Precision | None = None
    religion: Annotated[int | None, Field(ge=1, le=7)] = None
    belief_organisation: Line | None = None
    blood_type: Annotated[int | None, Field(ge=1, le=13)] = None
    education: Annotated[int | None, Field(ge=1, le=10)] = None
    occupation: Annotated[int | None, Field(ge=1, le=89)] = None
    disability: Annotated[int | None, Field(ge=1, le=6)] = None
    mother_name: Line | None = None
    father_name: Line | None = None


class ProofKind(StrEnum):
    """What proves a correction: Permendagri 108/2019 art 15-20."""

    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
    COURT_RULING = "COURT_RULING"
    DIPLOMA = "DIPLOMA"
    WORK_LETTER = "WORK_LETTER"
    RELIGION_LETTER = "RELIGION_LETTER"
    MEDICAL_LETTER = "MEDICAL_LETTER"
    STATEMENT = "STATEMENT"


class Proof(Strict):
    """A paper that proves something: which, its number, whose and when."""

    paper: ProofKind
    number: Line | None = None
    issuer: Line | None = None
    issued_on: date | None = None


class CorrectResident(Strict):
    """Elements of a record change: UU 23/2006 art 58, Permendagri 108/2019 art 15, F-1.06."""

    kind: Literal["correct_resident"] = "correct_resident"
    person: PersonRef
    to: Biodata = Biodata()
    emptied: list[Emptiable] = Field(default_factory=list, max_length=3)
    proof: Proof
    effective_on: date | None = Field(
        default=None, description="Since when it is so; the day of the report when absent."
    )

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if any(getattr(self.to, each) is not None for each in self.emptied):
            raise BadValue(
                "EMPTIED_AND_SET",
                "Satu elemen tidak dapat dikosongkan dan diisi sekaligus.",
                "An element cannot be emptied and set at once.",
            )
        return self

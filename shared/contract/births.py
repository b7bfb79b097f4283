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


class BirthReport(Strict):
    """What every report of a birth says."""

    child: Newborn
    existing: PersonRef | None = Field(
        default=None,
        description="The child, when it has a NIK already and only lacks the certificate",
    )
    mother: PersonRef | None = None
    father: PersonRef | None = None
    marriage_evidence: MarriageEvidence = MarriageEvidence.MARRIAGE_PROOF
    marriage_date: date | None = None
    family: FamilyRef | None = Field(
        default=None, description="Whose card the child joins; the mother's when absent."
    )
    reporter_name: Line
    reporter_relationship: Line
    reported_on: date | None = Field(
        default=None, description="The legal day of the report; the day of submission when absent."
    )
    name_counselled: bool = Field(
        default=False, description="The officer advised on the name (Permendagri 73/2022 art 4)."
    )
    cleared_of: list[UUID] = Field(default_factory=list, max_length=20)


class RegisterBirth(BirthReport):
    """A birth, in time or late: UU 24/2013 art 27 and 32, Perpres 96/2018 art 33."""

    kind: Literal["register_birth"] = "register_birth"
    witnesses: list[Witness] = Field(min_length=2, max_length=2)


class ForeignCertificate(Strict):
    """The certificate of a birth by the office of another country, or by our mission there."""

    number: Annotated[Line, Field(max_length=60)]
    authority: Line = Field(examples=["Kota Den Haag"])
    country: Line = Field(examples=["Belanda"])
    issued_on: date


class ReportBirthAbroad(BirthReport):
    """A birth that another country certified; no certificate is made here. UU 24/2013 art 29."""

    kind: Literal["report_birth_abroad"] = "report_birth_abroad"
    certificate: ForeignCertificate

"""Facts about civil certificates that exist: corrected, cancelled, issued again."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.contract.terms import (
    FamilyRef,
    Line,
    LongLine,
    PersonRef,
    RegionCode,
    Relationship,
    Ruling,
    Sex,
    Strict,
)
from shared.invalid import BadValue


class CertificateRef(Strict):
    """One entry of a civil register: by id or by its number."""

    certificate_id: UUID | None = None
    number: Annotated[Line, Field(max_length=60, examples=["3510-LU-24112026-0001"])] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.certificate_id is None) == (self.number is None):
            raise BadValue(
                "CERTIFICATE_NAMED_ONCE",
                "Sebutkan aktanya dengan tepat satu dari certificate_id, number.",
                "Name the certificate by exactly one of certificate_id, number.",
            )
        return self


class Basis(StrEnum):
    """By whose authority an entry is corrected or cancelled."""

    OFFICER = "OFFICER"  # contrarius actus: whoever made the entry takes it back, undisputed
    COURT = "COURT"


class OnBasis(Strict):
    """What is done to an entry, by the officer who made it or by ruling of a court."""

    certificate: CertificateRef
    basis: Basis
    ruling: Ruling | None = Field(default=None, description="Of a court, and only then")
    why: LongLine = Field(description="What is wrong, as the officer or court found")

    @model_validator(mode="after")
    def _ruled(self) -> Self:
        if (self.basis is Basis.COURT) != (self.ruling is not None):
            raise BadValue(
                "RULING_OF_COURT",
                "Sebutkan putusan bila dasarnya pengadilan, dan hanya bila demikian.",
                "Name the ruling if the basis is a court, and only then.",
            )
        return self


class CertifiedWords(Strict):
    """New values of what an entry says about its subject; what is absent stays as it is."""

    full_name: Line | None = None
    sex: Sex | None = None
    birth_place: Line | None = None
    birth_place_code: RegionCode | None = None
    birth_date: date | None = None
    birth_order: Annotated[int, Field(ge=1, le=30)] | None = None
    mother_name: Line | None = None
    father_name: Line | None = None
    mother: PersonRef | None = Field(default=None, description="The natural one; by court only")
    father: PersonRef | None = Field(default=None, description="The natural one; by court only")


class CorrectCertificate(OnBasis):
    """A certificate says something wrong: UU 23/2006 art 71, Perpres 96/2018 art 59."""

    kind: Literal["correct_certificate"] = "correct_certificate"
    to: CertifiedWords


class CancelCertificate(OnBasis):
    """A certificate should never have been: UU 23/2006 art 72, Perpres 96/2018 art 60-62."""

    kind: Literal["cancel_certificate"] = "cancel_certificate"
    family: FamilyRef | None = Field(
        default=None,
        description="Where somebody lives who was wrongly dead; the former family when absent, "
        "and a new one when that is closed",
    )
    relationship: Relationship | None = Field(
        default=None, description="In that family; the former one when absent"
    )


class ReissueCertificate(Strict):
    """Another quotation of an entry: same number, the next copy. UU 23/2006 art 68."""

    kind: Literal["reissue_certificate"] = "reissue_certificate"
    certificate: CertificateRef
    reason: Literal["LOST", "DAMAGED", "FORMAT"] = "LOST"

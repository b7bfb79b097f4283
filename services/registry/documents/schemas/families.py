"""The family card, the child card and the print of what the register holds of one resident."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.registry.documents.schemas.terms import (
    Address,
    BloodType,
    Education,
    Heading,
    Occupation,
    PrintedName,
    Religion,
    Serial,
)
from shared.contract.facts import (
    Citizenship,
    KkNumber,
    Line,
    LongLine,
    MaritalStatus,
    Nik,
    Relationship,
    Sex,
    Strict,
)


class FamilyMember(Strict):
    """One line of both tables of the family card; codes as in shared/codes."""

    full_name: PrintedName
    nik: Nik
    sex: Sex
    birth_place: Line
    birth_date: date
    religion: Religion
    belief_organisation: Line | None = None
    education: Education
    occupation: Occupation
    blood_type: BloodType
    marital_status: MaritalStatus
    marriage_date: date | None = None  # or of the divorce
    relationship: Relationship
    citizenship: Citizenship = Citizenship.INDONESIAN
    passport_number: Serial | None = None
    permit_number: Serial | None = None  # ITAS or ITAP of a foreigner
    father_name: PrintedName | None = None
    mother_name: PrintedName | None = None


class FamilyCardContent(Strict):
    """A family card, members in the order of its lines; no upper limit (an institution's)."""

    kk_number: KkNumber
    head_name: PrintedName
    address: Address
    members: Annotated[list[FamilyMember], Field(min_length=1)]

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.kk_number, self.head_name, self.address.regency)


class ChildCardContent(Strict):
    """A child card (KIA): Permendagri 2/2016."""

    nik: Nik
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    blood_type: BloodType = 13
    religion: Religion
    citizenship: Citizenship = Citizenship.INDONESIAN
    birth_certificate_number: Serial | None = None
    kk_number: KkNumber
    head_name: PrintedName
    address: Address
    variant: Annotated[str, Field(pattern=r"^[AB]$")]  # A under five, B from five
    valid_until: date  # the last valid day

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.nik, self.full_name, self.address.regency)


class BiodataContent(Strict):
    """What the register holds of one resident: form F-1.08."""

    nik: Nik
    kk_number: KkNumber | None = None  # None of those who are in no family
    head_name: PrintedName | None = None
    relationship: Relationship | None = None
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    birth_certificate_number: Serial | None = None
    blood_type: BloodType = 13
    religion: Religion
    belief_organisation: Line | None = None
    marital_status: MaritalStatus
    marriage_number: Serial | None = None
    marriage_date: date | None = None
    divorce_number: Serial | None = None
    divorce_date: date | None = None
    disability: Annotated[int | None, Field(ge=1, le=7)] = None  # disabilitas.csv
    education: Education
    occupation: Occupation
    citizenship: Citizenship = Citizenship.INDONESIAN
    passport_number: Serial | None = None
    passport_until: date | None = None
    permit_number: Serial | None = None
    permit_until: date | None = None
    mother_nik: Nik | None = None
    mother_name: PrintedName | None = None
    father_nik: Nik | None = None
    father_name: PrintedName | None = None
    address: Address | None = None
    previous_address: LongLine | None = None
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.nik, self.full_name, self.regency)

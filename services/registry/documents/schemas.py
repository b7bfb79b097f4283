"""What a document prints, by kind, and what the API tells about one."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.registry.documents.rules import Parentage, Standing, Verdict
from shared.contract.events import IssuedKind
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

# A name with the titles before and after it, as the paper prints it.
PrintedName = Annotated[str, Field(min_length=1, max_length=310, pattern=r"^\P{C}+$")]
Serial = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\P{C}+$")]
RtRw = Annotated[str, Field(pattern=r"^[0-9]{3}$")]
Religion = Annotated[int, Field(ge=1, le=7)]  # agama.csv
BloodType = Annotated[int, Field(ge=1, le=13)]  # golongan_darah.csv


class Address(Strict):
    """Where a family lives, in the names that were valid on the day of issue."""

    street: LongLine
    rt: RtRw
    rw: RtRw
    village: Line
    district: Line
    regency: Line  # without "Kabupaten": "Banyuwangi"
    province: Line
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None


class BirthCertificateContent(Strict):
    """The quotation from the register of births: Perpres 96/2018 art 33."""

    number: Serial
    nik: Nik
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    birth_order: Annotated[int, Field(ge=1, le=30)]  # "anak ke-"
    citizenship: Citizenship = Citizenship.INDONESIAN
    parentage: Parentage
    mother_name: PrintedName | None = None  # None only of a foundling
    father_name: PrintedName | None = None
    registered_on: date
    regency: Line  # without "Kabupaten"


class FamilyMember(Strict):
    """One line of both tables of the family card; codes as in shared/codes."""

    full_name: PrintedName
    nik: Nik
    sex: Sex
    birth_place: Line
    birth_date: date
    religion: Religion
    belief_organisation: Line | None = None
    education: Annotated[int, Field(ge=1, le=10)]
    occupation: Annotated[int, Field(ge=1, le=89)]
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


Content = BirthCertificateContent | FamilyCardContent | ChildCardContent

CONTENT: dict[IssuedKind, type[Content]] = {
    IssuedKind.BIRTH_CERTIFICATE: BirthCertificateContent,
    IssuedKind.FAMILY_CARD: FamilyCardContent,
    IssuedKind.CHILD_CARD: ChildCardContent,
}


class DocumentOut(BaseModel):
    """What is known about one print; never what it says."""

    id: UUID
    kind: IssuedKind
    copy_number: int = Field(ge=1, examples=[1])
    status: Standing
    case_id: UUID | None = None
    created_at: AwareDatetime
    issued_at: AwareDatetime | None = Field(default=None, description="When it was sealed")
    ended_on: date | None = Field(default=None, description="When it was replaced or revoked")
    ended_by: UUID | None = Field(default=None, description="The print that replaced it")
    sha256: str | None = Field(default=None, max_length=64, description="Of the sealed PDF, hex")
    bytes: int | None = Field(default=None, ge=1)
    verification_url: str = Field(
        max_length=300, examples=["https://registry.example/v/AbCdEfGhIjKlMnOpQrStUv"]
    )


class Verification(BaseModel):
    """What anybody may know who holds the paper; enough to compare, too little to learn."""

    verdict: Verdict
    kind: IssuedKind
    title_id: str = Field(max_length=200, examples=["Kutipan Akta Kelahiran"])
    title_en: str = Field(max_length=200, examples=["Birth certificate"])
    number: str = Field(max_length=60, description="Masked", examples=["3510***************01"])
    name: str = Field(max_length=700, description="Masked", examples=["B*** A*** W***"])
    issued_by: str = Field(max_length=200)
    issued_on: date | None = None
    copy_number: int = Field(ge=1)
    ended_on: date | None = None
    sha256: str | None = Field(default=None, max_length=64, description="Of the sealed PDF, hex")


class Comparison(Verification):
    """The same, and whether an uploaded file is the sealed one, to the last byte."""

    is_the_sealed_file: bool

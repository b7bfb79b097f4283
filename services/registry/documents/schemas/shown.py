"""What the API tells about a document."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.registry.documents.rules import Legalisation, Standing, Verdict
from shared.contract.events import IssuedKind


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
    legalisation: Legalisation = Field(description="Sealed papers need none")


class Comparison(Verification):
    """The same, and whether an uploaded file is the sealed one, to the last byte."""

    is_the_sealed_file: bool

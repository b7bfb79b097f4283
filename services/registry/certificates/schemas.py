"""What others hand to the certificates slice, and what its API tells."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.registry.certificates.rules import CertificateKind
from shared.contract.facts import Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateData:
    """An event that is to be entered in a civil register, already judged by the rules."""

    kind: CertificateKind
    subject_id: UUID
    event_date: date
    reported_on: date
    days_late: int
    data: dict[str, Any]  # the register's own words
    regency: str = "3510"


class CertificateOut(BaseModel):
    """An entry of a civil register without what it says about the parents."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: CertificateKind
    number: Annotated[str, Field(max_length=60, examples=["3510-LU-24112026-0001"])]
    registered_on: date
    subject_id: UUID
    event_date: date
    reported_on: date
    days_late: Annotated[int, Field(ge=0)]
    status: Annotated[str, Field(pattern=r"^(VALID|CANCELLED)$")]
    recorded_at: AwareDatetime


class BirthEntry(BaseModel):
    """What the register of births says."""

    full_name: str
    sex: Sex
    birth_order: int
    birth_kind: int
    parentage: str
    mother_name: str | None
    father_name: str | None
    wording_id: str
    wording_en: str


class CertificateDetail(CertificateOut):
    """An entry with what it says."""

    entry: BirthEntry

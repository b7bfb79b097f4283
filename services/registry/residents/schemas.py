"""What others hand to the residents slice, and what its API reads and writes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """Who and what stands behind a version: no change without a case (or import) and an actor."""

    id: UUID  # the case or import batch
    cause: str  # a kind of change, or "import"
    actor: str  # whose signature it bears


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentData:
    """A person who is not in the registry yet, already judged by the rules."""

    full_name: str
    sex: str  # L or P
    birth_place: str
    birth_date: date
    religion: int
    marital_status: int
    mother_name: str
    village_code: str  # where they are registered; its district begins the NIK
    title_before: str | None = None
    title_after: str | None = None
    birth_place_code: str | None = None
    birth_date_precision: str = "DAY"
    belief_organisation: str | None = None
    blood_type: int = 13
    marriage_number: str | None = None
    marriage_date: date | None = None
    spouse_id: UUID | None = None
    education: int = 1
    occupation: int = 1
    citizenship: int = 1
    permit: str | None = None  # ITAS or ITAP
    disability: int | None = None
    mother_id: UUID | None = None
    father_name: str | None = None
    father_id: UUID | None = None
    status: str = "HIDUP"
    recording_status: str = "BELUM_WAJIB"
    birth_certificate_number: str | None = None


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Somebody in the registry who may be the person about to be registered."""

    resident_id: UUID
    score: float  # 0 to 1
    same_mother: bool
    same_birth_date: bool

"""Facts about foreigners who live here, and letters for those who have no papers."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.moves import Home
from shared.contract.people import Newcomer
from shared.contract.terms import FamilyRef, Line, LongLine, PersonRef, Relationship, Sex, Strict
from shared.invalid import BadValue

Serial = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\P{C}+$")]


class PermitKind(StrEnum):
    """What a foreigner may stay on: limited or permanent (jenis_izin_tinggal.csv)."""

    LIMITED = "ITAS"
    PERMANENT = "ITAP"


class StayPermit(Strict):
    """The permit and the passport that it stands in."""

    kind: PermitKind
    number: Serial
    issued_on: date
    valid_until: date
    nationality: Line
    passport_number: Serial
    passport_until: date | None = None
    sponsor_name: Line | None = None


class RegisterForeigner(Strict):
    """A foreigner with a permit to stay, recorded first or under a new permit: UU 24/2013 art 20-21.

    With ITAS they are in no family and get a residence letter (SKTT); with ITAP they open a family
    at `at`, or join one.
    """

    kind: Literal["register_foreigner"] = "register_foreigner"
    person: PersonRef | None = Field(default=None, description="Recorded here already")
    newcomer: Newcomer | None = None
    permit: StayPermit
    at: Home | None = Field(default=None, description="Where they live, unless they join a family")
    joins: FamilyRef | None = None
    relationship: Relationship | None = None
    cleared_of: list[PersonRef] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.person is None) == (self.newcomer is None):
            raise BadValue(
                "FOREIGNER_ONCE",
                "Isi tepat satu: person (sudah tercatat) atau newcomer.",
                "Give exactly one: person (recorded already) or newcomer.",
            )
        return self


class LetterKind(StrEnum):
    """The letters for vulnerable residents: Permendagri 96/2019."""

    IDENTITY = "SKPTI"
    CERTIFICATE = "SKPS"
    DISPLACED = "SKOT"
    COMMUNITY = "SKTK"


class Described(Strict):
    """Somebody without papers, as far as is known."""

    full_name: Line
    sex: Sex
    birth_place: Line | None = None
    birth_date: date | None = None
    religion: Annotated[int | None, Field(ge=1, le=7)] = None


class LostCertificate(Strict):
    """What a lost civil certificate was about."""

    event: Literal["BIRTH", "DEATH", "MARRIAGE", "DIVORCE"]
    event_date: date | None = None
    event_place: Line | None = None
    number: Serial | None = None
    partner_name: Line | None = None


class IssueLetter(Strict):
    """A letter in place of papers that somebody lost or never had: Permendagri 96/2019."""

    kind: Literal["issue_letter"] = "issue_letter"
    letter: LetterKind
    person: PersonRef | None = None
    described: Described | None = None
    at: Home = Field(description="Where they are now")
    origin: LongLine | None = None
    cause: LongLine | None = Field(default=None, description="The flood, the fire")
    certificate: LostCertificate | None = Field(default=None, description="With SKPS")
    found_at: LongLine | None = Field(default=None, description="With SKOT")
    found_on: date | None = None
    marks: LongLine | None = None
    shelter: Line | None = None
    community: Line | None = Field(default=None, description="With SKTK")
    elder_name: Line | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.person is None) == (self.described is None):
            raise BadValue(
                "LETTER_ABOUT_ONE",
                "Isi tepat satu: person (ada dalam data) atau described.",
                "Give exactly one: person (in the registry) or described.",
            )
        return self

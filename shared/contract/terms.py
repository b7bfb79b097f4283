"""What facts are made of: people, families, places and the values of the state's own lists."""

from datetime import date
from enum import IntEnum, StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.invalid import BadValue

Nik = Annotated[str, Field(pattern=r"^[0-9]{16}$", examples=["3510050107859001"])]
KkNumber = Annotated[str, Field(pattern=r"^[0-9]{16}$", examples=["3510051203109001"])]
RegionCode = Annotated[
    str,
    Field(pattern=r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$", examples=["35.10.05.2003"]),
]
VillageCode = Annotated[
    str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$", examples=["35.10.05.2003"])
]
# No control, format or unassigned characters anywhere: sealed text never meets the database's own
# refusal of NUL, and reversed text must not reach a printed certificate.
Line = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\P{C}+$")]
LongLine = Annotated[str, Field(min_length=1, max_length=250, pattern=r"^\P{C}+$")]


class Strict(BaseModel):
    """A value that says nothing but what it is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sex(StrEnum):
    """Sex as on the family card (LAKI-LAKI, PEREMPUAN)."""

    MALE = "L"
    FEMALE = "P"


class Precision(StrEnum):
    """How much of a birth date is known; the rest follows the rule of 1 July and the 15th."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    UNKNOWN = "UNKNOWN"


class Relationship(IntEnum):
    """Position in the family, relative to its head (SHDK)."""

    HEAD = 1
    HUSBAND = 2
    WIFE = 3
    CHILD = 4
    CHILD_IN_LAW = 5
    GRANDCHILD = 6
    PARENT = 7
    PARENT_IN_LAW = 8
    OTHER_RELATIVE = 9
    DOMESTIC_WORKER = 10
    OTHER = 11


class MaritalStatus(IntEnum):
    """The six values of the family card."""

    NEVER_MARRIED = 1
    MARRIED_REGISTERED = 2
    MARRIED_UNREGISTERED = 3
    DIVORCED_REGISTERED = 4
    DIVORCED_UNREGISTERED = 5
    WIDOWED = 6


class Citizenship(IntEnum):
    """Indonesian, foreign, or both for a child (UU 12/2006)."""

    INDONESIAN = 1
    FOREIGN = 2
    DUAL = 3


class PersonRef(Strict):
    """One resident: by id, by NIK, or as the person whom an earlier fact of this case registers."""

    resident_id: UUID | None = None
    nik: Nik | None = None
    created_by: Annotated[int | None, Field(ge=0, le=19)] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.resident_id, self.nik, self.created_by)) != 1:
            raise BadValue(
                "PERSON_NAMED_ONCE",
                "Sebutkan orangnya dengan tepat satu dari resident_id, nik, created_by.",
                "Name the person by exactly one of resident_id, nik, created_by.",
            )
        return self


class FamilyRef(Strict):
    """One family: by id, by its KK number, or as the family a person belongs to now."""

    family_id: UUID | None = None
    kk_number: KkNumber | None = None
    of: PersonRef | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.family_id, self.kk_number, self.of)) != 1:
            raise BadValue(
                "FAMILY_NAMED_ONCE",
                "Sebutkan keluarganya dengan tepat satu dari family_id, kk_number, of.",
                "Name the family by exactly one of family_id, kk_number, of.",
            )
        return self


class MemberPosition(Strict):
    """What somebody is to the head of their family."""

    person: PersonRef
    relationship: Relationship


class Ruling(Strict):
    """The decision of a court on which an entry of a civil register rests."""

    authority: Line = Field(examples=["Pengadilan Negeri Banyuwangi"])
    number: Annotated[Line, Field(max_length=60)] = Field(examples=["12/Pdt.P/2026/PN Byw"])
    dated: date
    final_on: date | None = Field(default=None, description="Since when nobody can appeal")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.final_on is not None and self.final_on < self.dated:
            raise BadValue(
                "FINAL_BEFORE_RULING",
                "Putusan tidak dapat berkekuatan hukum tetap sebelum dijatuhkan.",
                "A ruling cannot be final before it was made.",
            )
        return self

    @property
    def holds_from(self) -> date:
        """The day since when it counts: when it is final, or was made where nobody can appeal."""
        return self.final_on or self.dated


class Witness(Strict):
    """Somebody named on the form; no identity card is asked of a witness."""

    full_name: Line
    nik: Nik | None = None

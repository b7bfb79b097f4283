"""Every kind of change to the registry, typed: what a case asks for, as its applicant states it.

A case carries an ordered list of facts; a bundle is a longer list. A later fact may speak of the
person that an earlier one registers (`created_by`), for a newborn has no NIK until the end.
"""

from datetime import date, time
from enum import IntEnum, StrEnum
from typing import Annotated, Literal, Self
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


class Witness(Strict):
    """Somebody named on the form; no identity card is asked of a witness."""

    full_name: Line
    nik: Nik | None = None


class RegisterResident(Strict):
    """A person who is not in the registry yet: first biodata, UU 24/2013 art 58, F-1.01."""

    kind: Literal["register_resident"] = "register_resident"
    full_name: Line
    title_before: Line | None = None
    title_after: Line | None = None
    sex: Sex
    birth_place: Line
    birth_place_code: RegionCode | None = None
    birth_date: date
    birth_date_precision: Precision = Precision.DAY
    religion: Annotated[int, Field(ge=1, le=7)]
    belief_organisation: Line | None = None
    blood_type: Annotated[int, Field(ge=1, le=13)] = 13
    marital_status: MaritalStatus
    education: Annotated[int, Field(ge=1, le=10)] = 1
    occupation: Annotated[int, Field(ge=1, le=89)] = 1
    citizenship: Citizenship = Citizenship.INDONESIAN
    mother: PersonRef | None = None
    mother_name: Line
    father: PersonRef | None = None
    father_name: Line | None = None
    village_code: VillageCode
    cleared_of: list[UUID] = Field(
        default_factory=list,
        max_length=20,
        description="Residents who look alike and were found by a person to be somebody else.",
    )


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


class RegisterBirth(Strict):
    """A birth, in time or late: UU 24/2013 art 27 and 32, Perpres 96/2018 art 33."""

    kind: Literal["register_birth"] = "register_birth"
    child: Newborn
    mother: PersonRef | None = None
    father: PersonRef | None = None
    marriage_evidence: MarriageEvidence = MarriageEvidence.MARRIAGE_PROOF
    marriage_date: date | None = None
    family: FamilyRef | None = Field(
        default=None, description="Whose card the child joins; the mother's when absent."
    )
    reporter_name: Line
    reporter_relationship: Line
    witnesses: list[Witness] = Field(min_length=2, max_length=2)
    reported_on: date | None = Field(
        default=None, description="The legal day of the report; the day of submission when absent."
    )
    name_counselled: bool = Field(
        default=False, description="The officer advised on the name (Permendagri 73/2022 art 4)."
    )
    cleared_of: list[UUID] = Field(default_factory=list, max_length=20)


class AddMember(Strict):
    """A person joins a family: UU 23/2006 art 61, Permendagri 108/2019 art 10."""

    kind: Literal["add_member"] = "add_member"
    person: PersonRef
    family: FamilyRef
    relationship: Relationship | None = Field(
        default=None, description="To the head; proposed from the parents when absent."
    )


class CardReason(StrEnum):
    """Why a family card is printed again."""

    MEMBER_ADDED = "MEMBER_ADDED"
    DATA_CHANGED = "DATA_CHANGED"
    LOST = "LOST"
    DAMAGED = "DAMAGED"


class ReissueFamilyCard(Strict):
    """A new print of the family card under the same number."""

    kind: Literal["reissue_family_card"] = "reissue_family_card"
    family: FamilyRef
    reason: CardReason = CardReason.DATA_CHANGED


class CardKind(StrEnum):
    """Which card a person holds."""

    KIA = "KIA"
    KTP_EL = "KTP_EL"


class IssueCard(Strict):
    """A child card (KIA), type A under 5 and type B from 5 to 17: Permendagri 2/2016."""

    kind: Literal["issue_card"] = "issue_card"
    person: PersonRef
    card: Literal[CardKind.KIA] = CardKind.KIA
    reason: Literal["NEW", "RENEWED", "LOST", "DAMAGED"] = "NEW"


Fact = Annotated[
    RegisterResident | RegisterBirth | AddMember | ReissueFamilyCard | IssueCard,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[Strict]] = {
    str(each.model_fields["kind"].default): each
    for each in (RegisterResident, RegisterBirth, AddMember, ReissueFamilyCard, IssueCard)
}

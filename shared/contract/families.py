"""Facts about families and their cards."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.moves import Home, Three
from shared.contract.terms import (
    FamilyRef,
    Line,
    LongLine,
    MemberPosition,
    PersonRef,
    Relationship,
    Strict,
)
from shared.invalid import BadValue


class AddMember(Strict):
    """A person joins a family: UU 23/2006 art 61, Permendagri 108/2019 art 10."""

    kind: Literal["add_member"] = "add_member"
    person: PersonRef
    family: FamilyRef
    relationship: Relationship | None = Field(
        default=None, description="To the head; proposed from the parents when absent."
    )


class ChangeHead(Strict):
    """A family gets another head, and with the head a new number: UU 23/2006 art 61(3)."""

    kind: Literal["change_head"] = "change_head"
    family: FamilyRef
    head: PersonRef = Field(
        description="A member; an adult relative from elsewhere where only minors are left."
    )
    positions: list[MemberPosition] = Field(
        default_factory=list,
        max_length=500,
        description="To the new head, where what the registry proposes is not so.",
    )


class SplitFamily(Strict):
    """Some members go on as a family of their own at the same address: Permendagri 108/2019 art 10."""

    kind: Literal["split_family"] = "split_family"
    family: FamilyRef
    head: PersonRef = Field(description="Of the new family; a member of the old one.")
    members: list[PersonRef] = Field(
        default_factory=list, max_length=500, description="Who goes along with the new head."
    )
    positions: list[MemberPosition] = Field(
        default_factory=list,
        max_length=500,
        description="To the new head, where what the registry proposes is not so.",
    )


class NewMember(Strict):
    """Somebody who goes into a family that is opened, and what they are to its head."""

    person: PersonRef
    relationship: Relationship | None = Field(
        default=None, description="Proposed from what is recorded of both when absent."
    )


class OpenFamily(Strict):
    """A family of people who leave theirs, or are in none yet: Permendagri 108/2019 art 10-12.

    An institution (dormitory, orphanage, boarding school) has a head and any number of members.
    """

    kind: Literal["open_family"] = "open_family"
    head: PersonRef
    members: list[NewMember] = Field(default_factory=list, max_length=2000)
    home: Home
    institution: bool = False


class ChangeAddress(Strict):
    """A family's address is written otherwise, in the same village; what is absent stays.

    Streets and neighbourhoods are renamed or drawn anew; nobody moves. Permendagri 108/2019 art 15.
    """

    kind: Literal["change_address"] = "change_address"
    family: FamilyRef
    address: LongLine | None = None
    hamlet: Line | None = None
    rt: Three | None = None
    rw: Three | None = None
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_dump(exclude={"kind", "family"}, exclude_none=True):
            raise BadValue(
                "ADDRESS_NOT_STATED",
                "Sebutkan bagian alamat yang berubah.",
                "Say which part of the address changes.",
            )
        return self


class CorrectPositions(Strict):
    """What members are to their head is recorded otherwise: Permendagri 108/2019 art 15."""

    kind: Literal["correct_positions"] = "correct_positions"
    family: FamilyRef
    positions: list[MemberPosition] = Field(min_length=1, max_length=500)


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

"""Facts about families and their cards."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.contract.terms import FamilyRef, PersonRef, Relationship, Strict


class AddMember(Strict):
    """A person joins a family: UU 23/2006 art 61, Permendagri 108/2019 art 10."""

    kind: Literal["add_member"] = "add_member"
    person: PersonRef
    family: FamilyRef
    relationship: Relationship | None = Field(
        default=None, description="To the head; proposed from the parents when absent."
    )


class MemberPosition(Strict):
    """What somebody is to the head of their family."""

    person: PersonRef
    relationship: Relationship


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

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

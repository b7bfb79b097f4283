"""Facts about cards that people hold."""

from enum import StrEnum
from typing import Literal

from shared.contract.terms import PersonRef, Strict


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

"""Documents: how a birth is worded, what a print is worth, what strangers may read of it."""

from enum import StrEnum


class Standing(StrEnum):
    """What a print is worth today."""

    QUEUED = "QUEUED"  # waits for its seal
    SEALED = "SEALED"
    REPLACED = "REPLACED"  # by a later print of the same thing
    REVOKED = "REVOKED"


class Parentage(StrEnum):
    """What the parents proved decides the wording: Perpres 96/2018 art 33, Permendagri 108/2019.

    MARRIED: child of father and mother. UNREGISTERED_MARRIAGE: the same, with the phrase that the
    marriage is not yet registered. MOTHER: child of a mother. FOUNDLING: no parents are named.
    """

    MARRIED = "MARRIED"
    UNREGISTERED_MARRIAGE = "UNREGISTERED_MARRIAGE"
    MOTHER = "MOTHER"
    FOUNDLING = "FOUNDLING"

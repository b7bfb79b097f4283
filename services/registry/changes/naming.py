"""Names in a change: how they are written, and when two of them look alike."""

from services.registry.residents.rules.alike import name_likeness
from services.registry.residents.rules.spelling import words

UNKNOWN_MOTHER = "TIDAK DIKETAHUI"  # on the biodata of a foundling
ALIKE = 0.8  # of 1


def recorded(text: str) -> str:
    """Return a name or place as documents write it: upper case, single spaces."""
    return " ".join(text.upper().split())


def looks_alike(one: str, other: str) -> bool:
    """Tell whether two names may be two spellings of one; a hint for people, never a decision.

    They sound alike, or one's words are all among the other's.
    """
    first, second = set(words(one)), set(words(other))
    return first <= second or second <= first or name_likeness(one, other) >= ALIKE

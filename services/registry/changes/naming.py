"""Names in a change: how they are written, and when two of them look alike."""

from difflib import SequenceMatcher

from services.registry.residents.rules.spelling import words

UNKNOWN_MOTHER = "TIDAK DIKETAHUI"  # on the biodata of a foundling
ALIKE = 0.8  # of the letters, in order


def recorded(text: str) -> str:
    """Return a name or place as documents write it: upper case, single spaces."""
    return " ".join(text.upper().split())


def looks_alike(one: str, other: str) -> bool:
    """Tell whether two names may be two spellings of one; a hint for people, never a decision.

    Either one's words are all among the other's, or four of five letters agree.
    """
    first, second = words(one), words(other)
    shorter, longer = sorted((set(first), set(second)), key=len)
    if shorter and shorter <= longer:
        return True
    return SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= ALIKE

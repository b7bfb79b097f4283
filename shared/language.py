"""The two languages of the house, and which of them a caller reads."""

import re
from typing import Literal, NamedTuple

Language = Literal["id", "en"]

_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


class Words(NamedTuple):
    """One sentence in both languages of the house."""

    id: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the sentence in one of them."""
        return self.en if language == "en" else self.id


def preferred(accept_language: str) -> Language:
    """Return the language wanted most in an Accept-Language header; Indonesian unless asked."""
    best: tuple[float, Language] = (0.0, "id")
    for part in accept_language.split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = _QUALITY.fullmatch(parameters.strip())
        weight = float(quality[1]) if quality else 1.0
        primary = tag.partition("-")[0].lower()
        if primary in {"id", "en"} and weight > best[0]:
            best = (weight, "en" if primary == "en" else "id")
    return best[1]

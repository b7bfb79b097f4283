"""The number that a citizen holds: BWI-YYMMDD-XXXXXX-C, not guessable, safe to show."""

import secrets
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: nothing that reads like something else
_DRAWN = 6


def draw(day: date) -> str:
    """Return a new number of a day; that it is unique, the database says."""
    body = f"{day:%y%m%d}" + "".join(secrets.choice(ALPHABET) for _ in range(_DRAWN))
    return f"BWI-{body[:6]}-{body[6:]}-{check_character(body)}"


def check_character(body: str) -> str:
    """Return the Luhn check character modulo 32: one wrong character never passes."""
    size = len(ALPHABET)
    total = 0
    for position, character in enumerate(reversed(body)):
        doubled = ALPHABET.index(character) * (2 if position % 2 == 0 else 1)
        total += doubled // size + doubled % size
    return ALPHABET[-total % size]


def is_number(text: str) -> bool:
    """Tell whether a text is a case number that was copied without a mistake."""
    head, _, rest = text.partition("-")
    body, _, check = rest.rpartition("-")
    body = body.replace("-", "")
    known = head == "BWI" and len(body) == 6 + _DRAWN and set(body) <= set(ALPHABET)
    return known and check_character(body) == check

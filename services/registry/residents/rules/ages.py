"""Ages, legal days and what follows from them. Days are those of Asia/Jakarta; all are inclusive."""

from datetime import date

ADULT = 17  # years: the age of KTP-el, from the birthday at 00:00 (UU 24/2013 art 63)
NEVER_MARRIED = 1
INDONESIAN, FOREIGN = 1, 2


def age(birth_date: date, today: date) -> int:
    """Return completed years; who was born on 29 February turns on 1 March in common years."""
    return today.year - birth_date.year - (today < birthday(birth_date, today.year))


def birthday(birth_date: date, year: int) -> date:
    """Return the day on which a person turns a year older."""
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def must_hold_ktp(
    birth_date: date, marital_status: int, citizenship: int, permit: str | None, today: date
) -> bool:
    """Tell whether somebody is obliged to hold a KTP-el (wajib KTP): UU 24/2013 art 63.

    Indonesians, and foreigners with a permanent permit, who are 17 or were ever married.
    """
    settled = citizenship != FOREIGN or permit == "ITAP"
    grown = age(birth_date, today) >= ADULT or marital_status != NEVER_MARRIED
    return settled and grown


def conventional(year: int, month: int | None = None, day: int | None = None) -> date:
    """Return the day that is recorded when not all of a birth date is known.

    Only the year is known: 1 July; only the month: the 15th (SIAK's rule since 2004).

    Raises:
        ValueError: there is no such day.
    """
    if month is None:
        return date(year, 7, 1)
    return date(year, month, 15 if day is None else day)


def is_conventional(birth_date: date, precision: str) -> bool:
    """Tell whether a birth date says little: many people share it because theirs is not known.

    Before 2004 the day was 31 December.
    """
    piles = {(7, 1), (12, 31)}
    return precision != "DAY" or (birth_date.month, birth_date.day) in piles

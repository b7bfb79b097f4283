"""Who may be the same person: reasons to look twice, never to merge (domain edge cases 3, 6-8)."""

from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz

from services.registry.residents.rules import ages, spelling

SUSPICIOUS = 0.75  # from here on a person must say that it is somebody else
CLOSE_DAYS = 1  # births around midnight
_NAME, _DATE, _MOTHER = 0.5, 0.25, 0.25  # shares of the score


class Known(NamedTuple):
    """What is known of somebody who is compared."""

    full_name: str
    sex: str
    birth_date: date
    precision: str
    mother_name: str


def name_likeness(one: str, other: str) -> float:
    """Return 0 to 1: how alike two names sound, whatever the order of their words."""
    first, second = (" ".join(spelling.words(each)) for each in (one, other))
    return fuzz.token_sort_ratio(first, second) / 100


def likeness(one: Known, other: Known, *, same_mother: bool, twins: bool) -> float:
    """Return 0 to 1: how likely it is that two records are of one person.

    `same_mother` says that both name the same resident as mother. A shared birth date says little
    when it is conventional: dozens share 1 July. Declared twins share mother, day and often half
    of the name, so nothing but the very same name and sex makes them suspicious.
    """
    names = name_likeness(one.full_name, other.full_name)
    if twins and (names < 1 or one.sex != other.sex):
        return 0.0
    mothers = 1.0 if same_mother else name_likeness(one.mother_name, other.mother_name)
    score = _NAME * names + _DATE * _dates(one, other) + _MOTHER * mothers
    return round(score * (1.0 if one.sex == other.sex else 0.9), 3)


def _dates(one: Known, other: Known) -> float:
    apart = abs((one.birth_date - other.birth_date).days)
    if apart > CLOSE_DAYS:
        return 0.0
    vague = any(ages.is_conventional(each.birth_date, each.precision) for each in (one, other))
    return 0.3 if vague else 1.0

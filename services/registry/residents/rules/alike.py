"""Who may be the same person: reasons to look twice, never to merge (domain edge cases 3, 6-8)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rapidfuzz import fuzz

from services.registry.residents.rules import ages, spelling

SUSPICIOUS = 0.75  # from here on a person must say that it is somebody else
LISTED = 0.9  # from here on a pair of records is shown unasked: chance alone makes many below it
CLOSE_DAYS = 1  # births around midnight
ALIKE = 0.8  # names from here on are called alike
_NAME, _DATE, _MOTHER = 0.5, 0.25, 0.25  # shares of the score


class Reason(NamedTuple):
    """Why two records may be of one person, or why less so than it seems."""

    rule: str
    text_id: str
    text_en: str


_SAME_NAME = Reason("SAME_NAME", "nama sama", "the same name")
_NAMES_ALIKE = Reason("NAMES_ALIKE", "nama mirip", "names that sound alike")
_SAME_DAY = Reason("SAME_BIRTH_DATE", "tanggal lahir sama", "the same birth date")
_PILED_DAY = Reason(
    "CONVENTIONAL_BIRTH_DATE",
    "tanggal lahir sama, tetapi tanggal itu dipakai bagi banyak orang",
    "the same birth date, but one that many people are given",
)
_NEXT_DAY = Reason("BIRTH_A_DAY_APART", "tanggal lahir berselisih sehari", "born a day apart")
_SAME_MOTHER = Reason("SAME_MOTHER", "ibu sama", "the same mother")
_MOTHERS_ALIKE = Reason("MOTHERS_ALIKE", "nama ibu mirip", "mothers' names that sound alike")
_OTHER_SEX = Reason("OTHER_SEX", "jenis kelamin berbeda", "but the other sex")

REASONS = {
    each.rule: each
    for each in (
        _SAME_NAME, _NAMES_ALIKE, _SAME_DAY, _PILED_DAY, _NEXT_DAY, _SAME_MOTHER, _MOTHERS_ALIKE,
        _OTHER_SEX,
    )
}  # fmt: skip


OF_MOTHERS = frozenset({_SAME_MOTHER.rule, _MOTHERS_ALIKE.rule})


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


def reasons(one: Known, other: Known, *, same_mother: bool) -> list[Reason]:
    """Return in words what makes two records look like one person, and what speaks against it."""
    names = name_likeness(one.full_name, other.full_name)
    mothers = name_likeness(one.mother_name, other.mother_name)
    apart = abs((one.birth_date - other.birth_date).days)
    heard = {
        _SAME_NAME: names == 1,
        _NAMES_ALIKE: ALIKE <= names < 1,
        _SAME_DAY: apart == 0 and not _is_vague(one, other),
        _PILED_DAY: apart == 0 and _is_vague(one, other),
        _NEXT_DAY: 0 < apart <= CLOSE_DAYS,
        _SAME_MOTHER: same_mother or mothers == 1,
        _MOTHERS_ALIKE: not same_mother and ALIKE <= mothers < 1,
        _OTHER_SEX: one.sex != other.sex,
    }
    return [reason for reason, applies in heard.items() if applies]


def is_listed(score: float, found: Sequence[Reason]) -> bool:
    """Tell whether two records are put on a work list that nobody asked for.

    A newcomer is compared with a regency once; a regency with itself has a million chances of two
    people with similar names and one birth date. The same name and mother are listed whatever the
    day, for old people share 1 July.
    """
    return score >= LISTED or (score >= SUSPICIOUS and {_SAME_NAME, _SAME_MOTHER} <= {*found})


def in_words(found: Sequence[Reason]) -> tuple[str, str]:
    """Return reasons as one phrase, in Indonesian and in English."""
    return ", ".join(each.text_id for each in found), ", ".join(each.text_en for each in found)


def are_twins(one: Known, other: Known, *, same_mother: bool) -> bool:
    """Tell whether two records seem to be of twins: one mother, one day, two names or sexes."""
    if not same_mother or abs((one.birth_date - other.birth_date).days) > CLOSE_DAYS:
        return False
    return one.sex != other.sex or name_likeness(one.full_name, other.full_name) < 1


def _is_vague(one: Known, other: Known) -> bool:
    return any(ages.is_conventional(each.birth_date, each.precision) for each in (one, other))


def _dates(one: Known, other: Known) -> float:
    apart = abs((one.birth_date - other.birth_date).days)
    if apart > CLOSE_DAYS:
        return 0.0
    return 0.3 if _is_vague(one, other) else 1.0

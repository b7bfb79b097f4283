"""What a record says against itself or another: I7 to I10 of the domain, and mismatches. Pure.

`store` asks the same of a whole village in SQL; a test compares the two on thousands of people.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.registry.residents.rules import nik
from services.registry.residents.rules.ages import ADULT, FOREIGN, NEVER_MARRIED, age

PRESENT = frozenset({"HIDUP", "HILANG", "NONAKTIF"})  # who is population; status_penduduk.csv
MARRIED = (2, 3)
MARRIED_UNRECORDED = 3
VERY_OLD = 100  # years; who is older is looked for
YOUNGEST_MOTHER, OLDEST_MOTHER, YOUNGEST_FATHER = 10, 60, 12  # years at a birth (I7)
CLOSEST_SIBLINGS = 8  # months between births (I8)
TOGETHER_DAYS = 1  # twins around midnight
MARRIAGEABLE = 19  # UU 16/2019
MARRIAGEABLE_SINCE = date(2019, 10, 15)
NO_NAME = frozenset({"", "-", "--", "NN", "X", "TIDAK DIKETAHUI", "TIDAK TAHU"})


class Code(StrEnum):
    """One kind of anomaly; words and law are in anomalies.yaml."""

    NIK_DOB_MISMATCH = "NIK_DOB_MISMATCH"
    NIK_SEX_MISMATCH = "NIK_SEX_MISMATCH"
    NIK_REGION = "NIK_REGION"
    DEAD_BUT_ACTIVE = "DEAD_BUT_ACTIVE"
    DEAD_WITH_CARD = "DEAD_WITH_CARD"
    DUPLICATE_SUSPECT = "DUPLICATE_SUSPECT"
    OVER_100 = "OVER_100"
    BORN_IN_FUTURE = "BORN_IN_FUTURE"
    MOTHER_NAME_MISSING = "MOTHER_NAME_MISSING"
    IN_NO_FAMILY = "IN_NO_FAMILY"
    FAMILY_WITHOUT_HEAD = "FAMILY_WITHOUT_HEAD"
    HEAD_TOO_YOUNG = "HEAD_TOO_YOUNG"
    HEAD_NOT_ACTIVE = "HEAD_NOT_ACTIVE"
    SPOUSE_NOT_MUTUAL = "SPOUSE_NOT_MUTUAL"
    SPOUSE_NOT_MARRIED = "SPOUSE_NOT_MARRIED"
    SEVERAL_SPOUSES = "SEVERAL_SPOUSES"
    MARRIED_UNRECORDED = "MARRIED_UNRECORDED"
    MARRIAGE_WITHOUT_NUMBER = "MARRIAGE_WITHOUT_NUMBER"
    MARRIED_TOO_YOUNG = "MARRIED_TOO_YOUNG"
    MOTHER_TOO_YOUNG = "MOTHER_TOO_YOUNG"
    MOTHER_TOO_OLD = "MOTHER_TOO_OLD"
    FATHER_TOO_YOUNG = "FATHER_TOO_YOUNG"
    PARENT_OF_OTHER_SEX = "PARENT_OF_OTHER_SEX"
    SIBLINGS_TOO_CLOSE = "SIBLINGS_TOO_CLOSE"
    TWO_CARDS = "TWO_CARDS"
    CHILD_CARD_OF_GROWN = "CHILD_CARD_OF_GROWN"


class Examined(NamedTuple):
    """What is asked of somebody who is population, in the words of the residents table."""

    nik: str
    sex: str
    birth_date: date
    marital_status: int
    marriage_number: str | None
    marriage_date: date | None
    citizenship: int
    permit: str | None
    mother_name: str
    has_family: bool
    has_spouse: bool
    district_is_known: bool
    has_death_certificate: bool


class Parent(NamedTuple):
    """What is asked of a mother or a father."""

    sex: str
    birth_date: date


def of_person(person: Examined, today: date) -> set[Code]:
    """Return what somebody's own record says against itself."""
    mismatches = {
        each.rule
        for each in nik.anomalies(
            person.nik,
            person.birth_date,
            person.sex,
            district_is_known=person.district_is_known,
        )
    }
    temporary = person.citizenship == FOREIGN and person.permit != "ITAP"
    heard = {
        Code.NIK_DOB_MISMATCH: Code.NIK_DOB_MISMATCH in mismatches,
        Code.NIK_SEX_MISMATCH: Code.NIK_SEX_MISMATCH in mismatches,
        Code.NIK_REGION: Code.NIK_REGION in mismatches,
        Code.DEAD_BUT_ACTIVE: person.has_death_certificate,
        Code.OVER_100: age(person.birth_date, today) > VERY_OLD,
        Code.BORN_IN_FUTURE: person.birth_date > today,
        Code.MOTHER_NAME_MISSING: person.mother_name.strip().upper() in NO_NAME,
        Code.IN_NO_FAMILY: not person.has_family and not temporary,
    }
    return {code for code, applies in heard.items() if applies} | _of_marriage(person)


def _of_marriage(person: Examined) -> set[Code]:
    recorded = person.marital_status in MARRIED and person.marital_status != MARRIED_UNRECORDED
    married = person.marriage_date
    heard = {
        Code.SPOUSE_NOT_MARRIED: person.has_spouse and person.marital_status not in MARRIED,
        Code.MARRIED_UNRECORDED: person.marital_status == MARRIED_UNRECORDED,
        Code.MARRIAGE_WITHOUT_NUMBER: recorded
        and not (person.marriage_number and person.marriage_date),
        Code.MARRIED_TOO_YOUNG: married is not None
        and married >= MARRIAGEABLE_SINCE
        and age(person.birth_date, married) < MARRIAGEABLE,
    }
    return {code for code, applies in heard.items() if applies}


def of_parents(born_on: date, mother: Parent | None, father: Parent | None) -> set[Code]:
    """Return what the ages and sexes of linked parents say (I7: a warning, never a block)."""
    found = set()
    if mother is not None:
        years = age(mother.birth_date, born_on)
        found |= {Code.MOTHER_TOO_YOUNG} if years < YOUNGEST_MOTHER else set()
        found |= {Code.MOTHER_TOO_OLD} if years > OLDEST_MOTHER else set()
        found |= {Code.PARENT_OF_OTHER_SEX} if mother.sex == "L" else set()
    if father is not None:
        years = age(father.birth_date, born_on)
        found |= {Code.FATHER_TOO_YOUNG} if years < YOUNGEST_FATHER else set()
        found |= {Code.PARENT_OF_OTHER_SEX} if father.sex == "P" else set()
    return found


def is_too_close(born_on: date, sibling_born_on: date) -> bool:
    """Tell whether somebody was born too soon after a sibling of the same mother (I8)."""
    if (born_on - sibling_born_on).days <= TOGETHER_DAYS:
        return False
    months = (born_on.year - sibling_born_on.year) * 12 + born_on.month - sibling_born_on.month
    return months - (born_on.day < sibling_born_on.day) < CLOSEST_SIBLINGS


def of_head(birth_date: date, marital_status: int, status: str, today: date) -> set[Code]:
    """Return what is wrong with the head of an open family (I2)."""
    if status not in PRESENT:
        return {Code.HEAD_NOT_ACTIVE}
    young = age(birth_date, today) < ADULT and marital_status == NEVER_MARRIED
    return {Code.HEAD_TOO_YOUNG} if young else set()

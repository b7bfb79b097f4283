"""Who counts for which coverage indicator, and what a target asks: the formulas of indicators.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

OBLIGED_AGE = 17  # of KTP-el: UU 24/2013 art 63; a child card ends the day before
SMALLEST_PUBLIC_CELL = 5  # people; the public sees no figure about fewer

ALIVE = frozenset({"HIDUP", "HILANG", "NONAKTIF"})  # who is population; status_penduduk.csv
RECORDED = frozenset({  # whose biometrics are held; status_rekam_ktp.csv
    "BIO_CAPTURED",
    "PROCESSING",
    "SENT_FOR_ENROLLMENT",
    "RECEIVED_AT_CENTRAL",
    "ADJUDICATE_IN_PROCESS",
    "DUPLICATE_RECORD",
    "PRINT_READY_RECORD",
    "SENT_FOR_CARD_PRINTING",
    "CARD_PRINTED",
    "CARD_SHIPPED",
    "CARD_ISSUED",
})  # fmt: skip

_NEVER_MARRIED = 1
_FOREIGN = 2


class Indicator(StrEnum):
    """What is counted."""

    KTP_RECORDED = "KTP_REC"
    KIA_VALID = "KIA_OWN"
    KIA_EVER = "KIA_EVER"  # expired child cards as well; other offices report this figure
    BIRTH_CERTIFICATE = "AKL_0_18"


@dataclass(frozen=True, slots=True)
class Formula:
    """What the ministry may define otherwise one day."""

    certificate_upper_age: int = 18  # inclusive: nineteen one-year cohorts
    counts_permanent_foreigners: bool = True  # ITAP holders are obliged to hold a KTP-el


class Person(NamedTuple):
    """What is asked of a resident, in the words of the residents table."""

    birth_date: date
    marital_status: int
    citizenship: int
    permit: str | None
    status: str
    recording_status: str
    birth_certificate_number: str | None
    kia_valid_until: date | None  # the last valid day


class Figure(NamedTuple):
    """How many of how many; only counts are ever added up, never percentages."""

    num: int
    den: int


def latest_birth(day: date, years: int) -> date:
    """Return the last birth date of those who have completed so many years on a day.

    Who was born on 29 February has their birthday on 1 March in common years.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


def standing(person: Person, day: date, formula: Formula) -> Mapping[Indicator, bool]:
    """Tell for which indicators a person counts at the end of a day, and whether as reached.

    Early recordings under 17 count nowhere, and neither do people of no address here: the dead,
    those who moved and those in between (PINDAH_PROSES).
    """
    if person.status not in ALIVE:
        return {}
    citizen = person.citizenship != _FOREIGN
    single = person.marital_status == _NEVER_MARRIED
    grown = person.birth_date <= latest_birth(day, OBLIGED_AGE)
    resident = citizen or (formula.counts_permanent_foreigners and person.permit == "ITAP")
    found: dict[Indicator, bool] = {}
    if (grown or not single) and resident:
        found[Indicator.KTP_RECORDED] = person.recording_status in RECORDED
    if not grown and single:
        card = person.kia_valid_until
        found[Indicator.KIA_VALID] = card is not None and card >= day
        found[Indicator.KIA_EVER] = card is not None
    if citizen and person.birth_date > latest_birth(day, formula.certificate_upper_age + 1):
        found[Indicator.BIRTH_CERTIFICATE] = bool(person.birth_certificate_number)
    return found


def percent(figure: Figure) -> Decimal | None:
    """Return a percentage with two decimals, half up; None of nobody."""
    if figure.den == 0:
        return None
    return (Decimal(100 * figure.num) / figure.den).quantize(Decimal("0.01"), ROUND_HALF_UP)


def gap(figure: Figure, target: Decimal) -> int:
    """Return how many more people must be reached for the target; 0 when it is met."""
    wanted = (target * figure.den / 100).to_integral_value(ROUND_CEILING)
    return max(0, int(wanted) - figure.num)


def is_hidden(figure: Figure) -> bool:
    """Tell whether the public may not see a figure, because it speaks of too few people."""
    return 0 < figure.den < SMALLEST_PUBLIC_CELL

"""Who of a village holds what: exactly as many as planned, the hard to reach less often."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from random import Random

from deploy.seed.people import ADULT, NEVER, Person
from deploy.seed.regency import VillagePlan
from services.registry.cards.rules import Variant, valid_until, variant

# How far the recording of those who are recorded has come, and why others failed: cumulative.
_RECORDED = (
    (0.945, "CARD_ISSUED"), (0.96, "PRINT_READY_RECORD"), (0.972, "SENT_FOR_ENROLLMENT"),
    (0.98, "CARD_SHIPPED"), (0.986, "CARD_PRINTED"), (0.991, "SENT_FOR_CARD_PRINTING"),
    (0.994, "RECEIVED_AT_CENTRAL"), (0.996, "BIO_CAPTURED"), (0.998, "PROCESSING"),
    (0.999, "ADJUDICATE_IN_PROCESS"), (1.0, "DUPLICATE_RECORD"),
)  # fmt: skip
_UNRECORDED = (
    (0.93, "UNREGISTERED"), (0.96, "ENROLL_FAILURE_AT_CENTRAL"),
    (0.98, "ENROLL_FAILURE_AT_REGIONAL"), (1.0, "SEARCH_FAILURE_AT_CENTRAL"),
)  # fmt: skip
YOUNG = 18  # the last year of age for the indicator of birth certificates


def cover(people: list[Person], plan: VillagePlan, chance: Random, today: date) -> None:
    """Give cards, recordings and certificate numbers to as many as the plan says.

    Raises:
        ValueError: the village does not have the people that the plan counts on.
    """
    _record(people, plan.quota.recorded, chance)
    _hand_out_child_cards(people, plan.quota.kia, chance, today)
    _certify(people, plan, chance, today)


def _choose(
    able: list[Person], wanted: int, weight: Callable[[Person], float], chance: Random
) -> list[Person]:
    """Draw without putting back; a weight of 2 comes about twice as early as one of 1."""
    if not 0 <= wanted <= len(able):
        raise ValueError(f"{wanted} of {len(able)} cannot be chosen")
    return sorted(able, key=lambda each: -math.log(1 - chance.random()) / weight(each))[:wanted]


def _step(steps: tuple[tuple[float, str], ...], draw: float) -> str:
    return next(name for bound, name in steps if draw < bound)


def _record(people: list[Person], recorded: int, chance: Random) -> None:
    obliged = [
        each
        for each in people
        if (each.age >= ADULT or each.state != NEVER) and each.permit != "ITAS"
    ]
    lacking = _choose(obliged, len(obliged) - recorded, _hard_to_record, chance)
    without = {id(each) for each in lacking}
    for each in obliged:
        steps = _UNRECORDED if id(each) in without else _RECORDED
        each.recording = _step(steps, chance.random())
    for each in people:
        early = each.age == ADULT - 1 and each.state == NEVER and chance.random() < 0.08  # noqa: PLR2004
        if early:
            each.recording = "PRINT_READY_RECORD"


def _hard_to_record(each: Person) -> float:
    if each.age <= ADULT:
        return 15.0
    return 4.0 if each.age > 70 else 2.5 if each.age == 18 else 1.0  # noqa: PLR2004


def _hand_out_child_cards(people: list[Person], wanted: int, chance: Random, today: date) -> None:
    children = [each for each in people if each.age < ADULT and each.state == NEVER]
    holders = _choose(children, wanted, lambda each: 0.5 if each.age < 1 else 1.0, chance)
    held = {id(each) for each in holders}
    for each in children:
        born = date.fromordinal(each.born)
        if id(each) in held:
            each.kia_until = valid_until(born, variant(born, today)).toordinal()
        elif each.age >= 5 and chance.random() < 0.3:  # noqa: PLR2004
            each.kia_until = valid_until(born, Variant.A).toordinal()  # ran out at five


def _certify(people: list[Person], plan: VillagePlan, chance: Random, today: date) -> None:
    young = [each for each in people if each.age <= YOUNG]
    lacking = _choose(young, len(young) - plan.quota.certified, _hard_to_certify(today), chance)
    without = {id(each) for each in lacking}
    last: dict[str, int] = {}
    for each in young:
        if id(each) not in without:
            each.certificate = _certificate(each, plan, last, chance, today)
    for each in people:
        if each.age > YOUNG and each.permit is None and chance.random() < 1 - each.age / 90:
            year = date.fromordinal(each.born).year + int(chance.random() * 12)
            each.certificate = f"{1 + int(chance.random() * 9998)}/{min(year, today.year)}"


def _hard_to_certify(today: date) -> Callable[[Person], float]:
    recent = today.toordinal() - 3

    def weight(each: Person) -> float:
        if each.born > recent:
            return 1000.0
        return 5.0 if each.age < 1 else 1.5 if each.age > 12 else 1.0  # noqa: PLR2004

    return weight


def _certificate(
    each: Person, plan: VillagePlan, last: dict[str, int], chance: Random, today: date
) -> str:
    """Return the next number of the day on which the birth was registered."""
    in_time = chance.random() < 0.82  # noqa: PLR2004
    wait = 3 + chance.random() * 52 if in_time else 61 + chance.random() ** 2 * 2500
    latest = today.toordinal() - 1
    if each.born + wait > latest:  # spread out, so that no day has more than its numbers
        wait = chance.random() * (latest - each.born)
    day = max(each.born, each.born + int(wait))
    letters = "LU" if day - each.born <= 60 else "LT"  # noqa: PLR2004
    series = f"3510-{letters}-{date.fromordinal(day):%d%m%Y}"
    serial = last.get(series, plan.certificate_serials.start - 1) + 1
    if serial not in plan.certificate_serials:
        raise ValueError(f"{plan.code} has no serial left on {series}")
    last[series] = serial
    return f"{series}-{serial:04d}"

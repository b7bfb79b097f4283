"""Conditions that a machine can decide from the facts of a case, and nothing else."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.requests.catalogue.model import Test
from shared.contract.facts import BirthReport, Fact, RegisterResident


def holds(test: Test, facts: Sequence[Fact], today: date) -> bool | None:
    """Decide a test; None when the facts do not tell."""
    answers = set(_answers(test, facts, today))
    if False in answers:
        return False
    return None if None in answers else True


def _answers(test: Test, facts: Sequence[Fact], today: date) -> Iterator[bool | None]:
    yield from _about_age(test, _birth_date(facts), today)
    yield from _about_report(test, _birth(facts), today)
    if test.tells_of is not None:
        yield _is_told(test.tells_of, test, facts)


def _about_age(test: Test, born: date | None, today: date) -> Iterator[bool | None]:
    if test.age_from is not None:
        yield None if born is None else age(born, today) >= test.age_from
    if test.age_below is not None:
        yield None if born is None else age(born, today) < test.age_below


def _about_report(test: Test, birth: BirthReport | None, today: date) -> Iterator[bool | None]:
    """The 60th day after the birth is still in time: UU 24/2013 art 27."""
    days = None if birth is None else ((birth.reported_on or today) - birth.child.birth_date).days
    evidence = None if birth is None else birth.marriage_evidence
    if test.reported_within_days is not None:
        yield None if days is None else days <= test.reported_within_days
    if test.reported_after_days is not None:
        yield None if days is None else days > test.reported_after_days
    if test.marriage_evidence is not None:
        yield None if evidence is None else evidence is test.marriage_evidence


def _is_told(kind: str, test: Test, facts: Sequence[Fact]) -> bool | None:
    """Tell whether a fact of a kind says all this; unknown only while no such fact is stated."""
    told = [each for each in facts if each.kind == kind]
    if (test.stating or test.naming) and not told:
        return None
    return any(
        all(str(getattr(each, name)) in value.split("|") for name, value in test.stating.items())
        and all(getattr(each, name) is not None for name in test.naming)
        for each in told
    )


def age(born: date, on: date) -> int:
    """Return completed years; whoever was born on 29 February has their day on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _birth(facts: Sequence[Fact]) -> BirthReport | None:
    return next((each for each in facts if isinstance(each, BirthReport)), None)


def _birth_date(facts: Sequence[Fact]) -> date | None:
    """Return when the person was born whom the case brings into the registry."""
    for fact in facts:
        if isinstance(fact, BirthReport):
            return fact.child.birth_date
        if isinstance(fact, RegisterResident):
            return fact.birth_date
    return None

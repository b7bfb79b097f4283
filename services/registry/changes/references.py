"""Whom and which families a list of facts speaks of."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from pydantic import BaseModel

from services.registry.changes.state import Family, Person, State
from shared.contract.facts import (
    CertificateRef,
    ChangeName,
    CorrectCertificate,
    CorrectResident,
    Fact,
    FamilyRef,
    Home,
    PersonRef,
    RegisterResident,
    ResolveDuplicate,
    Visitor,
)


def persons(facts: Iterable[BaseModel]) -> Iterator[PersonRef]:
    """Yield every mention of a person, however deep."""
    for each in _values(facts):
        if isinstance(each, PersonRef):
            yield each
        if isinstance(each, Visitor):
            yield PersonRef(nik=each.nik)  # who turns out to live here is no visitor


def families(facts: Iterable[BaseModel]) -> Iterator[FamilyRef]:
    """Yield every mention of a family."""
    for each in _values(facts):
        if isinstance(each, FamilyRef):
            yield each


def certificates(facts: Iterable[BaseModel]) -> Iterator[CertificateRef]:
    """Yield every mention of an entry of a civil register."""
    for each in _values(facts):
        if isinstance(each, CertificateRef):
            yield each


def reach_children(facts: Iterable[BaseModel]) -> bool:
    """Tell whether what happens to somebody here changes the records of their children."""
    return any(
        isinstance(each, ChangeName | CorrectCertificate | CorrectResident | ResolveDuplicate)
        for each in facts
    )


def villages(facts: Iterable[BaseModel]) -> Iterator[str]:
    """Yield the code of every village that is stated as somebody's home."""
    for each in _values(facts):
        if isinstance(each, RegisterResident | Home):
            yield each.village_code


def _values(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, BaseModel):
            yield value
            yield from _values(getattr(value, name) for name in type(value).model_fields)
        elif isinstance(value, list | tuple):
            yield from _values(value)


def named(state: State, facts: Sequence[Fact]) -> list[UUID]:
    """Return who is named in these facts and known to the registry."""
    found = (state.person(ref, len(facts)) for ref in persons(facts))
    return sorted({UUID(each.key) for each in found if each})


def related(state: State, facts: Sequence[Fact]) -> list[UUID]:
    """Return everybody who is too close to decide on these facts.

    That is who is named, their parents and spouses, and every member of the families concerned.
    """
    people = [each for ref in persons(facts) if (each := state.person(ref, len(facts)))]
    homes = [home for ref in families(facts) if (home := state.family(ref, len(facts)))]
    homes += [home for person in people if (home := state.family_of(person))]
    return sorted({UUID(key) for key in _close(people, homes)})


def _close(people: list[Person], homes: list[Family]) -> Iterator[str]:
    for person in people:
        close = (person.key, person.mother, person.father, person.spouse)
        yield from (key for key in close if key)
    for family in homes:
        yield from (each.person for each in family.members)

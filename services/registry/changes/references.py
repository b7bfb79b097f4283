"""Whom and which families a list of facts speaks of."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from pydantic import BaseModel

from services.registry.changes.state import Family, Person, State
from services.registry.residents.rules.nik import district
from shared.contract.facts import (
    Arrive,
    ArriveFromAbroad,
    CancelMove,
    CertificateRef,
    ChangeName,
    ConfirmArrivalElsewhere,
    CorrectCertificate,
    CorrectResident,
    Deceased,
    Elsewhere,
    Fact,
    FamilyRef,
    Home,
    IncomingLetter,
    MoveAbroad,
    MoveOut,
    MoveWithin,
    Newcomer,
    NoteTemporaryStay,
    PersonRef,
    RegisterDeath,
    RegisterForeigner,
    RegisterResident,
    RemoveMember,
    ResolveDuplicate,
    Visitor,
)


def persons(facts: Iterable[BaseModel]) -> Iterator[PersonRef]:
    """Yield every mention of a person, however deep."""
    for each in _values(facts):
        if isinstance(each, PersonRef):
            yield each
        if isinstance(each, Visitor | Newcomer | NoteTemporaryStay) and each.nik:
            yield PersonRef(nik=each.nik)  # who turns out to be known here is no stranger


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


def reach_other_wives(facts: Iterable[BaseModel]) -> bool:
    """Tell whether somebody may die here: whether a husband is a widower, his other wives tell."""
    return any(isinstance(each, RegisterDeath | RemoveMember) for each in facts)


def villages(facts: Iterable[BaseModel]) -> Iterator[str]:
    """Yield the code of every village that is stated as somebody's home."""
    for each in _values(facts):
        if isinstance(each, RegisterResident | Home | Deceased):
            yield each.village_code


def districts(facts: Iterable[BaseModel]) -> Iterator[str]:
    """Yield every district outside that is named, or with which the NIK of a newcomer begins."""
    for each in _values(facts):
        if isinstance(each, Elsewhere):
            yield each.district_code
        if isinstance(each, Newcomer) and each.nik:
            yield district(each.nik)


def staying(facts: Iterable[BaseModel]) -> Iterator[str]:
    """Yield the NIK of everybody who is to be noted as staying for a while."""
    for each in facts:
        if isinstance(each, NoteTemporaryStay):
            yield each.nik


def letters(facts: Iterable[BaseModel]) -> Iterator[str]:
    """Yield the number of every letter of a move that is named."""
    for each in _values(facts):
        if isinstance(each, ConfirmArrivalElsewhere | CancelMove):
            yield each.letter
        if isinstance(each, IncomingLetter):
            yield each.number
        if isinstance(each, ArriveFromAbroad) and each.letter:
            yield each.letter


def _values(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, BaseModel):
            yield value
            yield from _values(getattr(value, name) for name in type(value).model_fields)
        elif isinstance(value, list | tuple):
            yield from _values(value)


def named(state: State, facts: Sequence[Fact]) -> list[UUID]:
    """Return who is named in these facts and known to the registry."""
    return sorted({UUID(each.key) for each in _people(state, facts)})


def _people(state: State, facts: Sequence[Fact]) -> list[Person]:
    people = [each for ref in persons(facts) if (each := state.person(ref, len(facts)))]
    for number in letters(facts):
        journey = state.journeys.get(number)
        people += [state.persons[each.person] for each in journey.travellers] if journey else []
    return people


def related(state: State, facts: Sequence[Fact]) -> list[UUID]:
    """Return everybody who is too close to decide on these facts.

    That is who is named, their parents and spouses, and every member of the families concerned.
    """
    people = _people(state, facts)
    homes = [home for ref in families(facts) if (home := state.family(ref, len(facts)))]
    homes += [home for person in people if (home := state.family_of(person))]
    return sorted({UUID(key) for key in (*_close(people, homes), *_married(state, people))})


_SUBJECTS = ("person", "husband", "wife")  # fields that name whom a fact is about


def subjects(state: State, facts: Sequence[Fact]) -> list[UUID]:
    """Return whose own matter these facts are, as far as they are known: not parents or witnesses.

    A case about somebody is pointless once they are dead.
    """
    refs: list[object] = [getattr(fact, name, None) for fact in facts for name in _SUBJECTS]
    for fact in facts:
        if isinstance(fact, MoveOut | MoveAbroad):
            refs += fact.movers
        if isinstance(fact, MoveWithin):
            refs += [each.person for each in fact.movers]
    people = (state.person(ref, len(facts)) for ref in refs if isinstance(ref, PersonRef))
    return sorted({UUID(each.key) for each in people if each and not each.key.startswith("new/")})


def _married(state: State, people: list[Person]) -> Iterator[str]:
    """Yield who is married to one of these by their own record: every wife of a husband."""
    keys = {each.key for each in people}
    yield from (each.key for each in state.persons.values() if each.spouse in keys)


def _close(people: list[Person], homes: list[Family]) -> Iterator[str]:
    for person in people:
        close = (person.key, person.mother, person.father, person.spouse, *person.adopters)
        yield from (key for key in close if key)
    for family in homes:
        yield from (each.person for each in family.members)


def newcomers(fact: Fact) -> list[Newcomer]:
    """Return whom a fact brings into the registry with the record they have elsewhere."""
    if isinstance(fact, Arrive | ArriveFromAbroad):
        return [each.newcomer for each in fact.arrivals if each.newcomer]
    if isinstance(fact, RegisterForeigner) and fact.newcomer:
        return [fact.newcomer]
    return []

"""The invariants of the registry that a change must leave true, whatever its facts were."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from services.registry.cards.rules import may_hold_child_card
from services.registry.changes.remarks import remark
from services.registry.changes.state import Family, Person, State
from services.registry.moves.rules import OUTSIDE
from services.registry.residents.rules.ages import ADULT, age
from shared.contract.facts import CardKind, Relationship, Sex
from shared.contract.plan import Remark

WHOLE_CHANGE = ""  # the pointer of what concerns all facts together


def may_be_head(person: Person | None, today: date) -> bool:
    """Tell whether somebody is fit to be head: alive, and 17 or ever married (UU 23/2006 art 61)."""
    if person is None or not person.is_active:
        return False
    return person.ever_married or age(person.birth_date, today) >= ADULT


def broken(before: State, after: State, today: date) -> list[Remark]:
    """Return the invariants that a change would break: I1-I3, I6, I9, I10 and I13 of the registry.

    Only who and what the facts touch is judged, so that an old fault of somebody else's record
    blocks nobody.
    """
    return list(_broken(before, after, today))


def _broken(before: State, after: State, today: date) -> Iterator[Remark]:
    for key, person in after.persons.items():
        if person != before.persons.get(key):
            yield from _of_person(person, after, today)
            yield from _of_marriage(before.persons.get(key), person, after)
            yield from _of_death(before.persons.get(key), person, after, today)
    for key, family in after.families.items():
        if family != before.families.get(key):
            yield from _of_family(family, after, today)


def _of_person(person: Person, state: State, today: date) -> Iterator[Remark]:
    homes = [each for each in state.families.values() if each.relationship_of(person.key)]
    if not person.is_alive and homes:
        yield remark("DEAD_IN_FAMILY", WHOLE_CHANGE)
    if person.status in OUTSIDE and homes:
        yield remark("MOVED_IN_FAMILY", WHOLE_CHANGE)
    if person.is_active and not person.is_temporary and len(homes) != 1:
        yield remark("PERSON_IN_NO_FAMILY", WHOLE_CHANGE)
    kinds = Counter(each.kind for each in person.cards)
    if len(kinds) > 1:
        yield remark("BOTH_CARDS", WHOLE_CHANGE)
    child = may_hold_child_card(person.birth_date, today, ever_married=person.ever_married)
    if kinds[CardKind.KIA] and not child:
        yield remark("KIA_NOT_A_CHILD", WHOLE_CHANGE)


def _of_death(was: Person | None, person: Person, after: State, today: date) -> Iterator[Remark]:
    """MATI is terminal but for a cancelled certificate (I4), and of a day that can be (I5)."""
    was_dead = was is not None and not was.is_alive
    if was_dead and person.is_alive and person.key not in after.restored:
        yield remark("DEAD_STAY_DEAD", WHOLE_CHANGE)
    if person.is_alive:
        return
    if person.death_date is None:
        known = was_dead  # an old record whose day nobody knows stays as it is
    else:
        known = person.birth_date <= person.death_date <= today
    if not known:
        yield remark("DEATH_DAY_IMPOSSIBLE", WHOLE_CHANGE)


def _of_marriage(was: Person | None, person: Person, state: State) -> Iterator[Remark]:
    """I6: both are linked to each other, but a husband of several wives to only one of them."""
    told = (person.spouse, person.is_married, person.sex)
    if was and (was.spouse, was.is_married, was.sex) == told:
        return
    spouse = state.persons.get(person.spouse or "")
    if spouse is None or not (person.is_alive and person.is_married):
        return
    husband, wife = (spouse, person) if person.sex is Sex.FEMALE else (person, spouse)
    linked = wife.spouse == husband.key and husband.spouse is not None
    if husband.sex is wife.sex or not (linked and spouse.is_married):
        yield remark("SPOUSES_NOT_LINKED", WHOLE_CHANGE)
    others = (each for each in state.persons.values() if each.key not in {husband.key, wife.key})
    if any(each.spouse == wife.key and each.is_married and each.is_alive for each in others):
        yield remark("WIFE_OF_TWO", WHOLE_CHANGE)


def _of_family(family: Family, state: State, today: date) -> Iterator[Remark]:
    if family.closed:
        if family.members:
            yield remark("CLOSED_WITH_MEMBERS", WHOLE_CHANGE)
        return
    heads = [each for each in family.members if each.relationship is Relationship.HEAD]
    if len(heads) != 1 or heads[0].person != family.head:
        yield remark("SEVERAL_HEADS", WHOLE_CHANGE)
    elif not may_be_head(state.persons.get(family.head), today):
        yield remark("HEAD_NOT_FIT", WHOLE_CHANGE)

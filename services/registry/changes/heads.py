"""What is asked of a new head from outside, and of what members are said to be to their head."""

from collections.abc import Iterable

from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.changes.succession import heads_others, proposal
from shared.codes import label
from shared.contract.facts import MemberPosition, Relationship


def check_relative(
    found: Findings,
    state: State,
    family: Family,
    head: Person,
    context: Context,
    place: str,
    leaving: Key | None = None,
) -> None:
    """Judge a head who comes from outside: only where minors are left, and nobody is left behind."""
    stay = [each.person for each in family.members if each.person != leaving]
    if any(may_be_head(state.persons.get(each), context.today) for each in stay):
        found.refuse("HEAD_NOT_A_MEMBER", place)
    if heads_others(state, head):
        found.refuse("HEAD_LEAVES_OTHERS", place, name=head.full_name)


def check_positions(
    found: Findings,
    state: State,
    family: Family,
    head: Person,
    asked: Iterable[MemberPosition],
    index: int,
    place: str = "/positions",
) -> dict[Key, Relationship]:
    """Return what the officer says the members are to the new head; odd words are warned of."""
    said: dict[Key, Relationship] = {}
    for number, each in enumerate(asked):
        person = state.person(each.person, index)
        where = f"{place}/{number}"
        line = next((m for m in family.members if person and m.person == person.key), None)
        if person is None or line is None:
            found.refuse("NOT_A_MEMBER", where)
        elif person.key in said:
            found.refuse("NAMED_TWICE", where)
        else:
            said[person.key] = each.relationship
            check_position(found, person, each.relationship, head, where)
            compare(found, person, each.relationship, proposal(state, family, head, line), where)
    return said


def check_position(
    found: Findings, person: Person, asked: Relationship, head: Person, where: str
) -> None:
    """Refuse what somebody cannot be to this head."""
    if person.key == head.key and asked is not Relationship.HEAD:
        found.refuse("HEAD_STAYS", where)
    if person.key != head.key and asked is Relationship.HEAD:
        found.refuse("SEVERAL_HEADS", where)
    if asked in {Relationship.HUSBAND, Relationship.WIFE}:
        if not (person.is_married and head.is_married):
            found.refuse("SPOUSE_NOT_MARRIED", where)
        if person.sex is head.sex or (person.sex == "P") != (asked is Relationship.WIFE):
            found.refuse("SPOUSE_SEX", where)


def compare(
    found: Findings, person: Person, asked: Relationship, proposed: Relationship, where: str
) -> None:
    """Note that an officer sees somebody otherwise than the records suggest."""
    if asked not in {proposed, Relationship.HEAD}:
        names = {"asked": label("shdk", int(asked)), "proposed": label("shdk", int(proposed))}
        found.warn("POSITION_DIFFERS", where, name=person.full_name, **names)

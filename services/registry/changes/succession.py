"""Who becomes head of a family, and what the others are to them.

The number of a family card belongs to its head (UU 23/2006 art 61(3)): with another head the family
goes on under a new number, and the old number is dead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from services.registry.changes import relations
from services.registry.changes.rearranging import Closing, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Member, Person, State
from shared.contract.facts import Relationship

Positions = Mapping[Key, Relationship]


def successor(state: State, family: Family, leaving: Key, today: date) -> Key | None:
    """Propose who follows a head: husband or wife, else the eldest child, else the eldest member.

    Only who is 17 or ever married can be head, and nobody proposes who is missing; None when only
    minors are left.
    """
    fit = [
        (each, state.persons[each.person])
        for each in family.members
        if each.person != leaving
        and may_be_head(state.persons.get(each.person), today)
        and state.persons[each.person].status != "HILANG"
    ]
    order = sorted(
        fit, key=lambda pair: (_rank(pair[0].relationship), pair[1].birth_date, pair[1].key)
    )
    return order[0][1].key if order else None


def _rank(relationship: Relationship) -> int:
    if relationship in relations.SPOUSES:
        return 0
    return 1 if relationship is Relationship.CHILD else 2


def positions(state: State, family: Family, head: Person, asked: Positions) -> Iterator[Member]:
    """Yield the lines of the card under its new head: the head first, the others in their order.

    A head from outside the family is a relative to everybody but their own parents and children.
    """
    yield Member(head.key, Relationship.HEAD)
    for each in family.members:
        if each.person != head.key:
            proposed = proposal(state, family, head, each)
            yield Member(each.person, asked.get(each.person, proposed))


def proposal(state: State, family: Family, head: Person, member: Member) -> Relationship:
    """Return what a member would be to a new head."""
    head_was = family.relationship_of(head.key) or Relationship.OTHER_RELATIVE
    person = state.persons[member.person]
    return relations.proposed(person, member.relationship, head, head_was)


def succeed(moving: Rearranging, family: Family, head: Person, asked: Positions, key: Key) -> None:
    """Close a family and open it anew under another head: same address, same people, new number."""
    members = list(positions(moving.state, family, head, asked))
    if family.relationship_of(head.key) is None:
        move_out(moving, head)
    for each in family.members:
        moving.leave(each.person, told=False)
    moving.close(family.key, Closing.HEAD_CHANGED)
    moving.open(replace(family, key=key, head=head.key, closed=False), members)


def move_out(moving: Rearranging, person: Person) -> None:
    """Take somebody out of the family they are in, which closes if nobody is left in it."""
    home = moving.state.family_of(person)
    moving.leave(person.key)
    if home is not None:
        moving.close_or_reprint(home.key)


def heads_others(state: State, person: Person) -> bool:
    """Tell whether somebody is head of a family in which others are."""
    home = state.family_of(person)
    return home is not None and home.head == person.key and len(home.members) > 1

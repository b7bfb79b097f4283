"""A family is opened at an address: of newly-weds, of foreigners with a permit, of an institution.

UU 23/2006 art 61-62, Permendagri 108/2019 art 10-12. Whoever joins leaves the family they were in.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.heads import check_position, compare
from services.registry.changes.homes import check_destination, rearrange
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Member, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import proposal
from shared.auth import covers
from shared.contract.facts import OpenFamily, Relationship


class Joiner(NamedTuple):
    """Somebody who comes in, as what the fact says or as nothing in particular."""

    place: str
    person: Person
    asked: Relationship | None


def plan(state: State, fact: OpenFamily, index: int, context: Context) -> Step[Rearrangement]:
    """Judge who opens a family with whom and where, and propose what they are to its head."""
    found = Findings(index)
    village = fact.home.village_code
    check_destination(found, state, fact.home, context, "/home/village_code")
    head = _head(found, state, fact, index, context)
    joiners = list(_joiners(found, state, fact, index, context))
    if head is None:
        return found.step(state, village_code=village)
    _check_left_behind(found, state, [Joiner("/head", head, None), *joiners])
    family = _family(fact, head, joiners, index)
    lines = list(_lines(found, state, family, head, joiners))
    _check_spouses(found, lines)
    if found.refusals:
        return found.step(state, village_code=village)
    moving = Rearranging(state)
    _leave(moving, [each.person for each in lines])
    moving.open(family, lines)
    return found.step(moving.state, moving.made, *moving.effects, village_code=village)


async def apply(session: AsyncSession, wanted: Rearrangement, made: Made) -> None:
    """Open the family from today, and print its card and those of the families left."""
    await rearrange(session, wanted, made, "open_family")


def _head(
    found: Findings, state: State, fact: OpenFamily, index: int, context: Context
) -> Person | None:
    head = state.person(fact.head, index)
    _check_joiner(found, head, "/head", context)
    if head is not None and head.is_active and not may_be_head(head, context.today):
        found.refuse("HEAD_NOT_FIT", "/head")
    return head


def _joiners(
    found: Findings, state: State, fact: OpenFamily, index: int, context: Context
) -> Iterator[Joiner]:
    head = state.person(fact.head, index)
    seen = {head.key} if head else set()
    for number, each in enumerate(fact.members):
        place = f"/members/{number}/person"
        person = state.person(each.person, index)
        _check_joiner(found, person, place, context)
        if person is None:
            continue
        if person.key in seen:
            found.refuse("NAMED_TWICE", place)
            continue
        seen.add(person.key)
        yield Joiner(f"/members/{number}/relationship", person, each.relationship)


def _check_joiner(found: Findings, person: Person | None, place: str, context: Context) -> None:
    found.check_person(person, place)
    if person is None:
        return
    if person.is_temporary:
        found.refuse("FOREIGNER_IN_NO_FAMILY", place)
    elsewhere = person.village_code and not covers([context.regency], person.village_code)
    if elsewhere:  # whoever comes from another regency arrives first
        found.refuse("NOT_IN_JURISDICTION", place)


def _check_left_behind(found: Findings, state: State, joiners: list[Joiner]) -> None:
    """Nobody is left without a head: either everybody comes along, or they get a new head first."""
    coming = {each.person.key for each in joiners}
    for each in joiners:
        home = state.family_of(each.person)
        if home is None or home.head != each.person.key:
            continue
        if {line.person for line in home.members} - coming:
            place = each.place.removesuffix("/relationship")
            found.refuse("HEAD_LEAVES_OTHERS", place, name=each.person.full_name)


def _family(fact: OpenFamily, head: Person, joiners: list[Joiner], index: int) -> Family:
    stranger = Relationship.OTHER if fact.institution else Relationship.OTHER_RELATIVE
    members = (Member(each.person.key, stranger) for each in joiners)
    return Family(
        key=new_home(index),
        head=head.key,
        village_code=fact.home.village_code,
        address=fact.home.address,
        rt=fact.home.rt,
        rw=fact.home.rw,
        members=(Member(head.key, Relationship.HEAD), *members),
        institution=fact.institution,
        hamlet=fact.home.hamlet,
        postal_code=fact.home.postal_code,
    )


def _lines(
    found: Findings, state: State, family: Family, head: Person, joiners: list[Joiner]
) -> Iterator[Member]:
    yield family.members[0]
    for each, line in zip(joiners, family.members[1:], strict=True):
        proposed = proposal(state, family, head, line)
        asked = each.asked or proposed
        check_position(found, each.person, asked, head, each.place)
        compare(found, each.person, asked, proposed, each.place)
        yield Member(each.person.key, asked)


def _check_spouses(found: Findings, lines: list[Member]) -> None:
    positions = [each.relationship for each in lines]
    if positions.count(Relationship.HUSBAND) > 1:
        found.refuse("SECOND_HUSBAND", "/members")
    if positions.count(Relationship.WIFE) > 1:
        found.warn("SEVERAL_WIVES", "/members")


def _leave(moving: Rearranging, people: list[Key]) -> None:
    homes = [moving.state.persons[each].family for each in people]
    for each in people:
        moving.leave(each)
    for home in dict.fromkeys(homes):
        if home is not None:
            moving.close_or_reprint(home)

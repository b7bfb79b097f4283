"""A family gets another head, and so a new number: UU 23/2006 art 61(3), Permendagri 108/2019 art 10."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import rearrange
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import heads_others, proposal, succeed
from shared.codes import label
from shared.contract.facts import ChangeHead, MemberPosition, Relationship


def plan(state: State, fact: ChangeHead, index: int, context: Context) -> Step[Rearrangement]:
    """Judge the new head, and propose what the others are to them."""
    found = Findings(index)
    family, head = state.family(fact.family, index), state.person(fact.head, index)
    found.check_family(family, "/family", context)
    found.check_person(head, "/head")
    if family is None or head is None:
        return found.step(state)
    _check_head(found, state, family, head, context)
    asked = check_positions(found, state, family, head, fact.positions, index)
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    moving = Rearranging(state)
    succeed(moving, family, head, asked, new_home(index))
    return found.step(moving.state, moving.made, *moving.effects, village_code=family.village_code)


async def apply(session: AsyncSession, wanted: Rearrangement, made: Made) -> None:
    """Close the family and open it again under its new head, from today."""
    await rearrange(session, wanted, made, "change_head")


def _check_head(
    found: Findings, state: State, family: Family, head: Person, context: Context
) -> None:
    if family.head == head.key:
        found.refuse("ALREADY_HEAD", "/head")
    elif head.is_active and not may_be_head(head, context.today):
        found.refuse("HEAD_NOT_FIT", "/head")
    if head.key != family.head and family.relationship_of(head.key) is None:
        check_relative(found, state, family, head, context, "/head")


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

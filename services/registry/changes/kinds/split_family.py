"""Members of a family go on as one of their own at the same address: Permendagri 108/2019 art 10."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.heads import check_positions
from services.registry.changes.homes import rearrange
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import positions
from shared.contract.facts import SplitFamily


def plan(state: State, fact: SplitFamily, index: int, context: Context) -> Step[Rearrangement]:
    """Judge who splits off under which head; the old head and number stay."""
    found = Findings(index)
    family, head = state.family(fact.family, index), state.person(fact.head, index)
    found.check_family(family, "/family", context)
    found.check_person(head, "/head")
    if family is None or head is None:
        return found.step(state)
    _check_head(found, family, head, context)
    going = _going(found, family, head, [state.person(each, index) for each in fact.members])
    leaving = replace(family, members=tuple(m for m in family.members if m.person in going))
    asked = check_positions(found, state, leaving, head, fact.positions, index)
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    lines = list(positions(state, leaving, head, asked))
    moving = Rearranging(state)
    _leave(moving, family.key, (each.person for each in lines))
    moving.open(replace(family, key=new_home(index), head=head.key), lines)
    return found.step(moving.state, moving.made, *moving.effects, village_code=family.village_code)


async def apply(session: AsyncSession, wanted: Rearrangement, made: Made) -> None:
    """Open the new family from today; the old card is printed without those who left."""
    await rearrange(session, wanted, made, "split_family")


def _check_head(found: Findings, family: Family, head: Person, context: Context) -> None:
    if family.relationship_of(head.key) is None:
        found.refuse("NOT_A_MEMBER", "/head")
    elif head.key == family.head:
        found.refuse("ONLY_HEAD_CHANGES", "/head")
    if head.is_active and not may_be_head(head, context.today):
        found.refuse("HEAD_NOT_FIT", "/head")


def _going(
    found: Findings, family: Family, head: Person, members: Sequence[Person | None]
) -> set[Key]:
    """Return who leaves the old family, the new head included."""
    going = {head.key}
    for number, person in enumerate(members):
        where = f"/members/{number}"
        if person is None or family.relationship_of(person.key) is None:
            found.refuse("NOT_A_MEMBER", where)
        elif person.key in going:
            found.refuse("NAMED_TWICE", where)
        elif person.key == family.head:
            found.refuse("ONLY_HEAD_CHANGES", where)
        else:
            going.add(person.key)
    return going


def _leave(moving: Rearranging, family: Key, people: Iterable[Key]) -> None:
    for each in people:
        moving.leave(each)
    moving.reprint(family)

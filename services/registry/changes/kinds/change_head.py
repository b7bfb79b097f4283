"""A family gets another head, and so a new number: UU 23/2006 art 61(3), Permendagri 108/2019 art 10."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.heads import check_positions, check_relative
from services.registry.changes.homes import rearrange
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import succeed
from shared.contract.facts import ChangeHead


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

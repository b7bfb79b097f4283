"""A move that did not happen is undone: who has arrived nowhere comes back as they were."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import rearrange
from services.registry.changes.kinds import add_member
from services.registry.changes.kinds.confirm_arrival_elsewhere import (
    check_journey,
    on_the_way,
    settle,
)
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Journey, Key, Member, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.succession import positions, succeed, successor
from services.registry.moves import actions as moves
from services.registry.moves import store
from services.registry.moves.rules import Travel
from services.registry.residents import store as resident_store
from shared.contract.facts import CancelMove, Relationship
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Returning:
    """Who comes back, and into which family."""

    number: str
    people: tuple[Key, ...]
    wanted: Rearrangement


def plan(state: State, fact: CancelMove, index: int, context: Context) -> Step[Returning]:
    """Judge whether a move may be undone, and find where everybody belongs."""
    found = Findings(index)
    journey = check_journey(found, state, fact.letter)
    if journey is None:
        return found.step(state)
    back = on_the_way(state, journey)
    host = state.family(fact.joins, index) if fact.joins else None
    if fact.joins is not None:
        found.check_family(host, "/joins", context)
    if found.refusals:
        return found.step(state)
    after = settle(state, journey, {each.key for each in back}, Travel.RETURNED)
    for each in back:
        news = replace(each, status="HIDUP", village_code=journey.village_code)
        after = after.with_person(news)
    moving = Rearranging(after)
    _go_home(found, moving, journey, back, host, index, context)
    if found.refusals:
        return found.step(state)
    village = next((moving.state.persons[each.key].village_code for each in back), None)
    keys = tuple(each.key for each in back)
    return found.step(
        moving.state,
        Returning(fact.letter, keys, moving.made),
        *(_returned(each) for each in back),
        *moving.effects,
        village_code=village,
    )


async def apply(session: AsyncSession, returning: Returning, made: Made) -> None:
    """Let people live here again from today on; their letter is out of force."""
    source = made.source("cancel_move")
    [move] = await store.numbered(session, [returning.number], lock=True)
    people = await resident_store.load(session, [made.person(each) for each in returning.people])
    for each in people.values():
        await moves.come_back(session, each, move.village_code, source=source, today=made.today)
    await rearrange(session, returning.wanted, made, "cancel_move")
    await moves.settle(
        session, move, people.values(), Travel.RETURNED, source=source, today=made.today
    )


def _go_home(
    found: Findings,
    moving: Rearranging,
    journey: Journey,
    back: list[Person],
    host: Family | None,
    index: int,
    context: Context,
) -> None:
    """Put everybody where they were; a number that died with its head does not come back."""
    state = moving.state
    former = state.families.get(journey.family or "")
    stayers = state.families.get(journey.stayers or "")
    were = {each.person: each.relationship for each in journey.travellers}
    head = next((each for each in back if were[each.key] is Relationship.HEAD), None)
    if host is not None:
        _join(moving, host, [(each, None) for each in back])
    elif former is not None and not former.closed:
        _join(moving, former, [(each, were[each.key]) for each in back])
    elif head is not None and stayers is not None and not stayers.closed:
        as_it_was = {each.person: each.relationship for each in journey.lines}
        succeed(moving, stayers, head, as_it_was, new_home(index))
        others = [(each, were[each.key]) for each in back if each is not head]
        _join(moving, moving.state.families[new_home(index)], others)
    elif former is not None:
        _open(found, moving, former, back, were, index, context)
    # else: a foreigner with a limited permit, who was in no family and needs none


def _join(
    moving: Rearranging,
    home: Family,
    people: list[tuple[Person, Relationship | None]],
) -> None:
    for person, was in people:
        position = was or add_member.proposed(person, moving.state.families[home.key])
        if position is Relationship.HEAD:  # another is head by now
            position = Relationship.OTHER_RELATIVE
        moving.join(person.key, home.key, position)
    moving.reprint(home.key)


def _open(
    found: Findings,
    moving: Rearranging,
    former: Family,
    back: list[Person],
    were: dict[Key, Relationship | None],
    index: int,
    context: Context,
) -> None:
    lines = tuple(Member(each.key, were[each.key] or Relationship.OTHER_RELATIVE) for each in back)
    family = replace(former, key=new_home(index), members=lines, closed=False)
    head = next((each.person for each in lines if each.relationship is Relationship.HEAD), None)
    fit = head if head and may_be_head(moving.state.persons[head], context.today) else None
    chosen = fit or successor(moving.state, family, head or "", context.today)
    if chosen is None:
        found.refuse("RETURN_NEEDS_FAMILY", "/joins")
        return
    state = moving.state
    if fit is None:
        lines = tuple(positions(state, family, state.persons[chosen], {}))
    moving.open(replace(family, head=chosen), lines)


def _returned(person: Person) -> Effect:
    name = person.full_name
    return Effect(
        effect="resident.returned",
        subject=person.key,
        before={"status": person.status},
        after={"status": "HIDUP"},
        text_id=f"Kepindahan {name} dibatalkan; kembali dihitung sebagai penduduk di sini.",
        text_en=f"The move of {name} is cancelled; counted as a resident here again.",
    )

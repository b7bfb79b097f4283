"""An arrival from another regency, of all or some whom its letter names: Perpres 96/2018 art 26."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.kinds import arriving, entering
from services.registry.changes.kinds.arriving import Comer
from services.registry.changes.kinds.move_out import check_elsewhere
from services.registry.changes.papers import queued
from services.registry.changes.rearranging import Rearrangement
from services.registry.changes.state import Journey, Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from services.registry.moves.rules import Direction
from services.registry.moves.schemas import Coming, Named
from services.registry.residents import store as resident_store
from shared.contract.events import IssuedKind
from shared.contract.facts import Arrive
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes, and where they live from now on."""

    comers: tuple[Comer, ...]
    lines: tuple[tuple[Key, int | None], ...]  # who, and as what in the family
    family: Key
    village_code: str
    arrived_on: date
    fact: Arrive
    wanted: Rearrangement


def plan(state: State, fact: Arrive, index: int, context: Context) -> Step[Arrival]:
    """Judge a letter and the people who come with it, and find them a family."""
    found = Findings(index)
    arrived_on = fact.arrived_on or context.reported_on
    if arrived_on > context.today:
        found.refuse("ARRIVAL_IN_FUTURE", "/arrived_on")
    _check_letter(found, state, fact, arrived_on, context)
    here, comers = arriving.check_comers(found, state, fact.arrivals, fact.cleared_of, index)
    moving, family = arriving.settle(found, here, comers, fact.to, fact.joins, index, context)
    if family is None or found.refusals:
        return found.step(state)
    home = moving.state.families[family]
    lines = tuple((each.key, home.relationship_of(each.key)) for each in comers)
    arrival = Arrival(
        tuple(comers), lines, family, home.village_code, arrived_on, fact, moving.made
    )
    return found.step(
        moving.state,
        arrival,
        _arrived(fact, index, comers, arrived_on),
        *(arriving.effect(moving.state.persons[each.key], each.newcomer) for each in comers),
        *moving.effects,
        *([queued(IssuedKind.ARRIVAL_LETTER, f"move/{index}")] if fact.with_letter else []),
        village_code=home.village_code,
    )


async def apply(session: AsyncSession, arrival: Arrival, made: Made) -> None:
    """Enter the people and the letter that they came with."""
    fact, village = arrival.fact, arrival.village_code
    await entering.enter(session, arrival.comers, arrival.wanted, village, made, "arrive")
    letter = fact.letter
    noted = await moves.arrive(
        session,
        Coming(
            direction=Direction.IN,
            number=letter.number,
            issued_on=letter.issued_on,
            valid_until=letter.valid_until,
            people=letter.people,
            village_code=village,
            family_id=made.touch(arrival.family),
            arrived_on=arrival.arrived_on,
            arrivals=await named(session, arrival.lines, made),
            letter=IssuedKind.ARRIVAL_LETTER.value if fact.with_letter else None,
            reason=fact.reason,
            elsewhere_code=letter.origin.district_code,
            data={"origin": letter.origin.model_dump(mode="json")},
        ),
        source=made.source("arrive"),
        today=made.today,
    )
    if fact.with_letter:
        made.print(IssuedKind.ARRIVAL_LETTER, noted.id)


async def named(
    session: AsyncSession, lines: tuple[tuple[Key, int | None], ...], made: Made
) -> list[Named]:
    """Return the people of an arrival, as what they came into the family."""
    people = await resident_store.load(session, [made.person(key) for key, _ in lines])
    return [Named(people[made.person(key)], position) for key, position in lines]


def _check_letter(
    found: Findings, state: State, fact: Arrive, arrived_on: date, context: Context
) -> None:
    letter = fact.letter
    check_elsewhere(found, state, letter.origin, context, "/letter/origin/district_code")
    if letter.issued_on > min(arrived_on, context.today):
        found.refuse("ARRIVAL_BEFORE_LETTER", "/letter/issued_on")
    if letter.valid_until is not None and letter.valid_until < arrived_on:
        found.refuse("LETTER_EXPIRED", "/letter/valid_until")
    coming = len(fact.arrivals)
    before = state.journeys.get(letter.number)
    if before is not None:
        coming += _check_same(found, fact, before)
    if coming > letter.people:
        found.refuse("LETTER_USED_UP", "/letter/people", people=letter.people)
    elif coming < letter.people:
        found.warn("LETTER_IN_PART", "/letter/people", missing=letter.people - coming)


def _check_same(found: Findings, fact: Arrive, before: Journey) -> int:
    """Compare a letter with what its first arrival said; return how many have come with it."""
    letter = fact.letter
    if before.direction != Direction.IN:
        found.refuse("LETTER_OF_OURS", "/letter/number")
        return 0
    said = (letter.issued_on, letter.people, letter.origin.district_code)
    if said != (before.issued_on, before.people, before.elsewhere):
        found.refuse("LETTER_DIFFERS", "/letter")
    return len(before.travellers)


def _arrived(fact: Arrive, index: int, comers: list[Comer], arrived_on: date) -> Effect:
    letter = fact.letter
    return Effect(
        effect="move.arrived",
        subject=f"move/{index}",
        after={
            "letter": letter.model_dump(mode="json"),
            "arrivals": [each.key for each in comers],
            "arrived_on": arrived_on.isoformat(),
        },
        text_id=f"{len(comers)} dari {letter.people} orang dalam surat pindah {letter.number} tiba "
        f"pada {arrived_on.isoformat()}.",
        text_en=f"{len(comers)} of {letter.people} people in the letter {letter.number} arrived on "
        f"{arrived_on.isoformat()}.",
    )

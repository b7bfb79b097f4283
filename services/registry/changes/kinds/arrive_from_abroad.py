"""A citizen comes from abroad to live here: UU 24/2013 art 18, Perpres 96/2018 art 5-6."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.kinds import arriving, entering
from services.registry.changes.kinds.arrive import named
from services.registry.changes.kinds.arriving import Comer
from services.registry.changes.papers import queued
from services.registry.changes.rearranging import Rearrangement
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from services.registry.moves.rules import Direction
from services.registry.moves.schemas import Coming
from shared.contract.events import IssuedKind
from shared.contract.facts import ArriveFromAbroad, Citizenship
from shared.contract.plan import Effect

REPORT_DAYS = 14  # UU 24/2013 art 18


@dataclass(frozen=True, slots=True)
class Return:
    """Who comes from abroad, and where they live from now on."""

    comers: tuple[Comer, ...]
    lines: tuple[tuple[Key, int | None], ...]
    family: Key
    village_code: str
    arrived_on: date
    fact: ArriveFromAbroad
    wanted: Rearrangement


def plan(state: State, fact: ArriveFromAbroad, index: int, context: Context) -> Step[Return]:
    """Judge who comes: never registered, or recorded as moved abroad, and then under the same NIK."""
    found = Findings(index)
    arrived_on = fact.arrived_on or context.reported_on
    if arrived_on > context.today:
        found.refuse("ARRIVAL_IN_FUTURE", "/arrived_on")
    elif (late := (context.reported_on - arrived_on).days - REPORT_DAYS) > 0:
        found.warn("ARRIVAL_REPORTED_LATE", "/arrived_on", days=late)
    for number, each in enumerate(fact.arrivals):
        if each.newcomer and each.newcomer.citizenship is Citizenship.FOREIGN:
            found.refuse("ARRIVAL_OF_FOREIGNER", f"/arrivals/{number}/newcomer/citizenship")
    here, comers = arriving.check_comers(
        found, state, fact.arrivals, fact.cleared_of, index, from_abroad=True
    )
    moving, family = arriving.settle(found, here, comers, fact.to, fact.joins, index, context)
    if family is None or found.refusals:
        return found.step(state)
    home = moving.state.families[family]
    lines = tuple((each.key, home.relationship_of(each.key)) for each in comers)
    village = home.village_code
    decision = Return(tuple(comers), lines, family, village, arrived_on, fact, moving.made)
    return found.step(
        moving.state,
        decision,
        _arrived(fact, index, comers, arrived_on),
        *(arriving.effect(moving.state.persons[each.key], each.newcomer) for each in comers),
        *moving.effects,
        queued(IssuedKind.IMMIGRATION_LETTER, f"move/{index}"),
        queued(IssuedKind.BIODATA, f"move/{index}"),
        village_code=village,
    )


async def apply(session: AsyncSession, arrival: Return, made: Made) -> None:
    """Enter the people, and print the letter about their arrival and their records."""
    fact, village = arrival.fact, arrival.village_code
    cause = "arrive_from_abroad"
    await entering.enter(session, arrival.comers, arrival.wanted, village, made, cause)
    passports = {str(made.person(each.key)): each.passport_number for each in arrival.comers}
    noted = await moves.arrive(
        session,
        Coming(
            direction=Direction.FROM_ABROAD,
            number=None,  # our own SKPLN, where there was one, stays the letter of the departure
            issued_on=arrival.arrived_on,
            valid_until=None,
            people=len(arrival.comers),
            village_code=village,
            family_id=made.touch(arrival.family),
            arrived_on=arrival.arrived_on,
            arrivals=await named(session, arrival.lines, made),
            letter=IssuedKind.IMMIGRATION_LETTER.value,
            country=fact.country,
            data={"passports": passports, "letter": fact.letter},
        ),
        source=made.source(cause),
        today=made.today,
    )
    made.print(IssuedKind.IMMIGRATION_LETTER, noted.id)
    for each in arrival.comers:
        made.print(IssuedKind.BIODATA, made.person(each.key))


def _arrived(fact: ArriveFromAbroad, index: int, comers: list[Comer], arrived_on: date) -> Effect:
    people = len(comers)
    return Effect(
        effect="move.arrived",
        subject=f"move/{index}",
        after={
            "country": fact.country,
            "letter": fact.letter,
            "arrivals": [each.key for each in comers],
            "passports": [each.passport_number for each in comers],
            "arrived_on": arrived_on.isoformat(),
        },
        text_id=f"{people} orang datang dari luar negeri ({fact.country}) pada "
        f"{arrived_on.isoformat()}.",
        text_en=f"{people} people came from abroad ({fact.country}) on {arrived_on.isoformat()}.",
    )

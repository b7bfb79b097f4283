"""A move out of the country for a year or longer: UU 24/2013 art 18, Perpres 96/2018 art 29."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.kinds import leaving
from services.registry.changes.kinds.leaving import Leaver, Staying
from services.registry.changes.kinds.move_out import (
    Departing,
    family_words,
    planned,
    write,
)
from services.registry.changes.papers import queued
from services.registry.changes.rearranging import Rearranging
from services.registry.changes.state import State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves.rules import Direction
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import MoveAbroad
from shared.contract.plan import Effect

ABROAD = "PINDAH"


def plan(state: State, fact: MoveAbroad, index: int, context: Context) -> Step[Departing]:
    """Judge who leaves the country; with the letter they have left the population."""
    found = Findings(index)
    family = state.family(fact.family, index) if fact.family else None
    found.check_family(family, "/family", context)
    places = [f"/movers/{number}" for number in range(len(fact.movers))]
    leavers = leaving.check_leavers(found, state, family, fact.movers, index, places)
    if family is None or found.refusals:
        return found.step(state, village_code=family.village_code if family else None)
    leaving.warn_of_minors(found, leavers, places, context)
    moving = Rearranging(state)
    keys = {each.person.key for each in leavers}
    staying = Staying(fact.stayers_head, fact.positions)
    stayers = leaving.depart(found, moving, family, keys, staying, index, context)
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    words = fact.model_dump(mode="json", include={"country", "address_abroad", "reason_text"})
    departing = Departing(
        leavers=tuple((each.person.key, each.relationship) for each in leavers),
        village_code=family.village_code,
        data=words
        | family_words(family, leavers, stayers)
        | {"planned_on": planned(fact, context)},
        reason=fact.reason,
        wanted=moving.made,
        family=family.key,
        stayers=stayers,
        country=fact.country,
    )
    return found.step(
        leaving.gone(moving.state, leavers, ABROAD),
        departing,
        _emigrate(fact, index, leavers),
        *moving.effects,
        *leaving.no_longer_counted(leavers, ABROAD),
        queued(IssuedKind.EMIGRATION_LETTER, f"move/{index}"),
        village_code=family.village_code,
    )


async def apply(session: AsyncSession, departing: Departing, made: Made) -> None:
    """Let people leave the country from today on, and give them their letter."""
    kind = IssuedKind.EMIGRATION_LETTER
    await write(session, departing, made, Direction.ABROAD, kind, "move_abroad")


def _emigrate(fact: MoveAbroad, index: int, leavers: list[Leaver]) -> Effect:
    names = ", ".join(each.person.full_name for each in leavers)
    reason = find("alasan_pindah", fact.reason).name
    return Effect(
        effect="move.opened",
        subject=f"move/{index}",
        after={
            "movers": [each.person.key for each in leavers],
            "country": fact.country,
            "address_abroad": fact.address_abroad,
            "reason": fact.reason,
        },
        text_id=f"{names} pindah ke luar negeri: {fact.country} ({reason.id}).",
        text_en=f"{names}: move abroad to {fact.country} ({reason.en}).",
    )

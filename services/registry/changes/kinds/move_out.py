"""A move to another regency with a letter: UU 24/2013 art 15, Perpres 96/2018 art 25, F-1.03."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import rearrange
from services.registry.changes.kinds import leaving
from services.registry.changes.kinds.leaving import Leaver, Staying
from services.registry.changes.papers import queued
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Family, Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from services.registry.moves import rules, store
from services.registry.moves.rules import Direction
from services.registry.moves.schemas import Departure, Named
from services.registry.residents import store as resident_store
from shared.auth import covers
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import Elsewhere, MoveOut
from shared.contract.plan import Effect

IN_TRANSIT = "PINDAH_PROSES"
JOINS_ANOTHER, NEW_CARD, NOBODY_LEFT, NUMBER_STAYS = 1, 2, 3, 4  # status_kk_tidak_pindah.csv


@dataclass(frozen=True, slots=True)
class Departing:
    """Who leaves with which letter, and what becomes of the family."""

    leavers: tuple[tuple[Key, int | None], ...]
    village_code: str
    data: dict[str, Any]  # the form's own words
    reason: int
    wanted: Rearrangement
    family: Key | None = None
    stayers: Key | None = None
    elsewhere: str | None = None
    country: str | None = None


def plan(state: State, fact: MoveOut, index: int, context: Context) -> Step[Departing]:
    """Judge who moves out, and foresee what becomes of those who stay."""
    found = Findings(index)
    family = state.family(fact.family, index) if fact.family else None
    if fact.family is not None:
        found.check_family(family, "/family", context)
    check_elsewhere(found, state, fact.to, context, "/to/district_code")
    places = [f"/movers/{number}" for number in range(len(fact.movers))]
    leavers = leaving.check_leavers(found, state, family, fact.movers, index, places)
    village = family.village_code if family else _village(leavers)
    if found.refusals or village is None:
        return found.step(state, village_code=village)
    leaving.warn_of_minors(found, leavers, places, context)
    moving = Rearranging(state)
    staying = Staying(fact.stayers_head, fact.positions)
    stayers = None
    if family is not None:
        keys = {each.person.key for each in leavers}
        stayers = leaving.depart(found, moving, family, keys, staying, index, context)
    if found.refusals:
        return found.step(state, village_code=village)
    departing = Departing(
        leavers=tuple((each.person.key, each.relationship) for each in leavers),
        village_code=village,
        data=_words(fact, family, leavers, stayers, context),
        reason=fact.reason,
        wanted=moving.made,
        family=family.key if family else None,
        stayers=stayers,
        elsewhere=fact.to.district_code,
    )
    return found.step(
        leaving.gone(moving.state, leavers, IN_TRANSIT),
        departing,
        _opened(state, fact, index, leavers, village),
        *moving.effects,
        *leaving.no_longer_counted(leavers, IN_TRANSIT),
        queued(IssuedKind.MOVE_LETTER, f"move/{index}"),
        village_code=village,
    )


async def apply(session: AsyncSession, departing: Departing, made: Made) -> None:
    """Let people leave from today on, and give them their letter."""
    await write(session, departing, made, Direction.OUT, IssuedKind.MOVE_LETTER, "move_out")


async def write(
    session: AsyncSession,
    departing: Departing,
    made: Made,
    direction: Direction,
    letter: IssuedKind,
    cause: str,
) -> None:
    """Carry out a departure with a letter of this kind."""
    await rearrange(session, departing.wanted, made, cause)
    ids = [made.person(key) for key, _ in departing.leavers]
    people = await resident_store.load(session, ids)
    positions = [each for _, each in departing.leavers]
    move = await moves.depart(
        session,
        Departure(
            direction=direction,
            letter=letter.value,
            movers=[Named(people[each], at) for each, at in zip(ids, positions, strict=True)],
            valid_days=store.letter_days() if direction is Direction.OUT else None,
            reason=departing.reason,
            village_code=departing.village_code,
            elsewhere_code=departing.elsewhere,
            country=departing.country,
            family_id=made.touch(departing.family) if departing.family else None,
            stayers_family_id=made.touch(departing.stayers) if departing.stayers else None,
            data=departing.data,
        ),
        source=made.source(cause),
        today=made.today,
    )
    made.print(letter, move.id)


def check_elsewhere(
    found: Findings, state: State, there: Elsewhere, context: Context, place: str
) -> None:
    """Refuse a place inside the regency, or in a district that does not exist."""
    if covers([context.regency], there.district_code):
        found.refuse("MOVE_INSIDE", place)
    elif there.district_code not in state.districts:
        found.refuse("DISTRICT_UNKNOWN", place)


def _village(leavers: list[Leaver]) -> str | None:
    return next((each.person.village_code for each in leavers if each.person.village_code), None)


def _words(
    fact: MoveOut,
    family: Family | None,
    leavers: list[Leaver],
    stayers: Key | None,
    context: Context,
) -> dict[str, Any]:
    said = fact.model_dump(mode="json", include={"to", "reason_text", "movers_card", "programme"})
    return said | family_words(family, leavers, stayers) | {"planned_on": planned(fact, context)}


def planned(fact: Any, context: Context) -> str:  # noqa: ANN401 - of both directions
    """Return the day for which the departure is planned."""
    day = fact.planned_on or context.reported_on
    return str(day.isoformat())


def family_words(
    family: Family | None, leavers: list[Leaver], stayers: Key | None
) -> dict[str, Any]:
    """Return what is kept of the family as it was, and what the form says of who leaves."""
    head = any(family and each.person.key == family.head for each in leavers)
    everybody = family is None or len(leavers) == len(family.members)
    kind = rules.move_kind(
        head=head or family is None, everybody=everybody, several=len(leavers) > 1
    )
    if everybody:
        card = NOBODY_LEFT
    else:
        card = NUMBER_STAYS if family and stayers == family.key else NEW_CARD
    lines = [(each.person, int(each.relationship)) for each in family.members] if family else []
    return {"move_kind": kind, "stayers_card": card, "lines": lines}


def _opened(state: State, fact: MoveOut, index: int, leavers: list[Leaver], village: str) -> Effect:
    names = ", ".join(each.person.full_name for each in leavers)
    to, reason = fact.to, find("alasan_pindah", fact.reason).name
    place = f"{to.village}, {state.districts[to.district_code]}"
    days = store.letter_days()
    return Effect(
        effect="move.opened",
        subject=f"move/{index}",
        after={
            "movers": [each.person.key for each in leavers],
            "to": to.model_dump(mode="json"),
            "reason": fact.reason,
            "classification": rules.classification(village, to.district_code),
            "valid_days": days,
            "programme": fact.programme,
        },
        text_id=f"{names} pindah ke {to.address}, RT {to.rt} RW {to.rw}, {place} ({reason.id}); "
        f"surat pindah berlaku {days} hari. KTP-el dan KIA tetap dibawa dan ditarik di tempat tujuan.",
        text_en=f"{names}: move to {to.address}, RT {to.rt} RW {to.rw}, {place} ({reason.en}); the "
        f"letter is valid for {days} days. KTP-el and KIA are kept and taken in at the destination.",
    )

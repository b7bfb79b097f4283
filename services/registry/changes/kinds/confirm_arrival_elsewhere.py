"""The destination has registered who moved out: they are no residents of ours any more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.changes.state import Journey, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from services.registry.moves import rules, store
from services.registry.moves.rules import Direction, Status, Travel
from services.registry.residents import store as resident_store
from shared.contract.facts import ConfirmArrivalElsewhere
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who of a letter's people has arrived."""

    number: str
    people: tuple[Key, ...]


def plan(
    state: State, fact: ConfirmArrivalElsewhere, index: int, context: Context
) -> Step[Arrived]:
    """Judge the news of an arrival elsewhere, of everybody on the way or of some."""
    found = Findings(index)
    journey = check_journey(found, state, fact.letter)
    if journey is None:
        return found.step(state)
    if fact.arrived_on > context.today:
        found.refuse("ARRIVAL_IN_FUTURE", "/arrived_on")
    elif fact.arrived_on < journey.issued_on:
        found.refuse("ARRIVAL_BEFORE_LETTER", "/arrived_on")
    elif journey.valid_until and fact.arrived_on > journey.valid_until:
        found.warn("LETTER_EXPIRED_ELSEWHERE", "/arrived_on")
    people = list(_arrived(found, state, journey, fact, index))
    if found.refusals:
        return found.step(state)
    after = settle(state, journey, {each.key for each in people}, Travel.ARRIVED)
    for each in people:
        moved = replace(each, status="PINDAH", cards=(), has_digital_id=False)
        after = after.with_person(moved)
    effects = [effect for each in people for effect in _effects(each)]
    return found.step(after, Arrived(fact.letter, tuple(each.key for each in people)), *effects)


async def apply(session: AsyncSession, arrived: Arrived, made: Made) -> None:
    """Let people belong to their destination; what they held of ours was taken in there."""
    source = made.source("confirm_arrival_elsewhere")
    [move] = await store.numbered(session, [arrived.number], lock=True)
    people = await resident_store.load(session, [made.person(each) for each in arrived.people])
    for each in people.values():
        await cards.revoke_everything(session, each, "MOVED", source=source, today=made.today)
    await moves.settle(
        session, move, people.values(), Travel.ARRIVED, source=source, today=made.today
    )


def check_journey(found: Findings, state: State, number: str) -> Journey | None:
    """Refuse a letter that is not ours, or whose people are all settled."""
    journey = state.journeys.get(number)
    if journey is None or journey.direction != Direction.OUT:
        found.refuse("LETTER_NOT_FOUND", "/letter")
        return None
    if not rules.is_open(Status(journey.status)):
        found.refuse("LETTER_SETTLED", "/letter")
        return None
    return journey


def on_the_way(state: State, journey: Journey) -> list[Person]:
    """Return whom a letter names and who is neither here nor there."""
    waiting = [each for each in journey.travellers if each.status == Travel.IN_TRANSIT]
    return [state.persons[each.person] for each in waiting]


def settle(state: State, journey: Journey, people: set[Key], travel: Travel) -> State:
    """Return the state in which some people of a letter have ended where they are."""
    travellers = tuple(
        replace(each, status=travel)
        if each.person in people and each.status == Travel.IN_TRANSIT
        else each
        for each in journey.travellers
    )
    status = rules.settled([Travel(each.status) for each in travellers])
    news = replace(journey, travellers=travellers, status=status or journey.status)
    return state.with_journey(news)


def _arrived(
    found: Findings, state: State, journey: Journey, fact: ConfirmArrivalElsewhere, index: int
) -> Iterator[Person]:
    waiting = on_the_way(state, journey)
    if not fact.movers:
        yield from waiting
    seen: set[Key] = set()
    for number, ref in enumerate(fact.movers):
        person = state.person(ref, index)
        if person is None or person.key not in {each.key for each in waiting}:
            found.refuse("NOT_ON_THE_WAY", f"/movers/{number}")
        elif person.key in seen:
            found.refuse("NAMED_TWICE", f"/movers/{number}")
        else:
            seen.add(person.key)
            yield person


def _effects(person: Person) -> Iterator[Effect]:
    name = person.full_name
    yield Effect(
        effect="resident.arrived_elsewhere",
        subject=person.key,
        before={"status": person.status},
        after={"status": "PINDAH"},
        text_id=f"{name} tercatat sebagai penduduk daerah tujuan.",
        text_en=f"{name} is recorded as a resident of the destination.",
    )
    for card in person.cards:
        yield Effect(
            effect="card.revoked",
            subject=person.key,
            before={"kind": card.kind},
            after={"reason": "MOVED"},
            text_id=f"{'KIA' if card.kind == 'KIA' else 'KTP-el'} {name} dari sini tidak berlaku lagi.",
            text_en=f"The {'child card' if card.kind == 'KIA' else 'KTP-el'} of {name} from here is "
            "no longer in force.",
        )

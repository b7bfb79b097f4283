"""Moves out of the regency: planned on a registry in memory, applied on a real database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from services.registry.changes.state import HeldCard, Journey, Member, State, Traveller
from services.registry.coverage import actions as coverage
from services.registry.coverage import store as figures
from services.registry.coverage.rules import Indicator
from services.registry.coverage.schemas import Level
from services.registry.families.tables import Family
from services.registry.moves import actions as moves
from services.registry.moves.tables import Move, Mover
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused, IssuedKind, MoveClosed, MoveOpened
from shared.contract.facts import CardKind, Citizenship, MoveOut, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
    LONER,
    MOTHER,
    MUNCAR,
    OLD_HOME,
    child,
    effects,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_people,
)

CHILD = key(50)
SLEMAN = "34.04.01"
LETTER = "SKPWNI/3510/24112026/0001"


def known(**people: Any) -> State:  # noqa: ANN401
    return replace(
        with_people(state(**people), child()),
        villages={MUNCAR: "Tembokrejo"},
        districts={SLEMAN: "Gamping"},
    )


def to(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    there = {"address": "JALAN MELATI 1", "rt": "001", "rw": "004"}
    there |= {"village": "Balecatur", "district_code": SLEMAN}
    return there | changes


def out(*movers: str, home: str = HOME, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "move_out",
        "family": {"family_id": home},
        "movers": [{"resident_id": each} for each in movers],
        "reason": 1,
        "to": to(),
    } | changes


def abroad(*movers: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    left = out(*movers, **changes)
    return {name: value for name, value in left.items() if name != "to"} | {
        "kind": "move_abroad",
        "country": "Malaysia",
    }


def test_edge_16_the_head_moves_out_and_the_others_get_a_new_number() -> None:
    plan = planned(known(), out(FATHER))
    assert refusals(plan) == []
    assert effects(plan) == [
        "move.opened",
        "family.member_left",
        "family.closed",
        "family.opened",
        "document.queued",
        "resident.moved_out",
        "document.queued",
    ]
    after = plan.steps[0].state
    assert after.persons[FATHER].status == "PINDAH_PROSES"
    assert after.persons[FATHER].family is None
    assert after.persons[FATHER].village_code is None
    assert after.families[HOME].closed
    home = after.family_of(after.persons[MOTHER])
    assert home is not None
    assert home.head == MOTHER
    assert home.relationship_of(CHILD) is Relationship.CHILD


def test_edge_16_only_a_child_moves_out_and_the_number_stays() -> None:
    plan = planned(known(), out(CHILD))
    assert effects(plan) == [
        "move.opened",
        "family.member_left",
        "document.queued",
        "resident.moved_out",
        "document.queued",
    ]
    assert warnings(plan) == [("MOVE_MINOR_ALONE", "/0/movers/0")]
    after = plan.steps[0].state
    assert not after.families[HOME].closed
    assert [each.person for each in after.families[HOME].members] == [FATHER, MOTHER]


def test_edge_16_everybody_moves_out_and_the_family_is_closed() -> None:
    plan = planned(known(), out(FATHER, MOTHER, CHILD))
    assert effects(plan) == [
        "move.opened",
        *["family.member_left"] * 3,
        "family.closed",
        *["resident.moved_out"] * 3,
        "document.queued",
    ]
    assert warnings(plan) == []
    assert plan.steps[0].state.families[HOME].closed


def test_edge_16_children_are_not_left_behind_alone() -> None:
    plan = planned(known(), out(FATHER, MOTHER))
    assert refusals(plan) == [("MOVE_LEAVES_MINORS", "/0/stayers_head")]


def test_a_relative_takes_over_where_only_children_stay() -> None:
    plan = planned(known(), out(FATHER, MOTHER, stayers_head={"resident_id": LONER}))
    assert refusals(plan) == []
    after = plan.steps[0].state
    home = after.family_of(after.persons[CHILD])
    assert home is not None
    assert home.head == LONER


def test_the_family_names_who_follows_the_head() -> None:
    grown = child(51, full_name="DEWI", birth_date=date(2005, 1, 1), sex="P")
    stated = out(
        FATHER,
        stayers_head={"resident_id": key(51)},
        positions=[{"person": {"resident_id": MOTHER}, "relationship": 7}],
    )
    plan = planned(with_people(known(), grown), stated)
    assert refusals(plan) == []
    after = plan.steps[0].state
    home = after.family_of(after.persons[MOTHER])
    assert home is not None
    assert (home.head, home.relationship_of(MOTHER)) == (key(51), Relationship.PARENT)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (out(FATHER, to=to(district_code="35.10.05")), [("MOVE_INSIDE", "/0/to/district_code")]),
        (out(FATHER, to=to(district_code="99.99.99")), [("DISTRICT_UNKNOWN", "/0/to/district_code")]),
        (out(LONER), [("NOT_A_MEMBER", "/0/movers/0")]),
        (out(MOTHER, MOTHER), [("NAMED_TWICE", "/0/movers/1")]),
        (out(key(999)), [("PERSON_NOT_FOUND", "/0/movers/0")]),
        (out(FATHER, home=key(998)), [("FAMILY_NOT_FOUND", "/0/family"), ("MOVE_FAMILY_MISSING", "/0/movers/0")]),
        (out(FATHER, family=None), [("MOVE_FAMILY_MISSING", "/0/movers/0")]),
        (
            out(MOTHER, stayers_head={"resident_id": FATHER}),
            [("STAYERS_NEED_NO_HEAD", "/0/stayers_head")],
        ),
        (
            out(FATHER, MOTHER, stayers_head={"resident_id": MOTHER}),
            [("STAYERS_HEAD_LEAVES", "/0/stayers_head")],
        ),
        (out(FATHER, stayers_head={"resident_id": CHILD}), [("HEAD_NOT_FIT", "/0/stayers_head")]),
    ],
)  # fmt: skip
def test_refuses_to_let_go(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refusals(planned(known(), stated)) == expected


def test_the_dead_and_those_on_the_way_do_not_move() -> None:
    dead = planned(known(mother={"status": "MATI"}), out(MOTHER))
    assert refusals(dead) == [("PERSON_NOT_ALIVE", "/0/movers/0")]
    away = planned(known(mother={"status": "PINDAH_PROSES"}), out(MOTHER))
    assert refusals(away) == [("PERSON_NOT_ACTIVE", "/0/movers/0")]


def test_nobody_who_moved_out_is_left_in_a_family() -> None:
    """I13: a fact that would leave them there breaks the invariant."""
    before = known()
    plan = planned(before, out(MOTHER))
    after = plan.steps[0].state
    members = {each.person for home in after.families.values() for each in home.members}
    assert members == set(before.persons) - {MOTHER}


def test_a_foreigner_without_a_family_card_moves_with_a_letter() -> None:
    foreign = child(60, full_name="JOHN SMITH", family=None, citizenship=Citizenship.FOREIGN, permit="ITAS",
                    mother=None, father=None, birth_date=date(1980, 1, 1))  # fmt: skip
    stated = out(key(60), family=None)
    plan = planned(with_people(known(), foreign), stated)
    assert refusals(plan) == []
    assert effects(plan) == ["move.opened", "resident.moved_out", "document.queued"]


def test_who_goes_abroad_has_moved_at_once() -> None:
    plan = planned(known(), abroad(FATHER))
    assert refusals(plan) == []
    after = plan.steps[0].state
    assert after.persons[FATHER].status == "PINDAH"
    assert after.families[HOME].closed
    assert effects(plan)[0] == "move.opened"
    assert effects(plan)[-1] == "document.queued"


def journey(*travellers: tuple[str, Relationship], **changes: Any) -> Journey:  # noqa: ANN401
    made = Journey(
        key=key(700),
        number=LETTER,
        direction="OUT",
        status="IN_TRANSIT",
        issued_on=date(2026, 11, 1),
        valid_until=date(2027, 2, 9),
        people=len(travellers),
        family=HOME,
        travellers=tuple(Traveller(each, "IN_TRANSIT", at) for each, at in travellers),
        lines=(
            Member(FATHER, Relationship.HEAD),
            Member(MOTHER, Relationship.WIFE),
            Member(CHILD, Relationship.CHILD),
        ),
        village_code=MUNCAR,
    )
    return replace(made, **changes)


def on_the_way(*people: tuple[str, Relationship], **changes: Any) -> State:  # noqa: ANN401
    """Return the registry while these people of the family are on the way."""
    before = known()
    gone = [each for each, _ in people]
    facts = out(*gone)
    after = planned(before, facts).steps[0].state
    home = after.family_of(after.persons[next(iter({FATHER, MOTHER, CHILD} - set(gone)), FATHER)])
    letter = journey(*people, stayers=home.key if home else None, **changes)
    return after.with_journey(letter)


def confirm(*movers: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "confirm_arrival_elsewhere",
        "letter": LETTER,
        "arrived_on": "2026-11-20",
        "movers": [{"resident_id": each} for each in movers],
    } | changes


def cancel(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"kind": "cancel_move", "letter": LETTER} | changes


ALL = ((FATHER, Relationship.HEAD), (MOTHER, Relationship.WIFE), (CHILD, Relationship.CHILD))


def test_the_destination_settles_everybody() -> None:
    plan = planned(on_the_way(*ALL), confirm())
    assert effects(plan) == ["resident.arrived_elsewhere"] * 3
    after = plan.steps[0].state
    assert {after.persons[each].status for each, _ in ALL} == {"PINDAH"}
    assert after.journeys[LETTER].status == "ARRIVED"


def test_the_destination_takes_in_the_cards_of_those_who_arrive() -> None:
    before = on_the_way((MOTHER, Relationship.WIFE))
    holder = replace(before.persons[MOTHER], cards=(HeldCard(CardKind.KTP_EL, None, None),))
    plan = planned(before.with_person(holder), confirm())
    assert effects(plan) == ["resident.arrived_elsewhere", "card.revoked"]
    assert plan.steps[0].state.persons[MOTHER].cards == ()


def test_edge_35_some_arrive_and_the_rest_comes_back() -> None:
    arrived = planned(on_the_way(*ALL), confirm(FATHER))
    between = arrived.steps[0].state
    assert between.journeys[LETTER].status == "IN_TRANSIT"
    plan = planned(between, cancel())
    assert refusals(plan) == []
    after = plan.steps[0].state
    assert after.persons[FATHER].status == "PINDAH"
    home = after.family_of(after.persons[MOTHER])
    assert home is not None
    assert home.head == MOTHER
    assert home.relationship_of(CHILD) is Relationship.CHILD
    assert after.journeys[LETTER].status == "ARRIVED"


@pytest.mark.parametrize(
    ("stated", "letter", "expected"),
    [
        (confirm(letter="SKPWNI/9"), {}, [("LETTER_NOT_FOUND", "/0/letter")]),
        (confirm(), {"direction": "IN"}, [("LETTER_NOT_FOUND", "/0/letter")]),
        (confirm(), {"status": "CANCELLED"}, [("LETTER_SETTLED", "/0/letter")]),
        (cancel(), {"status": "ARRIVED"}, [("LETTER_SETTLED", "/0/letter")]),
        (confirm(arrived_on="2026-11-25"), {}, [("ARRIVAL_IN_FUTURE", "/0/arrived_on")]),
        (confirm(arrived_on="2026-10-31"), {}, [("ARRIVAL_BEFORE_LETTER", "/0/arrived_on")]),
        (confirm(LONER), {}, [("NOT_ON_THE_WAY", "/0/movers/0")]),
        (confirm(MOTHER, MOTHER), {}, [("NAMED_TWICE", "/0/movers/1")]),
        (cancel(joins={"family_id": key(990)}), {}, [("FAMILY_NOT_FOUND", "/0/joins")]),
    ],
)
def test_a_letter_is_settled_once_and_rightly(
    stated: dict[str, Any], letter: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert refusals(planned(on_the_way(*ALL, **letter), stated)) == expected


def test_a_late_arrival_elsewhere_is_still_an_arrival() -> None:
    late = on_the_way(*ALL, status="EXPIRED", valid_until=date(2026, 11, 10))
    plan = planned(late, confirm())
    assert warnings(plan) == [("LETTER_EXPIRED_ELSEWHERE", "/0/arrived_on")]
    assert refusals(plan) == []


def test_a_head_who_comes_back_heads_the_family_again() -> None:
    plan = planned(on_the_way((FATHER, Relationship.HEAD)), cancel())
    assert refusals(plan) == []
    after = plan.steps[0].state
    home = after.family_of(after.persons[FATHER])
    assert home is not None
    assert [(each.person, each.relationship) for each in home.members] == list(ALL)
    assert home.key != HOME  # the old number is dead


def test_a_child_who_comes_back_is_as_before() -> None:
    plan = planned(on_the_way((CHILD, Relationship.CHILD)), cancel())
    after = plan.steps[0].state
    assert after.families[HOME].relationship_of(CHILD) is Relationship.CHILD
    assert effects(plan) == ["resident.returned", "family.member_added", "document.queued"]


def test_everybody_comes_back_under_a_new_number() -> None:
    plan = planned(on_the_way(*ALL), cancel())
    after = plan.steps[0].state
    home = after.family_of(after.persons[FATHER])
    assert home is not None
    assert [(each.person, each.relationship) for each in home.members] == list(ALL)
    assert home.address == "DUSUN KRAJAN"
    assert after.families[HOME].closed


def test_a_child_whose_family_is_no_more_needs_a_host() -> None:
    alone = on_the_way(*ALL, travellers=(Traveller(CHILD, "IN_TRANSIT", Relationship.CHILD),))
    assert refusals(planned(alone, cancel())) == [("RETURN_NEEDS_FAMILY", "/0/joins")]
    plan = planned(alone, cancel(joins={"family_id": OLD_HOME}))
    assert refusals(plan) == []
    assert plan.steps[0].state.families[OLD_HOME].relationship_of(CHILD) is not None


def test_somebody_has_to_move() -> None:
    with pytest.raises(ValueError, match="movers"):
        MoveOut.model_validate(out())


# On a real database


async def _counted(registry: Sessions) -> tuple[int, int]:
    """Return how many people the recount finds obliged to hold a KTP-el, and what it gets wrong."""
    today = clock.today()
    await coverage.count_waiting(registry, today)
    async with registry() as session:
        found = await figures.region_figures(session, "35.10", Level.REGENCY)
    wrong = await coverage.differences(registry, today)
    return found["35.10", Indicator.KTP_RECORDED].den, wrong


def _leave(couple: make.Couple, *movers: Resident, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "move_out",
        "family": {"kk_number": couple.kk_number},
        "movers": [{"nik": each.nik} for each in movers],
        "reason": 1,
        "to": to(),
    } | changes


async def _apply(registry: Sessions, *stated: dict[str, Any]) -> tuple[ChangeApplied, list[Any]]:
    """Have facts applied; return the answer, and what else was told."""
    planned_ = await make.plan(registry, stated)
    request = make.make_request(stated, planned_.digest)
    told = await make.receive(registry, request)
    answer = next(each for each in told if isinstance(each, ChangeApplied | ChangeRefused))
    assert isinstance(answer, ChangeApplied), answer
    return answer, [each for each in told if each is not answer]


async def _letter(registry: Sessions) -> Move:
    async with registry() as session:
        return (await session.scalars(select(Move).where(Move.direction == "OUT"))).one()


async def _person(registry: Sessions, person: Resident) -> Resident:
    async with registry() as session:
        return await session.get_one(Resident, person.id)


async def _let_run_out(registry: Sessions, letter: Move) -> None:
    last = letter.valid_until
    assert last is not None
    async with registry.begin() as session:
        assert await moves.expire(session, last) == 0
        assert await moves.expire(session, last + timedelta(days=1)) == 1
    [ended] = await make.answers(registry)
    assert isinstance(ended, MoveClosed)
    assert (ended.outcome, ended.case_id) == ("EXPIRED", letter.case_id)


@pytest.mark.anyio
async def test_edge_34_an_unused_letter_expires_and_the_move_is_cancelled(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    assert await _counted(registry) == (2, 0)

    answer, told = await _apply(registry, _leave(couple, couple.father, couple.mother))
    assert [each.kind for each in answer.documents] == [IssuedKind.MOVE_LETTER]
    letter = await _letter(registry)
    assert letter.number is not None
    assert letter.number.startswith(f"SKPWNI/3510/{clock.today():%d%m%Y}/")
    [opened] = told
    assert isinstance(opened, MoveOpened)
    assert (opened.move_id, opened.people) == (letter.id, 2)
    gone = await _person(registry, couple.father)
    assert (gone.status, gone.family_id, gone.village_code) == ("PINDAH_PROSES", None, None)
    assert await _counted(registry) == (0, 0)

    await _let_run_out(registry, letter)
    assert await _counted(registry) == (0, 0)

    _, told = await _apply(registry, {"kind": "cancel_move", "letter": letter.number})
    assert [each.outcome for each in told if isinstance(each, MoveClosed)] == ["CANCELLED"]
    back = await _person(registry, couple.mother)
    assert (back.status, back.village_code, back.nik) == ("HIDUP", MUNCAR, couple.mother.nik)
    async with registry() as session:
        home = await session.get_one(Family, back.family_id)
    assert home.head_id == couple.father.id
    assert home.kk_number != couple.kk_number
    assert await _counted(registry) == (2, 0)


@pytest.mark.anyio
async def test_who_arrived_elsewhere_is_counted_nowhere_and_holds_nothing_of_ours(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    await _apply(registry, _leave(couple, couple.father))
    letter = await _letter(registry)
    today = clock.today().isoformat()
    stated = {"kind": "confirm_arrival_elsewhere", "letter": letter.number, "arrived_on": today}
    _, told = await _apply(registry, stated)
    assert [each.outcome for each in told if isinstance(each, MoveClosed)] == ["ARRIVED"]
    assert (await _person(registry, couple.father)).status == "PINDAH"
    stays = await _person(registry, couple.mother)
    async with registry() as session:
        home = await session.get_one(Family, stays.family_id)
        people = (await session.scalars(select(Mover))).all()
    assert home.head_id == couple.mother.id
    assert [each.status for each in people] == ["ARRIVED"]
    assert await _counted(registry) == (1, 0)


@pytest.mark.anyio
async def test_nobody_leaves_with_two_letters(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    stated = _leave(couple, couple.mother)
    first, second = [await make.plan(registry, [stated]) for _ in range(2)]
    await make.receive(registry, make.make_request([stated], first.digest))
    [answer] = await make.receive(registry, make.make_request([stated], second.digest))
    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["PERSON_NOT_ACTIVE"]
    async with registry() as session:
        assert len((await session.scalars(select(Move))).all()) == 1


@pytest.mark.anyio
async def test_who_goes_abroad_gets_a_letter_and_is_settled(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    stated = _leave(couple, couple.mother, kind="move_abroad", country="Hong Kong")
    del stated["to"]
    answer, told = await _apply(registry, stated)
    assert [each.kind for each in answer.documents] == [
        IssuedKind.FAMILY_CARD,
        IssuedKind.EMIGRATION_LETTER,
    ]
    assert [type(each) for each in told] == [MoveOpened, MoveClosed]
    assert (await _person(registry, couple.mother)).status == "PINDAH"


@pytest.mark.anyio
async def test_the_database_itself_keeps_who_moved_out_from_every_family(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    for status in ("PINDAH", "PINDAH_PROSES"):
        moved = update(Resident).where(Resident.id == couple.mother.id).values(status=status)
        async with registry() as session:
            with pytest.raises(IntegrityError, match="moved_out_alone"):
                await session.execute(moved)

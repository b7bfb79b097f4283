"""Arrivals: planned on a registry in memory, applied on a real database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.changes.state import Journey, State, Traveller
from services.registry.families.tables import Family
from services.registry.moves.tables import Move, Mover
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused, IssuedKind
from shared.contract.facts import CardKind, MaritalStatus, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
    LONER,
    MOTHER,
    MUNCAR,
    OLD_HOME,
    add,
    birth,
    card,
    effects,
    key,
    planned,
    refusals,
    state,
    warnings,
)
from tests.registry.people import GENTENG

SLEMAN = "34.04.01"
NUMBER = "SKPWNI/3404/01112026/0007"
DEWI = "3404014504909001"  # a woman, born 5 April 1990
BAYU = "3404010203189001"  # a boy, born 2 March 2018


def known(**people: Any) -> State:  # noqa: ANN401
    here = {MUNCAR: "Tembokrejo", GENTENG: "Genteng Kulon"}
    return replace(state(**people), villages=here, districts={SLEMAN: "Gamping"})


def record(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the record of a woman of Sleman."""
    return {
        "nik": DEWI,
        "full_name": "Dewi Lestari",
        "sex": "P",
        "birth_place": "Sleman",
        "birth_date": "1990-04-05",
        "religion": 1,
        "marital_status": 4,
        "mother_name": "Suminah",
        "recorded": True,
    } | changes


def boy(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return (
        record(
            nik=BAYU,
            full_name="Bayu",
            sex="L",
            birth_date="2018-03-02",
            marital_status=1,
            mother_name="Dewi Lestari",
            birth_certificate_number="3404-LU-05032018-0003",
            recorded=False,
        )
        | changes
    )


def letter(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    origin = {"address": "JALAN KALIURANG 5", "rt": "002", "rw": "007"}
    return {
        "number": NUMBER,
        "issued_on": "2026-11-01",
        "valid_until": "2027-02-09",
        "origin": origin | {"village": "Balecatur", "district_code": SLEMAN},
        "people": 1,
    } | changes


def address() -> dict[str, Any]:
    return {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": GENTENG}


def come(*arrivals: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    people = len(arrivals)
    made = {"kind": "arrive", "letter": letter(people=people), "arrivals": list(arrivals)}
    if "joins" not in changes:
        made["to"] = address()
    return made | changes


def new(said: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"newcomer": said or record()} | changes


def old(person: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"person": {"resident_id": person}} | changes


JOINS = {"family_id": OLD_HOME}


def test_a_family_arrives_and_keeps_its_numbers() -> None:
    plan = planned(known(), come(new(), new(boy(), relationship=4)))
    assert refusals(plan) == []
    assert warnings(plan) == []
    assert effects(plan) == [
        "move.arrived",
        "resident.registered",
        "resident.registered",
        "family.opened",
        "document.queued",
    ]
    after = plan.steps[0].state
    home = after.family_of(after.persons["new/0/0"])
    assert home is not None
    assert [each.relationship for each in home.members] == [Relationship.HEAD, Relationship.CHILD]
    assert (home.village_code, home.address) == (GENTENG, "JALAN MAWAR 3")
    assert after.persons["new/0/0"].particulars.recording_status == "PRINT_READY_RECORD"


def test_a_newcomer_joins_a_family_that_is_here() -> None:
    plan = planned(known(), come(new(relationship=9), joins=JOINS, with_letter=True))
    assert refusals(plan) == []
    assert effects(plan) == [
        "move.arrived",
        "resident.registered",
        "family.member_added",
        "document.queued",
        "document.queued",
    ]
    assert plan.steps[0].state.persons["new/0/0"].family == OLD_HOME


def test_who_was_ours_comes_back_under_the_same_record() -> None:
    away = known(loner={"status": "PINDAH", "village_code": None})
    away = away.without_member(away.families[key(103)], away.persons[LONER])
    plan = planned(away, come(old(LONER)))
    assert refusals(plan) == []
    assert effects(plan)[:2] == ["move.arrived", "resident.came_back"]
    after = plan.steps[0].state
    assert after.persons[LONER].status == "HIDUP"
    assert after.persons[LONER].village_code == GENTENG


def test_edge_11_a_number_of_a_district_that_is_no_more_stays_valid() -> None:
    plan = planned(known(), come(new(record(nik="5401014504909001"))))
    assert warnings(plan) == [("NIK_REGION", "/0/arrivals/0/newcomer/nik")]
    assert refusals(plan) == []


def test_a_number_that_disagrees_with_its_record_is_weighed_not_refused() -> None:
    plan = planned(known(), come(new(record(sex="L", birth_date="1990-05-04"))))
    assert [rule for rule, _ in warnings(plan)] == ["NIK_DOB_MISMATCH", "NIK_SEX_MISMATCH"]
    assert refusals(plan) == []


def test_names_that_were_recorded_elsewhere_are_not_judged_anew() -> None:
    plan = planned(known(), come(new(record(full_name="MA'RUF"))))
    assert refusals(plan) == []
    assert warnings(plan) == []


def earlier(*people: str, **changes: Any) -> Journey:  # noqa: ANN401
    made = Journey(
        key=key(800),
        number=NUMBER,
        direction="IN",
        status="IN_TRANSIT",
        issued_on=date(2026, 11, 1),
        valid_until=date(2027, 2, 9),
        people=2,
        elsewhere=SLEMAN,
        travellers=tuple(Traveller(each, "ARRIVED") for each in people),
    )
    return replace(made, **changes)


def test_edge_35_part_of_a_group_arrives_and_the_rest_follows() -> None:
    first = planned(known(), come(new(), letter=letter(people=2)))
    assert warnings(first) == [("LETTER_IN_PART", "/0/letter/people")]
    before = known().with_journey(earlier(MOTHER))
    second = planned(before, come(new(), letter=letter(people=2)))
    assert warnings(second) == []
    assert refusals(second) == []


def test_edge_35_a_letter_does_not_bring_more_people_than_it_names() -> None:
    used = known().with_journey(earlier(MOTHER, FATHER))
    plan = planned(used, come(new(), letter=letter(people=2)))
    assert refusals(plan) == [("LETTER_USED_UP", "/0/letter/people")]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (come(new(record(nik=None))), [("NIK_OF_ELSEWHERE", "/0/arrivals/0/newcomer/nik")]),
        (come(new(record(nik="3404019904909001"))), [("NIK_FORMAT", "/0/arrivals/0/newcomer/nik")]),
        (come(old(LONER)), [("LIVES_HERE_ALREADY", "/0/arrivals/0/person")]),
        (come(old(key(999))), [("PERSON_NOT_FOUND", "/0/arrivals/0/person")]),
        (
            come(new(), letter=letter(valid_until="2026-11-23")),
            [("LETTER_EXPIRED", "/0/letter/valid_until")],
        ),
        (
            come(new(), letter=letter(issued_on="2026-11-25")),
            [("ARRIVAL_BEFORE_LETTER", "/0/letter/issued_on")],
        ),
        (come(new(), arrived_on="2026-11-25"), [("ARRIVAL_IN_FUTURE", "/0/arrived_on")]),
        (
            come(new(), letter=letter(origin=letter()["origin"] | {"district_code": "35.10.05"})),
            [("MOVE_INSIDE", "/0/letter/origin/district_code")],
        ),
        (
            come(new(), letter=letter(origin=letter()["origin"] | {"district_code": "99.99.99"})),
            [("DISTRICT_UNKNOWN", "/0/letter/origin/district_code")],
        ),
        (
            come(new(), to=address() | {"village_code": "35.10.05.2999"}),
            [("VILLAGE_UNKNOWN", "/0/to/village_code")],
        ),
        (come(new(boy())), [("HEAD_NOT_FIT", "/0/arrivals")]),
        (come(new(relationship=4)), [("SEVERAL_HEADS", "/0/arrivals")]),
        (come(new(), joins={"family_id": key(990)}), [("FAMILY_NOT_FOUND", "/0/joins")]),
        (
            come(new(relationship=1), joins=JOINS),
            [("HEAD_RELATIONSHIP", "/0/arrivals/0/relationship")],
        ),
    ],
)
def test_refuses_an_arrival(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refusals(planned(known(), stated)) == expected


@pytest.mark.parametrize(
    ("before", "rule"),
    [
        (earlier(direction="OUT"), "LETTER_OF_OURS"),
        (earlier(issued_on=date(2026, 10, 1)), "LETTER_DIFFERS"),
    ],
)
def test_a_letter_says_the_same_every_time(before: Journey, rule: str) -> None:
    plan = planned(known().with_journey(before), come(new(), letter=letter(people=2)))
    assert refusals(plan)[0][0] == rule


def test_who_is_on_the_way_or_dead_does_not_arrive() -> None:
    for status, rule in (("PINDAH_PROSES", "MOVE_STILL_OPEN"), ("MATI", "PERSON_NOT_ALIVE")):
        away = known(loner={"status": status, "family": None})
        assert refusals(planned(away, come(old(LONER)))) == [(rule, "/0/arrivals/0/person")]


def test_a_number_that_is_known_here_is_its_holders() -> None:
    plan = planned(replace(known(), niks={DEWI: LONER}), come(new()))
    assert refusals(plan) == [("NIK_KNOWN_HERE", "/0/arrivals/0/newcomer/nik")]


def test_who_looks_like_a_resident_is_looked_at_first() -> None:
    alike = replace(known(), alike={(0, 0): (LONER,)})
    assert refusals(planned(alike, come(new()))) == [
        ("DUPLICATE_SUSPECT", "/0/arrivals/0/newcomer")
    ]
    cleared = planned(alike, come(new(), cleared_of=[{"resident_id": LONER}]))
    assert warnings(cleared) == [("DUPLICATE_CLEARED", "/0/arrivals/0/newcomer")]


def test_edge_36_an_arrival_and_a_birth_on_the_same_day() -> None:
    """Whoever arrives first: a child born here then gets a number of the new district."""
    born = birth(mother={"nik": DEWI}, father=None, family={"of": {"nik": DEWI}})
    arrival_first = planned(known(), come(new()), born, add(1, HOME, family={"of": {"nik": DEWI}}))
    assert refusals(arrival_first) == []
    registered = [
        each.after
        for each in arrival_first.plan.effects
        if each.effect == "resident.registered" and each.subject == "new/1"
    ]
    assert [each and each["nik_district"] for each in registered] == [GENTENG[:8]]
    birth_first = planned(known(), born, come(new()))
    assert ("PERSON_NOT_FOUND", "/0/mother") in refusals(birth_first)


def test_edge_38_who_marries_here_arrives_first_and_then_joins_the_family() -> None:
    couple = known(loner={"marital_status": MaritalStatus.MARRIED_REGISTERED})
    bride = record(marital_status=2, marriage_number="123/45/XI/2026", marriage_date="2026-11-20")
    plan = planned(couple, come(new(bride, relationship=3), joins={"family_id": key(103)}))
    assert refusals(plan) == []
    home = plan.steps[0].state.families[key(103)]
    assert home.relationship_of("new/0/0") is Relationship.WIFE


def test_edge_58_the_day_of_arrival_is_a_day_of_the_office() -> None:
    """In the east it is the 25th already; here it is still the 24th, and that day counts."""
    east = planned(known(), come(new(), arrived_on="2026-11-25"))
    assert refusals(east) == [("ARRIVAL_IN_FUTURE", "/0/arrived_on")]
    assert refusals(planned(known(), come(new(), arrived_on="2026-11-24"))) == []


def test_the_child_card_of_an_arrival_comes_with_it() -> None:
    taken_over = card(person=0, reason="MOVED") | {"person": {"nik": BAYU}}
    plan = planned(known(), come(new(), new(boy(), relationship=4)), taken_over)
    assert refusals(plan) == []
    assert plan.steps[1].state.persons["new/0/1"].card(CardKind.KIA) is not None


def abroad(*arrivals: dict[str, Any], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    made = come(*arrivals, kind="arrive_from_abroad", country="Malaysia")
    del made["letter"]
    return made | changes


def test_a_citizen_who_was_never_registered_gets_a_number() -> None:
    plan = planned(known(), abroad(new(record(nik=None), passport_number="C1234567")))
    assert refusals(plan) == []
    [registered] = [each for each in plan.plan.effects if each.effect == "resident.registered"]
    assert registered.after is not None
    assert registered.after["keeps_nik"] is False
    assert effects(plan)[-1] == "document.queued"


def test_names_of_those_who_were_never_registered_are_judged() -> None:
    plan = planned(known(), abroad(new(record(nik=None, full_name="Dewi 2"))))
    assert [rule for rule, _ in refusals(plan)] == ["NAME_DIGITS"]


def test_a_foreigner_does_not_come_as_a_citizen() -> None:
    plan = planned(known(), abroad(new(record(nik=None, citizenship=2))))
    assert ("ARRIVAL_OF_FOREIGNER", "/0/arrivals/0/newcomer/citizenship") in refusals(plan)


def test_an_arrival_from_abroad_is_reported_within_14_days() -> None:
    late = planned(known(), abroad(new(), arrived_on="2026-11-09"))
    assert warnings(late) == [("ARRIVAL_REPORTED_LATE", "/0/arrived_on")]
    assert warnings(planned(known(), abroad(new(), arrived_on="2026-11-10"))) == []


# On a real database


async def _settled(registry: Sessions, stated: dict[str, Any]) -> ChangeApplied:
    answer = await make.apply(registry, [stated])
    assert isinstance(answer, ChangeApplied), answer
    return answer


async def _by_nik(registry: Sessions, nik: str) -> Resident:
    async with registry() as session:
        return (await session.scalars(select(Resident).where(Resident.nik == nik))).one()


def _dated(stated: dict[str, Any]) -> dict[str, Any]:
    """Return an arrival with a letter of a week ago."""
    today = clock.today()
    days = {
        "issued_on": (today - timedelta(days=7)).isoformat(),
        "valid_until": (today + timedelta(days=7)).isoformat(),
    }
    return stated | {"letter": stated["letter"] | days}


@pytest.mark.anyio
async def test_edge_35_two_arrivals_with_the_same_letter(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    both = letter(people=2)
    answer = await _settled(registry, _dated(come(new(), letter=both, with_letter=True)))
    assert [each.kind for each in answer.documents] == [
        IssuedKind.FAMILY_CARD,
        IssuedKind.ARRIVAL_LETTER,
    ]
    mother = await _by_nik(registry, DEWI)
    assert (mother.status, mother.village_code) == ("HIDUP", GENTENG)
    assert mother.recording_status == "PRINT_READY_RECORD"

    family = {"of": {"nik": DEWI}}
    follows = _dated(come(new(boy(), relationship=4), letter=both, joins=family))
    await _settled(registry, follows)
    async with registry() as session:
        [move] = (await session.scalars(select(Move))).all()
        people = (await session.scalars(select(Mover).order_by(Mover.position))).all()
    assert (move.status, move.number) == ("ARRIVED", NUMBER)
    assert [each.position for each in people] == [1, 2]

    third = record(nik="3404015004909001", full_name="Ratna", birth_date="1990-04-10")
    refused = await make.apply(registry, [_dated(come(new(third), letter=both))])
    assert isinstance(refused, ChangeRefused)
    assert refused.rules == ["LETTER_USED_UP"]


@pytest.mark.anyio
async def test_who_moved_out_comes_back_into_their_family(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    there = letter()["origin"]
    out = {
        "kind": "move_out",
        "family": {"kk_number": couple.kk_number},
        "movers": [{"nik": couple.mother.nik}],
        "reason": 6,
        "to": there,
    }
    planned_ = await make.plan(registry, [out])
    await make.receive(registry, make.make_request([out], planned_.digest))
    async with registry() as session:
        number = (await session.scalars(select(Move.number))).one()
    today = clock.today().isoformat()
    news = {"kind": "confirm_arrival_elsewhere", "letter": number, "arrived_on": today}
    planned_ = await make.plan(registry, [news])
    await make.receive(registry, make.make_request([news], planned_.digest))
    back = _dated(
        come({"person": {"nik": couple.mother.nik}, "relationship": 3},
             joins={"kk_number": couple.kk_number})
    )  # fmt: skip
    await _settled(registry, back)
    async with registry() as session:
        returned = await session.get_one(Resident, couple.mother.id)
        home = await session.get_one(Family, couple.family_id)
    assert (returned.status, returned.family_id) == ("HIDUP", home.id)
    assert returned.nik == couple.mother.nik


@pytest.mark.anyio
async def test_who_comes_from_abroad_gets_a_letter(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    stated = abroad(new(record(nik=None), passport_number="C1234567"))
    answer = await _settled(registry, stated)
    assert IssuedKind.IMMIGRATION_LETTER in [each.kind for each in answer.documents]
    [resident_id] = answer.outcome.resident_ids
    async with registry() as session:
        person = await session.get_one(Resident, resident_id)
        [move] = (await session.scalars(select(Move))).all()
    assert person.nik.startswith(GENTENG[:8].replace(".", ""))
    assert (move.direction, move.status, move.country) == ("FROM_ABROAD", "ARRIVED", "Malaysia")


@pytest.mark.anyio
async def test_a_bundle_of_an_arrival_applies_all_or_nothing(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    arrival = _dated(come(new(), new(boy(), relationship=4)))
    moved = {"kind": "issue_card", "person": {"nik": BAYU}, "reason": "MOVED"}
    nobody = {"kind": "issue_card", "person": {"nik": "3404010203189999"}, "reason": "MOVED"}
    refused = await make.apply(registry, [arrival, moved, nobody])
    assert isinstance(refused, ChangeRefused)
    async with registry() as session:
        assert (await session.scalars(select(Resident))).all() == []
        assert (await session.scalars(select(Move))).all() == []
    answer = await make.apply(registry, [arrival, moved])
    assert isinstance(answer, ChangeApplied), answer
    kinds = [each.kind for each in answer.documents]
    assert kinds == [IssuedKind.FAMILY_CARD, IssuedKind.CHILD_CARD]
    assert (await _by_nik(registry, BAYU)).kia_valid_until is not None

"""Moves inside the regency: planned on a registry in memory, applied on a real database."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from services.registry.changes.state import HeldCard, State
from services.registry.families.tables import Family, FamilyVersion
from services.registry.residents.tables import Resident
from shared.contract.events import ChangeApplied, IssuedKind
from shared.contract.facts import CardKind, MoveWithin, Relationship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    HOME,
    JEMBER,
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
from tests.registry.people import GENTENG

CHILD = key(50)


def known() -> State:
    return replace(state(), villages={MUNCAR: "Tembokrejo", GENTENG: "Genteng Kulon"})


def address(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    to = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": GENTENG}
    return to | changes


def whole(home: str = HOME, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    family = {"family_id": home}
    return {"kind": "move_within", "family": family, "reason": 1, "to": address(**changes)}


def some(
    *movers: str,
    joins: str | None = OLD_HOME,
    to: dict[str, Any] | None = None,
    **changes: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return {
        "kind": "move_within",
        "family": {"family_id": HOME},
        "reason": 6,
        "movers": [{"person": {"resident_id": each}} | changes for each in movers],
        "joins": {"family_id": joins} if joins else None,
        "to": to,
    }


def test_edge_16_everybody_moves_and_the_number_stays() -> None:
    plan = planned(known(), whole())
    assert effects(plan) == ["family.moved", "document.queued"]
    moved = plan.steps[0].state
    assert moved.families[HOME].village_code == GENTENG
    assert {moved.persons[each].village_code for each in (FATHER, MOTHER)} == {GENTENG}
    assert moved.persons[LONER].village_code == MUNCAR


def test_edge_16_only_a_child_moves_and_the_others_stay() -> None:
    plan = planned(with_people(known(), child()), some(CHILD))
    assert effects(plan) == [
        "family.member_left",
        "document.queued",
        "family.member_added",
        "document.queued",
    ]
    assert warnings(plan) == [("MOVE_MINOR_ALONE", "/0/movers/0")]
    after = plan.steps[0].state
    assert after.families[HOME].relationship_of(CHILD) is None
    assert after.families[OLD_HOME].relationship_of(CHILD) is not None
    assert after.persons[CHILD].family == OLD_HOME


def test_edge_16_a_head_joins_another_family_and_the_others_get_a_new_number() -> None:
    plan = planned(with_people(known(), child()), some(FATHER))
    assert refusals(plan) == []
    after = plan.steps[0].state
    assert after.families[HOME].closed
    home = after.family_of(after.persons[MOTHER])
    assert home is not None
    assert (home.head, home.relationship_of(CHILD)) == (MOTHER, Relationship.CHILD)
    assert after.persons[FATHER].family == OLD_HOME


def test_edge_16_a_head_moves_on_with_the_number_and_some_stay() -> None:
    stated = some(FATHER, joins=None, to=address())
    plan = planned(with_people(known(), child()), stated)
    assert refusals(plan) == []
    assert effects(plan) == [
        "family.member_left",
        "family.member_left",
        "family.opened",
        "document.queued",
        "family.moved",
        "document.queued",
    ]
    after = plan.steps[0].state
    assert (after.families[HOME].village_code, after.families[HOME].head) == (GENTENG, FATHER)
    home = after.family_of(after.persons[MOTHER])
    assert home is not None
    assert (home.village_code, home.head) == (MUNCAR, MOTHER)


def test_edge_16_only_children_are_not_left_by_a_move_within() -> None:
    stated = some(FATHER, MOTHER, joins=None, to=address())
    plan = planned(with_people(known(), child()), stated)
    assert refusals(plan) == [("MOVE_LEAVES_MINORS", "/0/stayers_head")]


def test_members_open_a_family_of_their_own_elsewhere() -> None:
    stated = some(MOTHER, CHILD, joins=None, to=address())
    plan = planned(with_people(known(), child()), stated)
    assert refusals(plan) == []
    after = plan.steps[0].state
    home = after.family_of(after.persons[CHILD])
    assert home is not None
    assert (home.head, home.village_code) == (MOTHER, GENTENG)
    assert home.relationship_of(CHILD) is Relationship.CHILD
    assert [each.person for each in after.families[HOME].members] == [FATHER]


def test_a_child_opens_no_family_of_its_own() -> None:
    plan = planned(with_people(known(), child()), some(CHILD, joins=None, to=address()))
    assert refusals(plan) == [("HEAD_NOT_FIT", "/0/movers/0/person")]


def test_edge_15_who_lives_alone_joins_another_family_and_the_old_one_closes() -> None:
    stated = some(LONER, joins=OLD_HOME, relationship=9) | {"family": {"family_id": ALONE}}
    plan = planned(known(), stated)
    assert refusals(plan) == []
    after = plan.steps[0].state
    assert after.families[ALONE].closed
    assert after.persons[LONER].family == OLD_HOME


def test_edge_37_cards_with_the_old_address_are_named_and_stay_valid() -> None:
    holder = {"cards": (HeldCard(CardKind.KTP_EL, None, None),)}
    before = replace(known(), persons={**known().persons, **state(father=holder).persons})
    told = planned(before, whole()).plan.effects[-1]
    assert (told.effect, told.subject) == ("card.outdated", FATHER)
    assert told.after == {"kind": "KTP_EL", "service": "KTP-MOVE"}


def test_edge_37_a_move_within_the_village_changes_the_rt_only() -> None:
    plan = planned(known(), whole(address="DUSUN KRAJAN", rt="009", rw="002", village_code=MUNCAR))
    [moved, _] = plan.plan.effects
    assert moved.before == {
        "address": "DUSUN KRAJAN", "rt": "001", "rw": "002", "village_code": MUNCAR,
    }  # fmt: skip
    assert moved.after
    assert (moved.after["rt"], moved.after["village_code"]) == ("009", MUNCAR)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (whole(village_code=JEMBER), [("NOT_IN_JURISDICTION", "/0/to/village_code")]),
        (whole(village_code="35.10.05.2999"), [("VILLAGE_UNKNOWN", "/0/to/village_code")]),
        (whole(key(999)), [("FAMILY_NOT_FOUND", "/0/family")]),
        (
            whole(address="DUSUN KRAJAN", rt="001", rw="002", village_code=MUNCAR),
            [("MOVE_SAME_ADDRESS", "/0/to")],
        ),
        (some(LONER), [("NOT_A_MEMBER", "/0/movers/0/person")]),
        (some(MOTHER, MOTHER), [("NAMED_TWICE", "/0/movers/1/person")]),
        (some(MOTHER, joins=HOME), [("MOVE_SAME_FAMILY", "/0/joins")]),
        (some(key(999)), [("PERSON_NOT_FOUND", "/0/movers/0/person")]),
        (some(MOTHER, relationship=1), [("HEAD_RELATIONSHIP", "/0/movers/0/relationship")]),
    ],
)
def test_refuses(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert refusals(planned(known(), stated)) == expected


def test_a_move_goes_one_way() -> None:
    both = some(MOTHER) | {"to": address()}
    with pytest.raises(ValueError, match=r"MOVE_ONE_WAY|to bila|movers and joins"):
        MoveWithin.model_validate(both)


def test_nobody_is_lost_or_counted_twice() -> None:
    before = with_people(known(), child())
    after = planned(before, some(CHILD, joins=ALONE)).steps[0].state
    members = [each.person for home in after.families.values() for each in home.members]
    assert sorted(members) == sorted(before.persons)


@pytest.mark.anyio
async def test_a_family_moves_with_everybody_in_it(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    stated = whole(str(couple.family_id))
    answer = await make.apply(registry, [stated])
    assert isinstance(answer, ChangeApplied)
    assert [each.kind for each in answer.documents] == [IssuedKind.FAMILY_CARD]
    async with registry() as session:
        family = await session.get_one(Family, couple.family_id)
        rows = (
            await session.scalars(select(Resident).where(Resident.family_id == family.id))
        ).all()
        versions = select(func.count()).where(FamilyVersion.family_id == family.id)
        assert await session.scalar(versions) == 2
    assert family.kk_number == couple.kk_number
    assert {(each.village_code, each.rt, each.rw) for each in rows} == {(GENTENG, "004", "005")}
    assert {each.nik for each in rows} == {couple.father.nik, couple.mother.nik}


@pytest.mark.anyio
async def test_a_member_moves_into_another_family(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    leaves = await make.make_couple(registry)
    takes_in = await make.make_couple(registry, village_code=GENTENG)
    stated = {
        "kind": "move_within",
        "family": {"kk_number": leaves.kk_number},
        "reason": 6,
        "movers": [{"person": {"nik": leaves.mother.nik}, "relationship": 9}],
        "joins": {"kk_number": takes_in.kk_number},
    }
    answer = await make.apply(registry, [stated])
    assert isinstance(answer, ChangeApplied)
    assert [each.kind for each in answer.documents] == [IssuedKind.FAMILY_CARD] * 2
    async with registry() as session:
        moved = await session.get_one(Resident, leaves.mother.id)
    assert (moved.family_id, moved.village_code) == (takes_in.family_id, GENTENG)
    assert moved.nik == leaves.mother.nik

"""Families that open, addresses and relationships that are written otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from services.registry.changes.state import HeldCard
from services.registry.documents.tables import Document
from services.registry.families.tables import Family, FamilyVersion, Membership
from services.registry.residents.tables import Resident
from shared.contract.events import ChangeApplied
from shared.contract.facts import CardKind, Citizenship, MaritalStatus, Relationship, Sex
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    GRANDMOTHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    OLD_HOME,
    child,
    effects,
    family,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_family,
    with_people,
)
from tests.registry.people import household, person, register

R = Relationship
TO = {
    "address": "JALAN MAWAR 3",
    "rt": "004",
    "rw": "005",
    "village_code": "35.10.05.2003",
}
CHILD = child().key


def opens(head: str, *members: str | tuple[str, int], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    stated = [each if isinstance(each, tuple) else (each, None) for each in members]
    return {
        "kind": "open_family",
        "head": {"resident_id": head},
        "members": [{"person": {"resident_id": who}, "relationship": what} for who, what in stated],
        "home": TO,
    } | changes


def address(home: str = HOME, **parts: str) -> dict[str, Any]:
    return {"kind": "change_address", "family": {"family_id": home}} | parts


def positions(*said: tuple[str, Relationship], home: str = HOME) -> dict[str, Any]:
    stated = [{"person": {"resident_id": who}, "relationship": int(what)} for who, what in said]
    return {"kind": "correct_positions", "family": {"family_id": home}, "positions": stated}


def test_who_marries_leaves_two_homes_for_a_common_one() -> None:
    linked = state(loner={"spouse": MOTHER}, mother={"spouse": LONER})
    plan = planned(linked, opens(LONER, MOTHER))

    assert refusals(plan) == []
    left = plan.steps[0].state
    opened = left.families["home/0"]
    assert [(each.person, each.relationship) for each in opened.members] == [
        (LONER, R.HEAD),
        (MOTHER, R.WIFE),
    ]
    assert (opened.rt, opened.address) == ("004", "JALAN MAWAR 3")
    assert left.families[ALONE].closed
    assert [each.person for each in left.families[HOME].members] == [FATHER]
    assert effects(plan) == [
        "family.member_left",
        "family.member_left",
        "family.closed",
        "document.queued",
        "family.opened",
        "document.queued",
    ]


def test_a_whole_family_that_opens_anew_closes_its_old_card_and_prints_it_no_more() -> None:
    plan = planned(with_people(state(), child()), opens(MOTHER, (FATHER, 2), CHILD))

    assert refusals(plan) == []
    assert plan.steps[0].state.families[HOME].closed
    printed = plan.steps[0].decision.printed  # type: ignore[union-attr]
    assert printed == ("home/0",)


@pytest.mark.parametrize(
    ("changes", "fact", "expected"),
    [
        ({}, opens(FATHER), [("HEAD_LEAVES_OTHERS", "/0/head")]),
        ({}, opens(MOTHER, MOTHER), [("NAMED_TWICE", "/0/members/0/person")]),
        ({}, opens(key(99)), [("PERSON_NOT_FOUND", "/0/head")]),
        (
            {"mother": {"marital_status": MaritalStatus.NEVER_MARRIED, "birth_date": date(2012, 1, 1)}},
            opens(MOTHER),
            [("HEAD_NOT_FIT", "/0/head")],
        ),
        ({"mother": {"status": "MATI"}}, opens(MOTHER), [("PERSON_NOT_ALIVE", "/0/head")]),
        (
            {"mother": {"citizenship": Citizenship.FOREIGN, "permit": "ITAS"}},
            opens(MOTHER),
            [("FOREIGNER_IN_NO_FAMILY", "/0/head")],
        ),
        ({"mother": {"village_code": JEMBER}}, opens(MOTHER), [("NOT_IN_JURISDICTION", "/0/head")]),
        ({}, opens(MOTHER, home=TO | {"village_code": JEMBER}), [("NOT_IN_JURISDICTION", "/0/home/village_code")]),
        ({}, opens(MOTHER, home=TO | {"village_code": "35.10.05.2999"}), [("VILLAGE_UNKNOWN", "/0/home/village_code")]),
        ({}, opens(MOTHER, (GRANDMOTHER, 3)), [("SPOUSE_SEX", "/0/members/0/relationship")]),
        ({}, opens(MOTHER, (GRANDMOTHER, 1)), [("SEVERAL_HEADS", "/0/members/0/relationship")]),
    ],
)  # fmt: skip
def test_who_cannot_open_a_family_is_refused_and_nothing_happens(
    changes: dict[str, Any], fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(state(**changes), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


def test_edge_20_an_institution_opens_with_hundreds_of_members() -> None:
    people = [
        replace(child(1000 + each), mother=None, father=None, family=None, village_code=None)
        for each in range(600)
    ]
    plan = planned(
        with_people(state(), *people),
        opens(LONER, *(each.key for each in people), institution=True),
    )

    assert refusals(plan) == []
    opened = plan.steps[0].state.families["home/0"]
    assert opened.institution
    assert len(opened.members) == 601
    assert {each.relationship for each in opened.members[1:]} == {R.OTHER}


def test_edge_24_a_foreigner_with_itap_and_a_citizen_share_a_card() -> None:
    foreigner = {
        "citizenship": Citizenship.FOREIGN,
        "permit": "ITAP",
        "spouse": MOTHER,
    }
    plan = planned(state(loner=foreigner, mother={"spouse": LONER}), opens(LONER, MOTHER))

    assert refusals(plan) == []
    assert plan.steps[0].state.families["home/0"].relationship_of(MOTHER) is R.WIFE


def test_edge_21_the_child_of_a_teenage_mother_is_grandchild_of_the_head() -> None:
    teenager = replace(child(60), birth_date=date(2011, 5, 1), sex=Sex.FEMALE, full_name="DEWI")
    baby = replace(child(61), mother=teenager.key, father=None, family=None)
    known = with_people(state(), teenager, baby)
    joins = {
        "kind": "add_member",
        "person": {"resident_id": baby.key},
        "family": {"family_id": HOME},
    }

    plan = planned(known, joins)

    assert refusals(plan) == []
    left = plan.steps[0].state
    assert left.families[HOME].relationship_of(baby.key) is R.GRANDCHILD
    assert not left.persons[teenager.key].ever_married  # so that no KTP-el is owed for the baby


def test_edge_37_another_rt_in_the_same_village_keeps_the_number_and_the_cards() -> None:
    holds = state()
    holder = replace(holds.persons[MOTHER], cards=(HeldCard(CardKind.KTP_EL, None, None),))
    plan = planned(holds.with_person(holder), address(rt="007", rw="003"))

    assert refusals(plan) == []
    assert warnings(plan) == [("CARD_SHOWS_OLD_ADDRESS", "/0/family")]
    assert effects(plan) == ["family.address_changed", "document.queued"]
    left = plan.steps[0].state
    assert (left.families[HOME].rt, left.families[HOME].rw) == ("007", "003")
    assert left.persons[MOTHER].cards == holder.cards


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (address(rt="001", rw="002"), [("MOVE_SAME_ADDRESS", "/0/address")]),
        (address(key(999), rt="003"), [("FAMILY_NOT_FOUND", "/0/family")]),
        (positions((MOTHER, R.WIFE)), [("POSITIONS_ARE_SO", "/0/positions")]),
        (positions((MOTHER, R.HEAD)), [("SEVERAL_HEADS", "/0/positions/0")]),
        (positions((FATHER, R.OTHER)), [("HEAD_STAYS", "/0/positions/0")]),
        (positions((LONER, R.OTHER)), [("NOT_A_MEMBER", "/0/positions/0"), ("POSITIONS_ARE_SO", "/0/positions")]),
        (positions((CHILD, R.WIFE)), [("SPOUSE_NOT_MARRIED", "/0/positions/0")]),
    ],
)  # fmt: skip
def test_what_cannot_be_written_otherwise_is_refused(
    fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(with_people(state(), child()), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


def test_an_officer_sees_a_child_as_a_relative_and_that_is_noted() -> None:
    plan = planned(with_people(state(), child()), positions((CHILD, R.OTHER_RELATIVE)))

    assert refusals(plan) == []
    assert warnings(plan) == [("POSITION_DIFFERS", "/0/positions/0")]
    assert effects(plan) == ["family.relationship_changed", "document.queued"]
    assert plan.steps[0].state.families[HOME].relationship_of(CHILD) is R.OTHER_RELATIVE


def test_a_number_that_is_dead_has_no_positions_though_its_head_lives_elsewhere() -> None:
    known = state()
    left = replace(known.families[HOME], closed=True, members=())
    without_head = {name: each for name, each in known.persons.items() if name != FATHER}
    known = replace(known, persons=without_head, families={**known.families, HOME: left})

    plan = planned(known, positions((MOTHER, R.OTHER_RELATIVE)))

    assert refusals(plan) == [("FAMILY_CLOSED", "/0/family")]


def test_two_wives_in_one_new_card_are_weighed_by_a_person() -> None:
    wives = state(mother={"spouse": LONER}, grandmother={"spouse": LONER}, loner={"spouse": MOTHER})
    known = with_family(wives, family(OLD_HOME, GRANDMOTHER))
    plan = planned(known, opens(LONER, (MOTHER, 3), (GRANDMOTHER, 3)))

    assert refusals(plan) == []
    assert ("SEVERAL_WIVES", "/0/members") in warnings(plan)


@pytest.mark.anyio
async def test_an_institution_of_three_hundred_is_opened_for_real(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    async with registry.begin() as session:
        _, [head] = await household(
            session, (person("KIAI", sex="L", birth_date=date(1970, 1, 2)), 1)
        )
        pupils = [
            await register(session, person("SANTRI", birth_date=date(2012, 1, 1), marital_status=1))
            for _ in range(300)
        ]
    fact = opens(str(head.id), *(str(each.id) for each in pupils), institution=True)

    answer = await make.apply(registry, [fact])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        opened = await session.scalar(select(Family).where(Family.kind == "INSTITUTION"))
        assert opened is not None
        lines = select(func.count()).where(
            Membership.family_id == opened.id, func.upper_inf(Membership.period)
        )
        assert await session.scalar(lines) == 301
        paper = await session.scalar(select(Document).where(Document.about_id == opened.id))
        assert paper is not None
        assert len(paper.content["members"]) == 301


@pytest.mark.anyio
async def test_the_address_follows_to_every_member_and_the_card_is_printed_anew(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [address(str(couple.family_id), rt="009", hamlet="KRAJAN")])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        home = await session.get_one(Family, couple.family_id)
        wife = await session.get_one(Resident, couple.mother.id)
        paper = await session.scalar(select(Document).where(Document.about_id == home.id))
    assert (home.rt, home.hamlet, home.kk_number) == ("009", "KRAJAN", couple.kk_number)
    assert wife.rt == "009"
    assert paper is not None
    assert paper.content["address"]["rt"] == "009"


@pytest.mark.anyio
async def test_a_relationship_is_recorded_otherwise_on_the_same_line(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    mother = str(couple.mother.id)

    answer = await make.apply(
        registry, [positions((mother, R.OTHER_RELATIVE), home=str(couple.family_id))]
    )

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        rows = select(Membership).where(Membership.resident_id == couple.mother.id)
        by_open = {
            each.period.upper is None and not each.period.isempty: each
            for each in await session.scalars(rows)
        }
        version = await session.scalar(
            select(FamilyVersion).where(FamilyVersion.cause == "correct_positions")
        )
    assert by_open[True].relationship == R.OTHER_RELATIVE
    assert by_open[True].position == 2
    assert version is not None
    assert version.changed == ["members"]

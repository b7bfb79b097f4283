"""Heads of families, planned on a registry in memory and applied to a real one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.changes import relations
from services.registry.changes.planning import Planned
from services.registry.changes.state import Person
from services.registry.documents.tables import Document
from services.registry.families.tables import Family, FamilyVersion, Membership
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied
from shared.contract.facts import MaritalStatus, Relationship, Sex
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
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

R = Relationship


def change_head(head: str = MOTHER, home: str = HOME, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    fact: dict[str, Any] = {
        "kind": "change_head",
        "family": {"family_id": home},
        "head": {"resident_id": head},
    }
    return fact | changes


def says(person: str, relationship: Relationship) -> dict[str, Any]:
    return {"person": {"resident_id": person}, "relationship": int(relationship)}


def lines(plan: Planned) -> list[tuple[str, int]]:
    """Return who is what on the card of the family that a plan opens."""
    after: Any = next(each.after for each in plan.plan.effects if each.effect == "family.opened")
    return [(each["person"], each["relationship"]) for each in after["members"]]


def somebody(number: int, sex: Sex = Sex.MALE, **changes: Any) -> Person:  # noqa: ANN401
    return replace(Person(key(number), "ORANG", sex, date(1980, 1, 1), 1), **changes)


@pytest.mark.parametrize(
    ("head_was", "was", "expected"),
    [
        (R.WIFE, R.CHILD, R.CHILD),
        (R.WIFE, R.PARENT, R.PARENT_IN_LAW),
        (R.WIFE, R.PARENT_IN_LAW, R.PARENT),
        (R.WIFE, R.WIFE, R.OTHER_RELATIVE),
        (R.HUSBAND, R.GRANDCHILD, R.GRANDCHILD),
        (R.CHILD, R.HEAD, R.PARENT),
        (R.CHILD, R.WIFE, R.PARENT),
        (R.CHILD, R.CHILD, R.OTHER_RELATIVE),
        (R.CHILD_IN_LAW, R.HEAD, R.PARENT_IN_LAW),
        (R.PARENT, R.HEAD, R.CHILD),
        (R.PARENT, R.WIFE, R.CHILD_IN_LAW),
        (R.PARENT, R.CHILD, R.GRANDCHILD),
        (R.PARENT_IN_LAW, R.WIFE, R.CHILD),
        (R.GRANDCHILD, R.HEAD, R.OTHER_RELATIVE),
        (R.CHILD, R.DOMESTIC_WORKER, R.DOMESTIC_WORKER),
        (R.OTHER, R.HEAD, R.OTHER),
    ],
)
def test_the_table_proposes_what_members_are_to_the_new_head(
    head_was: Relationship, was: Relationship, expected: Relationship
) -> None:
    assert relations.proposed(somebody(1), was, somebody(2), head_was) is expected


def test_recorded_kinship_speaks_before_the_table() -> None:
    head = somebody(1, mother=key(2))
    married = MaritalStatus.MARRIED_REGISTERED
    son = somebody(3, father=key(1))
    wife = somebody(4, Sex.FEMALE, spouse=key(1), marital_status=married)

    assert relations.proposed(somebody(2), R.OTHER_RELATIVE, head, R.CHILD) is R.PARENT
    assert relations.proposed(son, R.GRANDCHILD, head, R.CHILD) is R.CHILD
    husband = replace(head, marital_status=married)
    assert relations.proposed(wife, R.CHILD_IN_LAW, husband, R.CHILD) is R.WIFE
    assert relations.proposed(wife, R.CHILD_IN_LAW, head, R.CHILD) is R.OTHER_RELATIVE


def test_a_new_head_closes_the_old_number_and_opens_a_new_one() -> None:
    plan = planned(with_people(state(), child()), change_head())

    assert refusals(plan) == warnings(plan) == []
    assert effects(plan) == ["family.closed", "family.opened", "document.queued"]
    closed = plan.plan.effects[0]
    assert (closed.subject, closed.after) == (HOME, {"reason": "HEAD_CHANGED"})
    assert lines(plan) == [(MOTHER, 1), (FATHER, 2), (child().key, 4)]
    left = plan.steps[0].state
    assert left.families[HOME].closed
    assert left.families[HOME].members == ()
    assert {left.persons[each].family for each in (MOTHER, FATHER)} == {"home/0"}


def test_an_officer_overrides_a_proposal_and_a_person_weighs_it() -> None:
    plan = planned(
        with_people(state(), child()),
        change_head(positions=[says(child().key, R.OTHER_RELATIVE)]),
    )

    assert warnings(plan) == [("POSITION_DIFFERS", "/0/positions/0")]
    assert lines(plan)[2] == (child().key, 9)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (change_head(FATHER), [("ALREADY_HEAD", "/0/head")]),
        (change_head(child().key), [("HEAD_NOT_FIT", "/0/head")]),
        (change_head(LONER), [("HEAD_NOT_A_MEMBER", "/0/head")]),
        (change_head(key(999)), [("PERSON_NOT_FOUND", "/0/head")]),
        (change_head(home=key(999)), [("FAMILY_NOT_FOUND", "/0/family")]),
        (
            change_head(positions=[says(LONER, R.CHILD)]),
            [("NOT_A_MEMBER", "/0/positions/0")],
        ),
        (
            change_head(positions=[says(FATHER, R.HUSBAND), says(FATHER, R.HUSBAND)]),
            [("NAMED_TWICE", "/0/positions/1")],
        ),
        (
            change_head(positions=[says(FATHER, R.HEAD)]),
            [("SEVERAL_HEADS", "/0/positions/0")],
        ),
        (
            change_head(positions=[says(MOTHER, R.WIFE)]),
            [("HEAD_STAYS", "/0/positions/0"), ("SPOUSE_SEX", "/0/positions/0")],
        ),
        (
            change_head(positions=[says(child().key, R.WIFE)]),
            [("SPOUSE_NOT_MARRIED", "/0/positions/0"), ("SPOUSE_SEX", "/0/positions/0")],
        ),
    ],
)
def test_an_unfit_head_or_an_odd_position_is_refused(
    fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(with_people(state(), child()), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


def test_an_adult_relative_becomes_head_of_children_and_leaves_an_empty_family_closed() -> None:
    known = with_family(state(), family(HOME, child().key))
    known = with_people(known, child(family=None))
    known = known.with_person(replace(known.persons[child().key], family=HOME))

    plan = planned(known, change_head(LONER))

    assert refusals(plan) == []
    assert effects(plan) == [
        "family.member_left",
        "family.closed",
        "family.closed",
        "family.opened",
        "document.queued",
    ]


def test_a_relative_who_heads_others_cannot_leave_them() -> None:
    known = with_family(state(), family(HOME, child().key))
    known = with_people(known, child(family=None))
    known = known.with_person(replace(known.persons[child().key], family=HOME))

    plan = planned(known, change_head(known.families[OLD_HOME].head))

    assert refusals(plan) == [("HEAD_LEAVES_OTHERS", "/0/head")]


@pytest.mark.anyio
async def test_a_new_head_gets_a_new_number_and_nobody_loses_their_home(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    fact = change_head(str(couple.mother.id), str(couple.family_id))

    answer = await make.apply(registry, [fact])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        old = await session.get_one(Family, couple.family_id)
        [new] = await session.scalars(select(Family).where(Family.id != couple.family_id))
        open_ = select(Membership).where(Membership.relationship.in_([1, 2]))
        now = {each.resident_id: each for each in await session.scalars(open_)}
        people = list(await session.scalars(select(Resident)))
        [paper] = await session.scalars(select(Document))
        last = await session.scalar(
            select(FamilyVersion)
            .where(FamilyVersion.family_id == old.id)
            .order_by(FamilyVersion.version.desc())
            .limit(1)
        )
    assert (old.closed_on, old.close_reason) == (clock.today(), "HEAD_CHANGED")
    assert old.kk_number == couple.kk_number != new.kk_number
    assert (new.head_id, new.address, new.rt, new.rw) == (
        couple.mother.id, old.address, old.rt, old.rw,
    )  # fmt: skip
    assert now[couple.mother.id].family_id == new.id
    assert {each.family_id for each in people} == {new.id}
    assert {(each.rt, each.rw) for each in people} == {("001", "002")}
    assert (paper.about_id, paper.content["kk_number"]) == (new.id, new.kk_number)
    assert last is not None
    assert last.data["members"] == []
    assert set(answer.outcome.family_ids) == {old.id, new.id}

"""Families that split at one address, planned in memory and applied to a real registry."""

from typing import Any

import pytest
from sqlalchemy import select

from services.registry.documents.tables import Document
from services.registry.families.tables import Family, Membership
from shared.contract.events import ChangeApplied
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
    LONER,
    MOTHER,
    child,
    effects,
    key,
    planned,
    refusals,
    state,
    with_people,
)

CHILD = child().key


def split(head: str = MOTHER, *members: str, home: str = HOME) -> dict[str, Any]:
    return {
        "kind": "split_family",
        "family": {"family_id": home},
        "head": {"resident_id": head},
        "members": [{"resident_id": each} for each in members],
    }


def test_a_mother_and_her_child_go_on_under_a_number_of_their_own() -> None:
    plan = planned(with_people(state(), child()), split(MOTHER, CHILD))

    assert refusals(plan) == []
    assert effects(plan) == [
        "family.member_left",
        "family.member_left",
        "document.queued",
        "family.opened",
        "document.queued",
    ]
    left = plan.steps[0].state
    assert [each.person for each in left.families[HOME].members] == [FATHER]
    lines = [(each.person, int(each.relationship)) for each in left.families["home/0"].members]
    assert lines == [(MOTHER, 1), (CHILD, 4)]
    assert left.families["home/0"].address == left.families[HOME].address


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (split(FATHER), [("ONLY_HEAD_CHANGES", "/0/head")]),
        (split(LONER), [("NOT_A_MEMBER", "/0/head")]),
        (split(CHILD), [("HEAD_NOT_FIT", "/0/head")]),
        (split(MOTHER, FATHER), [("ONLY_HEAD_CHANGES", "/0/members/0")]),
        (split(MOTHER, LONER), [("NOT_A_MEMBER", "/0/members/0")]),
        (split(MOTHER, CHILD, CHILD), [("NAMED_TWICE", "/0/members/1")]),
        (split(MOTHER, home=key(999)), [("FAMILY_NOT_FOUND", "/0/family")]),
    ],
)
def test_who_cannot_split_off_is_refused_and_nothing_happens(
    fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(with_people(state(), child()), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


@pytest.mark.anyio
async def test_both_families_get_a_card_and_the_old_number_stays(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [split(str(couple.mother.id), home=str(couple.family_id))])

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        old = await session.get_one(Family, couple.family_id)
        [new] = await session.scalars(select(Family).where(Family.id != couple.family_id))
        rows = await session.scalars(select(Membership).where(Membership.relationship == 1))
        heads = {each.family_id: each.resident_id for each in rows}
        papers = {each.about_id: each for each in await session.scalars(select(Document))}
    assert (old.kk_number, old.closed_on) == (couple.kk_number, None)
    assert heads == {old.id: couple.father.id, new.id: couple.mother.id}
    assert [each["full_name"] for each in papers[old.id].content["members"]] == ["BUDI SANTOSO"]
    assert [each["full_name"] for each in papers[new.id].content["members"]] == ["SITI AMINAH"]

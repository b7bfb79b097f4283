from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from services.requests.cases.subject import _OF, subject_of
from shared.contract.facts import KINDS, Fact

FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
MOTHER = str(uuid4())


def birth(child: dict[str, object] | None = None, **changes: object) -> Fact:
    born: dict[str, object] = {
        "full_name": "AYU LESTARI",
        "sex": "P",
        "birth_date": "2026-11-20",
        "birth_place": "BANYUWANGI",
    }
    fact = {
        "kind": "register_birth",
        "child": born | (child or {}),
        "mother": {"resident_id": MOTHER},
        "reporter_name": "BIDAN SRI",
        "reporter_relationship": "midwife",
        "witnesses": [{"full_name": "A"}, {"full_name": "B"}],
    }
    return FACT.validate_python(fact | changes)


def test_the_same_birth_is_the_same_however_it_is_written() -> None:
    again = birth(child={"full_name": "Ayu  lestarí ", "weight_grams": 3100})
    assert subject_of([again]) == subject_of([birth()])


def test_what_follows_the_first_fact_changes_nothing() -> None:
    card = FACT.validate_python({"kind": "issue_card", "person": {"created_by": 0}})
    assert subject_of([birth(), card]) == subject_of([birth()])


@pytest.mark.parametrize(
    "other",
    [
        birth(child={"full_name": "AYU LESTARI DEWI"}),
        birth(child={"birth_date": "2026-11-21"}),
        birth(mother={"resident_id": str(uuid4())}),
        birth(mother=None),
    ],
    ids=["name", "day", "mother", "no mother"],
)
def test_another_birth_is_another(other: Fact) -> None:
    assert subject_of([other]) != subject_of([birth()])


def test_a_case_without_facts_is_about_nothing_yet() -> None:
    assert subject_of([]) is None


@pytest.mark.parametrize(
    "fact",
    [
        {"kind": "issue_card", "person": {"resident_id": MOTHER}},
        {"kind": "reissue_family_card", "family": {"of": {"resident_id": MOTHER}}},
        {
            "kind": "add_member",
            "person": {"resident_id": MOTHER},
            "family": {"kk_number": "3510051203109001"},
        },
        {
            "kind": "register_resident",
            "full_name": "SLAMET",
            "sex": "L",
            "birth_place": "MUNCAR",
            "birth_date": "1980-07-01",
            "religion": 1,
            "marital_status": 1,
            "mother_name": "SUTINAH",
            "village_code": "35.10.05.2003",
        },
    ],
    ids=lambda fact: fact["kind"],
)
def test_every_kind_of_fact_has_a_subject(fact: dict[str, Any]) -> None:
    assert subject_of([FACT.validate_python(fact)]) == subject_of([FACT.validate_python(fact)])
    assert subject_of([FACT.validate_python(fact)]) != subject_of([birth()])


def test_no_kind_of_fact_is_without_a_subject() -> None:
    assert set(_OF) == set(KINDS.values())


HOME = {"kk_number": "3510051203109001"}
TO = {"address": "DUSUN KRAJAN", "rt": "001", "rw": "002", "village_code": "35.10.05.2003"}
CORRECTED = {"kind": "correct_resident", "person": {"resident_id": MOTHER}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            CORRECTED | {"to": {"occupation": 5}, "proof": {"paper": "WORK_LETTER"}},
            CORRECTED | {"to": {"education": 5}, "proof": {"paper": "DIPLOMA"}},
        ),
        (
            {"kind": "change_head", "family": HOME, "head": {"resident_id": MOTHER}},
            {"kind": "split_family", "family": HOME, "head": {"resident_id": MOTHER}},
        ),
        (
            {"kind": "move_within", "family": HOME, "reason": 1, "to": TO},
            {"kind": "change_head", "family": HOME, "head": {"resident_id": MOTHER}},
        ),
    ],
    ids=["elements", "head and split", "move"],
)
def test_different_wishes_about_the_same_people_are_different(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = FACT.validate_python(one), FACT.validate_python(other)
    assert subject_of([first]) == subject_of([FACT.validate_python(one)])
    assert subject_of([first]) != subject_of([second])

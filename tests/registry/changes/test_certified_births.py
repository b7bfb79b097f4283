"""Births of people who have a NIK already, of foreigners, and of those born in another country."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.certificates.tables import Certificate
from services.registry.changes.state import Particulars, State
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied
from shared.contract.facts import Citizenship
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    FATHER,
    HOME,
    LONER,
    MOTHER,
    add,
    birth,
    child,
    effects,
    entry,
    family,
    key,
    planned,
    refusals,
    state,
    with_family,
    with_people,
)
from tests.registry.people import person, register

CHILD = key(50)
ITAS: dict[str, Any] = {"citizenship": Citizenship.FOREIGN, "permit": "ITAS", "family": None}
ABROAD = {
    "number": "NL-2026-77",
    "authority": "Kota Den Haag",
    "country": "Belanda",
    "issued_on": "2026-11-10",
}


def late(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the late birth of the child who has a NIK."""
    born = {"full_name": "Rina Santoso", "sex": "P", "birth_date": "2024-11-01"}
    named = born | changes.pop("child", {})
    return birth(child=named, existing={"resident_id": CHILD}, **changes)


def uncertified(**changes: Any) -> State:  # noqa: ANN401
    known = Particulars(
        mother_name="S. AMINAH", father_name="BUDI SANTOSO", birth_place="BANYUWANGI"
    )
    made: dict[str, Any] = {"has_birth_certificate": False, "particulars": known} | changes
    return with_people(state(), child(**made))


def abroad(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    told = birth(**changes) | {"kind": "report_birth_abroad", "certificate": ABROAD}
    del told["witnesses"]
    return told


def test_a_child_with_a_nik_gets_the_certificate_and_no_second_nik() -> None:
    plan = planned(uncertified(), late())

    assert refusals(plan) == []
    assert effects(plan) == [
        "resident.corrected",
        "document.queued",
        "certificate.registered",
        "document.queued",
    ]
    assert plan.plan.effects[0].after is not None
    assert plan.plan.effects[0].after["mother_name"] == "SITI AMINAH"
    assert {each.subject for each in plan.plan.effects} == {CHILD, HOME}


@pytest.mark.parametrize(
    ("made", "fact", "refusal"),
    [
        (
            {"has_birth_certificate": True},
            late(),
            ("CHILD_HAS_CERTIFICATE", "/0/existing"),
        ),
        ({}, late(child={"full_name": "Dewi"}), ("CHILD_DIFFERS", "/0/existing")),
        ({}, late(child={"birth_date": "2024-11-02"}), ("CHILD_DIFFERS", "/0/existing")),
        ({"mother": key(4)}, late(), ("CHILD_OF_ANOTHER", "/0/mother")),
        ({"status": "MATI"}, late(), ("PERSON_NOT_ALIVE", "/0/existing")),
        (
            {},
            late() | {"existing": {"resident_id": key(99)}},
            ("PERSON_NOT_FOUND", "/0/existing"),
        ),
    ],
)
def test_whose_birth_is_not_certified(
    made: dict[str, Any], fact: dict[str, Any], refusal: tuple[str, str]
) -> None:
    assert refusal in refusals(planned(uncertified(**made), fact))


def test_edge_10_a_foundling_is_certified_again_after_a_cancellation() -> None:
    known = uncertified(mother=None, father=None).with_entry(entry(cancelled=True))

    assert refusals(planned(known, late())) == []


def test_a_child_of_lodging_foreigners_is_on_no_family_card() -> None:
    known = with_family(state(mother=ITAS, father=ITAS), family(HOME, LONER))
    for each in (MOTHER, FATHER):
        known = known.with_person(replace(known.persons[each], family=None))

    plan = planned(known, birth())

    assert refusals(plan) == []
    registered = plan.plan.effects[0].after or {}
    assert (registered["citizenship"], registered["nik_district"]) == (2, "35.10.05")


def test_lodgers_of_another_regency_report_there() -> None:
    away = ITAS | {"village_code": "35.09.01.2001"}
    known = with_family(state(mother=away, father=away), family(HOME, LONER))
    for each in (MOTHER, FATHER):
        known = known.with_person(replace(known.persons[each], family=None))

    assert ("NOT_IN_JURISDICTION", "/0/mother") in refusals(planned(known, birth()))


def test_edge_01_a_newborn_of_one_name_is_advised_and_accepted() -> None:
    plan = planned(state(), birth(child={"full_name": "Suparman"}), add())

    assert refusals(plan) == []
    assert "NAME_SINGLE_WORD" in {each.rule for each in plan.plan.warnings}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("A" * 61, "NAME_TOO_LONG"),
        ("Bayu 2", "NAME_DIGITS"),
        ("Ma'ruf Santoso", "NAME_PUNCTUATION"),
        ("Moh. Santoso", "NAME_ABBREVIATION"),
    ],
)
def test_edge_02_a_newborns_name_is_blocked_and_an_old_one_accepted(name: str, rule: str) -> None:
    old = uncertified()
    old = old.with_person(replace(old.persons[LONER], full_name=name.upper()))
    kept = {
        "kind": "correct_resident",
        "person": {"resident_id": LONER},
        "to": {"occupation": 5},
        "proof": {"paper": "STATEMENT"},
    }

    assert rule in {
        each for each, _ in refusals(planned(state(), birth(child={"full_name": name})))
    }
    assert refusals(planned(old, kept)) == []


def test_a_birth_abroad_is_reported_without_a_certificate_of_ours() -> None:
    joined = {
        "kind": "add_member",
        "person": {"created_by": 0},
        "family": {"family_id": HOME},
    }

    plan = planned(state(), abroad(), joined)

    assert refusals(plan) == []
    assert effects(plan)[:2] == ["resident.registered", "birth.reported"]
    assert "certificate.registered" not in effects(plan)


@pytest.mark.anyio
async def test_a_late_certificate_is_written_on_the_record(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    async with registry.begin() as session:
        grown = await register(
            session, person("BAYU SANTOSO", sex="L", birth_date=date(2010, 5, 6), marital_status=1)
        )
    born = make.make_child(birth_date="2010-05-06")
    fact = make.make_birth(couple, child=born, existing={"resident_id": str(grown.id)})
    joined = {
        "kind": "add_member",
        "person": {"resident_id": str(grown.id)},
        "family": {"family_id": str(couple.family_id)},
    }

    answer = await make.apply(registry, [fact | {"family": joined["family"]}, joined])

    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        child_ = await session.get_one(Resident, grown.id)
        [akta] = await session.scalars(select(Certificate))
    assert (child_.nik, child_.mother_id) == (grown.nik, couple.mother.id)
    assert child_.birth_certificate_number == akta.number
    assert (akta.kind, akta.subject_id) == ("LAHIR_TERLAMBAT", grown.id)


@pytest.mark.anyio
async def test_a_birth_abroad_is_written_with_the_foreign_number(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    today = clock.today().isoformat()
    told = make.make_birth(couple) | {
        "kind": "report_birth_abroad",
        "certificate": ABROAD | {"issued_on": today},
    }
    del told["witnesses"]
    home = {"family_id": str(couple.family_id)}

    answer = await make.apply(
        registry,
        [
            told,
            {"kind": "add_member", "person": {"created_by": 0}, "family": home},
            {"kind": "reissue_family_card", "family": home, "reason": "MEMBER_ADDED"},
        ],
    )

    assert isinstance(answer, ChangeApplied), answer
    assert [each.kind for each in answer.documents] == ["KK"]
    [child_id] = answer.outcome.resident_ids
    async with registry() as session:
        born = await session.get_one(Resident, child_id)
        assert list(await session.scalars(select(Certificate))) == []
    assert (born.birth_certificate_number, born.family_id) == ("NL-2026-77", couple.family_id)

"""Corrections of a record, planned in memory and applied on a real database."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.changes.state import HeldCard, Particulars
from services.registry.residents.tables import Resident, ResidentVersion
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind, MaritalStatus
from shared.db import Sessions
from tests.registry import make
from tests.registry.changes.states import (
    LONER,
    MOTHER,
    TODAY,
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
COURT = {"paper": "COURT_RULING", "number": "12/Pdt.P/2026/PN Byw", "issued_on": "2026-10-01"}
CERTIFICATE = {"paper": "BIRTH_CERTIFICATE"}
DIPLOMA = {"paper": "DIPLOMA"}
STATEMENT = {"paper": "STATEMENT"}
LEADER = {"paper": "RELIGION_LETTER", "issuer": "PHDI Banyuwangi"}
SINGLE = {"marital_status": MaritalStatus.NEVER_MARRIED}


def correction(person: str = LONER, proof: dict[str, Any] = STATEMENT, **to: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "correct_resident",
        "person": {"resident_id": person},
        "to": to,
        "proof": proof,
    }


@pytest.mark.parametrize(
    ("proof", "to", "rule", "pointer"),
    [
        (STATEMENT, {}, "NOTHING_TO_CHANGE", "/0/to"),
        (STATEMENT, {"full_name": "agus"}, "NOTHING_TO_CHANGE", "/0/to"),
        (STATEMENT, {"full_name": "Slamet"}, "NAME_CHANGE_NEEDS_COURT", "/0/to/full_name"),
        (STATEMENT, {"full_name": "Agu5"}, "NAME_DIGITS", "/0/to/full_name"),
        (STATEMENT, {"sex": "P"}, "SEX_NEEDS_COURT", "/0/proof"),
        ({"paper": "COURT_RULING"}, {"sex": "P"}, "SEX_NEEDS_COURT", "/0/proof"),
        (STATEMENT, {"religion": 4}, "RELIGION_PROOF_NEEDED", "/0/proof"),
        ({"paper": "RELIGION_LETTER"}, {"religion": 4}, "RELIGION_PROOF_NEEDED", "/0/proof"),
        (LEADER, {"religion": 7}, "BELIEF_ORGANISATION_NEEDED", "/0/to/belief_organisation"),
        (
            LEADER,
            {"belief_organisation": "Sapta Darma"},
            "BELIEF_ORGANISATION_ONLY",
            "/0/to/belief_organisation",
        ),
        (STATEMENT, {"birth_place": "Jember"}, "BIRTH_PROOF_NEEDED", "/0/proof"),
        (STATEMENT, {"mother_name": "Sumi"}, "PARENT_PROOF_NEEDED", "/0/to/mother_name"),
        (STATEMENT, {"father_name": "Karto"}, "PARENT_PROOF_NEEDED", "/0/to/father_name"),
        (DIPLOMA, {"birth_date": "2026-11-25"}, "CORRECTION_IN_FUTURE", "/0/to/birth_date"),
        (
            {**STATEMENT, "issued_on": "2026-11-25"},
            {"occupation": 5},
            "CORRECTION_IN_FUTURE",
            "/0/proof/issued_on",
        ),
    ],
)
def test_a_correction_is_refused(
    proof: dict[str, Any], to: dict[str, Any], rule: str, pointer: str
) -> None:
    plan = planned(state(), correction(proof=proof, **to))

    assert (rule, pointer) in refusals(plan)
    assert effects(plan) == []


@pytest.mark.parametrize(
    ("effective_on", "rule"),
    [("2026-11-25", "CORRECTION_IN_FUTURE"), ("1991-08-08", "CORRECTION_BEFORE_BIRTH")],
)
def test_since_when_it_is_so(effective_on: str, rule: str) -> None:
    plan = planned(state(), correction(occupation=5) | {"effective_on": effective_on})

    assert refusals(plan) == [(rule, "/0/effective_on")]


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        ({"status": "MATI"}, "PERSON_NOT_ALIVE"),
        ({"status": "TIDAK_VALID"}, "PERSON_NOT_ACTIVE"),
        ({"village_code": "35.09.01.2001"}, "NOT_IN_JURISDICTION"),
    ],
)
def test_whose_record_is_not_corrected_here(person: dict[str, Any], rule: str) -> None:
    plan = planned(state(loner=person), correction(occupation=5))

    assert refusals(plan) == [(rule, "/0/person")]


def test_a_known_blood_type_needs_a_medical_letter() -> None:
    known = state(loner={"particulars": Particulars(blood_type=1)})

    stated = planned(known, correction(blood_type=4))
    proved = planned(known, correction(proof={"paper": "MEDICAL_LETTER"}, blood_type=4))
    first = planned(state(), correction(blood_type=4))

    assert refusals(stated) == [("BLOOD_PROOF_NEEDED", "/0/proof")]
    assert (refusals(proved), refusals(first)) == ([], [])


def test_what_the_family_card_shows_is_printed_again() -> None:
    shown = planned(state(), correction(occupation=5, education=8))
    unseen = planned(state(), correction(disability=2))

    assert effects(shown) == ["resident.corrected", "resident.corrected", "document.queued"]
    assert shown.plan.effects[0].text_en.startswith("The education of AGUS becomes Diploma 4")
    assert effects(unseen) == ["resident.corrected"]


def test_a_title_and_a_disability_can_be_taken_off() -> None:
    known = state(loner={"particulars": Particulars(title_after="S.H.", disability=2)})

    plan = planned(known, correction() | {"emptied": ["title_after", "disability"]})

    assert [each.after for each in plan.plan.effects[:2]] == [
        {"title_after": None, "effective_on": "2026-11-24"},
        {"disability": None, "effective_on": "2026-11-24"},
    ]


def test_less_education_is_weighed() -> None:
    known = state(loner={"particulars": Particulars(education=8)})

    assert warnings(planned(known, correction(education=5))) == [
        ("EDUCATION_LOWER", "/0/to/education")
    ]


def test_edge_01_and_02_an_old_name_keeps_its_faults_in_a_correction() -> None:
    known = state(loner={"full_name": "MOH. MA'RUF HASAN"})

    plan = planned(known, correction(full_name="Moh. Ma'ruf Hassan"))

    assert refusals(plan) == []


def test_edge_04_the_nik_may_contradict_the_sex() -> None:
    known = state(loner={"particulars": Particulars(nik="3510050908919001")} | SINGLE)

    plan = planned(known, correction(proof=COURT, sex="P"))

    assert (refusals(plan), warnings(plan)) == ([], [("NIK_SEX_MISMATCH", "/0/to/sex")])


def test_the_sex_of_a_married_person_is_weighed() -> None:
    assert warnings(planned(state(), correction(proof=COURT, sex="P"))) == [
        ("SEX_OF_SPOUSE", "/0/to/sex")
    ]


def test_edge_05_a_birth_date_may_bring_the_duty_to_hold_a_card() -> None:
    held = (HeldCard(CardKind.KIA, "B", date(2026, 12, 31)),)
    known = with_people(state(), child(birth_date=date(2010, 1, 1), cards=held))

    plan = planned(known, correction(CHILD, COURT, birth_date="2009-11-24"))

    assert refusals(plan) == []
    assert effects(plan) == [
        "resident.corrected",
        "resident.card_duty",
        "card.revoked",
        "document.queued",
    ]
    assert plan.plan.effects[1].after == {"must_hold_ktp": True}


def test_edge_05_a_birth_date_may_lift_the_duty_and_end_the_card() -> None:
    ktp = (HeldCard(CardKind.KTP_EL, None, None),)
    known = with_people(state(), child(birth_date=date(2009, 1, 1), cards=ktp))

    plan = planned(known, correction(CHILD, COURT, birth_date="2010-01-01"))

    assert plan.plan.effects[1].after == {"must_hold_ktp": False}
    assert plan.plan.effects[2].before == {"kind": "KTP_EL"}


def test_edge_05_a_child_card_runs_by_the_new_date() -> None:
    held = (HeldCard(CardKind.KIA, "A", date(2029, 10, 31)),)
    known = with_people(state(), child(cards=held))

    plan = planned(known, correction(CHILD, COURT, birth_date="2020-11-01"))

    [issued] = [each for each in plan.plan.effects if each.effect == "card.issued"]
    assert issued.after == {"kind": "KIA", "variant": "B", "valid_until": "2037-10-31"}


def test_the_certificate_decides_over_a_diploma() -> None:
    known = with_people(state(), child())

    diploma = planned(known, correction(CHILD, DIPLOMA, birth_date="2024-11-02"))
    certificate = planned(known, correction(CHILD, CERTIFICATE, birth_date="2024-11-02"))

    assert refusals(diploma) == [("CERTIFICATE_DECIDES", "/0/proof")]
    assert refusals(certificate) == []


def test_a_head_does_not_become_a_child() -> None:
    plan = planned(state(loner=SINGLE), correction(proof=COURT, birth_date="2009-11-25"))

    assert refusals(plan) == [("HEAD_TOO_YOUNG", "/0/to/birth_date")]


def test_a_mother_of_nine_is_weighed() -> None:
    known = with_people(state(), child())

    plan = planned(known, correction(MOTHER, COURT, birth_date="2015-11-01"))

    assert warnings(plan) == [("PARENT_AGE_UNLIKELY", "/0/to/birth_date")]


def test_an_identity_card_is_to_be_changed() -> None:
    known = state(loner={"cards": (HeldCard(CardKind.KTP_EL, None, None),)})

    assert "card.change_due" in effects(planned(known, correction(occupation=5)))
    assert "card.change_due" not in effects(planned(known, correction(education=5)))


def test_edge_41_religion_changes_and_back() -> None:
    followers = Particulars(belief_organisation="SAPTA DARMA")
    known = state(loner={"religion": 7, "particulars": followers})

    away = planned(state(), correction(proof=LEADER, religion=4))
    back = planned(known, correction(proof=LEADER, religion=1))

    assert (refusals(away), refusals(back)) == ([], [])
    assert [each.after for each in back.plan.effects[:2]] == [
        {"religion": 1, "effective_on": TODAY.isoformat()},
        {"belief_organisation": None, "effective_on": TODAY.isoformat()},
    ]


def test_a_later_fact_sees_the_corrected_record() -> None:
    first = correction(occupation=5)

    assert refusals(planned(state(), first, first)) == [("NOTHING_TO_CHANGE", "/1/to")]


@pytest.mark.anyio
async def test_a_correction_is_a_version_of_its_own_day(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    fact = correction(str(couple.mother.id), full_name="Siti Amina", occupation=5)
    since = clock.today().replace(day=1).isoformat()

    answer = await make.apply(registry, [fact | {"effective_on": since}])

    assert isinstance(answer, ChangeApplied)
    assert [each.kind for each in answer.documents] == ["KK"]
    async with registry() as session:
        mother = await session.get_one(Resident, couple.mother.id)
        versions = await session.scalars(
            select(ResidentVersion)
            .where(ResidentVersion.resident_id == mother.id)
            .order_by(ResidentVersion.version)
        )
        last = list(versions)[-1]
    assert (mother.full_name, mother.occupation) == ("SITI AMINA", 5)
    assert mother.nik == couple.mother.nik
    assert last.cause == "correct_resident"
    assert last.valid_from.isoformat() == since
    assert {"full_name", "occupation"} <= set(last.changed)


@pytest.mark.anyio
async def test_a_corrected_birth_date_replaces_the_child_card(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id] = born.outcome.resident_ids
    day = clock.today().replace(year=clock.today().year - 6, day=1)

    answer = await make.apply(
        registry, [correction(str(child_id), COURT, birth_date=day.isoformat())]
    )

    assert isinstance(answer, ChangeApplied)
    assert {each.kind for each in answer.documents} == {"KK", "KIA"}
    async with registry() as session:
        kept = await session.get_one(Resident, child_id)
    assert kept.birth_date == day
    assert kept.kia_valid_until is not None
    assert kept.kia_valid_until.year in {day.year + 16, day.year + 17}


@pytest.mark.anyio
async def test_a_refused_correction_leaves_nothing(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [correction(str(couple.mother.id), sex="L")])

    assert isinstance(answer, ChangeRefused)
    assert answer.rules == ["SEX_NEEDS_COURT"]
    async with registry() as session:
        mother = await session.get_one(Resident, couple.mother.id)
    assert (mother.sex, mother.version) == ("P", couple.mother.version)

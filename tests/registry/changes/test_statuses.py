"""Names, citizenship and other vital events by ruling or decree."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from services.registry.certificates.tables import CertificateNote
from services.registry.changes.state import HeldCard, Particulars, State
from services.registry.residents.tables import Resident, ResidentVersion
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.contract.facts import CardKind, Citizenship, MaritalStatus, Sex
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
    entry,
    family,
    key,
    planned,
    refusals,
    state,
    warnings,
    with_family,
    with_people,
)

CHILD = key(50)
COURT = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-11-02"}
LONG_AGO = COURT | {"number": "3/Pdt.P/1998/PN Byw", "dated": "1998-05-20"}


def named(person: str = LONER, full_name: str = "Agus Wijaya", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "change_name",
        "person": {"resident_id": person},
        "full_name": full_name,
        "ruling": COURT,
    } | changes


def with_child(**changes: Any) -> State:  # noqa: ANN401
    """Return the state with a child whose record names its mother as hers does."""
    named = Particulars(mother_name="SITI AMINAH", father_name="BUDI SANTOSO")
    return with_people(state(), child(particulars=named, **changes))


@pytest.mark.parametrize(
    ("fact", "rule", "pointer"),
    [
        (named(full_name="agus"), "NOTHING_TO_CHANGE", "/0/full_name"),
        (named(full_name="Agu5 Wijaya"), "NAME_DIGITS", "/0/full_name"),
        (named(full_name="A" * 61), "NAME_TOO_LONG", "/0/full_name"),
        (
            named(ruling=COURT | {"dated": "2026-11-25"}),
            "COURT_RULING_IN_FUTURE",
            "/0/ruling/dated",
        ),
        (
            named(ruling=COURT | {"final_on": "2026-11-25"}),
            "COURT_RULING_NOT_FINAL",
            "/0/ruling/final_on",
        ),
        (
            named(ruling=COURT | {"dated": "1991-08-08"}),
            "COURT_RULING_BEFORE_BIRTH",
            "/0/ruling/dated",
        ),
    ],
)
def test_a_change_of_name_is_refused(fact: dict[str, Any], rule: str, pointer: str) -> None:
    plan = planned(state(), fact)

    assert (rule, pointer) in refusals(plan)
    assert effects(plan) == []


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        ({"status": "MATI"}, "PERSON_NOT_ALIVE"),
        ({"village_code": "35.09.01.2001"}, "NOT_IN_JURISDICTION"),
    ],
)
def test_whose_name_is_not_changed_here(person: dict[str, Any], rule: str) -> None:
    assert refusals(planned(state(loner=person), named())) == [(rule, "/0/person")]


def test_a_new_name_reaches_card_margin_and_every_child() -> None:
    elsewhere = child(51, full_name="DEWI", family=OLD_HOME, sex="P")
    elsewhere = replace(elsewhere, particulars=Particulars(mother_name="SITI AMINAH"))
    other = child(52, full_name="TONO", particulars=Particulars(mother_name="S. AMINAH"))
    known = with_people(with_child(), elsewhere, other).with_entry(entry(subject=MOTHER))
    known = known.with_person(
        replace(known.persons[MOTHER], cards=(HeldCard(CardKind.KTP_EL, None, None),))
    )

    plan = planned(known, named(MOTHER, "Siti Rahayu"))

    assert refusals(plan) == []
    assert warnings(plan) == [("PARENT_NAMED_OTHERWISE", "/0/person")]
    assert [(each.effect, each.subject) for each in plan.plan.effects] == [
        ("resident.corrected", MOTHER),
        ("card.change_due", MOTHER),
        ("document.queued", HOME),
        ("resident.parent_renamed", CHILD),
        ("resident.parent_renamed", key(51)),
        ("document.queued", OLD_HOME),
        ("certificate.noted", key(200)),
        ("document.queued", key(200)),
    ]
    assert plan.plan.effects[3].after == {"mother_name": "SITI RAHAYU"}


def test_a_certificate_of_another_register_is_not_noted_here() -> None:
    plan = planned(with_child(), named(CHILD, "Rina Putri"))

    assert warnings(plan) == [("CERTIFICATE_KEPT_ELSEWHERE", "/0/person")]
    assert "certificate.noted" not in effects(plan)


def test_edge_61_a_ruling_of_1998_holds_since_1998() -> None:
    plan = planned(state(), named(ruling=LONG_AGO))

    assert refusals(plan) == []
    assert warnings(plan) == [("COURT_RULING_LATE", "/0/ruling")]
    assert plan.plan.effects[0].after == {
        "full_name": "AGUS WIJAYA",
        "effective_on": "1998-05-20",
    }


@pytest.mark.anyio
async def test_a_new_name_is_written_everywhere(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id] = born.outcome.resident_ids
    today = clock.today().isoformat()

    mother = await make.apply(
        registry,
        [named(str(couple.mother.id), "Siti Rahayu", ruling=COURT | {"dated": today})],
    )
    answer = await make.apply(
        registry, [named(str(child_id), "Bayu Putra", ruling=COURT | {"dated": today})]
    )

    assert isinstance(mother, ChangeApplied)
    assert [each.kind for each in mother.documents] == ["KK"]
    assert isinstance(answer, ChangeApplied)
    assert {each.kind for each in answer.documents} == {"KK", "KIA", "CATATAN_PINGGIR"}
    async with registry() as session:
        kept = await session.get_one(Resident, child_id)
        [note] = await session.scalars(select(CertificateNote))
    assert (kept.full_name, kept.mother_name) == ("BAYU PUTRA", "SITI RAHAYU")
    assert (note.kind, note.serial, note.data["before"]) == ("GANTI_NAMA", 1, "BAYU SANTOSO")


@pytest.mark.anyio
async def test_edge_61_history_keeps_both_days(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(
        registry, [named(str(couple.father.id), "Budi Wibowo", ruling=LONG_AGO)]
    )

    assert isinstance(answer, ChangeApplied)
    async with registry() as session:
        versions = await session.scalars(
            select(ResidentVersion)
            .where(ResidentVersion.resident_id == couple.father.id)
            .order_by(ResidentVersion.version)
        )
        last = list(versions)[-1]
    assert (last.cause, last.valid_from) == ("change_name", date(1998, 5, 20))
    assert "full_name" in last.changed
    assert abs(last.recorded_at - clock.now()) < timedelta(hours=1)


def test_a_father_whose_sex_was_changed_is_renamed_as_the_father() -> None:
    known = with_child()
    changed = replace(known.persons[FATHER], sex=Sex.FEMALE)

    plan = planned(known.with_person(changed), named(FATHER, "Budi Lestari"))

    [child_] = [each for each in plan.plan.effects if each.effect == "resident.parent_renamed"]
    assert child_.after == {"father_name": "BUDI LESTARI"}
    assert warnings(plan) == []


@pytest.mark.anyio
async def test_a_refused_name_leaves_nothing(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, [named(str(couple.mother.id), "S1ti")])

    assert isinstance(answer, ChangeRefused)
    async with registry() as session:
        mother = await session.get_one(Resident, couple.mother.id)
    assert mother.version == couple.mother.version


DECREE = {"number": "AHU-12/2026", "authority": "Kementerian Hukum", "dated": "2026-11-02"}
FOREIGN = {"citizenship": Citizenship.FOREIGN, "permit": "ITAP"}


def vital_event(person: str = LONER, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "note_vital_event",
        "person": {"resident_id": person},
        "event": "SEX_CHANGE",
        "sex": "P",
        "ruling": COURT,
    } | changes


def citizen(event: str = "LOST", person: str = MOTHER, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "set_citizenship",
        "person": {"resident_id": person},
        "event": event,
        "decree": DECREE,
        "happened_on": "2026-11-02",
    } | changes


def test_edge_41_a_court_changes_the_sex_and_the_nik_stays() -> None:
    known = state(loner={"marital_status": MaritalStatus.NEVER_MARRIED})
    known = known.with_person(
        replace(known.persons[LONER], particulars=Particulars(nik="3510050908919001"))
    ).with_entry(entry(subject=LONER))

    plan = planned(known, vital_event())

    assert refusals(plan) == []
    assert warnings(plan) == [("NIK_SEX_MISMATCH", "/0/sex")]
    assert effects(plan) == [
        "resident.corrected",
        "document.queued",
        "certificate.noted",
        "document.queued",
    ]
    assert plan.plan.effects[0].after == {"sex": "P", "effective_on": "2026-11-02"}


def test_a_change_of_sex_of_somebody_married_is_weighed() -> None:
    assert warnings(planned(state(), vital_event())) == [("SEX_OF_SPOUSE", "/0/sex")]


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (vital_event(sex="L"), ("NOTHING_TO_CHANGE", "/0/sex")),
        (
            vital_event(event="OTHER", sex=None, words="Diakui pengadilan"),
            ("NO_CERTIFICATE_HERE", "/0/person"),
        ),
        (
            vital_event(ruling=COURT | {"dated": "2026-11-25"}),
            ("COURT_RULING_IN_FUTURE", "/0/ruling/dated"),
        ),
    ],
)
def test_a_vital_event_is_refused(fact: dict[str, Any], refusal: tuple[str, str]) -> None:
    assert refusals(planned(state(), fact)) == [refusal]


def test_another_event_is_only_noted() -> None:
    known = state().with_entry(entry(subject=LONER))
    fact = vital_event(event="OTHER", sex=None, words="Diakui pengadilan")

    assert effects(planned(known, fact)) == ["certificate.noted", "document.queued"]


@pytest.mark.parametrize("changes", [{"sex": None}, {"words": "x"}, {"event": "OTHER"}])
def test_a_vital_event_says_what_it_is(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="VITAL_EVENT_SAID"):
        make.facts(vital_event(**changes))


@pytest.mark.parametrize(
    ("mother", "fact", "refusal"),
    [
        ({}, citizen("GAINED"), ("CITIZENSHIP_IS_OTHER", "/0/event")),
        ({}, citizen("CHOSEN"), ("CITIZENSHIP_IS_OTHER", "/0/event")),
        (FOREIGN, citizen("LOST"), ("CITIZENSHIP_IS_OTHER", "/0/event")),
        ({}, citizen("DUAL"), ("DUAL_IS_FOR_CHILDREN", "/0/event")),
        (
            FOREIGN,
            citizen("GAINED", permit="ITAP"),
            ("PERMIT_OF_LOST_ONLY", "/0/permit"),
        ),
        (
            FOREIGN | {"family": None},
            citizen("GAINED"),
            ("CITIZEN_NEEDS_FAMILY", "/0/family"),
        ),
        ({}, citizen(happened_on="2026-11-25"), ("CITIZENSHIP_IN_FUTURE", "/0/happened_on")),
        ({}, citizen(happened_on="1990-01-01"), ("CITIZENSHIP_BEFORE_BIRTH", "/0/happened_on")),
        ({}, citizen(person=FATHER), ("HEAD_LEAVES_OTHERS", "/0/person")),
        ({"status": "MATI"}, citizen(), ("PERSON_NOT_ALIVE", "/0/person")),
    ],
)
def test_a_change_of_citizenship_is_refused(
    mother: dict[str, Any], fact: dict[str, Any], refusal: tuple[str, str]
) -> None:
    plan = planned(state(mother=mother), fact)

    assert refusal in refusals(plan)
    assert effects(plan) == []


def test_who_loses_the_citizenship_leaves_card_and_family() -> None:
    known = state(mother={"cards": (HeldCard(CardKind.KTP_EL, None, None),)})

    abroad = planned(known, citizen())
    stays = planned(known, citizen(permit="ITAP"))

    assert refusals(abroad) == refusals(stays) == []
    assert effects(abroad) == [
        "resident.corrected",
        "resident.card_duty",
        "card.revoked",
        "resident.status_changed",
        "family.member_left",
        "document.queued",
    ]
    assert abroad.plan.effects[3].after == {"status": "WNI_HILANG"}
    assert effects(stays) == [
        "resident.corrected",
        "resident.corrected",
        "card.revoked",
        "document.queued",
    ]


def test_edge_41_a_citizenship_is_lost_and_regained_under_one_nik() -> None:
    lost = {"citizenship": Citizenship.FOREIGN, "status": "WNI_HILANG", "family": None}
    known = with_family(state(mother=lost), family(HOME, FATHER))
    known = known.with_person(replace(known.persons[MOTHER], family=None))

    plan = planned(known, citizen("REGAINED", family={"family_id": HOME}, relationship=3))

    assert refusals(plan) == []
    assert effects(plan) == [
        "resident.corrected",
        "resident.card_duty",
        "resident.status_changed",
        "family.member_added",
        "document.queued",
    ]


def test_a_child_of_two_citizenships_chooses_by_21() -> None:
    plan = planned(with_child(), citizen("DUAL", CHILD))

    assert refusals(plan) == []
    assert "resident.citizenship_choice_due" in effects(plan)
    [due] = [each for each in plan.plan.effects if each.effect.endswith("choice_due")]
    assert due.after == {"choose_by": "2045-11-01"}


def test_a_choice_after_21_is_weighed() -> None:
    known = state(loner={"citizenship": Citizenship.DUAL})

    plan = planned(known, citizen("CHOSEN", LONER))

    assert warnings(plan) == [("CHOSEN_TOO_LATE", "/0/happened_on")]
    assert refusals(plan) == []


def test_a_late_report_of_a_citizenship_is_noted() -> None:
    plan = planned(state(), citizen(permit="ITAP", happened_on="2026-08-01"))

    assert warnings(plan) == [("CITIZENSHIP_LATE", "/0/happened_on")]


def test_a_first_letter_that_changes_is_loud() -> None:
    fact = {
        "kind": "correct_resident",
        "person": {"resident_id": FATHER},
        "to": {"full_name": "Rudi Santoso"},
        "proof": {"paper": "STATEMENT"},
    }
    plan = planned(state(), fact)

    assert (refusals(plan), warnings(plan)) == (
        [],
        [("NAME_BEGINS_OTHERWISE", "/0/to/full_name")],
    )


@pytest.mark.anyio
async def test_a_citizenship_lost_is_written(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    today = clock.today().isoformat()
    when: dict[str, Any] = {"happened_on": today, "decree": DECREE | {"dated": today}}

    lost = await make.apply(registry, [citizen(person=str(couple.mother.id), **when)])
    async with registry() as session:
        gone = await session.get_one(Resident, couple.mother.id)
    home = {"family": {"family_id": str(couple.family_id)}, "relationship": 3}
    back = await make.apply(registry, [citizen("REGAINED", str(couple.mother.id), **when, **home)])
    async with registry() as session:
        returned = await session.get_one(Resident, couple.mother.id)

    assert isinstance(lost, ChangeApplied)
    assert isinstance(back, ChangeApplied)
    assert (gone.citizenship, gone.status, gone.family_id) == (2, "WNI_HILANG", None)
    assert (returned.citizenship, returned.status) == (1, "HIDUP")
    assert (returned.family_id, returned.nik) == (couple.family_id, couple.mother.nik)
    assert returned.recording_status == "UNREGISTERED"


@pytest.mark.anyio
async def test_edge_41_a_change_of_sex_is_written(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    born = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(born, ChangeApplied)
    [child_id] = born.outcome.resident_ids
    ruling = COURT | {"dated": clock.today().isoformat()}

    answer = await make.apply(registry, [vital_event(str(child_id), ruling=ruling)])

    assert isinstance(answer, ChangeApplied)
    assert {each.kind for each in answer.documents} == {"KK", "KIA", "CATATAN_PINGGIR"}
    async with registry() as session:
        child = await session.get_one(Resident, child_id)
    assert child.sex == "P"
    assert int(child.nik[6:8]) == clock.today().day  # a boy's, for ever

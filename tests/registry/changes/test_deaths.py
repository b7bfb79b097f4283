"""Deaths and what follows from them, planned on a registry in memory."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.changes.planning import Planned
from services.registry.changes.rules import broken
from services.registry.changes.state import HeldCard, Particulars, Person, State
from shared.contract.facts import CardKind, Citizenship, MaritalStatus, Relationship, Sex
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    GRANDFATHER,
    GRANDMOTHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    MUNCAR,
    OLD_HOME,
    TODAY,
    birth,
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
from tests.registry.make import facts

R = Relationship
CHILD = child().key
WIDOWED, MARRIED = MaritalStatus.WIDOWED, MaritalStatus.MARRIED_REGISTERED
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "12/Pdt.P/2026/PN Byw",
    "dated": "2026-10-01",
}


def death(person: str | int | None = FATHER, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    fact: dict[str, Any] = {
        "kind": "register_death",
        "died_on": "2026-11-20",
        "place": "RSUD Blambangan",
        "reporter_name": "Siti Aminah",
        "reporter_relationship": "Istri",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    }
    if isinstance(person, int):
        fact["person"] = {"created_by": person}
    elif person is not None:
        fact["person"] = {"resident_id": person}
    return fact | changes


def unregistered(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    dead = {"full_name": "Mbah Karto", "sex": "L", "village_code": MUNCAR} | changes
    return {"unregistered": dead}


def couple(**people: Any) -> State:  # noqa: ANN401
    """Return the small registry in which the couple, and the old couple, are linked."""
    linked = {
        "father": {"spouse": MOTHER},
        "mother": {"spouse": FATHER},
        "grandfather": {"spouse": GRANDMOTHER},
        "grandmother": {"spouse": GRANDFATHER},
    }
    return state(
        **{name: linked.get(name, {}) | people.get(name, {}) for name in {*linked, *people}}
    )


def left(plan: Planned) -> State:
    return plan.steps[-1].state


def members(plan: Planned, home: str) -> list[tuple[str, Relationship]]:
    return [(each.person, each.relationship) for each in left(plan).families[home].members]


def test_edge_13_a_head_dies_leaving_the_spouse() -> None:
    plan = planned(with_people(couple(), child()), death(FATHER))

    assert refusals(plan) == []
    assert effects(plan) == [
        "resident.died",
        "certificate.registered",
        "resident.marital_status_changed",
        "family.member_left",
        "family.closed",
        "family.opened",
        "document.queued",
        "document.queued",
    ]
    after = left(plan)
    assert (after.persons[FATHER].status, after.persons[FATHER].death_date) == (
        "MATI",
        date(2026, 11, 20),
    )
    assert (after.persons[MOTHER].marital_status, after.persons[MOTHER].spouse) == (WIDOWED, None)
    assert after.families[HOME].closed
    assert members(plan, "home/0") == [(MOTHER, R.HEAD), (CHILD, R.CHILD)]


def test_somebody_who_is_not_head_leaves_the_number_as_it_is() -> None:
    plan = planned(with_people(couple(), child()), death(MOTHER))

    assert refusals(plan) == []
    assert members(plan, HOME) == [(FATHER, R.HEAD), (CHILD, R.CHILD)]
    assert not left(plan).families[HOME].closed
    assert left(plan).persons[FATHER].marital_status is WIDOWED
    assert left(plan).persons[CHILD].mother == MOTHER  # the child's certificate stays as it is


def test_the_operator_may_name_another_head_and_other_relationships() -> None:
    grown = replace(child(), birth_date=date(2000, 1, 1))
    says = {
        "head": {"resident_id": CHILD},
        "positions": [{"person": {"resident_id": MOTHER}, "relationship": 9}],
    }
    plan = planned(with_people(couple(), grown), death(FATHER, succession=says))

    assert refusals(plan) == []
    assert warnings(plan) == [("POSITION_DIFFERS", "/0/succession/positions/0")]
    assert members(plan, "home/0") == [(CHILD, R.HEAD), (MOTHER, R.OTHER_RELATIVE)]


def orphans() -> State:
    """Return a home in which a father lives alone with his child; the mother is dead."""
    known = with_people(couple(mother={"status": "MATI", "family": None}), child())
    alone = family(HOME, FATHER, (CHILD, R.CHILD))
    gone = replace(known.persons[MOTHER], family=None, spouse=None)
    return with_family(known.with_person(gone), alone).with_person(
        replace(known.persons[FATHER], spouse=None, marital_status=WIDOWED, father=GRANDFATHER)
    )


def test_edge_14_a_head_dies_leaving_minors_only() -> None:
    plan = planned(orphans(), death(FATHER))

    assert refusals(plan) == [("ONLY_MINORS_REMAIN", "/0/succession")]
    assert effects(plan) == []
    [remark] = plan.plan.refusals
    assert remark.law == "Permendagri 108/2019 art 10"


def test_edge_14_an_adult_relative_becomes_head_of_the_minors() -> None:
    plan = planned(orphans(), death(FATHER, succession={"head": {"resident_id": LONER}}))

    assert refusals(plan) == []
    assert members(plan, "home/0") == [(LONER, R.HEAD), (CHILD, R.OTHER_RELATIVE)]
    assert left(plan).families[ALONE].closed


def test_edge_14_relatives_take_the_minors_in() -> None:
    plan = planned(orphans(), death(FATHER, succession={"host": {"family_id": OLD_HOME}}))

    assert refusals(plan) == []
    assert left(plan).families[HOME].closed
    assert members(plan, OLD_HOME)[-1] == (CHILD, R.GRANDCHILD)
    assert effects(plan).count("document.queued") == 2  # their hosts' card, and the certificate


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"head": {"resident_id": LONER}}, [("HEAD_NOT_A_MEMBER", "/0/succession/head")]),
        ({"head": {"resident_id": FATHER}}, [("HEAD_NOT_FIT", "/0/succession/head")]),
        ({"head": {"resident_id": CHILD}}, [("HEAD_NOT_FIT", "/0/succession/head")]),
        ({"head": {"resident_id": key(99)}}, [("PERSON_NOT_FOUND", "/0/succession/head")]),
        ({"host": {"family_id": OLD_HOME}}, [("HOST_FOR_MINORS_ONLY", "/0/succession/host")]),
        (
            {"host": {"family_id": key(99)}},
            [
                ("FAMILY_NOT_FOUND", "/0/succession/host"),
                ("HOST_FOR_MINORS_ONLY", "/0/succession/host"),
            ],
        ),
    ],
)
def test_who_cannot_follow_is_refused(
    says: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(with_people(couple(), child()), death(FATHER, succession=says))

    assert refusals(plan) == expected
    assert effects(plan) == []


def test_nobody_follows_who_was_no_head() -> None:
    says = {"head": {"resident_id": FATHER}}
    plan = planned(couple(), death(MOTHER, succession=says))

    assert refusals(plan) == [("SUCCESSION_NOT_NEEDED", "/0/succession")]


def test_edge_15_the_last_member_dies_and_the_number_with_them() -> None:
    single = state(loner={"marital_status": MaritalStatus.NEVER_MARRIED})
    plan = planned(single, death(LONER))

    assert refusals(plan) == []
    assert left(plan).families[ALONE].closed
    closed = next(each for each in plan.plan.effects if each.effect == "family.closed")
    assert closed.after == {"reason": "EMPTY"}
    assert effects(plan).count("document.queued") == 1  # no card, the certificate alone


def wives() -> State:
    """Return a man with two wives: one in his card, the other head of her own."""
    known = state(
        father={"spouse": MOTHER},
        mother={"spouse": FATHER},
        grandmother={"spouse": FATHER, "status": "HIDUP"},
        grandfather={"status": "MATI", "family": None},
    )
    return with_family(known, family(OLD_HOME, GRANDMOTHER))


def test_edge_17_every_wife_is_widowed_wherever_she_lives() -> None:
    plan = planned(wives(), death(FATHER))

    assert refusals(plan) == []
    after = left(plan)
    assert {after.persons[each].marital_status for each in (MOTHER, GRANDMOTHER)} == {WIDOWED}
    assert effects(plan).count("resident.marital_status_changed") == 2
    printed = plan.steps[0].decision.passing.moved.printed  # type: ignore[union-attr]
    assert set(printed) == {"home/0", OLD_HOME}


def test_edge_17_a_husband_of_another_wife_stays_married() -> None:
    plan = planned(wives(), death(MOTHER))

    assert refusals(plan) == []
    widower = left(plan).persons[FATHER]
    assert (widower.marital_status, widower.spouse) == (MARRIED, GRANDMOTHER)


def test_edge_17_the_wife_to_whom_no_record_links_dies() -> None:
    plan = planned(wives(), death(GRANDMOTHER))

    assert refusals(plan) == []
    widower = left(plan).persons[FATHER]
    assert (widower.marital_status, widower.spouse) == (MARRIED, MOTHER)
    assert "resident.marital_status_changed" not in effects(plan)


def test_edge_17_a_head_dies_where_two_wives_share_his_card() -> None:
    both = family(HOME, FATHER, (MOTHER, R.WIFE), (GRANDMOTHER, R.WIFE))
    known = wives()
    shared = replace(known, families={HOME: both})
    plan = planned(with_family(shared, both), death(FATHER))

    assert refusals(plan) == []
    assert members(plan, "home/0") == [(GRANDMOTHER, R.HEAD), (MOTHER, R.OTHER_RELATIVE)]


def test_every_card_of_the_dead_ends() -> None:
    held = couple(
        father={"cards": (HeldCard(CardKind.KTP_EL, None, None),), "has_digital_id": True}
    )
    plan = planned(held, death(FATHER))

    ended = [each.before for each in plan.plan.effects if each.effect == "card.revoked"]
    assert ended == [{"kind": "KTP_EL"}, {"kind": "IKD"}]
    assert left(plan).persons[FATHER].cards == ()


def test_edge_28_a_child_is_born_and_dies_before_the_report() -> None:
    born = birth(child={"birth_date": "2026-11-19"})
    plan = planned(couple(), born, death(0, died_on="2026-11-20"))

    assert refusals(plan) == []
    assert effects(plan) == [
        "resident.registered",
        "certificate.registered",
        "document.queued",
        "resident.died",
        "certificate.registered",
        "document.queued",
    ]
    assert left(plan).persons["new/0"].status == "MATI"
    assert plan.steps[1].village_code == MUNCAR
    assert not left(plan).families[HOME].relationship_of("new/0")


def renewal(person: str = MOTHER) -> dict[str, Any]:
    return {
        "kind": "issue_card",
        "person": {"resident_id": person},
        "card": "KTP_EL",
        "reason": "CHANGED",
    }


def test_the_bundle_of_a_death_gives_the_widow_another_card() -> None:
    held = {"particulars": Particulars(recording_status="CARD_ISSUED")}
    plan = planned(couple(mother=held), death(FATHER), renewal())

    assert refusals(plan) == []
    assert left(plan).persons[MOTHER].marital_status is WIDOWED
    assert effects(plan)[-1] == "card.ordered"


def test_the_bundle_of_a_death_is_refused_whole() -> None:
    plan = planned(couple(), death(FATHER), renewal())

    assert [place for _, place in refusals(plan)] == ["/1/person"]


@pytest.mark.parametrize("days", [30, 31])
def test_a_death_on_the_thirtieth_day_is_reported_in_time(days: int) -> None:
    fact = death(MOTHER, died_on="2026-10-01")
    reported = date.fromordinal(date(2026, 10, 1).toordinal() + days)
    plan = planned(couple(), fact, reported_on=reported)

    assert warnings(plan) == [] if days == 30 else [("DEATH_REPORTED_LATE", "/0/died_on")]
    assert refusals(plan) == []


def test_edge_31_a_death_long_ago_is_registered_without_a_nik() -> None:
    fact = death(None, died_on="1987-03-02", proof="STATEMENT", **unregistered())
    plan = planned(couple(), fact)

    assert refusals(plan) == []
    assert effects(plan) == ["certificate.registered", "document.queued"]
    assert left(plan) == couple()


def test_edge_32_only_a_court_makes_a_missing_person_dead() -> None:
    missing = couple(father={"status": "HILANG"})

    for proof in ("LETTER", "POLICE", "STATEMENT", "AIRLINE", "MISSION"):
        assert refusals(planned(missing, death(FATHER, proof=proof))) == [
            ("MISSING_NEEDS_COURT", "/0/proof")
        ]
    by_ruling = planned(missing, death(FATHER, proof="COURT", ruling=RULING, place=None))
    assert refusals(by_ruling) == []
    assert left(by_ruling).persons[FATHER].status == "MATI"


@pytest.mark.parametrize(
    ("people", "fact", "expected"),
    [
        ({}, death(key(99)), [("PERSON_NOT_FOUND", "/0/person")]),
        ({"father": {"status": "MATI"}}, death(), [("PERSON_NOT_ALIVE", "/0/person")]),
        ({"father": {"status": "PINDAH"}}, death(), [("PERSON_NOT_ACTIVE", "/0/person")]),
        ({"father": {"village_code": JEMBER}}, death(), [("NOT_IN_JURISDICTION", "/0/person")]),
        ({}, death(died_on="2026-11-25"), [("DEATH_IN_FUTURE", "/0/died_on")]),
        ({}, death(died_on="1990-05-05"), [("DEATH_BEFORE_BIRTH", "/0/died_on")]),
        ({}, death(reported_on="2026-11-25"), [("REPORTED_IN_FUTURE", "/0/reported_on")]),
        ({}, death(reported_on="2026-11-19"), [("DEATH_IN_FUTURE", "/0/died_on")]),
        ({}, death(proof="COURT"), [("RULING_WITH_COURT", "/0/ruling")]),
        ({}, death(ruling=RULING), [("RULING_WITH_COURT", "/0/ruling")]),
        (
            {},
            death(proof="COURT", ruling=RULING | {"final_on": "2026-12-01"}),
            [("RULING_IN_FUTURE", "/0/ruling")],
        ),
        (
            {},
            death(None, **unregistered(full_name=None)),
            [("UNKNOWN_NEEDS_POLICE", "/0/proof")],
        ),
        ({}, death(None, **unregistered()), [("UNREGISTERED_NEEDS_STATEMENT", "/0/proof")]),
        (
            {},
            death(None, proof="STATEMENT", **unregistered(village_code=JEMBER)),
            [("NOT_IN_JURISDICTION", "/0/unregistered/village_code")],
        ),
        (
            {},
            death(None, proof="STATEMENT", **unregistered(village_code="35.10.05.2999")),
            [("VILLAGE_UNKNOWN", "/0/unregistered/village_code")],
        ),
        (
            {},
            death(None, proof="STATEMENT", **unregistered(birth_date="2026-11-21")),
            [("DEATH_BEFORE_BIRTH", "/0/died_on")],
        ),
    ],
)
def test_what_is_no_death_to_register_here_is_refused(
    people: dict[str, Any], fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(couple(**people), fact)

    assert refusals(plan) == [each for each in refusals(plan) if each in expected]
    assert set(expected) <= set(refusals(plan))
    assert effects(plan) == []


def test_everything_wrong_is_told_at_once() -> None:
    missing = couple(father={"status": "HILANG", "village_code": JEMBER})
    plan = planned(missing, death(died_on="2026-12-01"))

    assert {rule for rule, _ in refusals(plan)} >= {
        "DEATH_IN_FUTURE",
        "MISSING_NEEDS_COURT",
        "NOT_IN_JURISDICTION",
    }


def test_an_unknown_body_is_registered_without_a_name() -> None:
    fact = death(None, proof="POLICE", **unregistered(full_name=None))
    plan = planned(couple(), fact)

    assert refusals(plan) == []
    [registered, _] = plan.plan.effects
    assert registered.after is not None
    assert registered.after["full_name"] == "TIDAK DIKENAL"


def test_a_foreigner_in_no_family_dies() -> None:
    guest = couple(
        loner={
            "citizenship": Citizenship.FOREIGN,
            "permit": "ITAS",
            "family": None,
            "marital_status": MaritalStatus.NEVER_MARRIED,
        }
    )
    known = replace(guest, families={k: v for k, v in guest.families.items() if k != ALONE})
    plan = planned(known, death(LONER))

    assert refusals(plan) == []
    assert effects(plan) == ["resident.died", "certificate.registered", "document.queued"]


@pytest.mark.parametrize(
    ("wedding", "said"),
    [(date(2024, 10, 2), ["MARRIED_AFTER_DEATH"]), (date(2024, 10, 1), []), (None, [])],
)
def test_a_wedding_after_the_death_is_weighed(wedding: date | None, said: list[str]) -> None:
    known = couple()
    mother = known.persons[MOTHER]
    recorded = replace(mother, particulars=replace(mother.particulars, marriage_date=wedding))
    known = known.with_person(recorded)

    for fact, place in (
        (death(MOTHER, died_on="2024-10-01"), "/0/died_on"),
        (remove(MOTHER, happened_on="2024-10-01"), "/0/happened_on"),
    ):
        found = [
            each for each in warnings(planned(known, fact)) if each[0] == "MARRIED_AFTER_DEATH"
        ]
        assert found == [(each, place) for each in said]


def test_a_child_born_after_the_death_of_its_mother_is_weighed() -> None:
    plan = planned(with_people(couple(), child()), death(MOTHER, died_on="2024-10-01"))

    assert ("CHILD_BORN_AFTER_DEATH", "/0/died_on") in warnings(plan)


def test_the_dead_are_named_once() -> None:
    for fact in (death(None), death(FATHER, **unregistered())):
        with pytest.raises(ValidationError, match="DECEASED_NAMED_ONCE"):
            facts(fact)


def test_who_is_dead_stays_dead_but_for_a_cancelled_certificate() -> None:
    known = couple(father={"status": "MATI", "death_date": date(2026, 1, 1)})
    alive = replace(known.persons[FATHER], status="HIDUP", death_date=None)
    revived = known.with_person(alive)

    assert [each.rule for each in broken(known, revived, TODAY)] == ["DEAD_STAY_DEAD"]
    assert broken(known, replace(revived, restored=frozenset({FATHER})), TODAY) == []


@pytest.mark.parametrize("died_on", [None, date(1990, 5, 5), date(2026, 11, 25)])
def test_nobody_dies_on_a_day_that_cannot_be(died_on: date | None) -> None:
    known = couple()
    gone = replace(known.persons[FATHER], status="MATI", death_date=died_on, family=None)
    after = with_family(known, family(HOME, MOTHER)).with_person(gone)

    assert [each.rule for each in broken(known, after, TODAY)] == ["DEATH_DAY_IMPOSSIBLE"]


def remove(person: str = MOTHER, reason: str = "DIED", **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "remove_member",
        "person": {"resident_id": person},
        "reason": reason,
        "happened_on": "2026-10-10",
        "paper_number": "3509-KM-10102026-0001",
        "authority": "DISPENDUKCAPIL JEMBER",
    } | changes


def test_a_death_that_was_certified_elsewhere_has_all_that_follows_but_a_certificate() -> None:
    plan = planned(with_people(couple(), child()), remove(FATHER))

    assert refusals(plan) == []
    assert "certificate.registered" not in effects(plan)
    assert left(plan).persons[FATHER].status == "MATI"
    assert left(plan).persons[MOTHER].marital_status is WIDOWED
    assert members(plan, "home/0") == [(MOTHER, R.HEAD), (CHILD, R.CHILD)]


def test_edge_16_a_head_who_moved_out_leaves_wife_and_children_a_new_number() -> None:
    plan = planned(with_people(couple(), child()), remove(FATHER, "MOVED"))

    assert refusals(plan) == []
    assert left(plan).persons[FATHER].status == "PINDAH"
    assert left(plan).persons[MOTHER].is_married
    assert members(plan, "home/0") == [(MOTHER, R.HEAD), (CHILD, R.CHILD)]


def test_edge_16_a_child_who_moved_out_leaves_the_number_as_it_is() -> None:
    plan = planned(with_people(couple(), child()), remove(CHILD, "MOVED"))

    assert refusals(plan) == []
    assert effects(plan) == ["resident.moved_out", "family.member_left", "document.queued"]
    assert members(plan, HOME) == [(FATHER, R.HEAD), (MOTHER, R.WIFE)]


@pytest.mark.parametrize(
    ("people", "fact", "expected"),
    [
        ({}, remove(happened_on="2026-12-01"), [("DEATH_IN_FUTURE", "/0/happened_on")]),
        ({}, remove(happened_on="1980-12-01"), [("DEATH_BEFORE_BIRTH", "/0/happened_on")]),
        (
            {},
            remove(reason="MOVED", happened_on="2026-12-01"),
            [("REMOVAL_IN_FUTURE", "/0/happened_on")],
        ),
        (
            {},
            remove(reason="MOVED", happened_on="1980-12-01"),
            [("REMOVAL_BEFORE_BIRTH", "/0/happened_on")],
        ),
        ({"mother": {"status": "HILANG"}}, remove(), [("MISSING_NEEDS_COURT", "/0/person")]),
        ({"mother": {"status": "MATI"}}, remove(), [("PERSON_NOT_ALIVE", "/0/person")]),
        ({"mother": {"family": None}}, remove(), [("PERSON_IN_NO_FAMILY", "/0/person")]),
        (
            {},
            remove(succession={"head": {"resident_id": FATHER}}),
            [("SUCCESSION_NOT_NEEDED", "/0/succession")],
        ),
    ],
)
def test_who_is_not_gone_is_not_taken_off(
    people: dict[str, Any], fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(couple(**people), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


def stillbirth(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "register_stillbirth",
        "mother": {"resident_id": MOTHER},
        "father": {"resident_id": FATHER},
        "sex": "P",
        "happened_on": "2026-11-20",
        "place": "RSUD Genteng",
        "weeks": 34,
        "reporter_name": "Budi",
        "reporter_relationship": "Ayah",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    } | changes


def test_edge_27_a_stillbirth_registers_nobody() -> None:
    plan = planned(couple(), stillbirth())

    assert refusals(plan) == []
    assert effects(plan) == ["stillbirth.registered", "document.queued"]
    assert left(plan) == couple()


def test_a_stillbirth_whose_mother_died_with_it_is_registered() -> None:
    gone = couple(mother={"status": "MATI", "death_date": date(2026, 11, 20)})

    assert refusals(planned(gone, stillbirth())) == []


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (stillbirth(mother={"resident_id": LONER}), [("MOTHER_NOT_FEMALE", "/0/mother")]),
        (stillbirth(mother={"resident_id": key(99)}), [("PERSON_NOT_FOUND", "/0/mother")]),
        (stillbirth(father={"resident_id": GRANDMOTHER}), [("FATHER_NOT_MALE", "/0/father")]),
        (stillbirth(father={"resident_id": key(99)}), [("PERSON_NOT_FOUND", "/0/father")]),
        (stillbirth(happened_on="2026-11-25"), [("STILLBIRTH_IN_FUTURE", "/0/happened_on")]),
        (stillbirth(reported_on="2026-11-26"), [("REPORTED_IN_FUTURE", "/0/reported_on")]),
    ],
)
def test_what_is_no_stillbirth_here_is_refused(
    fact: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    plan = planned(couple(), fact)

    assert refusals(plan) == expected
    assert effects(plan) == []


def test_late_or_early_stillbirths_are_weighed() -> None:
    plan = planned(couple(), stillbirth(happened_on="2026-09-01", weeks=24))

    assert warnings(plan) == [
        ("STILLBIRTH_REPORTED_LATE", "/0/happened_on"),
        ("STILLBIRTH_WEEKS", "/0/weeks"),
    ]


def test_the_proposal_never_names_who_is_missing_or_dead() -> None:
    grown = [
        Person(key(70), "ANAK SULUNG", Sex.MALE, date(1999, 1, 1), 1, status="HILANG", family=HOME),
        Person(key(71), "ANAK KEDUA", Sex.FEMALE, date(2001, 1, 1), 1, family=HOME),
    ]
    people = [
        replace(each, village_code=MUNCAR, father=FATHER, status=each.status) for each in grown
    ]
    plan = planned(with_people(couple(mother={"status": "NONAKTIF"}), *people), death(FATHER))

    assert refusals(plan) == []
    assert members(plan, "home/0")[0] == (key(71), R.HEAD)

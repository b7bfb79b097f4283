"""Births, planned on a registry in memory."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.changes.state import State
from shared.contract.facts import Citizenship, MaritalStatus, Sex
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    MUNCAR,
    TODAY,
    add,
    birth,
    card,
    child,
    effects,
    key,
    planned,
    refusals,
    reissue,
    state,
    warnings,
    with_family,
    with_people,
)

UNREGISTERED = {"marital_status": MaritalStatus.MARRIED_UNREGISTERED}


def certificate(known: State, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    plan = planned(known, birth(**changes), add())
    [found] = [each for each in plan.plan.effects if each.effect == "certificate.registered"]
    assert found.after is not None
    return dict(found.after)


def newborn(known: State, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    plan = planned(known, birth(**changes), add())
    assert plan.plan.effects[0].effect == "resident.registered"
    assert plan.plan.effects[0].after is not None
    return dict(plan.plan.effects[0].after)


def test_the_bundle_in_order() -> None:
    plan = planned(state(), birth(), add(), reissue(), card())

    assert refusals(plan) == []
    assert warnings(plan) == []
    assert effects(plan) == [
        "resident.registered",
        "certificate.registered",
        "document.queued",
        "family.member_added",
        "family_card.reissued",
        "document.queued",
        "card.issued",
        "document.queued",
    ]
    joined = plan.plan.effects[3]
    assert joined.subject == HOME
    assert joined.after is not None
    assert joined.after["relationship"] == 4
    assert plan.plan.effects[4].after is not None
    assert plan.plan.effects[4].after["members"] == [
        "BUDI SANTOSO, KEPALA KELUARGA",
        "SITI AMINAH, ISTRI",
        "BAYU SANTOSO, ANAK",
    ]


def test_every_effect_speaks_both_languages_and_names_no_number() -> None:
    plan = planned(state(), birth(), add(), reissue(), card())

    assert "nik" not in {name for each in plan.plan.effects for name in each.after or {}}
    for effect in plan.plan.effects:
        assert effect.text_id.endswith(".")
        assert effect.text_en.endswith(".")
        assert effect.text_id != effect.text_en


def test_the_same_state_gives_the_same_digest_on_another_day() -> None:
    bundle = (birth(), add(), reissue(), card())
    first = planned(state(), *bundle, reported_on=TODAY)
    later = planned(state(), *bundle, today=date(2026, 12, 1), reported_on=TODAY)

    assert first.plan.digest == later.plan.digest


def test_another_state_gives_another_digest() -> None:
    bundle = (birth(), add(), reissue(), card())
    renamed = state(mother={"full_name": "SITI AMINAH RAHAYU"})

    assert planned(state(), *bundle).plan.digest != planned(renamed, *bundle).plan.digest


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"mother": {"resident_id": key(99)}}, "PERSON_NOT_FOUND", "/0/mother"),
        ({"father": {"resident_id": key(99)}}, "PERSON_NOT_FOUND", "/0/father"),
        ({"mother": {"nik": "3510050107859001"}}, "PERSON_NOT_FOUND", "/0/mother"),
        ({"mother": {"created_by": 0}}, "PERSON_NOT_FOUND", "/0/mother"),
        ({"mother": None}, "MOTHER_REQUIRED", "/0/mother"),
        ({"mother": {"resident_id": LONER}}, "MOTHER_NOT_FEMALE", "/0/mother"),
        ({"father": {"resident_id": MOTHER}}, "FATHER_NOT_MALE", "/0/father"),
        ({"family": {"family_id": key(199)}}, "FAMILY_NOT_FOUND", "/0/family"),
        ({"child": {"birth_date": "2026-11-25"}}, "BIRTH_IN_FUTURE", "/0/child/birth_date"),
        ({"reported_on": "2026-11-02"}, "BIRTH_IN_FUTURE", "/0/child/birth_date"),
        ({"reported_on": "2026-11-25"}, "REPORTED_IN_FUTURE", "/0/reported_on"),
        ({"child": {"full_name": "Bayu 2"}}, "NAME_DIGITS", "/0/child/full_name"),
        ({"child": {"full_name": "Ma'ruf Amin"}}, "NAME_PUNCTUATION", "/0/child/full_name"),
        (
            {"child": {"full_name": "A" * 30 + " " + "B" * 30}},
            "NAME_TOO_LONG",
            "/0/child/full_name",
        ),
        ({"child": {"full_name": "Muh. Bayu"}}, "NAME_ABBREVIATION", "/0/child/full_name"),
    ],
)
def test_a_birth_is_refused(changes: dict[str, Any], rule: str, pointer: str) -> None:
    assert (rule, pointer) in refusals(planned(state(), birth(**changes), add()))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [({"closed": True}, "FAMILY_CLOSED"), ({"village_code": JEMBER}, "NOT_IN_JURISDICTION")],
)
def test_a_family_that_cannot_take_a_child(changed: dict[str, Any], rule: str) -> None:
    known = state()
    known = with_family(known, replace(known.families[HOME], **changed))

    assert refusals(planned(known, birth(), add())) == [(rule, "/0/family"), (rule, "/1/family")]


@pytest.mark.parametrize(
    ("people", "changes", "rule", "pointer"),
    [
        ({}, {"child": {"full_name": "Bayu"}}, "NAME_SINGLE_WORD", "/0/child/full_name"),
        ({"mother": {"birth_date": date(2016, 11, 4)}}, {}, "MOTHER_TOO_YOUNG", "/0/mother"),
        ({"mother": {"birth_date": date(1965, 11, 3)}}, {}, "MOTHER_TOO_OLD", "/0/mother"),
        ({"father": {"birth_date": date(2014, 11, 4)}}, {}, "FATHER_TOO_YOUNG", "/0/father"),
        (
            {"mother": {"status": "MATI"}},
            {"family": {"family_id": HOME}},
            "MOTHER_DECEASED",
            "/0/mother",
        ),
        ({"father": {"religion": 4}}, {}, "RELIGION_DIFFERS", "/0/child"),
        ({"father": {"citizenship": Citizenship.FOREIGN}}, {}, "DUAL_CITIZENSHIP", "/0/child"),
        ({"mother": UNREGISTERED}, {}, "MARRIAGE_NOT_IN_REGISTRY", "/0/marriage_evidence"),
        ({}, {"marriage_evidence": "NONE"}, "FATHER_NOT_RECORDED", "/0/marriage_evidence"),
    ],
)
def test_a_birth_is_weighed(
    people: dict[str, Any], changes: dict[str, Any], rule: str, pointer: str
) -> None:
    plan = planned(state(**people), birth(**changes), add())

    assert refusals(plan) == []
    assert (rule, pointer) in warnings(plan)


def test_a_mother_of_exactly_ten_and_of_sixty_years_raises_no_question() -> None:
    for birth_date in (date(2016, 11, 3), date(1966, 11, 3), date(1965, 11, 4)):
        known = state(mother={"birth_date": birth_date})
        assert warnings(planned(known, birth(), add())) == []


@pytest.mark.parametrize(
    ("born", "letters", "late"),
    [("2026-09-25", "LU", 0), ("2026-09-24", "LT", 1), ("2008-01-31", "LT", 6812)],
)
def test_edge_25_day_sixty_is_in_time_and_day_sixty_one_is_late(
    born: str, letters: str, late: int
) -> None:
    """From 25 September to 24 November are 60 days."""
    known = state()
    found = certificate(known, child={"birth_date": born})
    plan = planned(known, birth(child={"birth_date": born}), add())

    assert (found["letters"], found["days_late"]) == (letters, late)
    assert (("REPORTED_LATE", "/0/child/birth_date") in warnings(plan)) == (late > 0)


def test_the_day_of_the_report_counts_not_the_day_of_planning() -> None:
    found = certificate(state(), child={"birth_date": "2026-09-20"}, reported_on="2026-11-19")

    assert (found["letters"], found["days_late"]) == ("LU", 0)


def test_a_registered_marriage_names_both_parents() -> None:
    found = certificate(state())

    assert found["parentage"] == "MARRIED"
    assert found["wording_id"] == "anak ke-1, laki-laki, dari ayah BUDI SANTOSO dan ibu SITI AMINAH"


def test_an_unregistered_marriage_on_the_card_adds_the_phrase() -> None:
    found = certificate(state(father=UNREGISTERED, mother=UNREGISTERED), marriage_evidence="F204")

    assert found["parentage"] == "UNREGISTERED_MARRIAGE"
    assert "ayah BUDI SANTOSO" in found["wording_id"]
    assert "belum tercatat sesuai dengan peraturan perundang-undangan" in found["wording_id"]
    assert "not yet recorded under the law" in found["wording_en"]


@pytest.mark.parametrize(
    ("people", "changes"),
    [
        ({}, {"marriage_evidence": "NONE"}),
        ({}, {"father": None}),
        # F-2.04 alone does not do: the card must show them as husband and wife.
        (
            {"mother": {"marital_status": MaritalStatus.NEVER_MARRIED}},
            {"marriage_evidence": "F204"},
        ),
        ({}, {"marriage_evidence": "F204", "father": {"resident_id": LONER}}),
    ],
)
def test_otherwise_the_child_is_its_mothers(
    people: dict[str, Any], changes: dict[str, Any]
) -> None:
    known = state(**people)
    found, registered = certificate(known, **changes), newborn(known, **changes)

    assert found["parentage"] == "MOTHER"
    assert found["wording_id"] == "anak ke-1, laki-laki, dari seorang ibu SITI AMINAH"
    assert (registered["father_id"], registered["father_name"]) == (None, None)


def test_a_foundling_has_no_parents_and_joins_who_takes_it_in() -> None:
    known = state(loner={"religion": 4})
    plan = planned(
        known,
        birth(mother=None, father=None, family={"family_id": ALONE}),
        add(home=ALONE),
    )

    registered, found, _, joined = (dict(each.after or {}) for each in plan.plan.effects)
    assert refusals(plan) == []
    assert warnings(plan) == [("PARENTS_UNKNOWN", "/0/mother")]
    assert (found["parentage"], "kepolisian" in str(found["wording_id"])) == ("FOUNDLING", True)
    assert (registered["mother_id"], registered["citizenship"], registered["religion"]) == (
        None,
        1,
        4,
    )
    assert joined["relationship"] == 9


def test_a_foundling_without_a_family_is_refused() -> None:
    plan = planned(state(), birth(mother=None, father=None))

    assert refusals(plan) == [("FAMILY_NOT_FOUND", "/0/family")]


@pytest.mark.parametrize(
    ("mother", "father", "expected"),
    [(1, 1, 1), (1, 2, 3), (2, 1, 3), (2, 2, 2), (3, 2, 3)],
)
def test_citizenship_follows_the_parents(mother: int, father: int, expected: int) -> None:
    known = state(
        mother={"citizenship": Citizenship(mother), "permit": "ITAP"},
        father={"citizenship": Citizenship(father), "permit": "ITAP"},
    )

    assert newborn(known)["citizenship"] == expected


def test_the_nik_begins_with_the_district_of_the_family_joined() -> None:
    known = state()
    other = replace(known.families[ALONE], village_code="35.10.25.2001")
    known = with_family(known, other)

    assert newborn(known)["nik_district"] == "35.10.05"
    assert newborn(known, family={"family_id": ALONE})["nik_district"] == "35.10.25"


TWIN = {"birth_kind": 2, "birth_order": 2, "full_name": "Bayu Saputra"}


@pytest.mark.parametrize(
    ("sibling", "stated", "rule"),
    [
        # the same child told twice
        ({"full_name": "BAYU SANTOSA", "sex": Sex.MALE}, {}, "BIRTH_ALREADY_REGISTERED"),
        (
            {"full_name": "BAYU", "sex": Sex.MALE, "birth_date": date(2026, 11, 4)},
            {},
            "BIRTH_ALREADY_REGISTERED",
        ),
        ({"full_name": "AHMAD FAUZI", "sex": Sex.MALE}, {}, "BIRTH_ALREADY_REGISTERED"),
        ({"full_name": "RINA", "birth_order": 1}, {}, "BIRTH_ALREADY_REGISTERED"),
        # said to be twins, but with the place that is taken
        (
            {"full_name": "BAYU SAPUTRA", "sex": Sex.MALE, "birth_order": 2},
            TWIN,
            "BIRTH_ALREADY_REGISTERED",
        ),
    ],
)
def test_a_birth_is_registered_once(
    sibling: dict[str, Any], stated: dict[str, Any], rule: str
) -> None:
    known = with_people(state(), child(**({"birth_date": date(2026, 11, 3)} | sibling)))

    assert refusals(planned(known, birth(child=stated), add())) == [(rule, "/0/child")]


@pytest.mark.parametrize(
    ("sibling", "stated", "expected"),
    [
        # twins that are stated as such, boys with one stem of a name
        ({"full_name": "BAYU SAPUTRO", "sex": Sex.MALE, "birth_order": 1}, TWIN, []),
        (
            {
                "full_name": "BAYU SAPUTRO",
                "sex": Sex.MALE,
                "birth_order": 1,
                "birth_date": date(2026, 11, 2),
            },
            TWIN,
            [],
        ),
        # a girl of the same day, and nothing said of twins
        ({"full_name": "RINA"}, {}, [("TWIN_NOT_STATED", "/0/child/birth_kind")]),
        # too close: two days to eight months, either way
        ({"birth_date": date(2026, 11, 1)}, {}, [("SIBLING_TOO_CLOSE", "/0/child/birth_date")]),
        ({"birth_date": date(2026, 2, 4)}, {}, [("SIBLING_TOO_CLOSE", "/0/child/birth_date")]),
        ({"birth_date": date(2026, 2, 3)}, {}, []),
        ({"birth_date": date(2024, 11, 1)}, {}, []),
    ],
)
def test_siblings(sibling: dict[str, Any], stated: dict[str, Any], expected: list[Any]) -> None:
    known = with_people(state(), child(**({"birth_date": date(2026, 11, 3)} | sibling)))
    plan = planned(known, birth(child=stated), add())

    assert refusals(plan) == []
    assert warnings(plan) == expected


def test_an_officer_may_clear_a_likeness() -> None:
    known = with_people(
        state(), child(full_name="BAYU", sex=Sex.MALE, birth_date=date(2026, 11, 3))
    )
    plan = planned(known, birth(cleared_of=[UUID(key(50))]), add())

    assert refusals(plan) == []
    assert ("BIRTH_CLEARED", "/0/cleared_of") in warnings(plan)


def test_twins_in_one_change() -> None:
    first = birth(child={"birth_kind": 2, "birth_order": 1, "full_name": "Bayu Saputro"})
    second = birth(child=TWIN)

    plan = planned(state(), first, add(0), second, add(2), reissue(), card(0), card(2))

    assert refusals(plan) == []
    assert warnings(plan) == []
    print_out = next(each for each in plan.plan.effects if each.effect == "family_card.reissued")
    assert print_out.after is not None
    assert len(print_out.after["members"]) == 4  # type: ignore[arg-type]


def test_the_same_child_twice_in_one_change_is_refused() -> None:
    plan = planned(state(), birth(), add(0), birth(), add(2))

    assert refusals(plan) == [("BIRTH_ALREADY_REGISTERED", "/2/child")]


def test_everything_wrong_is_told_at_once() -> None:
    facts = birth(
        mother={"resident_id": key(99)},
        child={"full_name": "Bayu 2", "birth_date": "2026-11-25"},
        family={"family_id": key(199)},
    )

    rules = [rule for rule, _ in refusals(planned(state(), facts, add()))]

    assert {"PERSON_NOT_FOUND", "NAME_DIGITS", "BIRTH_IN_FUTURE", "FAMILY_NOT_FOUND"} <= set(rules)


def test_the_village_of_the_family_routes_the_case() -> None:
    assert planned(state(), birth(), add()).village_code == "35.10.05.2003"


def test_father_only_known_by_id_of_another_family_is_recorded_when_married() -> None:
    plan = newborn(state(), father={"resident_id": LONER})

    assert plan["father_id"] == LONER
    assert FATHER != LONER


GUEST = {
    "citizenship": Citizenship.FOREIGN,
    "permit": "ITAS",
    "family": None,
    "village_code": MUNCAR,
}


def guests() -> State:
    """Return the couple as foreigners with a limited permit, who are in no family card."""
    known = state(mother=GUEST, father=GUEST)
    homes = {key: each for key, each in known.families.items() if key != HOME}
    return replace(known, families=homes)


def test_edge_24_the_child_of_foreigners_in_no_card_is_registered_where_they_stay() -> None:
    plan = planned(guests(), birth())

    assert refusals(plan) == []
    left = plan.steps[0].state.persons["new/0"]
    assert (left.citizenship, left.permit, left.family) == (Citizenship.FOREIGN, "ITAS", None)
    assert plan.steps[0].village_code == MUNCAR


def test_the_child_of_a_citizen_and_a_guest_joins_the_card_of_the_citizen() -> None:
    known = state(mother=GUEST)
    alone = replace(known.families[HOME], members=known.families[HOME].members[:1])
    mixed = known.with_family(alone)

    without = planned(mixed, birth())
    within = planned(mixed, birth(family={"family_id": HOME}), add())

    assert refusals(without) == [("PERSON_IN_NO_FAMILY", "")]
    assert refusals(within) == []

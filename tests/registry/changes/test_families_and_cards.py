"""Members, family cards, child cards and first biodata, planned on a registry in memory."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.registry.changes.state import HeldCard, Person
from shared.contract.facts import CardKind, Citizenship, MaritalStatus, Relationship, Sex
from tests.registry.changes.states import (
    ALONE,
    FATHER,
    GRANDFATHER,
    HOME,
    JEMBER,
    LONER,
    MOTHER,
    MUNCAR,
    OLD_HOME,
    TODAY,
    add,
    birth,
    card,
    child,
    effects,
    family,
    key,
    planned,
    refusals,
    reissue,
    state,
    warnings,
    with_family,
    with_people,
)

NEW = key(60)
MARRIED = {"marital_status": MaritalStatus.MARRIED_REGISTERED}


def newcomer(**changes: Any) -> Person:  # noqa: ANN401
    """Return a woman of the regency who is in no family."""
    made = Person(NEW, "DEWI", Sex.FEMALE, date(1995, 6, 7), 1, village_code=MUNCAR)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("person", "changes", "rule", "pointer"),
    [
        ({"status": "MATI"}, {}, "PERSON_NOT_ALIVE", "/0/person"),
        ({"status": "TIDAK_VALID"}, {}, "PERSON_NOT_ACTIVE", "/0/person"),
        ({"family": OLD_HOME}, {}, "ALREADY_MEMBER_ELSEWHERE", "/0/person"),
        ({"family": HOME}, {}, "ALREADY_MEMBER", "/0/person"),
        (
            {"citizenship": Citizenship.FOREIGN, "permit": "ITAS"},
            {},
            "FOREIGNER_IN_NO_FAMILY",
            "/0/person",
        ),
        ({}, {"relationship": 1}, "HEAD_RELATIONSHIP", "/0/relationship"),
        ({}, {"relationship": 2}, "SPOUSE_SEX", "/0/relationship"),
        ({"sex": Sex.MALE}, {"relationship": 3}, "SPOUSE_SEX", "/0/relationship"),
        ({}, {"relationship": 3}, "SPOUSE_NOT_MARRIED", "/0/relationship"),
    ],
)
def test_a_member_is_refused(
    person: dict[str, Any], changes: dict[str, Any], rule: str, pointer: str
) -> None:
    known = with_people(state(), newcomer(**person))

    assert (rule, pointer) in refusals(planned(known, add(NEW, **changes)))


def test_nobody_and_nowhere() -> None:
    plan = planned(state(), add(key(99), home=key(199)))

    assert refusals(plan) == [("PERSON_NOT_FOUND", "/0/person"), ("FAMILY_NOT_FOUND", "/0/family")]


def test_a_husband_joins_only_a_wife_who_is_head() -> None:
    wife_is_head = family(key(110), key(61))
    known = with_people(
        state(),
        newcomer(key=key(61), **MARRIED),
        newcomer(sex=Sex.MALE, **MARRIED),
    )
    known = with_family(known, wife_is_head)

    assert refusals(planned(known, add(NEW, home=key(110), relationship=2))) == []
    assert ("SPOUSE_SEX", "/0/relationship") in refusals(planned(known, add(NEW, relationship=2)))


def test_a_second_wife_is_weighed_and_a_second_husband_refused() -> None:
    known = with_people(state(), newcomer(**MARRIED))
    plan = planned(known, add(NEW, relationship=3))
    assert (refusals(plan), warnings(plan)) == ([], [("SEVERAL_WIVES", "/0/relationship")])

    couple = family(key(110), key(61), (key(62), Relationship.HUSBAND))
    known = with_people(
        state(),
        newcomer(key=key(61), **MARRIED),
        newcomer(key=key(62), sex=Sex.MALE, **MARRIED),
        newcomer(sex=Sex.MALE, **MARRIED),
    )
    known = with_family(known, couple)
    plan = planned(known, add(NEW, home=key(110), relationship=2))
    assert refusals(plan) == [("SECOND_HUSBAND", "/0/relationship")]


@pytest.mark.parametrize(
    ("parents", "home", "expected"),
    [
        ({"mother": MOTHER, "father": FATHER}, HOME, 4),
        ({"mother": MOTHER}, HOME, 4),  # a child of the head's wife
        ({"father": key(70)}, OLD_HOME, 6),  # his father is a child of that head
        ({"mother": MOTHER}, ALONE, 9),
        ({}, HOME, 9),
    ],
)
def test_the_relationship_is_proposed(parents: dict[str, Any], home: str, expected: int) -> None:
    """A teenage mother's child in her father's family is his CUCU."""
    son = newcomer(key=key(70), sex=Sex.MALE, mother=None, father=GRANDFATHER)
    known = with_people(state(), son, newcomer(**parents))
    old_home = known.families[OLD_HOME]
    grown = replace(old_home, members=(*old_home.members, *family("", key(70)).members))
    grown = replace(
        grown,
        members=tuple(
            replace(each, relationship=Relationship.CHILD) if each.person == key(70) else each
            for each in grown.members
        ),
    )
    known = with_family(known, grown)

    [effect] = planned(known, add(NEW, home=home)).plan.effects

    assert effect.after is not None
    assert effect.after["relationship"] == expected


def test_members_of_an_institution_are_others() -> None:
    home = family(ALONE, LONER, institution=True)
    known = with_people(with_family(state(), home), newcomer())

    [effect] = planned(known, add(NEW, home=ALONE)).plan.effects

    assert effect.after is not None
    assert effect.after["relationship"] == 11


def test_another_relationship_than_the_parents_suggest_is_weighed() -> None:
    plan = planned(state(), birth(), add(0, relationship=9))

    assert warnings(plan) == [("RELATIONSHIP_DIFFERS", "/1/relationship")]
    assert "FAMILI LAIN" in plan.plan.warnings[0].text_id
    assert "ANAK" in plan.plan.warnings[0].text_id


def test_a_child_joins_the_family_that_its_birth_named() -> None:
    plan = planned(state(), birth(), add(0, home=ALONE))

    assert refusals(plan) == [("OTHER_FAMILY_THAN_STATED", "/1/family")]


def test_a_newborn_who_would_be_in_no_family_is_refused() -> None:
    assert refusals(planned(state(), birth())) == [("PERSON_IN_NO_FAMILY", "")]


def test_a_child_of_foreigners_on_a_limited_permit_is_in_no_family() -> None:
    foreign = {"citizenship": Citizenship.FOREIGN, "permit": "ITAS"}
    known = state(father=foreign, mother=foreign)

    assert refusals(planned(known, birth(family={"family_id": HOME}))) == []


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        ({"birth_date": date(2009, 11, 24), "marital_status": MaritalStatus.NEVER_MARRIED}, True),
        ({"birth_date": date(2009, 11, 25), "marital_status": MaritalStatus.NEVER_MARRIED}, False),
        ({"birth_date": date(2010, 1, 1), "marital_status": MaritalStatus.WIDOWED}, True),
        ({"status": "MATI"}, False),
    ],
)
def test_the_head_is_alive_and_grown(head: dict[str, Any], fits: bool) -> None:  # noqa: FBT001
    known = with_people(state(loner=head), newcomer())

    for fact in (add(NEW, home=ALONE), reissue(ALONE)):
        rules = {rule for rule, _ in refusals(planned(known, fact))}
        assert rules == (set() if fits else {"HEAD_NOT_FIT"})


def test_a_family_that_has_two_heads_already_is_refused_as_a_whole() -> None:
    broken = family(ALONE, LONER, (GRANDFATHER, Relationship.HEAD))
    known = with_people(state(), newcomer())
    known = replace(known, families={**known.families, ALONE: broken})

    assert refusals(planned(known, add(NEW, home=ALONE))) == [("SEVERAL_HEADS", "")]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [({"closed": True}, "FAMILY_CLOSED"), ({"village_code": JEMBER}, "NOT_IN_JURISDICTION")],
)
def test_a_card_that_cannot_be_printed(changed: dict[str, Any], rule: str) -> None:
    known = state()
    known = with_family(known, replace(known.families[HOME], **changed))

    assert refusals(planned(known, reissue())) == [(rule, "/0/family")]


def held(until: date, variant: str = "A") -> tuple[HeldCard, ...]:
    return (HeldCard(CardKind.KIA, variant, until),)


@pytest.mark.parametrize(
    ("changes", "fact", "rule", "pointer"),
    [
        ({"status": "MATI"}, {}, "PERSON_NOT_ALIVE", "/0/person"),
        ({"birth_date": date(2009, 11, 24)}, {}, "KIA_NOT_A_CHILD", "/0/person"),
        ({"marital_status": MaritalStatus.WIDOWED}, {}, "KIA_NOT_A_CHILD", "/0/person"),
        ({"has_birth_certificate": False}, {}, "KIA_NEEDS_CERTIFICATE", "/0/person"),
        ({"cards": held(TODAY)}, {}, "KIA_ALREADY_HELD", "/0/reason"),
        ({"family": None}, {}, "PERSON_IN_NO_FAMILY", "/0/person"),
        ({"village_code": JEMBER}, {}, "NOT_IN_JURISDICTION", "/0/person"),
        (
            {"citizenship": Citizenship.FOREIGN, "permit": "ITAS"},
            {},
            "KIA_NEEDS_PERMIT",
            "/0/person",
        ),
    ],
)
def test_a_child_card_is_refused(
    changes: dict[str, Any], fact: dict[str, Any], rule: str, pointer: str
) -> None:
    known = with_people(state(), child(**changes))

    assert (rule, pointer) in refusals(planned(known, card(key(50), **fact)))


@pytest.mark.parametrize(
    ("born", "variant", "until"),
    [
        (date(2026, 11, 24), "A", "2031-11-23"),
        (date(2021, 11, 25), "A", "2026-11-24"),
        (date(2021, 11, 24), "B", "2038-11-23"),
        (date(2009, 11, 25), "B", "2026-11-24"),
        (date(2024, 2, 29), "A", "2029-02-28"),
        (date(2020, 2, 29), "B", "2037-02-28"),
    ],
)
def test_type_and_last_valid_day(born: date, variant: str, until: str) -> None:
    known = with_people(state(), child(birth_date=born))

    effect = planned(known, card(key(50))).plan.effects[0]

    assert effect.after == {"kind": "KIA", "variant": variant, "valid_until": until}


@pytest.mark.parametrize("reason", ["RENEWED", "LOST", "DAMAGED"])
def test_a_replacement_ends_the_former_card(reason: str) -> None:
    known = with_people(state(), child(cards=held(TODAY)))

    plan = planned(known, card(key(50), reason=reason))

    assert (refusals(plan), warnings(plan)) == ([], [])
    assert effects(plan) == ["card.revoked", "card.issued", "document.queued"]
    assert plan.plan.effects[0].after == {"reason": reason}


def test_a_card_that_ran_out_is_no_obstacle_to_a_new_one() -> None:
    known = with_people(
        state(), child(birth_date=date(2021, 11, 24), cards=held(date(2026, 11, 23)))
    )

    plan = planned(known, card(key(50)))

    assert refusals(plan) == []
    assert plan.plan.effects[0].after == {"reason": "EXPIRED"}


def test_a_lost_card_that_nobody_knows_of_is_weighed() -> None:
    known = with_people(state(), child())

    assert warnings(planned(known, card(key(50), reason="LOST"))) == [("KIA_NOT_HELD", "/0/reason")]


def test_two_cards_in_one_change_are_one_too_many() -> None:
    plan = planned(state(), birth(), add(), card(), card())

    assert refusals(plan) == [("KIA_ALREADY_HELD", "/3/reason")]


def test_a_child_with_an_identity_card_gets_no_child_card() -> None:
    ktp = (HeldCard(CardKind.KTP_EL, None, None),)
    known = with_people(state(), child(birth_date=date(2010, 5, 5), cards=ktp))

    assert refusals(planned(known, card(key(50)))) == [("BOTH_CARDS", "")]


def first_biodata(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "kind": "register_resident",
        "full_name": "Dewi Lestari",
        "sex": "P",
        "birth_place": "Jember",
        "birth_date": "1980-07-01",
        "birth_date_precision": "YEAR",
        "religion": 1,
        "marital_status": 1,
        "mother_name": "Sumarni",
        "village_code": MUNCAR,
    } | changes


def test_a_first_biodata_joins_a_family_in_the_same_change() -> None:
    plan = planned(state(), first_biodata(), add(0, home=ALONE))

    assert refusals(plan) == []
    assert effects(plan) == ["resident.registered", "document.queued", "family.member_added"]
    assert plan.plan.effects[0].after is not None
    assert plan.plan.effects[0].after["full_name"] == "DEWI LESTARI"
    assert plan.village_code == MUNCAR


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"village_code": JEMBER}, "NOT_IN_JURISDICTION", "/0/village_code"),
        ({"village_code": "35.10.05.2999"}, "VILLAGE_UNKNOWN", "/0/village_code"),
        ({"birth_date": "2026-11-25"}, "BIRTH_IN_FUTURE", "/0/birth_date"),
        ({"full_name": "Dewi 2"}, "NAME_DIGITS", "/0/full_name"),
        ({"mother": {"resident_id": key(99)}}, "PERSON_NOT_FOUND", "/0/mother"),
    ],
)
def test_a_first_biodata_is_refused(changes: dict[str, Any], rule: str, pointer: str) -> None:
    plan = planned(state(), first_biodata(**changes), add(0, home=ALONE))

    assert (rule, pointer) in refusals(plan)


def test_somebody_who_looks_like_a_resident_must_be_cleared_by_a_person() -> None:
    known = with_people(state(), newcomer(full_name="DEWI LESTARI", family=ALONE))
    known = replace(known, similar={0: (NEW,)})

    suspect = planned(known, first_biodata(), add(0, home=ALONE))
    cleared = planned(known, first_biodata(cleared_of=[NEW]), add(0, home=ALONE))

    assert refusals(suspect) == [("DUPLICATE_SUSPECT", "/0")]
    assert (refusals(cleared), warnings(cleared)) == ([], [("DUPLICATE_CLEARED", "/0/cleared_of")])


def test_a_first_biodata_without_a_family_breaks_the_rule_of_one_family() -> None:
    assert refusals(planned(state(), first_biodata())) == [("PERSON_IN_NO_FAMILY", "")]

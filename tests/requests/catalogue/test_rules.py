"""What a case is told: all of it, at once, and nothing that the law does not ask."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.requests.catalogue.rules import (
    Catalogue,
    asked,
    complete,
    may_file,
    missing,
    search,
    workflow_of,
)
from services.requests.catalogue.store import catalogue as load
from shared.contract.facts import Fact, FamilyRef, PersonRef, RegisterBirth
from tests.requests.catalogue import agency, deaths, moves
from tests.requests.catalogue.couples import COUPLES
from tests.requests.catalogue.facts import FAMILY, MOTHER, TODAY, birth, fact, lacks, resident


@pytest.fixture
def catalogue() -> Catalogue:
    return load()


BIRTH_PAPERS = ("BIRTH_LETTER", "MARRIAGE_PROOF", "KK_COPY")


def test_an_empty_birth_bundle_is_told_everything_at_once(catalogue: Catalogue) -> None:
    assert lacks(catalogue, "PKT-BIRTH", []) == {
        ("FACT_MISSING", "/facts"),
        ("BIRTH_LETTER", "F203"),
        ("KK_COPY",),
    }


def test_a_complete_birth_bundle_lacks_nothing(catalogue: Catalogue) -> None:
    assert lacks(catalogue, "PKT-BIRTH", [birth()], *BIRTH_PAPERS) == set()


def test_either_paper_is_enough(catalogue: Catalogue) -> None:
    assert lacks(catalogue, "PKT-BIRTH", [birth()], "F203", "MARRIAGE_PROOF", "KK_COPY") == set()


@pytest.mark.parametrize(
    ("evidence", "wanted"),
    [("MARRIAGE_PROOF", {("MARRIAGE_PROOF",)}), ("F204", {("F204",)}), ("NONE", set())],
)
def test_the_marriage_is_proven_as_the_facts_say(
    catalogue: Catalogue, evidence: str, wanted: set[tuple[str, ...]]
) -> None:
    facts = [birth(marriage_evidence=evidence)]

    assert lacks(catalogue, "PKT-BIRTH", facts, "BIRTH_LETTER", "KK_COPY") == wanted


def test_what_is_missing_names_the_form_in_both_languages(catalogue: Catalogue) -> None:
    service = catalogue.services["PKT-BIRTH"]
    found = missing(catalogue, service, [birth()], {"MARRIAGE_PROOF", "KK_COPY"}, TODAY)

    (letter,) = found
    assert letter.rule == "ATTACHMENT_MISSING"
    assert letter.pointer == "/attachments"
    assert letter.form == "F-2.03"
    assert letter.text_id.startswith("Lampirkan: Surat keterangan kelahiran")
    assert letter.text_id.endswith("(formulir F-2.03).")
    assert letter.text_en.startswith("Attach: Birth letter or")
    assert letter.text_en.endswith("(form F-2.03).")


def test_a_photo_is_asked_from_the_fifth_birthday_until_the_seventeenth(
    catalogue: Catalogue,
) -> None:
    def photo(born: date) -> bool:
        facts = [birth(born)]
        return ("PHOTO_CHILD",) in lacks(catalogue, "PKT-BIRTH", facts, *BIRTH_PAPERS)

    assert not photo(date(2021, 11, 25))
    assert photo(date(2021, 11, 24))
    assert photo(date(2009, 11, 25))
    assert not photo(date(2009, 11, 24))


def test_who_was_born_on_29_february_is_five_on_the_first_of_march(catalogue: Catalogue) -> None:
    facts = [birth(date(2024, 2, 29))]

    for today, wanted in ((date(2029, 2, 28), False), (date(2029, 3, 1), True)):
        found = lacks(catalogue, "PKT-BIRTH", facts, *BIRTH_PAPERS, today=today)
        assert (("PHOTO_CHILD",) in found) is wanted


def test_the_sixtieth_day_is_in_time_and_the_next_is_late(catalogue: Catalogue) -> None:
    in_time, late = (
        ("BIRTH_REPORTED_IN_TIME", "/service_code"),
        ("BIRTH_REPORTED_LATE", "/service_code"),
    )
    for days, wrong_for_in_time, wrong_for_late in ((60, False, True), (61, True, False)):
        facts = [birth(TODAY - timedelta(days=days))]
        assert (in_time in lacks(catalogue, "CAP-BIRTH", facts)) is wrong_for_in_time
        assert (late in lacks(catalogue, "CAP-BIRTH-LATE", facts)) is wrong_for_late
        assert not {in_time, late} & lacks(catalogue, "PKT-BIRTH", facts)


def test_the_day_of_the_report_counts_when_it_is_given(catalogue: Catalogue) -> None:
    born = TODAY - timedelta(days=61)
    facts = [birth(born, reported_on=born + timedelta(days=60))]

    assert ("BIRTH_REPORTED_IN_TIME", "/service_code") not in lacks(catalogue, "CAP-BIRTH", facts)


def test_what_a_machine_cannot_decide_is_shown_and_never_required(catalogue: Catalogue) -> None:
    service = catalogue.services["BIO-NEW"]
    facts = [resident(), fact("add_member", person={"created_by": 0}, family=FAMILY)]
    found = asked(catalogue, service, facts, {"RT_RW_LETTER", "F104"}, TODAY)

    lodging = next(each for each in found if each.codes == ("HOUSE_OWNER",))
    assert lodging.need == "ask"
    assert lodging.when is not None
    assert lodging.when.id == "Menumpang, sewa atau kos"
    assert missing(catalogue, service, facts, {"RT_RW_LETTER", "F104"}, TODAY) == []


def test_an_age_that_nobody_told_is_asked_not_required(catalogue: Catalogue) -> None:
    service = catalogue.services["KIA-LOST"]
    facts = [fact("issue_card", person=MOTHER)]

    found = {each.codes: each.need for each in asked(catalogue, service, facts, (), TODAY)}
    assert found[("PHOTO_CHILD",)] == "ask"
    assert found[("POLICE_LOST",)] == "required"


def kinds(facts: list[Fact]) -> list[str]:
    return [each.kind for each in facts]


@pytest.mark.parametrize("code", ["PKT-BIRTH", "CAP-BIRTH", "CAP-BIRTH-FOUND"])
def test_a_birth_brings_the_rest_with_it(catalogue: Catalogue, code: str) -> None:
    facts, wrong = complete(catalogue, catalogue.services[code], [birth()], TODAY)

    assert wrong == []
    assert facts[1:] == [
        fact("add_member", person={"created_by": 0}, family={"of": MOTHER}),
        fact("reissue_family_card", family={"of": MOTHER}, reason="MEMBER_ADDED"),
        fact("issue_card", person={"created_by": 0}),
    ]


def test_a_family_named_in_the_birth_is_the_one_that_changes(catalogue: Catalogue) -> None:
    facts, _ = complete(catalogue, catalogue.services["PKT-BIRTH"], [birth(family=FAMILY)], TODAY)

    assert {each.family for each in facts[1:3]} == {FamilyRef(kk_number=FAMILY["kk_number"])}  # type: ignore[union-attr]


def test_a_birth_without_mother_and_family_is_asked_whose_card(catalogue: Catalogue) -> None:
    service = catalogue.services["CAP-BIRTH-FOUND"]
    facts, wrong = complete(catalogue, service, [birth(mother=None)], TODAY)

    assert [(each.rule, each.pointer) for each in wrong] == [("FACT_MISSING", "/facts/0/family")]
    assert wrong[0].form == "F-2.01"
    assert "add_member" not in kinds(facts)


def test_who_turned_seventeen_gets_no_child_card(catalogue: Catalogue) -> None:
    service = catalogue.services["CAP-BIRTH-LATE"]
    young, _ = complete(catalogue, service, [birth(date(2009, 11, 25))], TODAY)
    grown, _ = complete(catalogue, service, [birth(date(2009, 11, 24))], TODAY)

    assert "issue_card" in kinds(young)
    assert "issue_card" not in kinds(grown)


def test_what_is_complete_stays_as_it_is(catalogue: Catalogue) -> None:
    for service in catalogue.services.values():
        first = {"register_birth": birth(), "register_resident": resident()}
        client = [
            first.get(each.kind) or _plain(each.kind, *each.elements)
            for each in service.changes or ()
            if not each.derived
        ]
        once, wrong = complete(catalogue, service, client, TODAY)
        assert (complete(catalogue, service, once, TODAY), wrong) == ((once, []), [])


_VALUES: dict[str, Any] = {
    "education": 5,
    "religion": 1,
    "full_name": "SITI AMINAH",
    "birth_place": "BANYUWANGI",
    "blood_type": 1,
    "disability": 1,
    "mother_name": "SUMARNI",
    "sex": "P",
    "occupation": 5,
}


HOME = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": "35.10.10.2003"}


def _plain(kind: str, element: str = "occupation", *_: str) -> Fact:
    about: dict[str, dict[str, Any]] = COUPLES | {
        "add_member": {"person": MOTHER, "family": FAMILY},
        "reissue_family_card": {"family": FAMILY},
        "issue_card": {"person": MOTHER},
        "renew_card": {"person": MOTHER, "permit_until": "2031-05-01"},
        "record_biometrics": {"person": MOTHER},
        "advance_recording": {"person": MOTHER, "status": "PRINT_READY_RECORD"},
        "activate_digital_id": {"person": MOTHER, "device": "ponsel-1"},
        "change_head": {"family": FAMILY, "head": MOTHER},
        "split_family": {"family": FAMILY, "head": MOTHER},
        "open_family": {"head": MOTHER, "home": HOME},
        "register_death": deaths.death(),
        "remove_member": deaths.removal(),
        "register_stillbirth": deaths.stillbirth(),
        "change_address": {"family": FAMILY, "rt": "004"},
        "correct_positions": {
            "family": FAMILY,
            "positions": [{"person": MOTHER, "relationship": 3}],
        },
        "move_within": {
            "family": FAMILY,
            "reason": 1,
            "to": HOME,
        },
        "correct_resident": {
            "person": MOTHER,
            "to": {element: _VALUES[element]},
            "proof": {"paper": "WORK_LETTER"},
        },
        "note_marriage_elsewhere": {
            "event": "UNREGISTERED",
            "husband": {"nik": "3510050506889001"},
            "wife": MOTHER,
            "happened_on": "2026-10-20",
            "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
        },
    }
    return fact(kind, **(about | agency.ABOUT | moves.ABOUT)[kind])


def test_a_client_may_tell_more_of_what_would_be_derived(catalogue: Catalogue) -> None:
    joins = fact("add_member", person={"created_by": 0}, family=FAMILY, relationship=6)
    facts, wrong = complete(catalogue, catalogue.services["PKT-BIRTH"], [birth(), joins], TODAY)

    assert wrong == []
    assert facts[1] == joins
    assert facts[2] == fact("reissue_family_card", family=FAMILY, reason="MEMBER_ADDED")


def test_a_fact_of_another_service_is_refused_where_it_stands(catalogue: Catalogue) -> None:
    strange = fact("issue_card", person=MOTHER)
    wrong = complete(catalogue, catalogue.services["KK-LOST"], [strange], TODAY).missing

    assert {(each.rule, each.pointer) for each in wrong} == {
        ("FACT_MISSING", "/facts"),
        ("FACT_NOT_OF_SERVICE", "/facts/0"),
    }


def test_facts_out_of_order_are_refused_once(catalogue: Catalogue) -> None:
    card = fact("issue_card", person=MOTHER)
    wrong = complete(catalogue, catalogue.services["PKT-BIRTH"], [card, birth()], TODAY).missing

    assert [(each.rule, each.pointer) for each in wrong] == [
        ("FACT_NOT_OF_SERVICE", "/facts/1"),
    ]


def test_the_service_decides_the_reason(catalogue: Catalogue) -> None:
    service = catalogue.services["KK-LOST"]
    plain, wrong = complete(catalogue, service, [fact("reissue_family_card", family=FAMILY)], TODAY)
    assert (plain[0].reason, wrong) == ("LOST", [])  # type: ignore[union-attr]

    other = fact("reissue_family_card", family=FAMILY, reason="DAMAGED")
    wrong = complete(catalogue, service, [other], TODAY).missing
    assert [(each.rule, each.pointer) for each in wrong] == [
        ("FACT_NOT_OF_SERVICE", "/facts/0/reason")
    ]


def test_only_what_is_open_can_be_filed(catalogue: Catalogue) -> None:
    def rules(code: str, channel: str) -> list[str]:
        return [each.rule for each in may_file(catalogue.services[code], channel)]

    assert rules("PKT-BIRTH", "FASKES") == []
    assert rules("INF-VERIFY", "WEB") == ["SERVICE_IS_INFORMATION"]
    assert rules("KK-LOST", "FASKES") == ["CHANNEL_NOT_OF_SERVICE"]
    assert rules("KTP-REC", "WA") == ["CHANNEL_NOT_OF_SERVICE"]
    closed = catalogue.services["CAP-DEATH"].model_copy(update={"changes": None})
    assert [each.rule for each in may_file(closed, "DESA")] == ["SERVICE_NOT_OPEN"]


def test_nothing_that_needs_the_person_is_filed_from_afar(catalogue: Catalogue) -> None:
    bodily = [each for each in catalogue.services.values() if each.presence]
    assert {each.code for each in bodily if each.biometrics} == {
        "KTP-REC",
        "KTP-REC-EARLY",
        "KTP-OUT",
        "KTP-OA",
        "PKT-17",
    }
    for service in bodily:
        for online in ("WA", "WEB", "IKD"):
            assert "CHANNEL_NOT_OF_SERVICE" in {each.rule for each in may_file(service, online)}


def test_search_takes_every_filter_together(catalogue: Catalogue) -> None:
    def codes(**filters: object) -> set[str]:
        return {each.code for each in search(catalogue, **filters)}  # type: ignore[arg-type]

    assert len(codes()) == 98
    assert codes(category="BUNDLE", open_=True) >= {"PKT-17", "PKT-BIRTH"}
    assert codes(words="hilang kia") == {"KIA-LOST"}
    assert "CAP-BIRTH" in codes(channel="FASKES")
    assert codes(channel="NOWHERE") == set()
    assert codes(group="KIA", channel="FASKES") == set()


def test_a_reference_to_the_newborn_reaches_the_first_fact(catalogue: Catalogue) -> None:
    facts, _ = complete(catalogue, catalogue.services["PKT-BIRTH"], [birth()], TODAY)

    assert isinstance(facts[0], RegisterBirth)
    assert {each.person for each in (facts[1], facts[3])} == {PersonRef(created_by=0)}  # type: ignore[union-attr]


def test_the_registrar_approves_bundles_of_civil_registration(catalogue: Catalogue) -> None:
    for code, roles in (("PKT-BIRTH", {"PPS"}), ("PKT-ARRIVE", {"KABID"})):
        flow = workflow_of(catalogue, catalogue.services[code], "DESA")
        (approve,) = [each for each in flow.transitions if each.action == "approve"]
        assert approve.roles == roles


def test_a_late_birth_is_signed_by_the_head_of_the_agency_alone(catalogue: Catalogue) -> None:
    for code, roles in (("CAP-BIRTH", {"KADIS", "PPS"}), ("CAP-BIRTH-LATE", {"KADIS"})):
        flow = workflow_of(catalogue, catalogue.services[code], "DESA")
        (sign,) = [each for each in flow.transitions if each.action == "sign"]
        assert sign.roles == roles

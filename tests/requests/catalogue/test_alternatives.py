"""A bundle takes the marriage or divorce of this office or of another one, and what follows it."""

from datetime import date

import pytest

from services.requests.catalogue.rules import Catalogue, complete
from services.requests.catalogue.store import catalogue as load
from services.requests.catalogue.views import whole as shown
from shared.contract.facts import Fact
from tests.requests.catalogue.couples import COUPLE, COUPLES, RULING
from tests.requests.catalogue.facts import fact, lacks

TODAY = date(2026, 11, 24)
HOME = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": "35.10.10.2003"}
FAMILY = {"of": COUPLE["husband"]}


@pytest.fixture
def catalogue() -> Catalogue:
    return load()


def here(kind: str) -> Fact:
    return fact(kind, **COUPLES[kind])


def elsewhere(event: str) -> Fact:
    said = {"happened_on": "2026-10-20", "number": "0123/045/X/2026", "authority": "KUA MUNCAR"}
    return fact("note_marriage_elsewhere", event=event, **COUPLE, **said)


def opened() -> Fact:
    return fact("open_family", head=COUPLE["husband"], home=HOME)


def split() -> Fact:
    return fact("split_family", family=FAMILY, head=COUPLE["wife"])


@pytest.mark.parametrize(
    ("service", "facts"),
    [
        ("PKT-MARRY", [here("register_marriage"), opened()]),
        ("PKT-MARRY", [elsewhere("MARRIAGE"), opened()]),
        (
            "PKT-MARRY",
            [
                elsewhere("MARRIAGE"),
                fact(
                    "correct_positions",
                    family=FAMILY,
                    positions=[{"person": COUPLE["wife"], "relationship": 3}],
                ),
                fact("issue_card", person=COUPLE["wife"], card="KTP_EL", reason="CHANGED"),
                fact("issue_card", person=COUPLE["husband"], card="KTP_EL", reason="CHANGED"),
            ],
        ),
        ("PKT-DIVORCE", [here("register_divorce"), split()]),
        ("PKT-DIVORCE", [elsewhere("DIVORCE")]),
    ],
)
def test_what_is_stated_is_whole(catalogue: Catalogue, service: str, facts: list[Fact]) -> None:
    whole = complete(catalogue, catalogue.services[service], facts, TODAY)

    assert whole.missing == []
    assert whole.facts == facts


@pytest.mark.parametrize(
    ("service", "facts", "rules"),
    [
        ("PKT-MARRY", [opened()], ["FACT_MISSING"]),
        ("PKT-MARRY", [here("register_marriage")], ["FACT_MISSING"]),
        ("PKT-MARRY", [elsewhere("DIVORCE"), opened()], ["FACT_NOT_OF_SERVICE"]),
        ("PKT-DIVORCE", [elsewhere("MARRIAGE"), split()], ["FACT_NOT_OF_SERVICE"]),
        (
            "PKT-MARRY",
            [here("register_marriage"), elsewhere("MARRIAGE"), opened()],
            ["FACT_NOT_OF_SERVICE", "FACT_NOT_OF_SERVICE"],
        ),
    ],
)
def test_what_does_not_belong_is_told(
    catalogue: Catalogue, service: str, facts: list[Fact], rules: list[str]
) -> None:
    told = complete(catalogue, catalogue.services[service], facts, TODAY).missing

    assert [each.rule for each in told] == rules


@pytest.mark.parametrize(
    ("service", "kind", "field", "paper"),
    [
        ("CAP-MARRY", "register_marriage", "dispensation", "COURT_DISPENSATION"),
        ("CAP-MARRY", "register_marriage", "court_permission", "COURT_POLYGAMY"),
        ("PKT-MARRY", "register_marriage", "dispensation", "COURT_DISPENSATION"),
        ("CAP-ACK", "acknowledge_child", "ruling", "COURT_RULING"),
        ("CAP-LEGIT", "legitimise_child", "ruling", "COURT_RULING"),
    ],
)
def test_the_ruling_that_a_fact_names_is_asked_for_and_no_other(
    catalogue: Catalogue, service: str, kind: str, field: str, paper: str
) -> None:
    plain = fact(kind, **COUPLES[kind])
    named = fact(kind, **COUPLES[kind] | {field: RULING})

    assert (paper,) not in lacks(catalogue, service, [plain])
    assert (paper,) in lacks(catalogue, service, [named])


def test_a_client_sees_both_and_that_one_is_enough(catalogue: Catalogue) -> None:
    facts = shown(catalogue, catalogue.services["PKT-DIVORCE"]).facts

    stated = {each.kind: (each.instead_of, each.fixed) for each in facts}
    assert stated["register_divorce"] == (None, {})
    assert stated["note_marriage_elsewhere"] == ("register_divorce", {"event": "DIVORCE"})

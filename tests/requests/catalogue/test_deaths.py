"""What is asked of whoever reports a death."""

from typing import Any

import pytest

from services.requests.catalogue.rules import Catalogue, complete
from services.requests.catalogue.store import catalogue as load
from tests.requests.catalogue.deaths import MOTHER, death, removal
from tests.requests.catalogue.facts import TODAY, birth, fact, lacks


@pytest.fixture
def catalogue() -> Catalogue:
    return load()


def test_a_child_who_died_before_the_report_has_both_certificates_in_one_visit(
    catalogue: Catalogue,
) -> None:
    told = [birth(), fact("register_death", **death(person={"created_by": 0}))]

    assert lacks(catalogue, "CAP-DEATH", told, "DEATH_LETTER", "KK_COPY") == {
        ("BIRTH_LETTER", "F203")
    }
    whole, wrong = complete(catalogue, catalogue.services["CAP-DEATH"], told, TODAY)
    assert ([each.kind for each in whole], wrong) == (["register_birth", "register_death"], [])


def test_nothing_of_a_birth_is_asked_of_another_death(catalogue: Catalogue) -> None:
    told = [fact("register_death", **death())]

    assert lacks(catalogue, "CAP-DEATH", told, "DEATH_LETTER", "KK_COPY") == set()


@pytest.mark.parametrize(
    ("service", "proof", "rule"),
    [
        ("CAP-DEATH-MISSING", "LETTER", "DEATH_OF_MISSING"),
        ("CAP-DEATH-OLD", "LETTER", "DEATH_WITHOUT_LETTER"),
        ("CAP-DEATH-MISSING", "AIRLINE", None),
        ("CAP-DEATH-OLD", "STATEMENT", None),
    ],
)
def test_the_proof_fits_the_service(
    catalogue: Catalogue, service: str, proof: str, rule: str | None
) -> None:
    told = [fact("register_death", **death(proof=proof))]
    papers = ("DEATH_COURT", "OLD_ID_PROOF", "SPTJM_DEATH")

    found = lacks(catalogue, service, told, *papers)

    assert found == ({(rule, "/service_code")} if rule else set())


@pytest.mark.parametrize(("reason", "paper"), [("DIED", "AKTA_MATI_SPOUSE"), ("MOVED", "SKPWNI")])
def test_who_is_taken_off_a_card_is_proven_by_the_paper_of_the_other_office(
    catalogue: Catalogue, reason: str, paper: str
) -> None:
    told = [fact("remove_member", **removal(reason=reason))]

    assert lacks(catalogue, "KK-REMOVE", told, "KK_OLD") == {(paper,)}


@pytest.mark.parametrize("with_card", [False, True])
def test_the_bundle_renews_the_card_of_the_spouse_if_asked(
    catalogue: Catalogue, *, with_card: bool
) -> None:
    told: list[Any] = [fact("register_death", **death())]
    told += [fact("issue_card", person=MOTHER)] if with_card else []
    whole, wrong = complete(catalogue, catalogue.services["PKT-DEATH"], told, TODAY)

    assert wrong == []
    if with_card:
        assert (whole[1].card, whole[1].reason) == ("KTP_EL", "CHANGED")  # type: ignore[union-attr]
    assert len(whole) == 1 + with_card

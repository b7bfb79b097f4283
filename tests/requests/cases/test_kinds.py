"""A case of each kind of change can be filed and is asked of the registry."""

from typing import Any

import pytest

from tests.requests.cases.making import Desk, birth, case
from tests.requests.catalogue.deaths import death, removal, stillbirth

pytestmark = pytest.mark.anyio

FAMILY = {"kk_number": "3510051203109001"}
MOTHER = {"nik": "3510054107959001"}
FATHER = {"nik": "3510050107859001"}
TO = {"address": "DUSUN KRAJAN", "rt": "001", "rw": "002", "village_code": "35.10.05.2004"}


@pytest.mark.parametrize(
    ("service", "who", "fact"),
    [
        ("KK-HEAD", "head_of_family", {"kind": "change_head", "family": FAMILY, "head": MOTHER}),
        ("KK-SPLIT", "head_of_family", {"kind": "split_family", "family": FAMILY, "head": MOTHER}),
        ("CAP-DEATH", "spouse", {"kind": "register_death"} | death()),
        ("CAP-DEATH-OLD", "child", {"kind": "register_death"} | death(proof="STATEMENT")),
        ("CAP-DEATH-UNKNOWN", "police", {"kind": "register_death"} | death()),
        ("CAP-DEATH-MISSING", "spouse", {"kind": "register_death"} | death(proof="AIRLINE")),
        ("CAP-DEATH-ABROAD", "spouse", {"kind": "register_death"} | death()),
        ("PKT-DEATH", "spouse", {"kind": "register_death"} | death()),
        ("CAP-BIRTH-OA", "parent", birth()),
        ("CAP-STILL", "parent", {"kind": "register_stillbirth"} | stillbirth()),
        ("KK-REMOVE", "head_of_family", {"kind": "remove_member"} | removal()),
        (
            "KK-NEW",
            "future_head",
            {"kind": "open_family", "head": FATHER, "members": [{"person": MOTHER}], "home": TO},
        ),
        (
            "KK-OA",
            "future_head",
            {"kind": "open_family", "head": FATHER, "home": TO},
        ),
        (
            "BIO-CHG-ADDR",
            "head_of_family",
            {"kind": "change_address", "family": FAMILY, "rt": "004"},
        ),
        (
            "BIO-CHG-SHDK",
            "head_of_family",
            {
                "kind": "correct_positions",
                "family": FAMILY,
                "positions": [{"person": MOTHER, "relationship": 9}],
            },
        ),
        (
            "MOV-VIL",
            "head_of_family",
            {"kind": "move_within", "family": FAMILY, "reason": 1, "to": TO},
        ),
        (
            "BIO-CHG-JOB",
            "self",
            {
                "kind": "correct_resident",
                "person": MOTHER,
                "to": {"occupation": 5},
                "proof": {"paper": "WORK_LETTER"},
            },
        ),
        (
            "BIO-CHG-MAR",
            "self",
            {
                "kind": "note_marriage_elsewhere",
                "event": "MARRIAGE",
                "husband": FATHER,
                "wife": MOTHER,
                "happened_on": "2026-10-20",
                "number": "123/45/X/2026",
                "authority": "KUA MUNCAR",
            },
        ),
        ("KTP-LOST", "self", {"kind": "issue_card", "person": MOTHER, "card": "KTP_EL"}),
        ("KTP-PRINT", "self", {"kind": "issue_card", "person": MOTHER, "print_at": "SP-3510-001"}),
        ("KTP-CHG", "self", {"kind": "issue_card", "person": MOTHER}),
        (
            "KTP-OA-EXT",
            "self",
            {"kind": "renew_card", "person": MOTHER, "permit_until": "2031-05-01"},
        ),
        (
            "IKD-ACT",
            "self",
            {"kind": "activate_digital_id", "person": MOTHER, "device": "ponsel-1"},
        ),
        (
            "IKD-RESET",
            "self",
            {"kind": "activate_digital_id", "person": MOTHER, "action": "REVOKE"},
        ),
        ("KIA-MOVE", "parent", {"kind": "issue_card", "person": MOTHER}),
        ("KIA-LOST", "parent", {"kind": "issue_card", "person": MOTHER, "reason": "LOST"}),
        (
            "KK-LOST",
            "head_of_family",
            {"kind": "reissue_family_card", "family": FAMILY, "reason": "LOST"},
        ),
    ],
)
async def test_a_case_of_this_service_is_filed(
    village: Desk, service: str, who: str, fact: dict[str, Any]
) -> None:
    applicant = case()["applicant"] | {"relationship": who}
    body = {
        "service_code": service,
        "channel": "DESA",
        "point_id": "SP-3510052003",
        "facts": [fact],
        "applicant": applicant,
    }

    answer = await village.file(body)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["service"]["code"] == service
    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"to": {"occupation": 5, "sex": "L"}}, "/facts/0/to/sex"),
        ({"to": {"occupation": 5}, "emptied": ["disability"]}, "/facts/0/emptied"),
    ],
)
async def test_no_element_is_corrected_under_the_papers_of_another(
    village: Desk, change: dict[str, Any], pointer: str
) -> None:
    fact = {
        "kind": "correct_resident",
        "person": MOTHER,
        "proof": {
            "paper": "COURT_RULING",
            "number": "1",
            "issuer": "PN",
            "issued_on": "2026-10-01",
        },
    }
    body = {
        "service_code": "BIO-CHG-JOB",
        "channel": "DESA",
        "point_id": "SP-3510052003",
        "facts": [fact | change],
        "applicant": case()["applicant"] | {"relationship": "self"},
    }

    told = (await village.file(body)).json()

    found = [(each["pointer"], each["rule"]) for each in told["missing"]]
    assert (pointer, "FACT_NOT_OF_SERVICE") in found
    refused = await village.submit(told["id"], told["version"])
    assert refused.status_code == 422

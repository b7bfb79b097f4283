"""A case of each kind of change can be filed and is asked of the registry."""

from typing import Any

import pytest

from tests.requests.cases.making import Desk, case

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

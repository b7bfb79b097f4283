"""A case of each kind about who leaves, arrives, or has no papers can be filed in the village."""

import pytest

from tests.requests.cases.making import Desk, case
from tests.requests.catalogue.moves import ABOUT

pytestmark = pytest.mark.anyio

SERVICES = [
    ("MOV-OUT", "adult_mover", "move_out"),
    ("MOV-TRANS", "adult_mover", "move_out"),
    ("MOV-OA", "self", "move_out"),
    ("MOV-ABROAD", "adult_mover", "move_abroad"),
    ("MOV-CANCEL", "adult_mover", "cancel_move"),
    ("MOV-ARR", "adult_mover", "arrive"),
    ("PKT-ARRIVE", "adult_mover", "arrive"),
    ("BIO-ABROAD-IN", "self", "arrive_from_abroad"),
    ("NONPERM", "self", "note_temporary_stay"),
    ("BIO-OA-ITAS", "self", "register_foreigner"),
    ("BIO-OA-ITAP", "self", "register_foreigner"),
    ("RENTAN", "team", "issue_letter"),
    ("KIA-MOVE", "parent", "issue_card"),
    ("KIA-OA", "parent", "issue_card"),
]


@pytest.mark.parametrize(("service", "who", "kind"), SERVICES)
async def test_a_case_of_this_service_is_filed(
    village: Desk, service: str, who: str, kind: str
) -> None:
    body = {
        "service_code": service,
        "channel": "DESA",
        "point_id": "SP-3510052003",
        "facts": [{"kind": kind, **ABOUT[kind]}],
        "applicant": case()["applicant"] | {"relationship": who},
    }

    answer = await village.file(body)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["service"]["code"] == service
    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]


async def test_an_arrival_brings_a_card_for_each_who_comes(village: Desk) -> None:
    cards = [
        {"kind": "issue_card", "person": {"nik": nik}, "reason": "MOVED"}
        for nik in ("3404010203189001", "3404010203209001")
    ]
    body = {
        "service_code": "PKT-ARRIVE",
        "channel": "DESA",
        "point_id": "SP-3510052003",
        "facts": [{"kind": "arrive", **ABOUT["arrive"]}, *cards],
        "applicant": case()["applicant"] | {"relationship": "adult_mover"},
    }

    told = (await village.file(body)).json()

    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]
    seen = (await village.read(told["id"])).json()
    assert [each["kind"] for each in seen["facts"]] == ["arrive", "issue_card", "issue_card"]

"""A case of each kind that only the agency's own counters take can be filed there."""

from typing import Any

import pytest

from tests.requests.cases.making import Desk, Sit, case

pytestmark = pytest.mark.anyio

MOTHER = {"nik": "3510054107959001"}
CERTIFICATE = {"number": "3510-LU-24112026-0001"}
RULING = {"authority": "PN Banyuwangi", "number": "12/Pdt.P/2026/PN Byw", "dated": "2026-10-01"}
DECREE = {"number": "AHU-12/2026", "authority": "Kementerian Hukum", "dated": "2026-10-01"}

KINDS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "CAP-NAME",
        "self",
        {"kind": "change_name", "person": MOTHER, "full_name": "Siti Rahayu", "ruling": RULING},
    ),
]


@pytest.fixture
def counter(desk: Sit) -> Desk:
    return desk("sub-counter", "OP_GERAI", point="SP-3510-001")


@pytest.mark.parametrize(("service", "who", "fact"), KINDS)
async def test_a_case_of_this_service_is_filed_at_the_mall(
    counter: Desk, service: str, who: str, fact: dict[str, Any]
) -> None:
    body = {
        "service_code": service,
        "channel": "MPP",
        "point_id": "SP-3510-001",
        "facts": [fact],
        "applicant": case()["applicant"] | {"relationship": who},
    }

    answer = await counter.file(body)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["service"]["code"] == service
    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]

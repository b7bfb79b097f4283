"""A case of each kind that only the agency's own counters take can be filed there."""

import pytest

from tests.requests.cases.making import Desk, Sit, case
from tests.requests.catalogue.agency import ABOUT

pytestmark = pytest.mark.anyio

SERVICES = [
    ("CAP-NAME", "self", "change_name"),
    ("CAP-CITIZEN", "self", "set_citizenship"),
    ("CAP-DUAL", "parent", "set_citizenship"),
    ("CAP-OTHER", "self", "note_vital_event"),
    ("CAP-FIX", "subject", "correct_certificate"),
    ("CAP-CANCEL", "party", "cancel_certificate"),
    ("CAP-REISSUE", "subject", "reissue_certificate"),
    ("NIK-FIX", "self", "resolve_duplicate"),
    ("DATA-CONS", "self", "confirm_data"),
]


@pytest.fixture
def counter(desk: Sit) -> Desk:
    return desk("sub-counter", "OP_GERAI", point="SP-3510-001")


@pytest.mark.parametrize(("service", "who", "kind"), SERVICES)
async def test_a_case_of_this_service_is_filed_at_the_mall(
    counter: Desk, service: str, who: str, kind: str
) -> None:
    body = {
        "service_code": service,
        "channel": "MPP",
        "point_id": "SP-3510-001",
        "facts": [{"kind": kind, **ABOUT[kind]}],
        "applicant": case()["applicant"] | {"relationship": who},
    }

    answer = await counter.file(body)

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["service"]["code"] == service
    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]

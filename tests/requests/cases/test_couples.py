"""A case about a couple or their child can be filed at the agency's counter."""

import pytest

from tests.requests.cases.making import Desk, Sit, case
from tests.requests.catalogue.couples import COUPLE, COUPLES

pytestmark = pytest.mark.anyio


HOME = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": "35.10.05.2003"}
FOLLOWING = {
    "PKT-MARRY": [{"kind": "open_family", "head": COUPLE["husband"], "home": HOME}],
    "PKT-DIVORCE": [
        {"kind": "split_family", "family": {"of": COUPLE["husband"]}, "head": COUPLE["wife"]}
    ],
}


@pytest.fixture
def counter(desk: Sit) -> Desk:
    return desk("sub-counter", "OP_GERAI", point="SP-3510-000")


@pytest.mark.parametrize(
    ("service", "who", "kind"),
    [
        ("CAP-MARRY", "couple", "register_marriage"),
        ("CAP-MARRY-COURT", "heir", "register_marriage"),
        ("CAP-ANNUL", "party", "annul_marriage"),
        ("CAP-DIVORCE", "party", "register_divorce"),
        ("CAP-DIVORCE-ANNUL", "party", "annul_divorce"),
        ("CAP-ADOPT", "adoptive_parent", "adopt_child"),
        ("CAP-ACK", "biological_parents", "acknowledge_child"),
        ("CAP-LEGIT", "parents", "legitimise_child"),
        ("PKT-MARRY", "couple", "register_marriage"),
        ("PKT-DIVORCE", "party", "register_divorce"),
    ],
)
async def test_a_case_of_this_service_is_filed(
    counter: Desk, service: str, who: str, kind: str
) -> None:
    answer = await counter.file(
        {
            "service_code": service,
            "channel": "DINAS",
            "point_id": "SP-3510-000",
            "facts": [{"kind": kind, **COUPLES[kind]}, *FOLLOWING.get(service, [])],
            "applicant": case()["applicant"] | {"relationship": who},
        }
    )

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["service"]["code"] == service
    assert not [each for each in told["missing"] if each["pointer"].startswith("/facts")]

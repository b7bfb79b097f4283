from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient

from shared.auth import Principal
from shared.policy import Decision, Policy, Reach, Thing, allowed, decide
from tests.conftest import Bearer
from tests.shared.conftest import new_thing, once

SITI = UUID(int=1)
POLICY: Policy = {
    "read": {
        "WARGA": Reach.OWN,
        "OP_DESA": Reach.AREA,
        "PPS": Reach.EVERYWHERE,
        "BUPATI": Reach.MASKED,
    }
}
VILLAGE = "35.10.05.2003"
THING = Thing(village_code=VILLAGE, owner="siti", resident_ids=frozenset({SITI}))


@pytest.mark.parametrize(
    ("principal", "decision"),
    [
        pytest.param(Principal("x", frozenset({"PPS"})), Decision.ALLOW, id="everywhere"),
        pytest.param(
            Principal("x", frozenset({"OP_DESA"}), frozenset({"35.10.05"})),
            Decision.ALLOW,
            id="in the district",
        ),
        pytest.param(
            Principal("x", frozenset({"OP_DESA"}), frozenset({"35.10.06"})),
            Decision.DENY,
            id="in another district",
        ),
        pytest.param(Principal("x", frozenset({"OP_DESA"})), Decision.DENY, id="in no area"),
        pytest.param(Principal("siti", frozenset({"WARGA"})), Decision.ALLOW, id="the maker"),
        pytest.param(
            Principal("x", frozenset({"WARGA"}), resident_id=SITI),
            Decision.ALLOW,
            id="whom it is about",
        ),
        pytest.param(
            Principal("x", frozenset({"WARGA"}), resident_id=UUID(int=2)),
            Decision.DENY,
            id="another citizen",
        ),
        pytest.param(Principal("x", frozenset({"WARGA"})), Decision.DENY, id="a citizen unproved"),
        pytest.param(Principal("x", frozenset({"BUPATI"})), Decision.MASK, id="the regent"),
        pytest.param(
            Principal("siti", frozenset({"BUPATI", "WARGA"})),
            Decision.ALLOW,
            id="the widest counts",
        ),
        pytest.param(Principal("siti", frozenset({"KURIR"})), Decision.DENY, id="a role unnamed"),
        pytest.param(Principal("siti"), Decision.DENY, id="no role"),
    ],
)
def test_the_widest_permission_counts(principal: Principal, decision: Decision) -> None:
    assert decide(POLICY, principal, "read", THING) is decision


def test_a_thing_of_no_village_lies_in_nobody_s_area() -> None:
    operator = Principal("x", frozenset({"OP_DESA"}), frozenset({"35"}))

    assert decide(POLICY, operator, "read", Thing()) is Decision.DENY


def test_nobody_s_thing_is_not_everybody_s() -> None:
    assert decide(POLICY, Principal("", frozenset({"WARGA"})), "read", Thing()) is Decision.DENY


def test_an_action_without_a_row_is_noticed_at_once() -> None:
    with pytest.raises(KeyError):
        allowed(POLICY, "write")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("roles", "purpose", "status", "shown"),
    [
        pytest.param(("WARGA",), None, 200, "own-data", id="a citizen need not say"),
        pytest.param(("WARGA",), "to print", 200, "to print", id="and may"),
        pytest.param(("WARGA", "OP_DESA"), None, 400, "", id="an officer must, citizen or not"),
        pytest.param((), None, 400, "", id="so must whoever has no role"),
        pytest.param(("OP_DESA",), "case 1", 200, "case 1", id="an officer who does"),
        pytest.param(("OP_DESA",), "   ", 400, "", id="spaces say nothing"),
        pytest.param(("OP_DESA",), "ab", 422, "", id="too short"),
        pytest.param(("OP_DESA",), "x" * 61, 422, "", id="too long"),
    ],
)
async def test_whoever_reads_about_a_resident_says_why(
    client: AsyncClient,
    bearer: Bearer,
    roles: tuple[str, ...],
    purpose: str | None,
    status: int,
    shown: str,
) -> None:
    caller = bearer(uuid4().hex, *roles)
    made = await client.post("/v1/things", json=new_thing(), headers=caller | once())
    headers = caller | ({"X-Purpose": purpose} if purpose is not None else {})

    response = await client.get(f"/v1/things/{made.json()['id']}", headers=headers)

    assert response.status_code == status
    if status == 200:
        assert response.json()["name"].endswith(f" for {shown}")
    if status == 400:
        assert response.json()["type"] == "/problems/purpose-required"

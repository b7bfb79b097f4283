"""The catalogue as anybody reads it."""

import httpx2
import pytest

from tests.requests.catalogue.test_store import OPEN

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyone(clients: dict[str, httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return clients["requests"]


async def codes(anyone: httpx2.AsyncClient, **query: str) -> list[str]:
    answer = await anyone.get("/v1/services", params=query)
    assert answer.status_code == 200
    return [each["code"] for each in answer.json()["items"]]


async def test_anybody_reads_the_list_without_a_token(anyone: httpx2.AsyncClient) -> None:
    answer = await anyone.get("/v1/services")

    body = answer.json()
    assert len(body["items"]) == 98
    assert "79A" in body["free"]["id"]
    assert {each["fee_idr"] for each in body["items"]} == {0}
    assert answer.headers["cache-control"] == "public, max-age=300"


async def test_what_did_not_change_is_not_sent_again(anyone: httpx2.AsyncClient) -> None:
    first = await anyone.get("/v1/services/PKT-BIRTH")
    tag = first.headers["etag"]

    again = await anyone.get("/v1/services/PKT-BIRTH", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag

    other = await anyone.get("/v1/services/KK-ADD", headers={"If-None-Match": tag})
    assert other.status_code == 200


async def test_the_list_is_filtered(anyone: httpx2.AsyncClient) -> None:
    assert {"PKT-17", "PKT-BIRTH"} <= set(await codes(anyone, category="BUNDLE", open="true"))
    assert set(await codes(anyone, open="true")) == OPEN
    assert await codes(anyone, channel="FASKES", open="true", q="paket") == [
        "PKT-BIRTH",
        "PKT-DEATH",
    ]
    assert await codes(anyone, q="KIA-LOST") == ["KIA-LOST"]
    assert await codes(anyone, group="KIA", channel="IKD") == []
    assert "INF-VERIFY" in await codes(anyone, category="PIAK")


async def test_a_wrong_filter_is_a_problem(anyone: httpx2.AsyncClient) -> None:
    answer = await anyone.get("/v1/services", params={"category": "ALL", "q": "a"})

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/query/category", "/query/q"}


async def test_a_service_is_told_whole(anyone: httpx2.AsyncClient) -> None:
    body = (await anyone.get("/v1/services/PKT-BIRTH")).json()

    assert body["open"] is True
    assert [each["code"] for each in body["outputs"]] == ["AKTA_LAHIR", "KK", "KIA"]
    assert [each["code"] for each in body["forms"]] == ["F-2.01", "F-1.02"]
    letter = body["requires"][0]["any_of"]
    assert [(each["code"], each["form"]) for each in letter] == [
        ("BIRTH_LETTER", None),
        ("F203", "F-2.03"),
    ]
    photo = body["requires"][-1]["when"]
    assert photo["decided_by"] == "machine"
    assert photo["en"].startswith("The child is 5")
    assert body["promise"]["limit"] == 1
    assert body["deadline"]["days"] == 60
    assert body["children"][0]["any_of"] == ["CAP-BIRTH", "CAP-BIRTH-LATE"]
    assert "Dua saksi" in str((await anyone.get("/v1/services/CAP-BIRTH")).json()["eligibility"])


async def test_a_client_learns_which_facts_to_send(anyone: httpx2.AsyncClient) -> None:
    facts = (await anyone.get("/v1/services/PKT-BIRTH")).json()["facts"]

    assert [(each["kind"], each["derived"]) for each in facts] == [
        ("register_birth", False),
        ("add_member", True),
        ("reissue_family_card", True),
        ("issue_card", True),
    ]
    assert "child" in facts[0]["json_schema"]["required"]
    assert facts[2]["fixed"] == {"reason": "MEMBER_ADDED"}


async def test_the_workflow_of_a_service_has_its_own_roles(anyone: httpx2.AsyncClient) -> None:
    async def approvers(path: str) -> list[str]:
        body = (await anyone.get(path)).json()
        flow = body.get("workflow", body)
        return next(each["roles"] for each in flow["transitions"] if each["action"] == "approve")

    assert await approvers("/v1/services/PKT-BIRTH") == ["PPS"]
    assert await approvers("/v1/workflows/BUNDLE") == ["KABID"]


async def test_what_is_answered_without_a_case_says_how(anyone: httpx2.AsyncClient) -> None:
    body = (await anyone.get("/v1/services/INF-LEGALISIR")).json()

    assert (body["open"], body["information"]) == (False, True)
    assert "tidak perlu dilegalisir" in body["answer"]["id"]


async def test_all_workflows_and_papers_are_listed(anyone: httpx2.AsyncClient) -> None:
    flows = (await anyone.get("/v1/workflows")).json()["items"]
    assert len(flows) == 11
    assert all(each["states"] and each["transitions"] for each in flows)
    assert {each["from"] for each in flows[0]["transitions"]} >= {"DRAFT", "SUBMITTED"}

    papers = (await anyone.get("/v1/attachment-kinds")).json()["items"]
    assert len(papers) == 56


@pytest.mark.parametrize(
    "path", ["/v1/services/KIA-FREE", "/v1/workflows/NONE", "/v1/service-points/SP-3510-999"]
)
async def test_what_is_not_there_is_not_found(anyone: httpx2.AsyncClient, path: str) -> None:
    answer = await anyone.get(path)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


async def test_every_service_is_served(anyone: httpx2.AsyncClient) -> None:
    for code in await codes(anyone):
        answer = await anyone.get(f"/v1/services/{code}")
        assert answer.status_code == 200, code

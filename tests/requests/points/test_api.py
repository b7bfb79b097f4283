"""Service points and channels as anybody reads them."""

import httpx2
import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyone(clients: dict[str, httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return clients["requests"]


async def ids(anyone: httpx2.AsyncClient, **query: str) -> list[str]:
    answer = await anyone.get("/v1/service-points", params=query)
    assert answer.status_code == 200
    return [each["id"] for each in answer.json()["items"]]


async def test_all_places_are_listed_and_may_be_cached(anyone: httpx2.AsyncClient) -> None:
    answer = await anyone.get("/v1/service-points")

    assert len(answer.json()["items"]) == 247
    assert answer.headers["cache-control"].startswith("public")
    again = await anyone.get(
        "/v1/service-points", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_places_are_found_by_channel_area_name_and_capability(
    anyone: httpx2.AsyncClient,
) -> None:
    assert len(await ids(anyone, channel="KECAMATAN")) == 25
    assert len(await ids(anyone, area="35.10.05", channel="DESA")) == 10
    assert await ids(anyone, area="35.10.05.2003") == ["SP-3510052003"]
    assert await ids(anyone, q="mal pelayanan") == ["SP-3510-001"]
    assert not {"DESA", "NELAYAN"} & {
        each["channel"]
        for each in (
            await anyone.get("/v1/service-points", params={"capability": "print_card"})
        ).json()["items"]
    }
    assert await ids(anyone, channel="WA") == []
    assert await ids(anyone, area="35.09") == []


async def test_one_place_says_what_it_can_do(anyone: httpx2.AsyncClient) -> None:
    body = (await anyone.get("/v1/service-points/SP-3510-000")).json()

    assert body["can"] == {"intake": True, "biometric": True, "print_card": True}
    assert body["assumed"] is True


async def test_channels_say_what_they_can_do(anyone: httpx2.AsyncClient) -> None:
    items = (await anyone.get("/v1/channels")).json()["items"]

    by_code = {each["code"]: each for each in items}
    assert len(by_code) == 16
    assert by_code["WA"]["kind"] == "online"
    assert by_code["DESA"]["can"] == {"intake": True, "biometric": False, "print_card": False}

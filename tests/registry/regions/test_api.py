import pytest

from services.registry.regions import store
from tests.registry.people import Clients, Databases

pytestmark = pytest.mark.anyio


async def test_anybody_may_read_the_villages_of_a_district(clients: Clients) -> None:
    answer = await clients["registry"].get("/v1/regions", params={"parent": "35.10.25"})

    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 10
    assert answer.json()["next"] is None
    assert "public" in answer.headers["Cache-Control"]


async def test_every_village_is_on_exactly_one_page(clients: Clients) -> None:
    codes: list[str] = []
    url: str | None = "/v1/regions?level=village&limit=50"
    while url:
        answer = await clients["registry"].get(url)
        codes += [each["code"] for each in answer.json()["items"]]
        url = answer.links.get("next", {}).get("url")

    assert len(codes) == 217
    assert codes == sorted(set(codes))


async def test_a_cached_answer_is_confirmed_by_its_tag(clients: Clients) -> None:
    first = await clients["registry"].get("/v1/regions/35.10.05.2003")
    again = await clients["registry"].get(
        "/v1/regions/35.10.05.2003", headers={"If-None-Match": first.headers["ETag"]}
    )
    other = await clients["registry"].get(
        "/v1/regions/35.10.05.2001", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert first.json()["kind"] in {"desa", "kelurahan"}
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


async def test_an_old_code_names_its_successor_and_was_valid_once(clients: Clients) -> None:
    client = clients["registry"]
    old = (await client.get("/v1/regions/35.10.13.2011")).json()
    now = (await client.get("/v1/regions", params={"q": "blimbingsari"})).json()["items"]
    then = (
        await client.get("/v1/regions", params={"q": "blimbingsari", "valid_on": "2016-06-30"})
    ).json()["items"]

    assert old["successor_code"] == "35.10.25.2001"
    assert old["dates_are_exact"] is False
    assert [each["code"] for each in now] == ["35.10.25", "35.10.25.2001"]
    assert [each["code"] for each in then] == ["35.10.13.2011"]


async def test_an_old_code_resolves_to_what_it_means_today(sessions: Databases) -> None:
    async with sessions["registry"]() as session:
        old = await store.current(session, "35.10.14.2007")
        present = await store.current(session, "35.10.05.2003")
        unknown = await store.current(session, "35.10.99.2003")

    assert old is not None
    assert old.code == "35.10.25.2009"
    assert present is not None
    assert present.code == "35.10.05.2003"
    assert unknown is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/regions/35.10.99", 404),
        ("/v1/regions/3510", 422),
        ("/v1/regions?limit=0", 422),
        ("/v1/regions?parent=x", 422),
        ("/v1/regions?after=x", 400),
    ],
)
async def test_bad_questions_are_refused(clients: Clients, path: str, status: int) -> None:
    answer = await clients["registry"].get(path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"

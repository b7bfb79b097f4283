import re
from datetime import date
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from shared import sealed
from shared.pages import BadCursor, cursor, cut, keys
from shared.sealed import Keyring
from tests.shared.conftest import new_thing, once

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", autouse=True)
def _keys() -> None:
    sealed.use(Keyring({"k": b"k" * 32}, b"i" * 32))


@given(st.text(st.characters(codec="utf-8")), st.dates(), st.uuids(), st.integers())
def test_a_cursor_keeps_its_keys(name: str, day: date, id_: UUID, number: int) -> None:
    assert keys(cursor(name, day, id_, number), str, date, UUID, int) == (name, day, id_, number)


def test_a_cursor_hides_its_keys() -> None:
    assert "Siti" not in cursor("Siti")


@pytest.mark.parametrize(
    "after",
    ["", "x", "sealed1.k.AAAA", "sealed1.x.AAAA"],
)
def test_what_is_no_cursor_is_refused(after: str) -> None:
    with pytest.raises(BadCursor):
        keys(after, str)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadCursor):
        keys(cursor("Siti"), UUID)
    with pytest.raises(BadCursor):
        keys(cursor("Siti", 1), str)


def test_the_last_page_has_no_cursor() -> None:
    assert cut([1, 2], 2, lambda each: (each,)) == ([1, 2], None)
    rows, more = cut([1, 2, 3], 2, lambda each: (each,))
    assert rows == [1, 2]
    assert more is not None
    assert keys(more, int) == (2,)


async def test_pages_follow_one_another(client: AsyncClient, siti: dict[str, str]) -> None:
    names = sorted(f"Orang {number:02}" for number in range(7))
    for name in names:
        await client.post("/v1/things", json=new_thing(full_name=name), headers=siti | once())

    url, seen, sizes = "/v1/things?limit=3", [], []
    while url:
        response = await client.get(url, headers=siti)
        page = response.json()
        seen += [each["name"] for each in page["items"]]
        sizes.append(len(page["items"]))
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("link", ""))
        assert bool(link) == (page["next"] is not None)
        url = link[1] if link else ""

    assert seen == names
    assert sizes == [3, 3, 1]


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        pytest.param("after=abc", 400, "bad-cursor", id="no cursor of ours"),
        pytest.param("limit=0", 422, "invalid-input", id="an empty page"),
        pytest.param("limit=201", 422, "invalid-input", id="a page too long"),
    ],
)
async def test_a_bad_page_is_refused(
    client: AsyncClient, siti: dict[str, str], query: str, status: int, slug: str
) -> None:
    response = await client.get(f"/v1/things?{query}", headers=siti)

    assert response.status_code == status
    assert response.json()["type"] == f"/problems/{slug}"

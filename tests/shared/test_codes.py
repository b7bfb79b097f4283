import pytest
from httpx2 import AsyncClient

from shared import codes
from shared.codes import _read


def test_a_code_has_a_name_in_both_languages() -> None:
    assert codes.label("shdk", 3) == "ISTRI"
    assert codes.label("shdk", "3", "en") == "Wife"


def test_the_word_of_today_is_shown_and_the_form_s_own_is_kept() -> None:
    blind = codes.find("disabilitas", 2)

    assert blind.name.id == "DISABILITAS SENSORIK NETRA"
    assert blind.more["name_id_form"] == "CACAT NETRA/BUTA"
    assert not any("CACAT" in each.name.id for each in codes.lists()["disabilitas"].values())


def test_every_list_can_be_read() -> None:
    assert len(codes.lists()) == 29
    assert all(codes.lists().values())


@pytest.mark.parametrize(("name", "code"), [("shdk", 99), ("nothing", 1)])
def test_what_is_not_in_a_list_is_noticed(name: str, code: int) -> None:
    with pytest.raises(KeyError):
        codes.label(name, code)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("code,name_id,name_en\n1,A,A\n1,B,B\n", id="a code twice"),
        pytest.param("code,name_id,name_en\n1,A,\n", id="no English name"),
        pytest.param("code,name_id,name_en\n,A,A\n", id="no code"),
    ],
)
def test_a_bad_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _read(text)


@pytest.mark.anyio
async def test_lists_are_served_to_anybody(client: AsyncClient) -> None:
    names = (await client.get("/v1/codes")).json()["lists"]
    response = await client.get("/v1/codes/shdk")

    assert "shdk" in names
    assert response.json()["codes"][2] == {
        "code": "3",
        "name_id": "ISTRI",
        "name_en": "Wife",
        "more": {"note": "may be >1 in a polygamous KK"},
    }
    assert "max-age" in response.headers["cache-control"]
    assert (await client.get("/v1/codes/nothing")).status_code == 404

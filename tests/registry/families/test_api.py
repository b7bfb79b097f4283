from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from services.registry.families import actions
from services.registry.families.tables import Family
from services.registry.residents.tables import Access, Resident
from tests.conftest import Bearer
from tests.registry.people import (
    GENTENG,
    MUNCAR,
    SOURCE,
    Clients,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio

Home = tuple[Family, list[Resident]]


@pytest.fixture
def as_(bearer: Bearer) -> Callable[..., dict[str, str]]:
    def headers(role: str, *areas: str) -> dict[str, str]:
        return bearer(role.lower(), role, areas=areas) | {"X-Purpose": "case BWI-1"}

    return headers


@pytest.fixture
async def home(sessions: Databases) -> Home:
    async with sessions["registry"].begin() as session:
        return await household(session, (person("BUDI", sex="L"), 1), (person("SITI"), 3))


async def test_a_family_is_read_with_its_members_in_order_and_each_is_noted(
    clients: Clients, sessions: Databases, home: Home, as_: Callable[..., dict[str, str]]
) -> None:
    family, people = home
    answer = await clients["registry"].get(
        f"/v1/families/{family.id}", headers=as_("OP_DESA", MUNCAR)
    )

    body = answer.json()
    assert [(m["full_name"], m["relationship"]) for m in body["members"]] == [
        ("BUDI", 1),
        ("SITI", 3),
    ]
    assert body["numbers_are_masked"] is True
    assert "**" in body["kk_number"]
    assert all("**" in each["nik"] for each in body["members"])
    assert answer.headers["ETag"] == '"1"'
    async with sessions["registry"]() as session:
        noted = list(await session.scalars(select(Access)))
    assert {each.resident_id for each in noted} == {each.id for each in people}
    assert {(each.operation, each.fields) for each in noted} == {("families.read", "family")}


async def test_the_citizen_reads_their_own_family_in_full_and_no_other(
    clients: Clients, sessions: Databases, home: Home, bearer: Bearer
) -> None:
    family, (budi, siti) = home
    async with sessions["registry"].begin() as session:
        other, _ = await household(session, (person("ANI"), 1))
    own = bearer("siti", "WARGA", resident_id=str(siti.id))
    mine = await clients["registry"].get(f"/v1/families/{family.id}", headers=own)
    theirs = await clients["registry"].get(f"/v1/families/{other.id}", headers=own)

    assert mine.json()["kk_number"] == family.kk_number
    assert [each["nik"] for each in mine.json()["members"]] == [budi.nik, siti.nik]
    assert theirs.status_code == 404


@pytest.mark.parametrize(
    ("role", "areas", "status"),
    [
        ("OP_DESA", (MUNCAR,), 200),
        ("OP_DESA", (GENTENG,), 404),
        ("OP_KEC", ("35.10.05",), 200),
        ("OP_GERAI", (), 200),
        ("PPS", (), 200),
        ("WARGA", (), 404),
        ("KADES", (MUNCAR,), 403),
    ],
)
async def test_who_may_look_up_a_family_by_its_number(
    clients: Clients,
    home: Home,
    as_: Callable[..., dict[str, str]],
    role: str,
    areas: tuple[str, ...],
    status: int,
) -> None:
    answer = await clients["registry"].post(
        "/v1/families/search", json={"kk_number": home[0].kk_number}, headers=as_(role, *areas)
    )

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["kk_number"] == home[0].kk_number


async def test_history_tells_who_belonged_when(
    clients: Clients, sessions: Databases, home: Home, as_: Callable[..., dict[str, str]]
) -> None:
    async with sessions["registry"].begin() as session:
        family = await session.get_one(Family, home[0].id)
        child = await register(session, person("ADI", sex="L", birth_date=date(2026, 12, 1)))
        await actions.add_member(
            session, family, child, 4, source=SOURCE, valid_from=date(2026, 12, 1)
        )
    url = f"/v1/families/{home[0].id}/history"

    async def size(**asked: str) -> int:
        answer = await clients["registry"].get(url, params=asked, headers=as_("KABID"))
        return len(answer.json()["state"]["members"])

    assert await size(valid_on="2026-11-30") == 2
    assert await size(valid_on="2026-12-01") == 3
    before = home[0].recorded_at.isoformat()
    assert await size(valid_on="2026-12-01", known_at=before) == 2


async def test_a_malformed_number_is_refused_and_not_repeated(
    clients: Clients, as_: Callable[..., dict[str, str]]
) -> None:
    answer = await clients["registry"].post(
        "/v1/families/search", json={"kk_number": "35100512031090"}, headers=as_("KASI")
    )

    assert answer.status_code == 422
    assert "35100512031090" not in answer.text

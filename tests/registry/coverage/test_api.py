import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.registry.coverage import actions
from services.registry.coverage.tables import Target
from shared import clock
from shared.db import Sessions
from tests.registry.coverage.people import CHILD, GROWN, VILLAGE, resident

pytestmark = pytest.mark.anyio
Bearer = Callable[..., dict[str, str]]
Clients = dict[str, httpx2.AsyncClient]


@pytest.fixture
async def counted(sessions: dict[str, Sessions]) -> None:
    missing = GROWN._replace(recording_status="UNREGISTERED")
    async with sessions["registry"].begin() as session:
        session.add_all(
            [resident(GROWN, rw="001", rt="001") for _ in range(7)]
            + [resident(missing, rw="001", rt="002")]
            + [resident(CHILD, rw="002", rt="001") for _ in range(3)]
            + [resident(GROWN, "35.10.06.2001") for _ in range(2)]
        )
    await actions.count_waiting(sessions["registry"], clock.today())


def figure(body: dict[str, Any], indicator: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in body["figures"] if each["indicator"] == indicator)
    return found


async def read(clients: Clients, header: dict[str, str], **query: str) -> httpx2.Response:
    return await clients["registry"].get("/v1/coverage", params=query, headers=header)


async def test_the_regent_sees_the_regency_and_its_districts(
    clients: Clients, bearer: Bearer, counted: None
) -> None:
    answer = await read(clients, bearer("bupati", "BUPATI", areas=("35.10",)), area="35.10")
    body = answer.json()

    assert answer.status_code == 200
    assert body["as_of"] == clock.today().isoformat()
    assert figure(body, "KTP_REC") == {
        "indicator": "KTP_REC",
        "num": 9,
        "den": 10,
        "percent": "90.00",
        "target": "99.20",
        "gap": 1,
        "hidden": False,
    }
    assert (body["level"], len(body["parts"])) == ("district", 25)
    muncar = next(each for each in body["parts"] if each["area"]["code"] == "35.10.05")
    assert figure(muncar, "KTP_REC")["den"] == 8
    empty = next(each for each in body["parts"] if each["area"]["code"] == "35.10.01")
    assert figure(empty, "KTP_REC")["percent"] is None
    assert figure(empty, "KTP_REC")["den"] == 0


async def test_down_to_the_rt(clients: Clients, bearer: Bearer, counted: None) -> None:
    kades = bearer("kades", "KADES", areas=(VILLAGE,))
    village = (await read(clients, kades, area=VILLAGE)).json()
    rw = (await read(clients, kades, area=VILLAGE, rw="001", indicator="KTP_REC")).json()
    rt = (await read(clients, kades, area=VILLAGE, rw="001", rt="002")).json()

    assert [each["area"]["rw"] for each in village["parts"]] == ["001", "002"]
    assert [(p["area"]["rt"], p["figures"][0]["num"]) for p in rw["parts"]] == [
        ("001", 7),
        ("002", 0),
    ]
    assert len(rw["figures"]) == 1
    assert figure(rt, "KTP_REC")["percent"] == "0.00"
    assert (rt["level"], rt["parts"]) == (None, [])


async def test_every_village_of_the_regency(
    clients: Clients, bearer: Bearer, counted: None
) -> None:
    answer = await read(clients, bearer("v", "VERIFIKATOR"), area="35.10", level="village")

    parts = answer.json()["parts"]
    assert len(parts) == 217
    assert sum(figure(each, "KTP_REC")["den"] for each in parts) == 10


async def test_the_public_reads_districts_without_small_cells(
    clients: Clients, bearer: Bearer, counted: None
) -> None:
    citizen = bearer("siti", "WARGA")
    body = (await read(clients, citizen, area="35.10")).json()
    parts = {each["area"]["code"]: figure(each, "KTP_REC") for each in body["parts"]}

    assert figure(body, "KTP_REC")["num"] == 9
    assert parts["35.10.05"]["num"] == 7
    assert parts["35.10.06"] | {"target": None} == {
        "indicator": "KTP_REC",
        "num": None,
        "den": None,
        "percent": None,
        "target": None,
        "gap": None,
        "hidden": True,
    }
    for asked in ({"area": VILLAGE}, {"area": "35.10", "level": "village"}):
        assert (await read(clients, citizen, **asked)).status_code == 404
    district = (await read(clients, citizen, area="35.10.05")).json()
    assert (district["level"], district["parts"]) == (None, [])


@pytest.mark.parametrize(
    ("role", "area", "asked", "status"),
    [
        ("CAMAT", "35.10.05", VILLAGE, 200),
        ("CAMAT", "35.10.06", VILLAGE, 404),
        ("KADES", "35.10.05.2004", VILLAGE, 404),
        ("KADES", "35.10.05.2004", "35.10", 200),  # what everybody may read
        ("OP_DESA", VILLAGE, VILLAGE, 200),
        ("OP_KEC", "35.10.06", VILLAGE, 404),
        ("DIRJEN", "35", VILLAGE, 200),
        ("KLIEN", "35.10", VILLAGE, 404),
        ("KLIEN", "35.10", "35.10.05", 200),
    ],
)
async def test_who_sees_what(
    clients: Clients, bearer: Bearer, counted: None, role: str, area: str, asked: str, status: int
) -> None:
    answer = await read(clients, bearer("x", role, areas=(area,)), area=asked)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        {"area": "35.99"},
        {"area": "35.10.05", "rw": "001"},
        {"area": VILLAGE, "rt": "001"},
        {"area": VILLAGE, "rw": "099"},
        {"area": VILLAGE, "level": "district"},
    ],
)
async def test_what_does_not_exist(
    clients: Clients, bearer: Bearer, counted: None, query: dict[str, str]
) -> None:
    assert (await read(clients, bearer("v", "VERIFIKATOR"), **query)).status_code == 404


async def test_nobody_reads_without_a_token(clients: Clients) -> None:
    assert (await read(clients, {}, area="35.10")).status_code == 401


async def put(
    clients: Clients, header: dict[str, str], percent: object, version: str | None
) -> httpx2.Response:
    match = {} if version is None else {"If-Match": version}
    return await clients["registry"].put(
        "/v1/coverage/targets/KIA_OWN", json={"percent": percent}, headers=header | match
    )


async def test_targets_are_data(
    clients: Clients, bearer: Bearer, sessions: dict[str, Sessions]
) -> None:
    head = bearer("kepala", "KADIS")
    listed = await clients["registry"].get("/v1/coverage/targets", headers=head)
    assert {each["indicator"]: each["percent"] for each in listed.json()["items"]} == {
        "KTP_REC": "99.20",
        "KIA_OWN": "30.00",
        "AKL_0_18": "95.00",
    }

    assert (await put(clients, bearer("v", "VERIFIKATOR"), "60", '"1"')).status_code == 403
    assert (await put(clients, head, "60", None)).status_code == 428
    assert (await put(clients, head, "60", '"2"')).status_code == 412
    assert (await put(clients, head, "100.01", '"1"')).status_code == 422
    assert (await put(clients, head, "60.555", '"1"')).status_code == 422
    first = await put(clients, head, "60", '"1"')
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert (await put(clients, head, "70", '"1"')).status_code == 412

    body = (await read(clients, head, area="35.10")).json()
    assert figure(body, "KIA_OWN")["target"] == "60.00"
    async with sessions["registry"]() as session:
        rows = await session.scalars(
            select(Target).where(Target.indicator == "KIA_OWN").order_by(Target.version)
        )
        assert [(row.version, row.decided_by) for row in rows] == [
            (1, "indicators.yaml"),
            (2, "kepala"),
        ]


async def test_of_two_who_decide_at_once_one_wins(clients: Clients, bearer: Bearer) -> None:
    head = bearer("kepala", "KADIS")
    answers = await asyncio.gather(*(put(clients, head, each, '"1"') for each in (40, 41, 42, 43)))

    assert sorted(each.status_code for each in answers) == [200, 412, 412, 412]

"""Records that contradict themselves: the rules on paper, and in SQL over a whole village."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from deploy.local import migrate
from deploy.local.environment import Place
from deploy.seed.seed import seed
from services.registry.anomalies import actions, rules, store
from services.registry.anomalies.rules import Code, Examined, Parent
from services.registry.anomalies.tables import AnomalyCount
from services.registry.certificates.tables import Certificate
from services.registry.residents.tables import Access, Resident
from shared import clock
from shared.db import Sessions, make_sessions
from tests.registry.people import (
    GENTENG,
    MUNCAR,
    TODAY,
    Clients,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio
Bearer = Callable[..., dict[str, str]]
WHY = {"X-Purpose": "daftar kerja"}
SOUND = Examined(
    nik="3510054503909001", sex="P", birth_date=date(1990, 3, 5), marital_status=1,
    marriage_number=None, marriage_date=None, citizenship=1, permit=None, mother_name="SUMARNI",
    has_family=True, has_spouse=False, district_is_known=True, has_death_certificate=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"birth_date": date(1990, 3, 6)}, {Code.NIK_DOB_MISMATCH}),
        ({"sex": "L"}, {Code.NIK_SEX_MISMATCH}),
        ({"district_is_known": False}, {Code.NIK_REGION}),
        ({"has_death_certificate": True}, {Code.DEAD_BUT_ACTIVE}),
        ({"birth_date": TODAY + timedelta(1)}, {Code.NIK_DOB_MISMATCH, Code.BORN_IN_FUTURE}),
        ({"nik": "3510056411259001", "birth_date": date(1925, 11, 24)}, {Code.OVER_100}),
        ({"nik": "3510056511259001", "birth_date": date(1925, 11, 25)}, set()),  # 100, not more
        ({"mother_name": " - "}, {Code.MOTHER_NAME_MISSING}),
        ({"has_family": False}, {Code.IN_NO_FAMILY}),
        ({"has_family": False, "citizenship": 2, "permit": "ITAS"}, set()),
        ({"has_family": False, "citizenship": 2, "permit": "ITAP"}, {Code.IN_NO_FAMILY}),
        ({"marital_status": 3}, {Code.MARRIED_UNRECORDED}),
        ({"marital_status": 2}, {Code.MARRIAGE_WITHOUT_NUMBER}),
        ({"has_spouse": True}, {Code.SPOUSE_NOT_MARRIED}),
        (
            {"nik": "3510054503039001", "birth_date": date(2003, 3, 5), "marital_status": 2,
             "marriage_number": "1", "marriage_date": date(2020, 1, 1)},
            {Code.MARRIED_TOO_YOUNG},
        ),
        (
            {"marital_status": 2, "marriage_number": "1", "marriage_date": date(2008, 1, 1)},
            set(),  # seventeen, before UU 16/2019
        ),
    ],
)  # fmt: skip
def test_what_a_record_says_against_itself(changes: dict[str, Any], expected: set[Code]) -> None:
    found = rules.of_person(SOUND._replace(**changes), TODAY)

    assert found == expected


@pytest.mark.parametrize(
    ("mother", "father", "expected"),
    [
        (Parent("P", date(1995, 1, 2)), None, {Code.MOTHER_TOO_YOUNG}),
        (Parent("P", date(1995, 1, 1)), None, set()),
        (Parent("P", date(1943, 12, 31)), None, {Code.MOTHER_TOO_OLD}),
        (Parent("P", date(1944, 1, 2)), None, set()),
        (None, Parent("L", date(1993, 1, 2)), {Code.FATHER_TOO_YOUNG}),
        (None, Parent("L", date(1993, 1, 1)), set()),
        (Parent("L", date(1980, 1, 1)), None, {Code.PARENT_OF_OTHER_SEX}),
        (None, Parent("P", date(1980, 1, 1)), {Code.PARENT_OF_OTHER_SEX}),
    ],
)
def test_what_the_ages_of_parents_say(
    mother: Parent | None, father: Parent | None, expected: set[Code]
) -> None:
    assert rules.of_parents(date(2005, 1, 1), mother, father) == expected


@pytest.mark.parametrize(
    ("sibling", "close"),
    [
        (date(2005, 1, 1), False), (date(2004, 12, 31), False), (date(2004, 12, 30), True),
        (date(2004, 5, 2), True), (date(2004, 5, 1), False), (date(2006, 1, 1), False),
    ],
)  # fmt: skip
def test_siblings_of_one_mother(sibling: date, *, close: bool) -> None:
    assert rules.is_too_close(date(2005, 1, 1), sibling) is close


@pytest.mark.parametrize(
    ("born", "marital_status", "status", "expected"),
    [
        (date(2009, 11, 25), 1, "HIDUP", {Code.HEAD_TOO_YOUNG}),
        (date(2009, 11, 24), 1, "HIDUP", set()),
        (date(2010, 1, 1), 6, "HIDUP", set()),  # edge 23: widowed at sixteen, ever married
        (date(1980, 1, 1), 2, "MATI", {Code.HEAD_NOT_ACTIVE}),
    ],
)
def test_heads(born: date, marital_status: int, status: str, expected: set[Code]) -> None:
    assert rules.of_head(born, marital_status, status, TODAY) == expected


def test_every_anomaly_has_words_a_rule_and_a_query() -> None:
    assert set(store.sayings()) == set(Code)
    assert set(store._FIND) == set(Code)


async def test_edge_04_and_41_a_sex_that_differs_from_the_nik_is_only_listed(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        _, [siti] = await household(session, (person(), 1))
        await session.execute(
            text("update residents set sex = 'L' where id = :id"), {"id": siti.id}
        )
    asked = {"code": "NIK_SEX_MISMATCH", "village_code": MUNCAR}
    header = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    answer = await clients["registry"].get("/v1/anomalies", params=asked, headers=header)
    other = bearer("op", "OP_DESA", areas=(GENTENG,)) | WHY
    elsewhere = await clients["registry"].get("/v1/anomalies", params=asked, headers=other)
    silent = await clients["registry"].get(
        "/v1/anomalies", params=asked, headers=bearer("op", "OP_DESA", areas=(MUNCAR,))
    )

    [found] = answer.json()["items"]
    assert found["resident"]["id"] == str(siti.id)
    assert found["resident"]["nik"] == "3510**********01"
    assert elsewhere.json()["items"] == []
    assert silent.status_code == 400
    async with sessions["registry"]() as session:
        noted = await session.scalar(
            select(func.count()).where(Access.operation == "anomalies.list")
        )
        still = await session.get_one(Resident, siti.id)
    assert (noted, still.status) == (1, "HIDUP")


async def test_dead_on_paper_and_alive_in_the_registry(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        _, [siti] = await household(session, (person(), 1))
        session.add(_death(siti.id))
    header = bearer("v", "VERIFIKATOR") | WHY
    asked = {"code": "DEAD_BUT_ACTIVE", "village_code": MUNCAR}
    answer = await clients["registry"].get("/v1/anomalies", params=asked, headers=header)

    assert [each["resident"]["full_name"] for each in answer.json()["items"]] == ["SITI AMINAH"]


def _death(subject: UUID) -> Certificate:
    return Certificate(
        kind="KEMATIAN", regency="3510", letters="KM", registered_on=TODAY, serial=1,
        number="3510-KM-24112026-0001", subject_id=subject, event_date=TODAY, reported_on=TODAY,
        data={}, source_id=uuid4(), actor="x", version=1,
    )  # fmt: skip


async def test_a_list_is_paged_by_name(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        for name in ("CITRA", "ANI", "BUDI", "ANI"):
            await register(session, person(name, mother_name="-"))
    header = bearer("v", "VERIFIKATOR") | WHY
    asked: dict[str, Any] = {"code": "MOTHER_NAME_MISSING", "village_code": MUNCAR, "limit": 3}
    first = (await clients["registry"].get("/v1/anomalies", params=asked, headers=header)).json()
    asked["after"] = first["next"]
    rest = (await clients["registry"].get("/v1/anomalies", params=asked, headers=header)).json()

    names = [each["resident"]["full_name"] for each in (*first["items"], *rest["items"])]
    assert names == ["ANI", "ANI", "BUDI", "CITRA"]
    assert rest["next"] is None


async def test_a_village_that_cannot_be_counted_holds_up_no_other(
    sessions: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions["registry"].begin() as session:
        await register(session, person("ANI"))
        await register(session, person("BUDI", village_code=GENTENG))
    whole, stop = store.count, asyncio.Event()

    async def broken(session: AsyncSession, village: str, today: date) -> Mapping[str, int]:
        if village == MUNCAR:  # the first by its code
            await session.execute(text("select 1 / 0"))
        stop.set()
        return await whole(session, village, today)

    monkeypatch.setattr(store, "count", broken)
    monkeypatch.setattr(actions, "IDLE_SECONDS", 0.01)
    async with asyncio.timeout(10):
        await actions.keep_looking(sessions["registry"], stop)

    async with sessions["registry"]() as session:
        counted = select(AnomalyCount.village_code).distinct()
        assert list(await session.scalars(counted)) == [GENTENG]


async def test_counts_of_an_area_by_its_parts(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        await register(session, person("ANI", mother_name="-"))
        await register(session, person("BUDI", mother_name="-", village_code=GENTENG))
    while await actions.count_next(sessions["registry"], clock.today()):
        pass
    regent = bearer("bupati", "BUPATI", areas=("35.10",))
    head = bearer("kades", "KADES", areas=(MUNCAR,))

    async def ask(area: str, header: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        url = "/v1/anomalies/counts"
        return await clients["registry"].get(url, params={"area": area}, headers=header)

    whole = (await ask("35.10", regent)).json()
    village = (await ask(MUNCAR, head)).json()
    assert whole["as_of"] == clock.today().isoformat()
    assert {(each["code"], each["area"]): each["count"] for each in whole["items"]} == {
        ("IN_NO_FAMILY", "35.10.05"): 1,
        ("IN_NO_FAMILY", "35.10.10"): 1,
        ("MARRIAGE_WITHOUT_NUMBER", "35.10.05"): 1,
        ("MARRIAGE_WITHOUT_NUMBER", "35.10.10"): 1,
        ("MOTHER_NAME_MISSING", "35.10.05"): 1,
        ("MOTHER_NAME_MISSING", "35.10.10"): 1,
    }
    assert len(village["items"]) == 3
    assert (await ask(GENTENG, head)).status_code == 404
    assert (await ask("35.10", bearer("w", "WARGA"))).status_code == 403


@pytest.fixture(scope="module")
async def filled(place: Place) -> AsyncIterator[str]:
    """A regency of people who do not exist, some of whose records contradict themselves."""
    name = f"registry_{uuid4().hex}"
    await migrate.run_sql(place.database_url, f"create database {name} template registry")
    url = place.database_url.format(name)
    assert await seed(url, 20_000, clock.today())
    yield url
    await migrate.run_sql(place.database_url, f"drop database {name} with (force)")


@pytest.fixture
async def regency(filled: str) -> AsyncIterator[Sessions]:
    engine = create_async_engine(filled)
    yield make_sessions(engine)
    await engine.dispose()


_EXAMINED = """
    select r.id, r.nik, r.sex, r.birth_date, r.marital_status, r.marriage_number, r.marriage_date,
        r.citizenship, r.permit, r.mother_name, r.family_id is not null as has_family,
        r.spouse_id is not null as has_spouse,
        exists (select from regions g where g.code = concat_ws('.', substr(r.nik, 1, 2),
            substr(r.nik, 3, 2), substr(r.nik, 5, 2))) as district_is_known,
        exists (select from certificates c where c.subject_id = r.id and c.kind = 'KEMATIAN'
            and c.status = 'VALID') as has_death_certificate
    from residents r
    where r.village_code = any($1) and r.status in ('HIDUP', 'HILANG', 'NONAKTIF')
"""


async def test_the_queries_find_whom_the_rules_find(filled: str, regency: Sessions) -> None:
    today = clock.today()
    villages = ["35.10.05.2003", "35.10.10.2003", "35.10.16.1001", "35.10.01.2002"]
    connection = await asyncpg.connect(filled.replace("+asyncpg", ""))
    rows = await connection.fetch(_EXAMINED, villages)
    await connection.close()
    expected: set[tuple[Code, UUID]] = set()
    for row in rows:
        examined = Examined(**{name: row[name] for name in Examined._fields})
        expected |= {(code, row["id"]) for code in rules.of_person(examined, today)}
    asked = {code for code in Code if code in _OF_ONE}
    found: set[tuple[Code, UUID]] = set()
    async with regency() as session:
        for village in villages:
            for code in asked:
                answer = await session.execute(
                    store.statement(code), store.parameters(village, today)
                )
                found |= {(code, each.resident_id) for each in answer}

    assert len(rows) > 200
    assert found == expected
    assert {code for code, _ in expected} >= {Code.NIK_DOB_MISMATCH, Code.MARRIED_UNRECORDED}


_OF_ONE = {
    Code.NIK_DOB_MISMATCH, Code.NIK_SEX_MISMATCH, Code.NIK_REGION, Code.DEAD_BUT_ACTIVE,
    Code.OVER_100, Code.BORN_IN_FUTURE, Code.MOTHER_NAME_MISSING, Code.IN_NO_FAMILY,
    Code.SPOUSE_NOT_MARRIED, Code.MARRIED_UNRECORDED, Code.MARRIAGE_WITHOUT_NUMBER,
    Code.MARRIED_TOO_YOUNG,
}  # fmt: skip


@pytest.mark.parametrize("code", Code)
async def test_no_query_reads_a_whole_table(regency: Sessions, code: Code) -> None:
    """Over 217 villages each reads its own by an index, so the regency's size does not matter."""
    async with regency() as session:
        answer = await session.execute(
            text(f"explain {store._FIND[code]}"), store.parameters(MUNCAR, clock.today())
        )
        plan = "\n".join(each[0] for each in answer)

    whole = re.findall(r"Seq Scan on (\w+)", plan)
    assert set(whole) <= {"regions", "cards", "duplicate_suspicions"}, plan


async def test_every_village_of_the_regency_is_counted(regency: Sessions) -> None:
    while await actions.count_next(regency, clock.today()):
        pass
    async with regency() as session:
        rows, oldest = await store.figures(session, "35.10", 5)

    assert oldest == clock.today()
    counted = {each.code: each.number for each in rows}
    assert counted["NIK_DOB_MISMATCH"] > 40
    for never in ("IN_NO_FAMILY", "HEAD_TOO_YOUNG", "TWO_CARDS", "SPOUSE_NOT_MUTUAL"):
        assert never not in counted

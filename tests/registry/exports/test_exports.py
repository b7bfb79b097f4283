"""Files of residents: as much of each as the role shows, and gone after a day."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, text

from services.registry.exports import actions
from services.registry.imports import working
from services.registry.residents.tables import Access, Resident
from services.registry.settings import Settings
from shared.files import Files, NoSuchFile
from tests.registry.people import GENTENG, MUNCAR, Clients, Databases, household, person

pytestmark = pytest.mark.anyio
Bearer = Callable[..., dict[str, str]]
WHY = {"X-Purpose": "musyawarah desa"}


@pytest.fixture
async def people(sessions: Databases) -> None:
    """Somebody in Muncar whose name a spreadsheet might carry out, and somebody in Genteng."""
    async with sessions["registry"].begin() as session:
        await household(
            session,
            (person("BUDI SANTOSO", sex="L", mother_name="=1+1", father_name="SUROSO"), 1),
            (person(marriage_number="0001/001/I/2012"), 3),
        )
        await household(session, (person("ORANG GENTENG"), 1), village_code=GENTENG)


@pytest.fixture
def files(settings: dict[str, Any]) -> Files:
    registry: Settings = settings["registry"]
    return Files.at(registry.files_url)


async def order(
    clients: Clients, header: dict[str, str], area: str = MUNCAR, wanted: str = "XLSX"
) -> httpx2.Response:
    return await clients["registry"].post(
        "/v1/exports",
        json={"area": area, "format": wanted},
        headers=header | {"Idempotency-Key": uuid4().hex},
    )


async def fetch(
    sessions: Databases, files: Files, clients: Clients, header: dict[str, str], **order_of: str
) -> httpx2.Response:
    """Order a file, have it written, and fetch it."""
    answer = await order(clients, header, **order_of)
    assert answer.status_code == 202, answer.text
    while await actions.step(sessions["registry"], files):
        pass
    return await clients["registry"].get(f"{answer.headers['location']}/file", headers=header)


def rows(content: bytes) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, sheet[0]), map(str, each), strict=True)) for each in sheet[1:]]


async def test_an_operator_gets_who_lives_in_the_village_masked(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    header = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    answer = await fetch(sessions, files, clients, header)
    told = rows(answer.content)

    assert answer.headers["content-type"].startswith("application/vnd.openxml")
    assert [each["NAMA LENGKAP"] for each in told] == ["BUDI SANTOSO", "SITI AMINAH"]
    assert {each["NIK"][4:14] for each in told} == {"*" * 10}
    assert {each["NOMOR KK"][4:14] for each in told} == {"*" * 10}
    assert [each["HUBUNGAN KELUARGA"] for each in told] == ["KEPALA KELUARGA", "ISTRI"]
    for hidden in ("AGAMA", "DISABILITAS", "NAMA IBU", "PEKERJAAN"):
        assert hidden not in told[0]


async def test_everybody_in_a_file_can_see_who_ordered_it_and_why(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    await fetch(sessions, files, clients, bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY)

    async with sessions["registry"]() as session:
        noted = list(await session.scalars(select(Access)))
    assert len(noted) == 2
    assert {(each.sub, each.purpose, each.operation, each.fields) for each in noted} == {
        ("op", "musyawarah desa", "exports.order", "export")
    }


async def test_the_agency_gets_whole_records_that_can_be_imported_again(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    header = bearer("kasi", "KASI") | WHY
    answer = await fetch(sessions, files, clients, header)
    sent = await clients["registry"].post(
        "/v1/imports",
        files={"file": ("data.xlsx", answer.content)},
        headers=header | {"Idempotency-Key": uuid4().hex},
    )
    while await working.step(sessions["registry"], files):
        pass
    batch = await clients["registry"].get(sent.headers["location"], headers=header)

    assert {name: n for name, n in batch.json()["rows"].items() if n} == {"SAME": 2}
    assert rows(answer.content)[0]["NAMA IBU"] == "'=1+1"


async def test_no_file_carries_out_the_natural_parents_of_who_was_adopted(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    async with sessions["registry"].begin() as session:
        found = await session.scalars(select(Resident).where(Resident.village_code == MUNCAR))
        one, other = sorted(found, key=lambda each: each.full_name)
        one.adoptive_mother_id = other.id
    answer = await fetch(sessions, files, clients, bearer("kasi", "KASI") | WHY)

    first, second = rows(answer.content)
    assert (first["NAMA IBU"], first["NAMA AYAH"]) == ("", "")
    assert second["NAMA IBU"] == "SUMARNI"


async def test_csv_for_programs(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    header = bearer("kasi", "KASI") | WHY
    answer = await fetch(sessions, files, clients, header, area="35.10", wanted="CSV")
    told = list(csv.DictReader(io.StringIO(answer.text)))

    assert [each["KODE DESA"] for each in told] == [MUNCAR, MUNCAR, GENTENG]
    assert told[0]["NAMA IBU"] == "'=1+1"
    assert told[0]["NIK"].startswith("'3510")


async def test_areas_of_others_are_not_there(
    clients: Clients, bearer: Bearer, people: None
) -> None:
    village = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    elsewhere = await order(clients, village, GENTENG)
    nowhere = await order(clients, bearer("kasi", "KASI") | WHY, "35.10.99")
    silent = await order(clients, bearer("op", "OP_DESA", areas=(MUNCAR,)))
    citizen = await order(clients, bearer("w", "WARGA") | WHY)

    assert (elsewhere.status_code, nowhere.status_code) == (404, 404)
    assert (silent.status_code, citizen.status_code) == (400, 403)


async def test_only_whoever_ordered_a_file_fetches_it(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    header = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    location = (await order(clients, header)).headers["location"]
    early = await clients["registry"].get(f"{location}/file", headers=header)
    await actions.step(sessions["registry"], files)
    other = bearer("kasi", "KASI") | WHY
    foreign = await clients["registry"].get(f"{location}/file", headers=other)
    fetched = await clients["registry"].get(f"{location}/file", headers=header)
    shown = await clients["registry"].get("/v1/exports", headers=header)

    assert (early.status_code, early.json()["type"]) == (409, "/problems/export-not-ready")
    assert (foreign.status_code, fetched.status_code) == (404, 200)
    [export] = shown.json()["items"]
    assert (export["downloads"], export["rows"], export["numbers"]) == (1, 2, False)


async def test_a_file_is_gone_after_a_day(
    sessions: Databases, files: Files, clients: Clients, bearer: Bearer, people: None
) -> None:
    header = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    answer = await fetch(sessions, files, clients, header)
    async with sessions["registry"].begin() as session:
        past = text(
            "update exports set expires_at = now() - interval '1 second' returning path, id"
        )
        path, export_id = (await session.execute(past)).one()
    late = await clients["registry"].get(f"/v1/exports/{export_id}/file", headers=header)
    forgotten = await actions.forget(sessions["registry"], files)

    assert answer.status_code == 200
    assert (late.status_code, late.json()["type"]) == (410, "/problems/export-expired")
    assert forgotten == 1
    with pytest.raises(NoSuchFile):
        await files.read(path)
    assert timedelta(hours=24) == actions.KEPT


async def test_too_many_people_for_one_file(
    clients: Clients, bearer: Bearer, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 1)
    answer = await order(clients, bearer("kasi", "KASI") | WHY)

    assert [each["rule"] for each in answer.json()["errors"]] == ["EXPORT_TOO_LARGE"]

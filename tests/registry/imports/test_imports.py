"""A workbook on its way: dry run, commit, roll back, on the real database."""

import asyncio
import io
import signal
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, text

from deploy.seed.check import violations
from services.registry.duplicates.tables import DuplicateVerdict
from services.registry.families.tables import Family, Membership
from services.registry.imports.working import step
from services.registry.residents import actions as residents
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Access, Resident, ResidentVersion
from services.registry.settings import Settings
from shared.files import Files
from tests.registry.documents.processes import start
from tests.registry.imports.harmful import FILES
from tests.registry.imports.sheets import (
    CHILD,
    FATHER,
    HEADINGS,
    KK,
    MOTHER,
    csv_of,
    family,
    row,
    xlsx,
)
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
Rows = Sequence[dict[str, Any]]


class Desk:
    """Somebody who sends workbooks, and somebody who commits them."""

    def __init__(
        self, sessions: Databases, clients: Clients, bearer: Bearer, settings: dict[str, Any]
    ) -> None:
        self.sessions = sessions["registry"]
        self.client = clients["registry"]
        registry: Settings = settings["registry"]
        self.files = Files.at(registry.files_url)
        self.url = str(registry.database_url)
        why = {"X-Purpose": "impor awal"}
        self.sender = bearer("pengirim", "KASI") | why
        self.head = bearer("kabid", "KABID") | why
        self.village = bearer("op", "OP_DESA", areas=(MUNCAR,)) | why

    async def send(
        self, content: bytes, *, header: dict[str, str] | None = None, **form: str
    ) -> dict[str, Any]:
        """Send a workbook and have it checked."""
        answer = await self.client.post(
            "/v1/imports",
            files={"file": ("data.xlsx", content)},
            data=form,
            headers=(header or self.sender) | {"Idempotency-Key": uuid4().hex},
        )
        assert answer.status_code == 201, answer.text
        await self.work()
        return await self.read(answer.json()["id"])

    async def work(self) -> None:
        while await step(self.sessions, self.files):
            pass

    async def read(self, batch_id: str) -> dict[str, Any]:
        answer = await self.client.get(f"/v1/imports/{batch_id}", headers=self.sender)
        body: dict[str, Any] = answer.json()
        return body

    async def list(self, batch: dict[str, Any], what: str, **query: str) -> list[dict[str, Any]]:
        answer = await self.client.get(
            f"/v1/imports/{batch['id']}/{what}", params=query, headers=self.sender
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def tell(
        self, batch: dict[str, Any], what: str, body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Commit, roll back or cancel, and let the worker do it."""
        header = self.head | {"If-Match": f'"{batch["version"]}"'}
        answer = await self.client.post(
            f"/v1/imports/{batch['id']}/{what}", json=body, headers=header
        )
        assert answer.status_code in {200, 202}, answer.text
        await self.work()
        return await self.read(batch["id"])

    async def take_in(self, content: bytes, **form: str) -> dict[str, Any]:
        return await self.tell(await self.send(content, header=None, **form), "commit")

    async def resident(self, nik: str) -> Resident:
        async with self.sessions() as session:
            found = await session.scalar(select(Resident).where(Resident.nik == nik))
        assert found is not None
        return found


@pytest.fixture
def desk(sessions: Databases, clients: Clients, bearer: Bearer, settings: dict[str, Any]) -> Desk:
    return Desk(sessions, clients, bearer, settings)


async def test_a_family_is_looked_through_and_then_written(desk: Desk) -> None:
    batch = await desk.send(xlsx(family()))
    async with desk.sessions() as session:
        before = await session.scalar(select(func.count()).select_from(Resident))
    done = await desk.tell(batch, "commit")

    assert (batch["state"], batch["dialect"]) == ("CHECKED", "BALAI")
    assert {name: n for name, n in batch["rows"].items() if n} == {"NEW": 3}
    assert batch["faults"] == 0
    assert before == 0
    assert (done["state"], done["results"], done["progress"]) == (
        "COMMITTED",
        {"APPLIED": 3},
        {"done": 3, "total": 3},
    )
    father, mother, child = [await desk.resident(nik) for nik in (FATHER, MOTHER, CHILD)]
    assert (father.spouse_id, mother.spouse_id) == (mother.id, father.id)
    assert (father.occupation, mother.occupation, child.marital_status) == (9, 2, 1)
    assert (father.recording_status, child.recording_status) == ("UNREGISTERED", "BELUM_WAJIB")
    assert (father.version, father.village_code, father.rt, father.rw) == (1, MUNCAR, "001", "002")
    async with desk.sessions() as session:
        home = (await session.scalars(select(Family))).one()
        lines = await session.execute(select(Membership.relationship).order_by(Membership.position))
        version = (await session.scalars(select(ResidentVersion))).first()
    assert (home.kk_number, home.head_id) == (KK, father.id)
    assert [each.relationship for each in lines] == [1, 3, 4]
    assert version is not None
    assert (version.cause, str(version.source_id), version.actor) == ("import", done["id"], "kabid")
    assert {name: n for name, n in (await violations(desk.url)).items() if n} == {}


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    again = await desk.send(csv_of(family()))
    done = await desk.tell(again, "commit")

    assert {name: n for name, n in again["rows"].items() if n} == {"SAME": 3}
    assert done["results"] == {}
    assert (await desk.resident(FATHER)).version == 1


async def test_before_and_after_of_what_changes(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    changed = family()
    changed[0] |= {"PEKERJAAN": "NELAYAN/PERIKANAN", "ALAMAT": "JL. MELATI NO. 3"}
    batch = await desk.send(xlsx(changed))
    [told] = await desk.list(batch, "rows", outcome="CHANGED")
    done = await desk.tell(batch, "commit")

    assert told["differences"] == [
        {"about": "person", "field": "occupation", "before": 9, "after": 11, "hidden": False},
        {
            "about": "family",
            "field": "address",
            "before": "DUSUN KRAJAN",
            "after": "JL. MELATI NO. 3",
            "hidden": False,
        },
    ]
    assert told["nik"] == "3510**********01"
    assert done["results"] == {"APPLIED": 1}
    father = await desk.resident(FATHER)
    assert (father.occupation, father.version) == (11, 2)
    async with desk.sessions() as session:
        noted = await session.scalar(select(func.count()).where(Access.operation == "imports.read"))
        home = (await session.scalars(select(Family))).one()
    assert noted == 1
    assert home.address == "JL. MELATI NO. 3"


async def test_who_is_missing_from_the_file_is_told_and_left_alone(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    async with desk.sessions.begin() as session:
        await household(session, (person("ORANG LAIN"), 1))
    batch = await desk.send(xlsx(family()[:2]))
    of_families = await desk.list(batch, "missing")
    whole = await desk.send(xlsx(family()[:2]), whole_of=MUNCAR)
    of_village = await desk.list(whole, "missing")

    assert [each["full_name"] for each in of_families] == ["ADI SANTOSO"]
    assert sorted(each["full_name"] for each in of_village) == ["ADI SANTOSO", "ORANG LAIN"]
    assert (await desk.resident(CHILD)).status == "HIDUP"


async def test_every_fault_with_row_column_and_rule(desk: Desk) -> None:
    sheet = family()
    sheet[0] |= {"NIK": 3510050506889001.0}
    sheet[1] |= {"TANGGAL LAHIR": "31-02-1990", "AGAMA": "MARSIAN"}
    sheet[2] |= {"NAMA LENGKAP": "", "RT": "XII"}
    batch = await desk.send(xlsx(sheet))
    faults = await desk.list(batch, "faults", blocks="true")

    assert [(each["row"], each["column"], each["rule"]) for each in faults] == [
        (2, "B", "NUMBER_NOT_TEXT"),
        (3, "F", "DATE_UNKNOWN"),
        (3, "G", "CODE_UNKNOWN"),
        (4, "C", "CELL_REQUIRED"),
        (4, "M", "THREE_DIGITS"),
    ]
    assert "3,51E+15" in faults[0]["text_id"]
    assert "3.51E+15" in faults[0]["text_en"]
    assert faults[0]["heading"] == "NIK"
    assert batch["rows"]["FAULTY"] == 3


async def test_the_faulty_workbook_comes_back_marked(desk: Desk) -> None:
    sheet = family()
    sheet[1] |= {"TANGGAL LAHIR": "31-02-1990", "ALAMAT": "=HYPERLINK(1)"}
    batch = await desk.send(xlsx(sheet))
    answer = await desk.client.get(
        f"/v1/imports/{batch['id']}/faults.xlsx", headers=desk.sender | {"Accept-Language": "en"}
    )

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    listed = book.get_sheet_by_index(1).to_python()
    assert answer.headers["content-type"].startswith("application/vnd.openxml")
    assert rows[0] == HEADINGS
    assert rows[2][5] == "31-02-1990"
    assert rows[2][11] == "'=HYPERLINK(1)"
    assert listed[1][:3] == ["3", "F", "TANGGAL LAHIR"]
    assert "05-03-1990" in str(listed[1][3])


async def test_the_template_is_read_as_it_is_offered(desk: Desk) -> None:
    answer = await desk.client.get("/v1/imports/template.xlsx", headers=desk.sender)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    headings = [str(each) for each in sheet.to_python()[0]]
    batch = await desk.send(xlsx(family(), headings))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        rules = parts.read("xl/worksheets/sheet1.xml").decode()
        notes = parts.read("xl/comments1.xml").decode()
    assert rules.count("<dataValidation ") == 10  # lists to choose from
    assert "16 digits, the column formatted as text" in notes
    assert set(HEADINGS) <= set(headings)
    assert batch["ignored_headings"] == []
    assert batch["rows"]["NEW"] == 3


async def test_siak_headings_and_its_four_marital_states(desk: Desk) -> None:
    head = {
        "NO_KK": KK, "NIK": FATHER, "NAMA_LGKP": "BUDI SANTOSO", "JENIS_KLMIN": "1",
        "TMPT_LHR": "BANYUWANGI", "TGL_LHR": "1988-06-05", "AGAMA": "1", "STAT_KWN": "3",
        "STAT_HBKEL": "1", "NAMA_LGKP_IBU": "SUMINI", "ALAMAT": "KRAJAN", "NO_RT": 1, "NO_RW": 2,
        "NO_PROP": 35, "NO_KAB": 10, "NO_KEC": 5, "NO_KEL": 2003, "NO_URUT": 1,
    }  # fmt: skip
    batch = await desk.take_in(xlsx([head], list(head)))

    assert (batch["dialect"], batch["ignored_headings"]) == ("SIAK", ["NO_URUT"])
    assert batch["results"] == {"APPLIED": 1}
    assert (await desk.resident(FATHER)).marital_status == 4  # divorced, not "married, unrecorded"


async def test_opensid_headings_in_a_village_that_the_file_does_not_name(desk: Desk) -> None:
    head = {
        "alamat": "KRAJAN", "dusun": "KRAJAN", "rw": "02", "rt": "01", "nama": "Budi Santoso",
        "no_kk": KK, "nik": FATHER, "sex": 1, "tempatlahir": "Banyuwangi",
        "tanggallahir": "1988-06-05", "agama_id": 1, "pendidikan_kk_id": 5, "pekerjaan_id": 9,
        "status_kawin": 4, "kk_level": 1, "warganegara_id": 1, "nama_ibu": "Sumini",
    }  # fmt: skip
    without = await desk.send(xlsx([head], list(head)))
    batch = await desk.take_in(csv_of([head], list(head)), village_code=MUNCAR)

    assert (without["state"], without["refused"][0]["rule"]) == ("REFUSED", "COLUMN_MISSING")
    assert "KODE DESA" in without["refused"][0]["text_id"]
    assert (batch["dialect"], batch["results"]) == ("OPENSID", {"APPLIED": 1})
    father = await desk.resident(FATHER)
    assert (father.full_name, father.marital_status, father.education) == ("BUDI SANTOSO", 6, 5)


async def test_a_person_without_a_nik_overwrites_nobody(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    baby = row(
        NIK="0", NAMA_LENGKAP="RINA SANTOSO", JENIS_KELAMIN="P", TANGGAL_LAHIR="01-11-2026",
        STATUS_PERKAWINAN="BELUM KAWIN", HUBUNGAN_KELUARGA="ANAK", TANGGAL_KAWIN="",
        NOMOR_AKTA_KAWIN="",
    )  # fmt: skip
    twin = baby | {"NAMA LENGKAP": "RANI SANTOSO", "NIK": ""}
    waiting = await desk.take_in(xlsx([*family(), baby, twin]))
    async with desk.sessions() as session:
        before = await session.scalar(select(func.count()).select_from(Resident))
    given = await desk.take_in(xlsx([*family(), baby, twin]), registers_numberless="true")

    assert (waiting["rows"]["WITHOUT_NIK"], waiting["results"], before) == (2, {}, 3)
    assert given["results"] == {"APPLIED": 2}
    async with desk.sessions() as session:
        named = await session.scalars(
            select(Resident.nik).where(Resident.full_name.in_(["RINA SANTOSO", "RANI SANTOSO"]))
        )
        assert sorted(named) == ["3510054111269001", "3510054111269002"]
    assert {name: n for name, n in (await violations(desk.url)).items() if n} == {}


async def test_edge_08_a_nik_of_somebody_else_is_never_written_over(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    other = row(
        NAMA_LENGKAP="TEGUH WIJAYA", TANGGAL_LAHIR="01-02-1975", NOMOR_KK="3510051203109002"
    )
    batch = await desk.send(xlsx([other]))
    faults = await desk.list(batch, "faults", blocks="true")

    assert [(each["column"], each["rule"]) for each in faults] == [("B", "NIK_OF_ANOTHER")]


async def test_edge_02_an_old_name_is_taken_as_it_is_and_a_new_one_judged(desk: Desk) -> None:
    old = row(NAMA_LENGKAP="MA'RUF 2 MOH.")
    new = row(
        NIK="",
        NAMA_LENGKAP="MOH. RIZKY",
        NOMOR_KK="3510051203109003",
        STATUS_PERKAWINAN="BELUM KAWIN",
    )
    batch = await desk.send(xlsx([old, new]))
    faults = await desk.list(batch, "faults", blocks="true")

    assert {(each["row"], each["rule"]) for each in faults} == {
        (3, "NAME_PUNCTUATION"),
        (3, "NAME_ABBREVIATION"),
    }


async def test_somebody_who_may_be_registered_waits_for_a_verdict(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        known = await register(
            session,
            person(
                "BUDI SANTOSO", sex="L", birth_date=TODAY.replace(1988, 6, 5), mother_name="SUMINI"
            ),
        )
    batch = await desk.send(xlsx([{**each, "NIK": each["NIK"]} for each in _elsewhere()]))
    [suspect] = await desk.list(batch, "rows", outcome="SUSPECT")
    held = await desk.list(batch, "rows", outcome="HELD")
    faults = await desk.list(batch, "faults")
    cleared = await desk.client.post(
        f"/v1/imports/{batch['id']}/rows/{suspect['row']}/clearance",
        json={"reason": "Orang lain; akta kelahirannya berbeda."},
        headers=desk.sender | {"Idempotency-Key": uuid4().hex},
    )
    done = await desk.tell(await desk.read(batch["id"]), "commit")

    assert suspect["suspects"] == [str(known.id)]
    assert [each["held_by_row"] for each in held] == [2, 2]
    assert any("nama sama" in each["text_id"] for each in faults)
    assert cleared.json()["outcome"] == "NEW"
    assert done["results"] == {"APPLIED": 3}
    async with desk.sessions() as session:
        verdict = (await session.scalars(select(DuplicateVerdict))).one()
    assert (verdict.verdict, verdict.decided_by) == ("NOT_SAME", "pengirim")
    assert known.id in {verdict.first_id, verdict.second_id}


def _elsewhere() -> Rows:
    """Return the family with numbers of another district of birth, so that nobody has them."""
    return [each | {"NIK": f"351006{str(each['NIK'])[6:]}"} for each in family()]


async def test_a_file_opens_no_door_to_people_of_other_villages(desk: Desk) -> None:
    async with desk.sessions.begin() as session:
        far = person(birth_date=date(1990, 3, 5), village_code=GENTENG)
        home, [stranger] = await household(session, (far, 1), village_code=GENTENG)
    own = row(
        NOMOR_KK=home.kk_number, NIK=stranger.nik, JENIS_KELAMIN="P", TANGGAL_LAHIR="05-03-1990"
    )
    batch = await desk.send(xlsx([own]), header=desk.village)
    url = f"/v1/imports/{batch['id']}"
    rows, missing, faults = [
        (await desk.client.get(f"{url}/{each}", headers=desk.village)).json()["items"]
        for each in ("rows", "missing", "faults")
    ]
    async with desk.sessions() as session:
        noted = await session.scalar(select(func.count()).select_from(Access))

    assert {each["rule"] for each in faults} >= {"NIK_LIVES_ELSEWHERE"}
    assert [(each["outcome"], each["differences"], each["resident_id"]) for each in rows] == [
        ("FAULTY", [], None)
    ]
    assert missing == []
    assert noted == 0


async def test_a_village_reads_no_more_of_its_people_than_elsewhere(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    changed = [
        row(PEKERJAAN="NELAYAN/PERIKANAN", NAMA_AYAH="SLAMET", ALAMAT="JL. MELATI NO. 3"),
        *family()[1:],
    ]
    batch = await desk.send(xlsx(changed), header=desk.village)
    url = f"/v1/imports/{batch['id']}/rows?outcome=CHANGED"
    [told] = (await desk.client.get(url, headers=desk.village)).json()["items"]

    assert [(each["field"], each["before"], each["hidden"]) for each in told["differences"]] == [
        ("occupation", None, True),
        ("father_name", None, True),
        ("address", "DUSUN KRAJAN", False),
    ]


async def test_who_is_in_a_fetched_workbook_can_see_that_it_was(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    batch = await desk.send(xlsx(family()))
    url = f"/v1/imports/{batch['id']}/faults.xlsx"
    answer = await desk.client.get(url, headers=desk.sender)
    async with desk.sessions() as session:
        noted = await session.scalars(select(Access.purpose).where(Access.fields == "import"))

    assert answer.status_code == 200
    assert list(noted) == ["impor awal"] * 3


async def test_a_row_that_no_sheet_has_is_no_row(desk: Desk) -> None:
    batch = await desk.send(xlsx(family()))
    answer = await desk.client.post(
        f"/v1/imports/{batch['id']}/rows/{2**40}/clearance",
        json={"reason": "Orang lain; akta kelahirannya berbeda."},
        headers=desk.sender | {"Idempotency-Key": uuid4().hex},
    )

    assert answer.status_code == 422


async def test_an_import_shows_no_sealed_parents(desk: Desk, bearer: Bearer) -> None:
    await desk.take_in(xlsx(family()))
    async with desk.sessions.begin() as session:
        child = await session.scalar(select(Resident).where(Resident.nik == CHILD))
        adopter = await session.scalar(select(Resident.id).where(Resident.nik == FATHER))
        assert child is not None
        child.adoptive_father_id = adopter
    batch = await desk.send(xlsx([*family()[:2], family()[2] | {"NAMA IBU": "SUKARSIH"}]))
    [told] = await desk.list(batch, "rows", outcome="CHANGED")
    registrar = bearer("pps", "PPS") | {"X-Purpose": "impor awal"}
    url = f"/v1/imports/{batch['id']}/rows?outcome=CHANGED"
    [whole] = (await desk.client.get(url, headers=registrar)).json()["items"]

    assert [each["before"] for each in told["differences"]] == [None]
    assert [each["before"] for each in whole["differences"]] == ["SITI AMINAH"]


async def test_what_the_sender_may_not_do(desk: Desk, bearer: Bearer) -> None:
    elsewhere = [each | {"KODE DESA": "35.10.06.2001"} for each in family()]
    own = await desk.send(xlsx(elsewhere), header=desk.village)
    faults = await desk.list(own, "faults", blocks="true")
    batch = await desk.send(xlsx(family()))
    match = {"If-Match": f'"{batch["version"]}"'}
    url = f"/v1/imports/{batch['id']}"
    foreign = await desk.client.get(url, headers=desk.village)
    low = await desk.client.post(f"{url}/commit", headers=desk.sender | match)
    kabid = bearer("pengirim", "KABID") | {"X-Purpose": "impor awal"}
    same = await desk.client.post(f"{url}/commit", headers=kabid | match)
    stale = await desk.client.post(f"{url}/commit", headers=desk.head | {"If-Match": '"1"'})
    early = await desk.client.post(
        f"{url}/rollback", json={"reason": "Salah kirim."}, headers=desk.head | match
    )

    assert {each["rule"] for each in faults} == {"VILLAGE_NOT_YOURS"}
    assert foreign.status_code == 404
    assert low.status_code == 403
    assert (same.status_code, same.json()["type"]) == (409, "/problems/import-needs-another-person")
    assert stale.status_code == 412
    assert early.status_code == 409


async def test_a_row_that_changed_since_the_dry_run_is_not_written_over(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    changed = family()
    changed[0] |= {"PEKERJAAN": "NELAYAN/PERIKANAN"}
    batch = await desk.send(xlsx(changed))
    async with desk.sessions.begin() as session:
        father = (await session.scalars(select(Resident).where(Resident.nik == FATHER))).one()
        source = Source(uuid4(), "correct_resident", "registrar")
        await residents.change(session, father, {"occupation": 88}, source=source, valid_from=TODAY)
    done = await desk.tell(batch, "commit")

    assert done["results"] == {"STALE": 1}
    assert (await desk.resident(FATHER)).occupation == 88


async def test_a_roll_back_takes_everything_back_and_erases_nothing(desk: Desk) -> None:
    done = await desk.take_in(xlsx(family()))
    back = await desk.tell(done, "rollback", {"reason": "Berkas milik desa lain."})

    assert (back["state"], back["results"]) == ("ROLLED_BACK", {"TAKEN_BACK": 3})
    father = await desk.resident(FATHER)
    assert (father.status, father.family_id, father.spouse_id) == ("TIDAK_VALID", None, None)
    async with desk.sessions() as session:
        home = (await session.scalars(select(Family))).one()
        causes = await session.scalars(
            select(ResidentVersion.cause)
            .where(ResidentVersion.resident_id == father.id)
            .order_by(ResidentVersion.version)
        )
        assert next(iter(causes)) == "import"
    assert home.close_reason == "IMPORT_ROLLED_BACK"
    assert {name: n for name, n in (await violations(desk.url)).items() if n} == {}


async def test_what_was_taken_back_can_come_again(desk: Desk) -> None:
    done = await desk.take_in(xlsx(family()))
    await desk.tell(done, "rollback", {"reason": "Berkas milik desa lain."})
    again = await desk.send(xlsx(family()))
    back = await desk.tell(again, "commit")

    assert again["rows"]["RETURNS"] == 3
    assert back["results"] == {"APPLIED": 3}
    father = await desk.resident(FATHER)
    assert (father.status, father.village_code) == ("HIDUP", MUNCAR)
    async with desk.sessions() as session:
        home = (await session.scalars(select(Family))).one()
    assert (home.closed_on, father.family_id) == (None, home.id)
    assert {name: n for name, n in (await violations(desk.url)).items() if n} == {}


async def test_a_roll_back_leaves_whom_something_happened_to(desk: Desk) -> None:
    done = await desk.take_in(xlsx(family()))
    async with desk.sessions.begin() as session:
        child = (await session.scalars(select(Resident).where(Resident.nik == CHILD))).one()
        source = Source(uuid4(), "correct_resident", "registrar")
        await residents.change(session, child, {"blood_type": 1}, source=source, valid_from=TODAY)
    back = await desk.tell(done, "rollback", {"reason": "Berkas milik desa lain."})

    assert back["results"] == {"KEPT": 3}  # a family that was opened goes or stays as a whole
    assert (await desk.resident(FATHER)).status == "HIDUP"


async def test_a_roll_back_of_a_change_gives_the_old_values_back(desk: Desk) -> None:
    await desk.take_in(xlsx(family()))
    changed = family()
    changed[0] |= {"PEKERJAAN": "NELAYAN/PERIKANAN", "ALAMAT": "JL. MELATI NO. 3"}
    done = await desk.take_in(xlsx(changed))
    back = await desk.tell(done, "rollback", {"reason": "Berkas milik desa lain."})

    assert back["results"] == {"TAKEN_BACK": 1}
    father = await desk.resident(FATHER)
    assert (father.occupation, father.version, father.status) == (9, 3, "HIDUP")
    async with desk.sessions() as session:
        home = (await session.scalars(select(Family))).one()
    assert home.address == "DUSUN KRAJAN"


async def test_a_commit_that_was_killed_goes_on_where_it_left_off(
    desk: Desk, settings: dict[str, Any]
) -> None:
    sheet = [
        each | {"NOMOR KK": f"{KK[:12]}9{number:03}", "NIK": f"{str(each['NIK'])[:12]}9{number:03}"}
        for number in range(1, 8)
        for each in family()
    ]
    batch = await desk.send(xlsx(sheet))
    header = desk.head | {"If-Match": f'"{batch["version"]}"'}
    await desk.client.post(f"/v1/imports/{batch['id']}/commit", headers=header)
    async with start("tests.registry.imports.dying_importer", settings["registry"]) as process:
        killed = await asyncio.wait_for(process.wait(), 60)
    half = await desk.read(batch["id"])
    leased = await step(desk.sessions, desk.files)
    async with desk.sessions.begin() as session:
        await session.execute(text("update import_batches set leased_until = now()"))
    await desk.work()
    done = await desk.read(batch["id"])

    assert killed == -signal.SIGKILL
    assert (half["state"], half["progress"]["done"]) == ("COMMITTING", 12)
    assert not leased  # nobody else takes it before the lease of the dead one ends
    assert (done["state"], done["results"]) == ("COMMITTED", {"APPLIED": 21})
    async with desk.sessions() as session:
        counted = await session.execute(
            select(func.count(), func.max(Resident.version)).select_from(Resident)
        )
    assert counted.one() == (21, 1)


@pytest.mark.parametrize("name", ["bomb", "macros", "words", "old", "empty", "pdf"])
async def test_a_file_that_could_harm_is_refused_at_the_door(desk: Desk, name: str) -> None:
    content, rule = FILES[name]
    answer = await desk.client.post(
        "/v1/imports",
        files={"file": ("data.xlsx", content)},
        headers=desk.sender | {"Idempotency-Key": uuid4().hex},
    )

    assert answer.status_code == 422
    assert [each["rule"] for each in answer.json()["errors"]] == [rule]


async def test_a_formula_is_not_carried_out(desk: Desk) -> None:
    sheet = family()
    sheet[0] |= {"NAMA LENGKAP": "{=1+1}"}
    batch = await desk.send(xlsx(sheet))
    rows = await desk.list(batch, "rows")

    assert rows[0]["full_name"] == "HASIL"  # what was stored with it, never what it computes


async def test_the_file_is_kept_sealed(desk: Desk) -> None:
    content = xlsx(family())  # a workbook names the second in which it was written
    batch = await desk.send(content)
    kept = await desk.files.read(f"imports/{batch['id']}")

    assert content not in kept
    assert await desk.files.read_sealed(f"imports/{batch['id']}") == content


async def test_edge_11_a_nik_of_a_district_that_is_no_more_is_taken_as_it_is(desk: Desk) -> None:
    old = row(NIK="5401010506889001")  # East Timor's
    batch = await desk.take_in(xlsx([old]))
    warnings = await desk.list(batch, "faults", blocks="false")

    assert [(each["column"], each["rule"]) for each in warnings] == [("B", "NIK_REGION_UNKNOWN")]
    assert (await desk.resident("5401010506889001")).village_code == MUNCAR


async def test_edge_12_a_recoded_village_is_known_by_its_code_of_today(desk: Desk) -> None:
    async with desk.sessions() as session:
        recoded = await session.execute(
            text(
                "select code, successor_code from regions where level = 'village'"
                " and code like '35.10.%' and successor_code is not null order by code limit 1"
            )
        )
        before, after = recoded.one()
    batch = await desk.take_in(xlsx([row(KODE_DESA=before)]))
    warnings = await desk.list(batch, "faults", blocks="false")

    assert [each["rule"] for each in warnings] == ["ROW_VILLAGE_RECODED"]
    father = await desk.resident(FATHER)
    assert (father.village_code, father.nik[:6]) == (after, "351005")


async def test_edge_20_an_institution_of_hundreds_is_one_family(desk: Desk) -> None:
    pupils = [
        row(
            NIK=f"351005{1 + number % 28:02}0210{9001 + number // 28}",
            NAMA_LENGKAP=f"SANTRI {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]} {'ABCDEFGHIJKLMNOP'[number // 26]}",
            TANGGAL_LAHIR=f"{1 + number % 28:02}-02-2010", STATUS_PERKAWINAN="BELUM KAWIN",
            HUBUNGAN_KELUARGA="LAINNYA", TANGGAL_KAWIN="", NOMOR_AKTA_KAWIN="",
        )
        for number in range(300)
    ]  # fmt: skip
    done = await desk.take_in(xlsx([row(), *pupils]))

    assert done["results"] == {"APPLIED": 301}
    assert {name: n for name, n in (await violations(desk.url)).items() if n} == {}


async def test_people_of_one_batch_who_look_alike_are_told_and_not_merged(desk: Desk) -> None:
    again = family()[2] | {"NIK": "3510051005159002"}
    batch = await desk.send(xlsx([*family(), again]))
    warnings = await desk.list(batch, "faults", blocks="false")

    assert [(each["row"], each["rule"]) for each in warnings] == [(5, "ROWS_SAY_THE_SAME")]
    assert batch["rows"]["NEW"] == 4


async def test_a_family_without_a_head_or_with_two(desk: Desk) -> None:
    headless = [each | {"NOMOR KK": "3510051203109005"} for each in family()[1:]]
    second = row(NIK="3510050506889002", NAMA_LENGKAP="TONO SUSANTO")
    batch = await desk.send(xlsx([*family(), second, *headless]))
    faults = await desk.list(batch, "faults", blocks="true")

    assert {(each["row"], each["rule"]) for each in faults} == {
        (5, "FAMILY_SECOND_HEAD"),
        (6, "NIK_TWICE"),
        (7, "NIK_TWICE"),
        (6, "FAMILY_WITHOUT_HEAD"),
    }


async def test_the_same_key_sends_a_workbook_once(desk: Desk) -> None:
    header = desk.sender | {"Idempotency-Key": "kiriman-1"}
    sent = [
        await desk.client.post(
            "/v1/imports", files={"file": ("data.xlsx", xlsx(family()))}, headers=header
        )
        for _ in range(2)
    ]
    listed = await desk.client.get("/v1/imports", headers=desk.sender)

    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json()["id"] == sent[1].json()["id"]
    assert len(listed.json()["items"]) == 1


async def test_a_batch_that_is_cancelled_is_never_committed(desk: Desk) -> None:
    batch = await desk.send(xlsx(family()))
    match = {"If-Match": f'"{batch["version"]}"'}
    url = f"/v1/imports/{batch['id']}"
    cancelled = await desk.client.post(f"{url}/cancel", headers=desk.sender | match)
    again = {"If-Match": cancelled.headers["etag"]}
    late = await desk.client.post(f"{url}/commit", headers=desk.head | again)

    assert cancelled.json()["state"] == "CANCELLED"
    assert (late.status_code, late.json()["type"]) == (409, "/problems/import-not-in-this-state")

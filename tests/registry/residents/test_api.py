from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.registry.residents import actions
from services.registry.residents.tables import Access, Resident
from tests.conftest import Bearer
from tests.registry.people import (
    GENTENG,
    MUNCAR,
    SOURCE,
    TODAY,
    Clients,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio

PURPOSE = {"X-Purpose": "case BWI-1"}
Headers = dict[str, str]


@pytest.fixture
def as_(bearer: Bearer) -> Callable[..., Headers]:
    """Headers of an officer with a role in some areas, and a purpose."""

    def headers(role: str, *areas: str, **claims: object) -> Headers:
        return bearer(role.lower(), role, areas=areas, **claims) | PURPOSE

    return headers


@pytest.fixture
async def siti(sessions: Databases) -> Resident:
    async with sessions["registry"].begin() as session:
        _, (siti,) = await household(session, (person("SITI AMINAH", religion=1), 1))
    return siti


async def accesses(sessions: Databases) -> list[Access]:
    async with sessions["registry"]() as session:
        return list(await session.scalars(select(Access).order_by(Access.id)))


async def test_the_village_s_operator_identifies_by_number(
    clients: Clients, siti: Resident, as_: Callable[..., Headers]
) -> None:
    answer = await clients["registry"].post(
        "/v1/residents/search", json={"nik": siti.nik}, headers=as_("OP_DESA", MUNCAR)
    )

    assert answer.status_code == 200
    body = answer.json()
    assert body["id"] == str(siti.id)
    assert body["nik"] == siti.nik
    assert body["biodata"] is None
    assert body["sensitive"] is None


async def test_hidden_and_absent_are_the_same_answer(
    clients: Clients, siti: Resident, as_: Callable[..., Headers]
) -> None:
    elsewhere = as_("OP_DESA", GENTENG)
    hidden, absent = [
        await clients["registry"].post("/v1/residents/search", json={"nik": nik}, headers=elsewhere)
        for nik in (siti.nik, "3510054503909999")
    ]
    by_id = [
        await clients["registry"].get(f"/v1/residents/{each}", headers=elsewhere)
        for each in (siti.id, uuid4())
    ]

    for answer in (hidden, absent, *by_id):
        assert answer.status_code == 404
        assert answer.json() | {"trace_id": ""} == absent.json() | {"trace_id": ""}


@pytest.mark.parametrize(
    ("role", "areas", "status"),
    [
        ("OP_DESA", (MUNCAR,), 200),
        ("OP_DESA", (), 404),
        ("OP_KEC", ("35.10.05",), 200),
        ("OP_KEC", ("35.10.10",), 404),
        ("OP_GERAI", (), 403),
        ("FASKES", (), 403),
        ("VERIFIKATOR", (), 200),
        ("KADIS", (), 200),
        ("AUDITOR", (), 200),
        ("DPO", (), 403),
        ("WARGA", (), 404),
        ("BUPATI", ("35.10",), 403),
        ("CAMAT", ("35.10.05",), 403),
        ("KLIEN", (), 403),
    ],
)
async def test_who_may_read_a_person(
    clients: Clients,
    siti: Resident,
    as_: Callable[..., Headers],
    role: str,
    areas: tuple[str, ...],
    status: int,
) -> None:
    answer = await clients["registry"].get(f"/v1/residents/{siti.id}", headers=as_(role, *areas))

    assert answer.status_code == status


@pytest.mark.parametrize("role", ["OP_GERAI", "PETUGAS_LAPANGAN", "FASKES"])
async def test_an_outlet_finds_one_person_by_number_and_gets_no_list(
    clients: Clients, siti: Resident, as_: Callable[..., Headers], role: str
) -> None:
    client, headers = clients["registry"], as_(role)
    by_number = await client.post("/v1/residents/search", json={"nik": siti.nik}, headers=headers)
    by_name = await client.post("/v1/residents/search", json={"name": "SITI"}, headers=headers)
    listed = await client.get(f"/v1/residents?village_code={MUNCAR}", headers=headers)

    assert by_number.status_code == 200
    assert (by_name.status_code, listed.status_code) == (403, 403)


async def test_a_number_is_masked_for_those_who_did_not_know_it(
    clients: Clients, siti: Resident, as_: Callable[..., Headers]
) -> None:
    url = f"/v1/residents/{siti.id}"
    operator = await clients["registry"].get(url, headers=as_("OP_DESA", MUNCAR))
    unmasking = as_("OP_DESA", MUNCAR, scope="residents:unmask")
    unmasked = await clients["registry"].get(url, headers=unmasking)
    verifier = await clients["registry"].get(url, headers=as_("VERIFIKATOR"))

    assert operator.json()["nik"] == "3510**********01"
    assert operator.json()["nik_is_masked"] is True
    assert unmasked.json()["nik"] == siti.nik
    assert verifier.json()["nik"] == siti.nik
    assert verifier.json()["biodata"]["mother_name"] == "SUMARNI"
    assert verifier.json()["sensitive"]["religion"] == 1
    assert verifier.headers["ETag"] == '"2"'


async def test_a_citizen_reads_themselves_without_a_purpose_and_nobody_else(
    clients: Clients, sessions: Databases, siti: Resident, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        _, (budi,) = await household(session, (person("BUDI", sex="L"), 1))
    own = bearer("siti", "WARGA", resident_id=str(siti.id))
    mine = await clients["registry"].get(f"/v1/residents/{siti.id}", headers=own)
    theirs = await clients["registry"].get(f"/v1/residents/{budi.id}", headers=own)

    assert mine.status_code == 200
    assert mine.json()["nik"] == siti.nik
    assert mine.json()["sensitive"]["religion"] == 1
    assert theirs.status_code == 404


async def test_an_officer_says_why(clients: Clients, siti: Resident, bearer: Bearer) -> None:
    answer = await clients["registry"].get(
        f"/v1/residents/{siti.id}", headers=bearer("budi", "VERIFIKATOR")
    )

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/purpose-required"


async def test_every_reading_is_noted_with_who_why_and_how_much(
    clients: Clients, sessions: Databases, siti: Resident, as_: Callable[..., Headers]
) -> None:
    client = clients["registry"]
    await client.get(f"/v1/residents/{siti.id}", headers=as_("VERIFIKATOR"))
    await client.get(f"/v1/residents/{siti.id}", headers=as_("OP_DESA", MUNCAR))
    await client.get(f"/v1/residents/{siti.id}", headers=as_("OP_DESA", GENTENG))  # not found
    await client.get(f"/v1/residents?village_code={MUNCAR}", headers=as_("OP_DESA", MUNCAR))
    await client.post("/v1/residents/search", json={"name": "SITI"}, headers=as_("KASI"))

    noted = await accesses(sessions)
    assert [(each.sub, each.operation, each.fields) for each in noted] == [
        ("verifikator", "residents.read", "whole"),
        ("op_desa", "residents.read", "identity"),
        ("op_desa", "residents.list", "masked"),
        ("kasi", "residents.search_name", "masked"),
    ]
    assert {(each.resident_id, each.purpose) for each in noted} == {(siti.id, "case BWI-1")}


async def test_a_reading_that_fails_leaves_no_note_and_no_answer(
    clients: Clients,
    sessions: Databases,
    siti: Resident,
    as_: Callable[..., Headers],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("services.registry.residents.api.versions.tag", broken)
    answer = await clients["registry"].get(f"/v1/residents/{siti.id}", headers=as_("VERIFIKATOR"))

    assert answer.status_code == 500
    assert "SITI" not in answer.text
    assert await accesses(sessions) == []


async def test_the_citizen_sees_who_looked_but_not_their_name(
    clients: Clients, siti: Resident, bearer: Bearer, as_: Callable[..., Headers]
) -> None:
    client, url = clients["registry"], f"/v1/residents/{siti.id}"
    for _ in range(3):
        await client.get(url, headers=as_("VERIFIKATOR"))
    own = bearer("siti", "WARGA", resident_id=str(siti.id))
    seen, page = [], f"{url}/accesses?limit=2"
    while page:
        answer = await client.get(page, headers=own)
        seen += answer.json()["items"]
        page = answer.links.get("next", {}).get("url", "")
    by_officer = await client.get(f"{url}/accesses", headers=as_("DPO"))
    stranger = await client.get(f"{url}/accesses", headers=bearer("x", "WARGA"))

    read = [each for each in seen if each["operation"] == "residents.read"]
    assert len(read) == 3
    assert {(each["roles"][0], each["purpose"], each["sub"]) for each in read} == {
        ("VERIFIKATOR", "case BWI-1", None)
    }
    assert "verifikator" in {each["sub"] for each in by_officer.json()["items"]}
    assert stranger.status_code == 404


async def test_history_answers_what_was_so_and_what_was_known(
    clients: Clients, sessions: Databases, siti: Resident, as_: Callable[..., Headers]
) -> None:
    async with sessions["registry"].begin() as session:
        resident = await session.get_one(Resident, siti.id)
        divorced = {"marital_status": 4}
        await actions.change(
            session, resident, divorced, source=SOURCE, valid_from=date(2026, 11, 25)
        )
    url = f"/v1/residents/{siti.id}/history"

    async def state(**asked: str) -> object:
        answer = await clients["registry"].get(url, params=asked, headers=as_("KABID"))
        found = answer.json()["state"]
        return None if found is None else found["biodata"]["marital_status"]

    before = siti.recorded_at.isoformat()
    assert await state(valid_on="2026-11-24") == 2
    assert await state(valid_on="2026-11-25") == 4
    assert await state(valid_on="2026-11-25", known_at=before) == 2
    assert await state(valid_on="2026-11-23") is None
    assert await state(valid_on="2026-11-25", known_at="2020-01-01T00:00:00Z") is None


async def test_a_number_given_up_answers_with_its_person(
    clients: Clients, sessions: Databases, siti: Resident, as_: Callable[..., Headers]
) -> None:
    async with sessions["registry"].begin() as session:
        double = await register(session, person("SITI AMINAH"))
        await actions.replace_number(session, double, siti, source=SOURCE, today=TODAY)
    answer = await clients["registry"].post(
        "/v1/residents/search", json={"nik": double.nik}, headers=as_("VERIFIKATOR")
    )

    assert answer.json()["id"] == str(siti.id)
    assert answer.json()["nik"] == siti.nik
    assert answer.json()["number_was_replaced"] is True


async def test_a_number_that_disagrees_with_the_record_is_a_remark(
    clients: Clients, sessions: Databases, as_: Callable[..., Headers]
) -> None:
    async def by_import(_session: object, _prefix: str) -> str:
        return "5401020503509001"  # a province that is no more, and a man's day of birth

    async with sessions["registry"].begin() as session:
        old = await actions.register(
            session, person("SITI"), source=SOURCE, today=TODAY, allocate=by_import
        )
    answer = await clients["registry"].get(f"/v1/residents/{old.id}", headers=as_("VERIFIKATOR"))

    assert [each["rule"] for each in answer.json()["anomalies"]] == [
        "NIK_DOB_MISMATCH",
        "NIK_SEX_MISMATCH",
        "NIK_REGION",
    ]


async def test_a_village_is_listed_page_by_page_for_its_own_operator(
    clients: Clients, sessions: Databases, as_: Callable[..., Headers]
) -> None:
    names = [f"WARGA {letter}" for letter in "ABCDE"]
    async with sessions["registry"].begin() as session:
        for name in names:
            await household(session, (person(name), 1))
    client, seen = clients["registry"], []
    page = f"/v1/residents?village_code={MUNCAR}&limit=2"
    while page:
        answer = await client.get(page, headers=as_("OP_DESA", MUNCAR))
        seen += answer.json()["items"]
        page = answer.links.get("next", {}).get("url", "")
    stranger = await client.get(
        f"/v1/residents?village_code={MUNCAR}", headers=as_("OP_DESA", GENTENG)
    )

    assert [each["full_name"] for each in seen] == names
    assert all("**" in each["nik"] for each in seen)
    assert stranger.json() == {"items": [], "next": None}
    assert len(await accesses(sessions)) == len(names)  # the row that told of a next page is not


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"nik": "3510054503909001", "name": "SITI"},
        {"nik": "351005450390900"},
        {"name": "SITI\u0000"},
        {"name": "SITI", "limit": 21},
        {"name": "SITI", "area": "3510"},
        {"name": "SITI", "secret": "3510054503909001"},
    ],
)
async def test_bad_questions_are_refused_and_never_repeated(
    clients: Clients, as_: Callable[..., Headers], question: dict[str, object]
) -> None:
    answer = await clients["registry"].post(
        "/v1/residents/search", json=question, headers=as_("VERIFIKATOR")
    )

    assert answer.status_code == 422
    assert "3510054503909001" not in answer.text
    assert answer.json()["errors"]

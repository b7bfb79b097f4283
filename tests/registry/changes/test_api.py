"""The look ahead, and what became of a change, over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select

from services.registry.changes.tables import Change
from services.registry.residents.tables import Access, Resident
from shared.contract.events import ChangeApplied
from shared.db import Sessions
from tests.conftest import Bearer
from tests.registry import make
from tests.registry.make import Couple
from tests.registry.people import GENTENG, MUNCAR

pytestmark = pytest.mark.anyio

Headers = dict[str, str]
As = Callable[..., Headers]


@pytest.fixture
def as_(bearer: Bearer) -> As:
    def headers(role: str, *areas: str) -> Headers:
        return bearer(role.lower(), role, areas=areas) | {"X-Purpose": "case BWI-1"}

    return headers


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


@pytest.fixture
def client(clients: dict[str, httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return clients["registry"]


@pytest.fixture
async def couple(registry: Sessions) -> Couple:
    return await make.make_couple(registry)


async def preview(
    client: httpx2.AsyncClient, who: Headers, facts: list[dict[str, Any]]
) -> dict[str, Any]:
    answer = await client.post("/v1/changes/preview", json={"facts": facts}, headers=who)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def noted(registry: Sessions) -> set[Any]:
    async with registry() as session:
        statement = select(Access.resident_id).where(Access.operation == "changes.preview")
        return set(await session.scalars(statement))


@pytest.mark.parametrize(
    ("role", "area"),
    [("OP_DESA", MUNCAR), ("OP_KEC", "35.10.05"), ("FASKES", ""), ("VERIFIKATOR", ""), ("PPS", "")],
)
async def test_who_may_file_or_judge_sees_what_would_happen(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As, role: str, area: str
) -> None:
    bundle = make.make_bundle(couple)
    planned = await make.plan(registry, bundle)

    body = await preview(client, as_(role, *filter(None, [area])), bundle)

    assert body["refused"] is False
    assert body["digest"] == planned.digest
    assert body["plan"] == planned.plan.model_dump(mode="json")
    assert await noted(registry) == {couple.father.id, couple.mother.id}


async def test_a_preview_leaves_nothing(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As
) -> None:
    await preview(client, as_("OP_DESA", MUNCAR), make.make_bundle(couple))

    async with registry() as session:
        assert await session.scalar(select(func.count()).select_from(Resident)) == 2
        assert await session.scalar(select(func.count()).select_from(Change)) == 0


async def test_people_of_others_and_nobody_look_the_same(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As
) -> None:
    nobody = Couple(
        uuid4(),
        "3510051203109001",
        Resident(nik="3510050101709001"),
        Resident(nik="3510054101709002"),
    )
    who = as_("OP_DESA", GENTENG)

    of_others = await preview(client, who, make.make_bundle(couple))
    of_nobody = await preview(client, who, make.make_bundle(nobody))

    assert of_others == of_nobody
    assert of_others["refused"] is True
    assert {each["rule"] for each in of_others["plan"]["refusals"]} >= {
        "PERSON_NOT_FOUND",
        "FAMILY_NOT_FOUND",
    }
    assert await noted(registry) == set()


@pytest.mark.parametrize(
    ("role", "area", "religion", "mother"),
    [
        ("OP_DESA", MUNCAR, None, None),
        ("FASKES", "", None, None),
        ("VERIFIKATOR", "", {"religion": 1}, None),
        ("PPS", "", {"religion": 1}, {"mother_name": "SUMARNI"}),
    ],
)
async def test_a_look_ahead_reads_nothing_that_a_look_at_the_record_does_not(
    client: httpx2.AsyncClient,
    registry: Sessions,
    couple: Couple,
    as_: As,
    role: str,
    area: str,
    religion: dict[str, int] | None,
    mother: dict[str, str] | None,
) -> None:
    async with registry.begin() as session:
        adopted = await session.get_one(Resident, couple.mother.id)
        adopted.adoptive_father_id = couple.father.id
        adopted.mother_name = "SUMARNI"
    ruled = {"paper": "COURT_RULING", "number": "12/Pdt.P/2026/PN Byw", "issuer": "PN Banyuwangi"}
    led = {"paper": "RELIGION_LETTER", "number": "7/GKJW/2026", "issuer": "GKJW Muncar"}
    who = {"kind": "correct_resident", "person": {"nik": couple.mother.nik}}
    facts = [
        who | {"to": {"religion": 2}, "proof": led | {"issued_on": "2026-11-02"}},
        who | {"to": {"mother_name": "SUKARSIH"}, "proof": ruled | {"issued_on": "2026-11-02"}},
    ]

    body = await preview(client, as_(role, *filter(None, [area])), facts)

    assert body["plan"]["refusals"] == []
    told = [each for each in body["plan"]["effects"] if each["effect"] == "resident.corrected"]
    assert [each["before"] for each in told] == [religion, mother]
    words = "".join(each["text_id"] + each["text_en"] for each in told)
    assert ("ISLAM" in words, "SUMARNI" in words) == (religion is not None, mother is not None)


@pytest.mark.parametrize("role", ["WARGA", "BUPATI", "KLIEN", "AUDITOR"])
async def test_who_neither_files_nor_judges_may_not_look_ahead(
    client: httpx2.AsyncClient, couple: Couple, as_: As, role: str
) -> None:
    answer = await client.post(
        "/v1/changes/preview", json={"facts": make.make_bundle(couple)}, headers=as_(role)
    )

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"facts": []},
        {"facts": [{"kind": "unheard_of"}]},
        {"facts": [{"kind": "issue_card", "person": {}}]},
        {"facts": [{"kind": "issue_card", "person": {"nik": "12"}}]},
        {"facts": [{"kind": "issue_card", "person": {"created_by": 0}}] * 21},
    ],
)
async def test_facts_that_break_the_schema(
    client: httpx2.AsyncClient, as_: As, body: dict[str, Any]
) -> None:
    answer = await client.post("/v1/changes/preview", json=body, headers=as_("PPS"))

    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_facts_that_speak_of_later_ones_are_refused_not_failed(
    client: httpx2.AsyncClient, as_: As
) -> None:
    person = {"created_by": 5}
    facts = [
        {"kind": "issue_card", "person": person},
        {"kind": "add_member", "person": person, "family": {"of": person}},
        {"kind": "reissue_family_card", "family": {"of": {"created_by": 2}}},
    ]

    body = await preview(client, as_("PPS"), facts)

    assert [each["rule"] for each in body["plan"]["refusals"]] == [
        "PERSON_NOT_FOUND",
        "PERSON_NOT_FOUND",
        "FAMILY_NOT_FOUND",
        "FAMILY_NOT_FOUND",
    ]


async def test_reviewers_read_what_became_of_a_change(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As
) -> None:
    case_id = uuid4()
    applied = await make.apply(registry, make.make_bundle(couple), case_id=case_id)
    assert isinstance(applied, ChangeApplied)

    answer = await client.get(f"/v1/changes/{case_id}", headers=as_("VERIFIKATOR"))

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["status"], body["rules"], body["actor"]) == ("APPLIED", [], make.REGISTRAR)
    assert body["outcome"] == applied.outcome.model_dump(mode="json")
    assert len(body["documents"]) == 3
    assert (await client.get(f"/v1/changes/{uuid4()}", headers=as_("PPS"))).status_code == 404
    refused = await client.get(f"/v1/changes/{case_id}", headers=as_("OP_DESA", MUNCAR))
    assert refused.status_code == 403


async def test_certificates_and_cards_of_a_child(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As
) -> None:
    applied = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(applied, ChangeApplied)
    [child_id], [certificate_id] = applied.outcome.resident_ids, applied.outcome.certificate_ids
    whose = {"resident_id": str(child_id)}
    operator, verifier = as_("OP_DESA", MUNCAR), as_("VERIFIKATOR")

    listed = await client.get("/v1/certificates", params=whose, headers=operator)
    cards = await client.get("/v1/cards", params=whose, headers=operator)
    short = await client.get(f"/v1/certificates/{certificate_id}", headers=operator)
    full = await client.get(f"/v1/certificates/{certificate_id}", headers=verifier)

    assert [each["id"] for each in listed.json()["items"]] == [str(certificate_id)]
    assert [(each["kind"], each["variant"]) for each in cards.json()["items"]] == [("KIA", "A")]
    assert short.json()["entry"] is None
    assert full.json()["entry"]["mother_name"] == "SITI AMINAH"
    assert full.json()["entry"]["wording_id"].startswith("anak ke-1, laki-laki, dari ayah")


@pytest.mark.parametrize("path", ["/v1/certificates", "/v1/cards"])
async def test_of_others_and_of_nobody_there_is_nothing(
    client: httpx2.AsyncClient, couple: Couple, as_: As, path: str
) -> None:
    who = as_("OP_DESA", GENTENG)

    of_others = await client.get(path, params={"resident_id": str(couple.mother.id)}, headers=who)
    of_nobody = await client.get(path, params={"resident_id": str(uuid4())}, headers=who)

    assert of_others.status_code == of_nobody.status_code == 404


async def test_a_certificate_of_others_is_not_found(
    client: httpx2.AsyncClient, registry: Sessions, couple: Couple, as_: As
) -> None:
    applied = await make.apply(registry, make.make_bundle(couple))
    assert isinstance(applied, ChangeApplied)
    path = f"/v1/certificates/{applied.outcome.certificate_ids[0]}"

    assert (await client.get(path, headers=as_("OP_DESA", GENTENG))).status_code == 404
    assert (await client.get(path, headers=as_("BUPATI"))).status_code == 403

"""Entries of the civil registers over HTTP: their margin, and whether they were cancelled."""

from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.registry.certificates.rules import CertificateKind
from services.registry.certificates.schemas import entry_of
from services.registry.certificates.tables import Certificate
from shared import clock
from shared.contract.events import ChangeApplied
from shared.db import Sessions
from tests.conftest import Bearer
from tests.registry import make
from tests.registry.people import MUNCAR

pytestmark = pytest.mark.anyio


@pytest.fixture
async def akta(sessions: dict[str, Sessions]) -> UUID:
    """A birth certificate with one correction in its margin, cancelled after that."""
    registry = sessions["registry"]
    born = await make.apply(registry, make.make_bundle(await make.make_couple(registry)))
    assert isinstance(born, ChangeApplied)
    [number] = born.outcome.certificate_ids
    named = {"certificate": {"certificate_id": str(number)}, "basis": "OFFICER"}
    for fact in (
        {"kind": "correct_certificate", "why": "Salah ketik", "to": {"birth_order": 2}},
        {"kind": "cancel_certificate", "why": "Anak orang lain"},
    ):
        answer = await make.apply(registry, [fact | named])
        assert isinstance(answer, ChangeApplied), answer
    return number


async def test_the_margin_is_read_by_who_sees_whole_records(
    clients: dict[str, httpx2.AsyncClient], bearer: Bearer, akta: UUID
) -> None:
    async def read(role: str, *areas: str) -> dict[str, Any]:
        headers = bearer(role.lower(), role, areas=areas) | {"X-Purpose": "case BWI-1"}
        answer = await clients["registry"].get(f"/v1/certificates/{akta}", headers=headers)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    whole, short = await read("VERIFIKATOR", "35.10"), await read("OP_DESA", MUNCAR)

    assert [(each["serial"], each["kind"]) for each in whole["notes"]] == [
        (1, "PEMBETULAN"),
        (2, "PEMBATALAN"),
    ]
    assert whole["entry"]["birth_order"] == 2
    assert (short["notes"], short["entry"]) == (None, None)
    for told in (whole, short):
        assert (told["status"], told["cancelled_on"]) == ("CANCELLED", clock.today().isoformat())


async def test_the_entry_of_a_death_is_read_by_who_sees_whole_records(
    sessions: dict[str, Sessions], clients: dict[str, httpx2.AsyncClient], bearer: Bearer
) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    death = {
        "kind": "register_death",
        "person": {"resident_id": str(couple.father.id)},
        "died_on": clock.today().isoformat(),
        "place": "RSUD Blambangan",
        "cause": 2,
        "reporter_name": "Siti Aminah",
        "reporter_relationship": "Istri",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    }
    await make.receive(
        registry, make.make_request([death], (await make.plan(registry, [death])).digest)
    )
    async with registry() as session:
        number = await session.scalar(select(Certificate.id))

    async def entry(role: str, *areas: str) -> Any:  # noqa: ANN401 - JSON
        headers = bearer(role.lower(), role, areas=areas) | {"X-Purpose": "case BWI-1"}
        answer = await clients["registry"].get(f"/v1/certificates/{number}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["entry"]

    told = await entry("VERIFIKATOR")
    assert (told["event"], told["full_name"], told["place"]) == (
        "death",
        "BUDI SANTOSO",
        "RSUD Blambangan",
    )
    assert "cause" not in told
    assert await entry("OP_DESA", MUNCAR) is None


RULING = {"authority": "PN Banyuwangi", "number": "1/Pdt.G/2026/PN Byw", "dated": "2026-10-01"}


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("PERKAWINAN", {"place": "Gereja", "religion": 2, "leader_name": "Pdt. X"}, "marriage"),
        ("PERCERAIAN", {"ruling": RULING, "marriage": {"number": None, "place": None}}, "divorce"),
        ("BATAL_KAWIN", {"ruling": RULING, "annulled": {"number": "1", "entry": "x"}}, "annulment"),
        ("BATAL_CERAI", {"ruling": RULING, "annulled": {"number": "1"}}, "annulment"),
        ("PENGAKUAN", {"acknowledged_on": "2026-10-01", "mother": str(UUID(int=1))}, "acknowledgement"),
        ("PENGESAHAN", {"married_on": "2026-10-01", "marriage": {}}, "legitimation"),
        ("KEMATIAN", {"full_name": "TIDAK DIKENAL", "kin": [], "cause": 1}, "death"),
    ],
)  # fmt: skip
def test_each_register_says_its_own(kind: str, data: dict[str, Any], says: str) -> None:
    told = entry_of(kind, data | {"village_code": MUNCAR}).model_dump(mode="json")

    assert told["event"] == says
    assert {"cause", "kin", "village_code"} & told.keys() == set()
    assert all(
        told[name] == data[name]
        for name in told.keys() & data.keys() - {"ruling", "annulled", "marriage"}
    )


def test_every_register_has_an_entry() -> None:
    said = {"full_name": "BAYU", "mother_name": "SITI"}
    told = {entry_of(kind, said).event for kind in CertificateKind if "LAHIR" not in kind}

    assert len(told) == len(CertificateKind) - 3  # births in two registers, annulments in one word

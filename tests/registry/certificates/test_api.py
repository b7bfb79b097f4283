"""Entries of the civil registers over HTTP: their margin, and whether they were cancelled."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

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

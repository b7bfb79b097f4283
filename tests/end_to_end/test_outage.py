"""Edge 50 through all three services: the signer is out, cases wait, everything comes once."""

from uuid import uuid4

import httpx2
import pytest

from shared.db import Sessions
from shared.settings import Settings
from tests.conftest import Bearer
from tests.end_to_end.conftest import counts, eventually, scalar
from tests.end_to_end.suite import Office, everything
from tests.registry.make import make_couple

pytestmark = pytest.mark.anyio

Databases = dict[str, Sessions]
STANDING_STILL = "select count(*) from cases where outage_id is not null"
SEALED = "select count(*) from documents where issued_at is not null"


@pytest.fixture
def wired(settings: dict[str, Settings], vhost: str) -> dict[str, Settings]:
    """Settings that lead to the real broker."""
    return {
        service: type(each).model_validate(each.model_dump() | {"rabbitmq_url": vhost})
        for service, each in settings.items()
    }


async def test_edge_50_an_outage_pauses_cases_and_is_replayed_once(
    wired: dict[str, Settings],
    sessions: Databases,
    clients: dict[str, httpx2.AsyncClient],
    bearer: Bearer,
) -> None:
    office = Office(clients["requests"], bearer)
    operator = bearer("sub-operator", "ADM_WILAYAH")

    async def tell(path: str, body: object = None) -> str:
        headers = operator | {"Idempotency-Key": uuid4().hex}
        answer = await clients["registry"].post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    couples = [await make_couple(sessions["registry"]) for _ in range(2)]
    async with everything(wired):
        cases = [await office.file(each, full_name="Bayu Aji") for each in couples]
        for case_id in cases:
            await office.bring_to_signature(case_id)
        outage = await tell("/v1/signer/outages", {"reason": "Tidak menjawab sejak 15.55"})
        for case_id in cases:
            await office.sign(case_id)
        await eventually(counts(sessions["requests"], STANDING_STILL, 2))
        assert await scalar(sessions["registry"], SEALED) == 0  # facts are there, papers are not
        assert [await office.state(each) for each in cases] == ["SIGNED"] * 2

        await tell(f"/v1/signer/outages/{outage}/end")
        for case_id in cases:
            await eventually(office.reaches(case_id, "READY"))
        await eventually(counts(sessions["requests"], STANDING_STILL, 0))
        told = "select count(*) from messages where template = 'case_ready'"
        await eventually(counts(sessions["notify"], told, 2))
    assert await scalar(sessions["registry"], SEALED) == 6
    issued = "select count(*) from outbox where envelope->>'type' = 'registry.document.issued.v1'"
    assert await scalar(sessions["registry"], issued) == 6

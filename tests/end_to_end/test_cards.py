"""A KTP-el from the recording to its holder: both services, the broker, and the ministry's centre."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from pydantic import HttpUrl

from deploy.local import centre
from services.registry.cards.talking import keep_talking
from services.registry.settings import Settings as RegistrySettings
from shared.db import Sessions
from shared.settings import Settings
from shared.worker import work
from tests.conftest import Bearer
from tests.end_to_end.conftest import counts, eventually
from tests.end_to_end.suite import HANDLED, running
from tests.registry.make import make_couple
from tests.requests.cases.making import Desk
from tests.serving import serving

pytestmark = pytest.mark.anyio

SITE = "SP-351005"
MUNCAR = "35.10.05"


@asynccontextmanager
async def talking(settings: RegistrySettings) -> AsyncIterator[None]:
    """Run the registry's worker with its talk with the centre."""
    stop = asyncio.Event()
    background = [keep_talking(settings)]
    task = asyncio.create_task(work("registry", settings, HANDLED["registry"], stop, background))
    try:
        yield
    finally:
        stop.set()
        await task


class Printer:
    """The print operator of the district."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    async def queue(self) -> list[dict[str, Any]]:
        answer = await self._client.get(
            "/v1/cards/print-queue",
            params={"point": SITE},
            headers=self._headers | {"X-Purpose": "mencetak KTP-el"},
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def receives(self, count: int) -> None:
        body = {"point_id": SITE, "kind": "KTP_EL", "why": "RECEIVED", "count": count}
        headers = self._headers | {"Idempotency-Key": uuid4().hex}
        answer = await self._client.post("/v1/cards/blanks", json=body, headers=headers)
        assert answer.status_code == 201, answer.text

    async def prints(self, order: dict[str, Any]) -> None:
        answer = await self._client.post(
            f"/v1/cards/prints/{order['id']}/results",
            json={"result": "PRINTED"},
            headers=self._headers
            | {"X-Purpose": "mencetak KTP-el", "If-Match": f'"{order["version"]}"'},
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture
def wired(settings: dict[str, Settings], vhost: str) -> dict[str, Settings]:
    return {
        service: type(each).model_validate(each.model_dump() | {"rabbitmq_url": vhost})
        for service, each in settings.items()
    }


async def test_edge_46_a_first_card_waits_for_the_ministry_and_for_a_blank(
    wired: dict[str, Settings],
    sessions: dict[str, Sessions],
    clients: dict[str, httpx2.AsyncClient],
    bearer: Bearer,
) -> None:
    couple = await make_couple(sessions["registry"])
    district = Desk(clients["requests"], bearer("op-kec", "OP_KEC", areas=(MUNCAR,)))
    printer = Printer(clients["registry"], bearer("cetak", "OP_CETAK", point=SITE))
    registry = wired["registry"]
    assert isinstance(registry, RegistrySettings)
    app = centre.create_app(seconds=0)
    async with serving(app) as url:
        told = registry.model_copy(update={"centre_url": HttpUrl(url)})
        async with talking(told), running("requests", wired["requests"]):
            case_id = await filed(district, couple.mother.nik)
            await eventually(may(district, case_id, "capture"), seconds=30)
            app.state.centre.planned.append(centre.Kind.LOST)
            await district.acts(case_id, "capture", capture={"reference": "K/7", "quality": 90})

            await eventually(reaches(district, case_id, "PRINT_READY"), seconds=60)
            [order] = await printer.queue()
            assert (order["holder_name"], order["case_id"]) == ("SITI AMINAH", case_id)
            await printer.receives(1)
            await printer.prints(order)
            await eventually(reaches(district, case_id, "PRINTED"), seconds=30)
            closed = await district.acts(case_id, "hand_over", receiver="SITI AMINAH")
            assert closed["state"] == "CLOSED"
            issued = "select count(*) from residents where recording_status = 'CARD_ISSUED'"
            await eventually(counts(sessions["registry"], issued, 1), seconds=30)

            second = await filed(district, couple.father.nik)
            await eventually(may(district, second, "capture"), seconds=30)
            await district.acts(second, "capture", capture={"reference": "K/8", "quality": 90})
            await eventually(reaches(district, second, "NO_BLANK"), seconds=60)
            await printer.receives(1)
            await eventually(reaches(district, second, "PRINT_READY"), seconds=30)
    assert len(app.state.centre.judged) == 2  # the lost one was taken once


async def filed(desk: Desk, nik: str) -> str:
    body = {
        "service_code": "KTP-REC",
        "channel": "KECAMATAN",
        "point_id": SITE,
        "facts": [{"kind": "record_biometrics", "person": {"nik": nik}}],
        "applicant": {"relationship": "self", "full_name": "SITI AMINAH"},
    }
    answer = await desk.file(body)
    assert answer.status_code == 201, answer.text
    case_id = str(answer.json()["id"])
    assert (await desk.attach(case_id, "KK_COPY")).status_code == 201
    handed_in = await desk.submit(case_id, answer.json()["version"])
    assert handed_in.status_code == 200, handed_in.text
    return case_id


def may(desk: Desk, case_id: str, action: str) -> Any:  # noqa: ANN401 - a check
    async def check() -> bool:
        return action in (await desk.read(case_id)).json()["allowed_actions"]

    return check


def reaches(desk: Desk, case_id: str, wanted: str) -> Any:  # noqa: ANN401 - a check
    async def check() -> bool:
        return str((await desk.read(case_id)).json()["state"]) == wanted

    return check

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text

from shared.db import Sessions
from tests.shared.conftest import new_thing, once

pytestmark = pytest.mark.anyio

KEY = once("the-same-key")


async def count(sessions: Sessions) -> int:
    async with sessions() as session:
        return int(await session.scalar(text("select count(*) from things")) or 0)


async def test_the_same_key_and_body_have_one_effect_and_one_reply(
    client: AsyncClient, siti: dict[str, str], sessions: dict[str, Sessions]
) -> None:
    first = await client.post("/v1/things", json=new_thing(), headers=siti | KEY)
    again = await client.post("/v1/things", json=new_thing(), headers=siti | KEY)

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await count(sessions["requests"]) == 1


async def test_the_same_key_with_another_body_is_refused(
    client: AsyncClient, siti: dict[str, str], sessions: dict[str, Sessions]
) -> None:
    await client.post("/v1/things", json=new_thing(), headers=siti | KEY)
    other = await client.post("/v1/things", json=new_thing(weight=999), headers=siti | KEY)

    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert await count(sessions["requests"]) == 1


async def test_somebody_else_s_key_is_another_key(
    client: AsyncClient,
    siti: dict[str, str],
    officer: dict[str, str],
    sessions: dict[str, Sessions],
) -> None:
    for caller in (siti, officer):
        response = await client.post("/v1/things", json=new_thing(), headers=caller | KEY)
        assert "idempotency-replayed" not in response.headers

    assert await count(sessions["requests"]) == 2


async def test_eight_at_once_have_one_effect(
    client: AsyncClient, siti: dict[str, str], sessions: dict[str, Sessions]
) -> None:
    answers = await asyncio.gather(
        *(client.post("/v1/things", json=new_thing(), headers=siti | KEY) for _ in range(8))
    )

    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.text for each in answers if each.status_code == 201}) == 1
    assert await count(sessions["requests"]) == 1


async def test_a_refused_request_may_be_corrected_under_its_key(
    client: AsyncClient, siti: dict[str, str]
) -> None:
    bad = await client.post("/v1/things", json=new_thing(full_name="SANTET"), headers=siti | KEY)
    good = await client.post("/v1/things", json=new_thing(), headers=siti | KEY)

    assert (bad.status_code, good.status_code) == (422, 201)


@pytest.mark.parametrize(
    ("second", "status"),
    [
        pytest.param(b"the scan", 201, id="the same file"),
        pytest.param(b"another scan", 422, id="another file"),
    ],
)
async def test_an_upload_can_be_sent_twice(
    client: AsyncClient, siti: dict[str, str], second: bytes, status: int
) -> None:
    first = await client.post(
        "/v1/things/files", files={"file": ("a.pdf", b"the scan")}, headers=siti | KEY
    )
    again = await client.post(
        "/v1/things/files", files={"file": ("a.pdf", second)}, headers=siti | KEY
    )

    assert first.json()["name"] == "8"
    assert again.status_code == status
    if status == 201:
        assert again.json() == first.json()


async def test_the_stored_reply_is_not_readable(
    client: AsyncClient, siti: dict[str, str], sessions: dict[str, Sessions]
) -> None:
    await client.post("/v1/things", json=new_thing(), headers=siti | KEY)

    async with sessions["requests"]() as session:
        stored = str(await session.scalar(text("select reply from idempotency_keys")))

    assert stored.startswith("sealed1.")


@pytest.fixture
async def _lost_connections_are_expected() -> AsyncIterator[None]:
    """A connection that is cut while it opens also tells the loop, where nobody waits any more."""
    loop = asyncio.get_running_loop()
    report = loop.get_exception_handler()
    assert report is not None

    def report_others(where: asyncio.AbstractEventLoop, what: dict[str, Any]) -> None:
        if not isinstance(what.get("exception"), ConnectionError):
            report(where, what)

    loop.set_exception_handler(report_others)
    yield
    gc.collect()
    loop.set_exception_handler(report)


@pytest.mark.usefixtures("_lost_connections_are_expected")
async def test_requests_cancelled_anywhere_leave_no_trace(
    app: FastAPI, client: AsyncClient, siti: dict[str, str], sessions: dict[str, Sessions]
) -> None:
    cancelled = 0
    for number in range(100):
        headers = siti | once()
        task = asyncio.create_task(client.post("/v1/things", json=new_thing(), headers=headers))
        await asyncio.sleep(number * 0.0002)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            cancelled += 1
    assert cancelled > 30  # enough of them were under way

    assert app.state.sessions.kw["bind"].pool.checkedout() == 0
    async with sessions["requests"]() as session:
        keys = await session.scalar(text("select count(*) from idempotency_keys"))
    assert await count(sessions["requests"]) == keys  # each effect with its reply, or neither
    response = await client.post("/v1/things", json=new_thing(), headers=siti | once())
    assert response.status_code == 201

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared import outbox
from shared.contract.events import DocumentIssued, IssuedKind
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import PAUSES, TRIES, Handlers, Inbox
from shared.worker import replay_wanted
from tests.conftest import Bearer
from tests.shared.conftest import NIK, once

pytestmark = pytest.mark.anyio

CASE = uuid4()


class Illness:
    """Makes the handler fail until it is cured, after it has written something."""

    def __init__(self) -> None:
        self.cured = False
        self.tried = 0

    async def handle(self, session: AsyncSession, event: DocumentIssued) -> None:
        self.tried += 1
        thing = {"id": event.document_id, "name": event.kind}
        await session.execute(text("insert into things values (:id, :name)"), thing)
        if not self.cured:
            raise RuntimeError(NIK)


@pytest.fixture
def illness() -> Illness:
    return Illness()


@pytest.fixture
def handlers(illness: Illness) -> Handlers:
    return {DocumentIssued: illness.handle}


@pytest.fixture
def mine(app: FastAPI, sessions: dict[str, Sessions]) -> Sessions:
    return sessions["requests"]  # where the app has made its table


@pytest.fixture
def received(mine: Sessions, handlers: Handlers) -> Inbox:
    return Inbox(mine, handlers)


def issued() -> Envelope:
    event = DocumentIssued(
        case_id=CASE,
        document_id=uuid4(),
        kind=IssuedKind.FAMILY_CARD,
        copy_number=1,
        issued_at=datetime(2026, 3, 5, 2, tzinfo=UTC),
    )
    return Envelope.around(event)


async def park(received: Inbox) -> UUID:
    envelope = issued()
    waits = [await received.receive(envelope, redelivered=False) for _ in range(TRIES)]
    assert waits == [*PAUSES, None]
    return envelope.id


async def things(sessions: Sessions) -> int:
    async with sessions() as session:
        return int(await session.scalar(text("select count(*) from things")) or 0)


async def test_a_message_has_one_effect_however_often_it_comes(
    received: Inbox, illness: Illness, mine: Sessions
) -> None:
    illness.cured = True
    envelope = issued()

    for _ in range(3):
        assert await received.receive(envelope, redelivered=False) is None

    assert illness.tried == 1
    assert await things(mine) == 1


async def test_a_failing_message_leaves_no_effect_and_is_parked_after_five_tries(
    received: Inbox, illness: Illness, mine: Sessions
) -> None:
    message_id = await park(received)

    assert illness.tried == TRIES
    assert await things(mine) == 0
    async with mine() as session:
        row = (await session.execute(text("select * from inbox"))).one()
    assert (row.message_id, row.status, row.attempts) == (message_id, "parked", TRIES)
    assert row.last_error.startswith("RuntimeError in handle")
    assert NIK not in row.last_error


async def test_a_message_that_kills_its_worker_is_parked_in_the_end(
    received: Inbox, illness: Illness, mine: Sessions
) -> None:
    envelope = issued()
    tried = 0
    for _ in range(TRIES):  # each delivery ends in the death of the process, before any failure
        if not await received._is_used_up(envelope):
            tried += 1

    assert tried == TRIES - 1
    assert await received.receive(envelope, redelivered=True) is None
    assert illness.tried == 0


async def test_a_cured_message_is_replayed_once(
    received: Inbox, illness: Illness, mine: Sessions
) -> None:
    message_id = await park(received)
    assert not await received.replay(message_id)

    illness.cured = True
    assert await received.replay(message_id)
    with pytest.raises(LookupError):
        await received.replay(message_id)
    assert await things(mine) == 1


@pytest.fixture
async def _worker(engines: dict[str, AsyncEngine], received: Inbox) -> AsyncIterator[None]:
    """The part of a worker that waits for people's decisions."""
    task = asyncio.create_task(replay_wanted(engines["requests"], received))
    yield
    task.cancel()


@pytest.fixture
def administrator(bearer: Bearer) -> dict[str, str]:
    return bearer("adm-1", "ADM_WILAYAH")


async def stuck(client: AsyncClient, caller: dict[str, str]) -> list[dict[str, object]]:
    response = await client.get("/v1/operations/stuck", headers=caller)
    assert response.status_code == 200, response.text
    parked: list[dict[str, object]] = response.json()["parked"]
    assert response.json()["parked_count"] == len(parked)
    return parked


async def decide(client: AsyncClient, caller: dict[str, str], message_id: UUID, action: str) -> int:
    url = f"/v1/operations/parked/{message_id}/{action}"
    body = {"reason": "the village was added"}
    return (await client.post(url, json=body, headers=caller | once())).status_code


@pytest.mark.usefixtures("_worker")
async def test_a_person_replays_what_was_parked(
    client: AsyncClient,
    administrator: dict[str, str],
    received: Inbox,
    illness: Illness,
    mine: Sessions,
) -> None:
    message_id = await park(received)
    [row] = await stuck(client, administrator)
    assert row["id"] == str(message_id)
    assert row["type"] == "registry.document.issued.v1"
    assert row["subject"] == str(CASE)
    assert row["attempts"] == TRIES

    illness.cured = True
    assert await decide(client, administrator, message_id, "replay") == 202

    async with asyncio.timeout(3):  # the bell wakes the worker; it would look after 5 s
        while await stuck(client, administrator):  # noqa: ASYNC110 - another task's work
            await asyncio.sleep(0.02)
    assert await things(mine) == 1
    async with mine() as session:
        log = (await session.execute(text("select * from operations_log"))).one()
    assert (log.message_id, log.action, log.actor) == (message_id, "replay", "adm-1")
    assert log.reason == "the village was added"


@pytest.mark.usefixtures("_worker")
async def test_what_is_not_cured_is_parked_again(
    client: AsyncClient, administrator: dict[str, str], received: Inbox, illness: Illness
) -> None:
    message_id = await park(received)

    assert await decide(client, administrator, message_id, "replay") == 202

    async with asyncio.timeout(3):
        while (await stuck(client, administrator))[0]["attempts"] == TRIES:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    [row] = await stuck(client, administrator)
    assert row["status"] == "parked"
    assert illness.tried == TRIES + 1


async def test_what_is_discarded_never_has_an_effect(
    client: AsyncClient,
    administrator: dict[str, str],
    received: Inbox,
    illness: Illness,
    mine: Sessions,
) -> None:
    message_id = await park(received)
    illness.cured = True

    assert await decide(client, administrator, message_id, "discard") == 200
    assert await decide(client, administrator, message_id, "discard") == 409
    assert await decide(client, administrator, message_id, "replay") == 409
    assert await decide(client, administrator, uuid4(), "replay") == 409

    assert await stuck(client, administrator) == []
    await received.replay_wanted()
    assert await things(mine) == 0


@pytest.mark.parametrize(
    ("role", "read", "act"),
    [
        pytest.param("ADM_WILAYAH", 200, 202, id="the administrator"),
        pytest.param("AUDITOR", 200, 403, id="the auditor looks"),
        pytest.param("KADIS", 403, 403, id="the head of agency"),
        pytest.param("WARGA", 403, 403, id="a citizen"),
    ],
)
async def test_who_may_see_and_decide_what_is_stuck(
    client: AsyncClient, bearer: Bearer, received: Inbox, role: str, read: int, act: int
) -> None:
    message_id = await park(received)
    caller = bearer("somebody", role)

    assert (await client.get("/v1/operations/stuck", headers=caller)).status_code == read
    assert await decide(client, caller, message_id, "replay") == act


async def test_what_waits_for_the_broker_is_counted(
    client: AsyncClient, administrator: dict[str, str], mine: Sessions
) -> None:
    async with mine.begin() as session:
        await outbox.add(session, issued().event())
        await session.execute(text("update outbox set created_at = now() - interval '9 seconds'"))

    response = await client.get("/v1/operations/stuck", headers=administrator)

    assert response.json()["outbox"]["pending"] == 1
    assert response.json()["outbox"]["oldest_seconds"] >= 9

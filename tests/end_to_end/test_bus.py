"""What must hold when things break. Each test first makes sure that the thing did break."""

import asyncio
import signal
import socket
from collections import defaultdict
from functools import partial
from uuid import UUID, uuid4

import pytest
from httpx2 import ASGITransport, AsyncClient
from prometheus_client import REGISTRY
from sqlalchemy import text

from deploy.local.broker import Broker
from shared import outbox, sealed
from shared.bus import LineLost, Publisher, Unroutable, dead_queue_of, queue_of
from shared.db import Sessions
from shared.settings import Settings
from shared.web import make_app
from tests.conftest import Bearer
from tests.end_to_end.conftest import (
    Wired,
    counts,
    enveloped,
    eventually,
    proposed,
    publish_when_routable,
    ready,
    scalar,
    start,
    waits,
    working,
)
from tests.end_to_end.worker import DYING

pytestmark = pytest.mark.anyio

QUEUE = queue_of("registry")

PENDING = "select count(*) from outbox where published_at is null"
HANDLED = "select count(*) from inbox where status = 'handled'"
PARKED = "select count(*) from inbox where status = 'parked' and attempts = 5"
EFFECTS = "select count(*) from effects"
ANSWERS = "select count(*) from outbox"


async def test_a_worker_killed_between_commit_and_ack(
    wired: Wired, sessions: dict[str, Sessions], publisher: Publisher
) -> None:
    async with start(DYING, wired["registry"]) as dying:
        await publish_when_routable(publisher, enveloped())
        assert await asyncio.wait_for(dying.wait(), 60) == -signal.SIGKILL
    assert await scalar(sessions["registry"], HANDLED) == 1  # committed ...
    await eventually(waits(wired["registry"], QUEUE, 1))  # ... and yet the broker got no ack

    async with working("registry", wired["registry"]):
        await eventually(waits(wired["registry"], QUEUE, 0))

    assert await ready(wired["registry"], QUEUE) == 0
    assert await scalar(sessions["registry"], EFFECTS) == 1
    assert await scalar(sessions["registry"], ANSWERS) == 1


CASES, ROUNDS = 20, 20


async def test_the_broker_stops_under_load_and_nothing_is_lost_or_overtaken(
    broker: Broker, wired: Wired, sessions: dict[str, Sessions]
) -> None:
    cases = [uuid4() for _ in range(CASES)]

    async def ask(first: int, last: int) -> None:
        for number in range(first, last):
            for case in cases:
                async with sessions["requests"].begin() as session:
                    await outbox.add(session, proposed(case, number + 1))

    async with working("requests", wired["requests"]), working("registry", wired["registry"]):
        for service in ("requests", "registry"):  # else the first events find no queue yet
            await eventually(partial(is_declared, wired[service], queue_of(service)))
        await ask(0, 5)
        stopping = asyncio.create_task(asyncio.to_thread(broker.control, "stop_app"))
        await ask(5, 15)  # every one of them is accepted all the same
        await stopping
        with (
            pytest.raises(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", broker.port), timeout=1),
        ):
            pass
        await ask(15, ROUNDS)
        assert await scalar(sessions["requests"], PENDING) >= CASES * 5

        await asyncio.to_thread(broker.control, "start_app")

        every = CASES * ROUNDS
        await eventually(counts(sessions["registry"], EFFECTS, every), seconds=60)
        await eventually(counts(sessions["requests"], EFFECTS, every), seconds=30)
        # A confirm that came too late leaves a row that is published once more, which does no harm.
        await eventually(counts(sessions["requests"], PENDING, 0), seconds=30)
    expected = {case: list(range(1, ROUNDS + 1)) for case in cases}
    for service in ("registry", "requests"):  # nothing twice, nothing out of order
        assert await rounds(sessions[service]) == expected


async def is_declared(settings: Settings, queue: str) -> bool:
    try:
        return await ready(settings, queue) == 0
    except LineLost:
        return False


async def rounds(sessions: Sessions) -> dict[UUID, list[int]]:
    found = defaultdict(list)
    async with sessions() as session:
        rows = await session.execute(text("select case_id, round from effects order by position"))
        for case, number in rows:
            found[case].append(number)
    return found


async def test_one_message_delivered_five_times(
    wired: Wired, sessions: dict[str, Sessions], publisher: Publisher
) -> None:
    message = enveloped()
    before = duplicates()
    async with working("registry", wired["registry"]):
        await publish_when_routable(publisher, *[message] * 5)

        async def all_came() -> bool:
            return duplicates() - before == 4

        await eventually(all_came)
    assert await scalar(sessions["registry"], EFFECTS) == 1
    assert await scalar(sessions["registry"], ANSWERS) == 1


def duplicates() -> float:
    labels = {"event": "requests.change.proposed.v1", "outcome": "duplicate"}
    return REGISTRY.get_sample_value("events_received_total", labels) or 0


LOST = sealed.Keyring({"lost": b"k" * 32}, b"i" * 32)


async def test_a_poison_message_delays_nobody_is_parked_and_replayed_by_a_person(
    wired: Wired, sessions: dict[str, Sessions], publisher: Publisher, bearer: Bearer
) -> None:
    ours = sealed.keyring()
    sealed.use(LOST)
    poison = enveloped()
    sealed.use(ours)  # now nobody holds the key it was sealed with
    app = make_app("Registry", wired["registry"])
    client = AsyncClient(transport=ASGITransport(app), base_url="http://registry")
    operator = bearer("adm-1", "ADM_WILAYAH") | {"Idempotency-Key": "replay-the-poison"}

    async with (
        working("registry", wired["registry"]),
        app.router.lifespan_context(app),
        client,
    ):
        await publish_when_routable(publisher, poison, enveloped())
        await eventually(counts(sessions["registry"], EFFECTS, 1), seconds=5)  # no queueing up
        await eventually(counts(sessions["registry"], PARKED, 1))
        [parked] = (await client.get("/v1/operations/stuck", headers=operator)).json()["parked"]
        assert parked["id"] == str(poison.id)
        assert parked["subject"] == poison.subject
        assert "ValidationError" in parked["error"]

        sealed.use(LOST)
        answer = await client.post(
            f"/v1/operations/parked/{poison.id}/replay",
            json={"reason": "the key was found"},
            headers=operator,
        )
        assert answer.status_code == 202
        await eventually(counts(sessions["registry"], EFFECTS, 2))
        sealed.use(ours)
    assert await scalar(sessions["registry"], HANDLED) == 2


async def test_what_is_no_event_goes_to_the_dead_letter_queue(broker: Broker, wired: Wired) -> None:
    vhost = str(wired["registry"].rabbitmq_url).rpartition("/")[2]
    message = {
        "properties": {},
        "routing_key": "requests.change.proposed.v1",
        "payload": "no event",
        "payload_encoding": "string",
    }
    async with working("registry", wired["registry"]):

        async def is_routed() -> bool:
            try:
                answer = broker.ask("POST", f"/exchanges/{vhost}/balai/publish", message)
            except OSError:
                return False
            return bool(answer["routed"])

        await eventually(is_routed)
        await eventually(waits(wired["registry"], dead_queue_of("registry"), 1))


async def test_an_event_that_no_queue_wants_is_not_counted_as_published(
    publisher: Publisher,
) -> None:
    with pytest.raises(Unroutable):
        await publisher.publish(enveloped())


async def test_an_event_written_before_anybody_listened_arrives(
    wired: Wired, sessions: dict[str, Sessions]
) -> None:
    async with working("requests", wired["requests"]):
        async with sessions["requests"].begin() as session:
            await outbox.add(session, proposed())

        async def was_tried() -> bool:
            return await scalar(sessions["requests"], "select max(attempts) from outbox") > 0

        await eventually(was_tried)
        assert await scalar(sessions["requests"], PENDING) == 1

        async with working("registry", wired["registry"]):
            await eventually(counts(sessions["registry"], EFFECTS, 1))
            await eventually(counts(sessions["requests"], EFFECTS, 1))


async def test_a_deleted_queue_is_declared_again(
    broker: Broker, wired: Wired, sessions: dict[str, Sessions], publisher: Publisher
) -> None:
    vhost = str(wired["registry"].rabbitmq_url).rpartition("/")[2]
    async with working("registry", wired["registry"]):
        await publish_when_routable(publisher, enveloped())
        await eventually(counts(sessions["registry"], EFFECTS, 1))

        broker.ask("DELETE", f"/queues/{vhost}/{QUEUE}")

        await publish_when_routable(publisher, enveloped())
        await eventually(counts(sessions["registry"], EFFECTS, 2))


async def test_a_worker_told_to_stop_finishes_and_leaves_nothing_behind(
    wired: Wired, sessions: dict[str, Sessions], publisher: Publisher
) -> None:
    every = 400
    async with start("living", wired["registry"]) as worker:
        await publish_when_routable(publisher, enveloped())
        publishing = asyncio.gather(*(publisher.publish(enveloped()) for _ in range(every - 1)))

        async def is_busy() -> bool:
            return await scalar(sessions["registry"], HANDLED) >= 20

        await eventually(is_busy)
        worker.send_signal(signal.SIGTERM)

        assert await asyncio.wait_for(worker.wait(), 60) == 0
        await publishing
    handled = await scalar(sessions["registry"], HANDLED)
    assert 20 <= handled < every  # it was told in the middle of the work

    await eventually(waits(wired["registry"], QUEUE, every - handled))
    assert await scalar(sessions["registry"], "select count(*) from inbox") == handled
    assert await scalar(sessions["registry"], EFFECTS) == handled


async def test_a_worker_stops_even_when_the_broker_is_away(settings: Wired) -> None:
    async with asyncio.timeout(8):
        async with working("registry", settings["registry"]):  # leads to a port nobody listens on
            await asyncio.sleep(1)

"""Events over RabbitMQ, in one asyncio loop. The only user of pika.

A `Line` is one open connection with one channel. A publisher and a consumer each keep a line of
their own, because a broker short of memory or disk blocks every connection that publishes.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any, Self

import pika
from pika.adapters.asyncio_connection import AsyncioConnection
from pika.channel import Channel
from pika.exceptions import AMQPError
from pika.spec import Basic, BasicProperties
from prometheus_client import Counter, Gauge

from shared.contract.events import ANNOUNCED_ONLY
from shared.envelope import CONTENT_TYPE, Envelope

CONNECT_SECONDS = 10
HEARTBEAT_SECONDS = 10
BLOCKED_SECONDS = 10  # a broker alarm longer than this counts as a lost line
CONFIRM_SECONDS = 5
GOODBYE_SECONDS = 1
DRAIN_SECONDS = 10  # for messages under way when the process is told to stop
FIRST_PAUSE, LAST_PAUSE = 0.2, 1.5  # seconds between attempts to connect, give or take half
AWAY_SECONDS = 1.0  # between attempts while the database is away

WINDOW = 256  # events sent and not yet confirmed
PREFETCH = 64  # messages the broker hands out before it sees an ack
CONCURRENCY = 12  # messages handled at once

EXCHANGE = "balai"
DEAD_EXCHANGE = "balai.dead"

log = logging.getLogger(__name__)

_connected = Gauge("broker_connected", "1 while the line is open", ["line"])
_published = Counter("events_published_total", "Events confirmed or refused", ["outcome"])


class LineLost(Exception):  # noqa: N818 - an event in the life of a line, not a mistake
    """The connection or channel ended, or the broker cancelled the consumer."""


class NotPublished(Exception):  # noqa: N818 - says what is known
    """The broker did not confirm; it may still have the event."""


class Unroutable(NotPublished):
    """No queue wants the event yet."""


class Line:
    """One open connection with one channel; `lost` resolves when either of them ends."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.channel: Channel
        self._connection: AsyncioConnection

    @classmethod
    async def open(cls, url: str, name: str) -> Self:
        """Connect and open a channel.

        Raises:
            LineLost: the broker is absent or unwilling.
        """
        line = cls()
        opened = asyncio.get_running_loop().create_future()
        line._connection = AsyncioConnection(
            _parameters(url, name),
            on_open_callback=partial(_settle, opened),
            on_open_error_callback=line._go,
            on_close_callback=line._go,
        )
        try:
            await line._first(opened)
            line.channel = await line.call(line._connection.channel, answer="on_open_callback")
        except (LineLost, TimeoutError):
            await line.close()
            raise
        line.channel.add_on_close_callback(line._end)
        line.channel.add_on_cancel_callback(line._end)
        return line

    async def call(
        self,
        method: Callable[..., object],
        *args: object,
        answer: str = "callback",
        **options: object,
    ) -> Any:  # noqa: ANN401 - each method has its own answer
        """Run a pika method that answers through a callback, and return the answer.

        Raises:
            LineLost: the broker refused by closing the channel, or went away.
        """
        answered = asyncio.get_running_loop().create_future()
        method(*args, **options, **{answer: partial(_settle, answered)})
        return await self._first(answered)

    async def _first(self, answered: asyncio.Future[Any]) -> Any:  # noqa: ANN401 - see call
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.wait({answered, self.lost}, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise LineLost(self.lost.result())
        return answered.result()

    def _end(self, *reason: object) -> None:
        _settle(self.lost, repr(reason[-1]))

    def _go(self, *reason: object) -> None:
        _settle(self._gone, repr(reason[-1]))
        self._end(*reason)

    async def close(self) -> None:
        """Say goodbye to the broker and wait for its socket to close, unless it has gone already.

        A lost channel is not a lost connection: the goodbye is still to be said.
        """
        if self._connection.is_open:
            self._connection.close()
        await asyncio.wait({self._gone}, timeout=GOODBYE_SECONDS)


def _parameters(url: str, name: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = HEARTBEAT_SECONDS
    parameters.blocked_connection_timeout = BLOCKED_SECONDS
    parameters.client_properties = {"connection_name": name}
    return parameters


def _settle(future: asyncio.Future[Any], *result: object) -> None:
    """Give a future its result, unless it has one already."""
    if not future.done():
        future.set_result(result[-1] if result else None)


async def _keep_open(
    url: str, name: str, use: Callable[[Line], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Open a line and use it, again and again, until told to stop."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            line = await Line.open(url, name)
            pause = FIRST_PAUSE
            _connected.labels(name).set(1)
            try:
                await use(line)
            finally:
                _connected.labels(name).set(0)
                await line.close()
        except (LineLost, AMQPError, OSError, TimeoutError) as reason:
            log.warning("line lost", extra={"line": name, "reason": repr(reason)})
        # The jitter keeps a restarted broker from meeting all services in the same instant.
        await _pause(pause * random.uniform(0.5, 1.5), stop)  # noqa: S311 - not a secret
        pause = min(pause * 2, LAST_PAUSE)


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    """Sleep, but wake when told to stop."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class Publisher:
    """Publishes with confirms, many in flight at once, over a line that it keeps open."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._window = asyncio.Semaphore(WINDOW)
        self._open = asyncio.Event()
        self._channel: Channel
        self._sent = 0  # the broker counts deliveries per channel, from 1
        self._unconfirmed: dict[int, tuple[str, asyncio.Future[str]]] = {}
        self._unroutable: set[str] = set()

    @property
    def is_open(self) -> bool:
        """Tell whether the broker can be spoken to now."""
        return self._open.is_set()

    async def run(self) -> None:
        """Keep the line open until cancelled."""
        await _keep_open(self._url, f"{self._name}-out", self._serve, asyncio.Event())

    async def _serve(self, line: Line) -> None:
        await line.call(line.channel.exchange_declare, EXCHANGE, passive=True)
        await line.call(line.channel.confirm_delivery, self._on_confirm)
        line.channel.add_on_return_callback(self._on_return)
        self._channel, self._sent = line.channel, 0
        self._open.set()
        try:
            raise LineLost(await line.lost)
        finally:
            self._open.clear()
            self._confirm(self._sent, "line lost")

    async def publish(self, envelope: Envelope) -> None:
        """Return when every queue that wants the event has it on disk.

        Raises:
            Unroutable: no queue wants it; publish it again later.
            NotPublished: refused, or no answer in time; publish it again later.
        """
        try:
            async with asyncio.timeout(CONFIRM_SECONDS), self._window:
                await self._open.wait()
                outcome = await self._send(envelope)
        except TimeoutError:
            outcome = "timeout"
        _published.labels(outcome).inc()
        if outcome == "unroutable":
            raise Unroutable(outcome)
        if outcome != "confirmed":
            raise NotPublished(outcome)

    def _send(self, envelope: Envelope) -> asyncio.Future[str]:
        message_id = str(envelope.id)
        properties = BasicProperties(  # type: ignore[no-untyped-call]
            message_id=message_id, delivery_mode=2, content_type=CONTENT_TYPE
        )
        body = envelope.model_dump_json(exclude_none=True).encode()
        # Mandatory: an event that no queue wants comes back, where it would be confirmed and lost.
        mandatory = envelope.type not in ANNOUNCED_ONLY
        self._channel.basic_publish(EXCHANGE, envelope.type, body, properties, mandatory=mandatory)
        self._sent += 1
        confirmed = asyncio.get_running_loop().create_future()
        self._unconfirmed[self._sent] = message_id, confirmed
        return confirmed

    def _on_return(self, _: object, __: object, properties: BasicProperties, ___: bytes) -> None:
        self._unroutable.add(str(properties.message_id))  # its confirm follows

    def _on_confirm(self, frame: Any) -> None:  # noqa: ANN401 - pika's frames are untyped
        answer = frame.method
        outcome = "confirmed" if isinstance(answer, Basic.Ack) else "refused"
        if answer.multiple:
            self._confirm(answer.delivery_tag, outcome)
        elif answer.delivery_tag in self._unconfirmed:
            self._settle(answer.delivery_tag, outcome)

    def _confirm(self, last: int, outcome: str) -> None:
        for tag in [tag for tag in self._unconfirmed if tag <= last]:
            self._settle(tag, outcome)

    def _settle(self, tag: int, outcome: str) -> None:
        message_id, confirmed = self._unconfirmed.pop(tag)
        if message_id in self._unroutable:
            self._unroutable.discard(message_id)
            outcome = "unroutable"
        _settle(confirmed, outcome)


# Tries a message once: seconds to wait before the next try, None when the broker may forget it.
Receive = Callable[..., Awaitable[float | None]]


class Consumer:
    """Receives a service's events: in order per subject, several subjects at once."""

    def __init__(self, url: str, name: str, topics: Collection[str], receive: Receive) -> None:
        self._url = url
        self._name = name
        self._topics = topics
        self._receive = receive
        self._slots = asyncio.Semaphore(CONCURRENCY)
        self._last: dict[str, asyncio.Task[None]] = {}  # by subject: the newest message
        self._under_way: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until told to stop, then finish what is under way."""
        self._stop = stop
        await _keep_open(self._url, f"{self._name}-in", self._serve, stop)

    async def _serve(self, line: Line) -> None:
        await _declare(line, self._name, self._topics)
        await line.call(line.channel.basic_qos, prefetch_count=PREFETCH)
        tag = line.channel.basic_consume(queue_of(self._name), self._on_message)
        stopped = asyncio.ensure_future(self._stop.wait())
        ends: list[asyncio.Future[Any]] = [stopped, line.lost]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if line.lost.done():
            raise LineLost(line.lost.result())
        await line.call(line.channel.basic_cancel, tag)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=DRAIN_SECONDS)

    def _on_message(
        self, channel: Channel, method: Basic.Deliver, _: BasicProperties, body: bytes
    ) -> None:
        try:
            envelope = Envelope.model_validate_json(body)
        except ValueError:
            log.error("not an envelope; sent to the dead-letter queue")  # noqa: TRY400 - no body
            channel.basic_reject(method.delivery_tag, requeue=False)
            return
        before = self._last.get(envelope.subject)
        task = asyncio.create_task(self._process(channel, method, envelope, before))
        self._last[envelope.subject] = task
        self._under_way.add(task)
        task.add_done_callback(partial(self._forget, envelope.subject))

    def _forget(self, subject: str, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if self._last.get(subject) is task:
            del self._last[subject]

    async def _process(
        self,
        channel: Channel,
        method: Basic.Deliver,
        envelope: Envelope,
        before: asyncio.Task[None] | None,
    ) -> None:
        if before:
            await asyncio.wait({before})
        redelivered = bool(method.redelivered)
        while (wait := await self._attempt(envelope, redelivered=redelivered)) is not None:
            await _pause(wait, self._stop)
            if self._stop.is_set():
                return  # not acknowledged, so the next worker gets it
            redelivered = False
        if channel.is_open:
            channel.basic_ack(method.delivery_tag)

    async def _attempt(self, envelope: Envelope, *, redelivered: bool) -> float | None:
        try:
            async with self._slots:
                return await self._receive(envelope, redelivered=redelivered)
        except Exception:  # the database is away: the broker keeps the message meanwhile
            log.exception("cannot write; waiting", extra={"event": envelope.type})
            return AWAY_SECONDS


def queue_of(service: str) -> str:
    """Return a service's queue. Its arguments never change: a change means a new version."""
    return f"{service}.v1"


def dead_queue_of(service: str) -> str:
    """Return where a service's messages go that are no events."""
    return f"{queue_of(service)}.dead"


def queue_arguments(queue: str) -> dict[str, object]:
    """Return the arguments of a queue; whoever declares it must name the same."""
    quorum: dict[str, object] = {"x-queue-type": "quorum"}
    if queue.endswith(".dead"):
        return quorum
    return quorum | {
        "x-single-active-consumer": True,  # a second worker stands by; two would break the order
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",  # at-least-once dead-lettering depends on it
        "x-max-length": 1_000_000,
        "x-delivery-limit": 100,  # a last fence: the inbox counts and parks long before
    }


async def _declare(line: Line, service: str, topics: Collection[str]) -> None:
    """Make sure the queue and its dead-letter queue are there and bound.

    The exchanges belong to whoever runs the broker: a service that could make them could also
    delete them.
    """
    queue, dead = queue_of(service), dead_queue_of(service)
    channel = line.channel
    for name in (dead, queue):
        arguments = queue_arguments(name)
        await line.call(channel.queue_declare, name, durable=True, arguments=arguments)
    await line.call(channel.queue_bind, dead, DEAD_EXCHANGE, queue)
    for topic in topics:
        await line.call(channel.queue_bind, queue, EXCHANGE, topic)

"""The inbox: a message counts as read together with its effect, and a bad one is set aside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from prometheus_client import Counter
from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared import trace
from shared.contract.events import Event
from shared.db import Sessions
from shared.envelope import Envelope
from shared.logs import describe

TRIES = 5
PAUSES = (0.1, 0.4, 1.6, 6.4)  # seconds before tries 2 to 5
KEPT = timedelta(days=14)  # longer than an outbox keeps, so what is fed again is recognised

CHANNEL = "inbox"  # rung when a person decided about a parked message

log = logging.getLogger(__name__)

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
Handlers = Mapping[type[Event], Handler]


class Status(StrEnum):
    """Where a received message stands."""

    HANDLED = "handled"
    FAILING = "failing"
    PARKED = "parked"  # waits for a person
    REPLAY = "replay"  # a person wants it tried again
    DISCARDED = "discarded"  # a person decided that it shall have no effect


metadata = MetaData()

table = Table(
    "inbox",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", String),
    Column("envelope", JSONB),  # kept while the message fails or is parked
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
Index("ix_inbox_updated_at", table.c.updated_at)
_aside = table.c.status.in_([Status.PARKED, Status.REPLAY])
Index("ix_inbox_aside", table.c.updated_at, postgresql_where=_aside)

_handled = Counter("events_received_total", "Tries to handle an event", ["event", "outcome"])


class Inbox:
    """Gives each message to its handler, once, in one transaction with its effect."""

    def __init__(self, sessions: Sessions, handlers: Handlers) -> None:
        self._sessions = sessions
        self._handlers = handlers
        self._one_suspect = asyncio.Lock()

    async def receive(self, envelope: Envelope, *, redelivered: bool) -> float | None:
        """Try a message once; return the seconds to wait before the next try, None to go on.

        Whatever this raises means that not even the failure could be written down: the caller
        keeps the message and tries again.
        """
        with trace.following(envelope.traceparent):
            async with self._suspicion(of=redelivered):
                if redelivered and await self._is_used_up(envelope):
                    return None
                return await self._try(envelope)

    def _suspicion(self, *, of: bool) -> AbstractAsyncContextManager[object]:
        # A redelivered message may be the one that kills the process. One at a time, so that no
        # innocent message is under way, and counted as tried, when it strikes again.
        return self._one_suspect if of else nullcontext()

    async def _is_used_up(self, envelope: Envelope) -> bool:
        # Counted before the try: if the process dies again, nobody could count it afterwards.
        status, _ = await self._count_failure(envelope, "worker or broker stopped while handling")
        return status is Status.PARKED

    async def _try(self, envelope: Envelope) -> float | None:
        try:
            first = await self._handle_once(envelope)
        except Exception as error:
            log.warning("could not handle", extra={"event": envelope.type}, exc_info=True)
            status, attempts = await self._count_failure(envelope, describe(error))
            _handled.labels(envelope.type, status).inc()
            return PAUSES[attempts - 1] if status is Status.FAILING else None
        _handled.labels(envelope.type, "handled" if first else "duplicate").inc()
        return None

    async def _handle_once(self, envelope: Envelope, before: Status = Status.FAILING) -> bool:
        async with self._sessions.begin() as session:
            if not await _mark_handled(session, envelope.id, before):
                return False
            event = envelope.event()
            await self._handlers[type(event)](session, event)
            return True

    async def _count_failure(self, envelope: Envelope, error: str) -> tuple[Status, int]:
        async with self._sessions.begin() as session:
            return await _count_failure(session, envelope, error)

    async def replay(self, message_id: UUID) -> bool:
        """Try a parked message once more; True if it is handled now, else it is parked again.

        Raises:
            LookupError: it is not parked (any more).
        """
        async with self._sessions.begin() as session:
            envelope = await _take(session, message_id)
        with trace.following(envelope.traceparent):
            try:
                return await self._handle_once(envelope, before=Status.PARKED)
            except Exception as error:
                log.warning("still cannot handle", extra={"event": envelope.type}, exc_info=True)
                async with self._sessions.begin() as session:
                    await _note_failed_replay(session, message_id, describe(error))
                return False

    async def replay_wanted(self) -> None:
        """Try again whatever a person asked for, oldest first."""
        async with self._sessions() as session:
            wanted = await _with_status(session, Status.REPLAY)
        for message_id in wanted:
            with suppress(LookupError):  # another worker was faster
                handled = await self.replay(message_id)
                log.info("replayed", extra={"message_id": str(message_id), "handled": handled})


async def _mark_handled(session: AsyncSession, message_id: UUID, before: Status) -> bool:
    """Record a new message, or one that stood at `before`, as handled; False for any other."""
    statement = (
        insert(table)
        .values(message_id=message_id, status=Status.HANDLED, attempts=1)
        .on_conflict_do_update(
            index_elements=[table.c.message_id],
            set_={
                "status": Status.HANDLED,
                "attempts": table.c.attempts + 1,
                "envelope": None,
                "updated_at": func.now(),
            },
            where=table.c.status == before,
        )
        .returning(table.c.message_id)
    )
    return (await session.execute(statement)).one_or_none() is not None


async def _count_failure(
    session: AsyncSession, envelope: Envelope, error: str
) -> tuple[Status, int]:
    values = {"envelope": envelope.model_dump(mode="json"), "last_error": error}
    last = table.c.attempts + 1 >= TRIES
    statement = (
        insert(table)
        .values(message_id=envelope.id, status=Status.FAILING, attempts=1, **values)
        .on_conflict_do_update(
            index_elements=[table.c.message_id],
            set_={
                "attempts": table.c.attempts + 1,
                "status": case((last, Status.PARKED), else_=Status.FAILING),
                "updated_at": func.now(),
                **values,
            },
            where=table.c.status == Status.FAILING,
        )
        .returning(table.c.status, table.c.attempts)
    )
    row = (await session.execute(statement)).one_or_none()
    return (Status(row.status), row.attempts) if row else (Status.HANDLED, 0)


async def _take(session: AsyncSession, message_id: UUID) -> Envelope:
    """Return a message that was set aside, for one more try.

    It is parked from here on, so that a message that kills its worker does so once.
    """
    statement = (
        update(table)
        .where(table.c.message_id == message_id, _aside)
        .values(status=Status.PARKED)
        .returning(table.c.envelope)
    )
    body = await session.scalar(statement)
    if body is None:
        raise LookupError(message_id)
    return Envelope.model_validate(body)


async def _note_failed_replay(session: AsyncSession, message_id: UUID, error: str) -> None:
    await session.execute(
        update(table)
        .where(table.c.message_id == message_id, table.c.status == Status.PARKED)
        .values(last_error=error, attempts=table.c.attempts + 1, updated_at=func.now())
    )


async def _with_status(session: AsyncSession, status: Status) -> list[UUID]:
    statement = select(table.c.message_id).where(table.c.status == status)
    return list(await session.scalars(statement.order_by(table.c.updated_at)))


async def parked(session: AsyncSession) -> list[UUID]:
    """List the messages that wait for a person to look at them, oldest first."""
    return await _with_status(session, Status.PARKED)


class Parked(NamedTuple):
    """A message that was set aside, without its content."""

    message_id: UUID
    status: Status
    type: str
    subject: str
    attempts: int
    error: str
    since: datetime


async def set_aside(session: AsyncSession, limit: int) -> list[Parked]:
    """Describe the messages that wait for a person or for their replay, oldest first."""
    envelope = table.c.envelope
    statement = (
        select(
            table.c.message_id,
            table.c.status,
            envelope["type"].as_string(),
            envelope["subject"].as_string(),
            table.c.attempts,
            table.c.last_error,
            table.c.updated_at,
        )
        .where(_aside)
        .order_by(table.c.updated_at)
        .limit(limit)
    )
    rows = (await session.execute(statement)).all()
    return [Parked(row[0], Status(row[1]), *row[2:]) for row in rows]


async def count_set_aside(session: AsyncSession) -> int:
    """Return how many messages wait for a person or for their replay."""
    return await session.scalar(select(func.count()).select_from(table).where(_aside)) or 0


async def decide(session: AsyncSession, message_id: UUID, decision: Status) -> tuple[str, str]:
    """Mark a parked message for replay or as discarded; return its type and subject.

    Raises:
        LookupError: it is not parked (any more).
    """
    envelope = table.c.envelope
    statement = (
        update(table)
        .where(table.c.message_id == message_id, table.c.status == Status.PARKED)
        .values(status=decision, updated_at=func.now())
        .returning(
            envelope["type"].as_string(),
            envelope["subject"].as_string(),
            func.pg_notify(CHANNEL, ""),
        )
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise LookupError(message_id)
    return row[0], row[1]


async def prune(session: AsyncSession) -> None:
    """Forget messages that are done with and can no longer be fed again; parked ones stay."""
    await session.execute(
        delete(table).where(
            table.c.status.in_([Status.HANDLED, Status.DISCARDED]),
            table.c.updated_at < func.now() - KEPT,
        )
    )

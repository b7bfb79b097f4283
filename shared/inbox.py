"""The inbox: a message counts as read together with its effect, and a bad one is set aside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from enum import StrEnum
from typing import Any
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

log = logging.getLogger(__name__)

Handler = Callable[[AsyncSession, Any], Awaitable[None]]
Handlers = Mapping[type[Event], Handler]


class Status(StrEnum):
    """Where a received message stands."""

    HANDLED = "handled"
    FAILING = "failing"
    PARKED = "parked"


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

    async def _handle_once(self, envelope: Envelope) -> bool:
        async with self._sessions.begin() as session:
            if not await _mark_handled(session, envelope.id):
                return False
            event = envelope.event()
            await self._handlers[type(event)](session, event)
            return True

    async def _count_failure(self, envelope: Envelope, error: str) -> tuple[Status, int]:
        async with self._sessions.begin() as session:
            return await _count_failure(session, envelope, error)

    async def replay(self, message_id: UUID) -> bool:
        """Try a parked message again, with five new tries; True if it is handled now.

        Raises:
            LookupError: there is no such parked message.
        """
        async with self._sessions.begin() as session:
            envelope = await _unpark(session, message_id)
        await self.receive(envelope, redelivered=False)
        async with self._sessions() as session:
            status = await session.scalar(
                select(table.c.status).where(table.c.message_id == message_id)
            )
        return status == Status.HANDLED


async def _mark_handled(session: AsyncSession, message_id: UUID) -> bool:
    """Record a message as handled; False when it already was, or is parked."""
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
            where=table.c.status == Status.FAILING,
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


async def _unpark(session: AsyncSession, message_id: UUID) -> Envelope:
    statement = (
        update(table)
        .where(table.c.message_id == message_id, table.c.status == Status.PARKED)
        .values(status=Status.FAILING, attempts=0)
        .returning(table.c.envelope)
    )
    body = await session.scalar(statement)
    if body is None:
        raise LookupError(message_id)
    return Envelope.model_validate(body)


async def parked(session: AsyncSession) -> list[UUID]:
    """List the messages that wait for a person to look at them, oldest first."""
    statement = select(table.c.message_id).where(table.c.status == Status.PARKED)
    return list(await session.scalars(statement.order_by(table.c.updated_at)))


async def prune(session: AsyncSession) -> None:
    """Forget handled messages that can no longer be fed again; parked ones stay."""
    await session.execute(
        delete(table).where(
            table.c.status == Status.HANDLED, table.c.updated_at < func.now() - KEPT
        )
    )

"""The outbox: an event leaves together with the change it tells of, or not at all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    false,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.contract.events import Event
from shared.envelope import Envelope

KEPT = timedelta(days=7)  # published rows stay, so that a consumer can be fed again
LEASE = timedelta(seconds=30)  # a relay that claims and dies holds its rows up this long
PRUNE_BATCH = 5_000  # rows deleted per transaction

_CHANNEL = "outbox"
_CLAIM_LOCK = 0x0A7B0C  # any number, as long as nothing else in the database uses it

metadata = MetaData()

table = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("subject", String, nullable=False),
    Column("envelope", JSONB, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # No queue wanted it when last tried, so it holds back nobody who is heard.
    Column("unroutable", Boolean, nullable=False, server_default=false()),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("published_at", DateTime(timezone=True)),
)
_pending = table.c.published_at.is_(None)
Index("ix_outbox_pending", table.c.position, postgresql_where=_pending)
Index("ix_outbox_pending_subject", table.c.subject, table.c.position, postgresql_where=_pending)
Index("ix_outbox_published", table.c.published_at, postgresql_where=~_pending)


class Claimed(NamedTuple):
    """An event that this relay alone may publish until its lease ends."""

    position: int
    envelope: Envelope


async def add(session: AsyncSession, event: Event) -> None:
    """Publish an event when the session's transaction commits.

    Change the subject's own row first: its lock is what puts two events about it in order.
    """
    envelope = Envelope.around(event)
    row = {"subject": envelope.subject, "envelope": envelope.model_dump(mode="json")}
    # Notifying in RETURNING saves a round trip; PostgreSQL delivers it at commit.
    await session.execute(
        table.insert().values(row).returning(func.pg_notify(_CHANNEL, "")),
    )


async def claim(session: AsyncSession, limit: int) -> list[Claimed]:
    """Lease the oldest due events, keeping back any that would overtake one of their subject.

    Rows are found by `published_at is null`, never by a position last seen: a slow transaction
    may commit a lower position after a faster one committed a higher.
    """
    # One claim at a time: two at once could take two events of one subject in the wrong order.
    await session.execute(select(func.pg_advisory_xact_lock(_CLAIM_LOCK)))
    earlier = table.alias()
    waiting = (
        select(earlier.c.position)
        .where(earlier.c.published_at.is_(None), earlier.c.subject == table.c.subject)
        .where(earlier.c.position < table.c.position)
        .where(earlier.c.due_at > func.statement_timestamp(), ~earlier.c.unroutable)
    )
    due = (
        select(table.c.position)
        .where(_pending, table.c.due_at <= func.statement_timestamp(), ~waiting.exists())
        .order_by(table.c.position)
        .limit(limit)
    )
    statement = (
        update(table)
        .where(table.c.position.in_(due.scalar_subquery()))
        .values(due_at=func.statement_timestamp() + LEASE)
        .returning(table.c.position, table.c.envelope)
    )
    rows = sorted((await session.execute(statement)).all())
    return [Claimed(position, _numbered(position, body)) for position, body in rows]


def _numbered(position: int, body: dict[str, Any]) -> Envelope:
    # Twelve digits, because a CloudEvents sequence is compared as text.
    return Envelope.model_validate(body | {"sequence": f"{position:012}"})


async def mark_published(session: AsyncSession, positions: Sequence[int]) -> None:
    """Note that the broker has confirmed these."""
    await session.execute(
        update(table).where(table.c.position.in_(positions)).values(published_at=func.now())
    )


async def postpone(
    session: AsyncSession, positions: Sequence[int], *, unroutable: bool = False
) -> None:
    """Give claimed events back, to be tried again after a pause that doubles up to a minute."""
    seconds = func.least(60, func.power(2, func.least(table.c.attempts, 6)))
    due_at = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    await session.execute(
        update(table)
        .where(table.c.position.in_(positions), _pending)
        .values(attempts=table.c.attempts + 1, due_at=due_at, unroutable=unroutable)
    )


async def release(session: AsyncSession, positions: Sequence[int]) -> None:
    """Give claimed events back at once: the broker was away, and no event is to blame."""
    await session.execute(
        update(table).where(table.c.position.in_(positions), _pending).values(due_at=func.now())
    )


async def oldest_seconds(session: AsyncSession) -> float:
    """Return how long the oldest unpublished event has waited; 0 when none waits."""
    age = func.extract("epoch", func.now() - func.min(table.c.created_at))
    return float(await session.scalar(select(func.coalesce(age, 0)).where(_pending)) or 0)


async def pending(session: AsyncSession) -> int:
    """Return how many events are not published yet."""
    return await session.scalar(select(func.count()).select_from(table).where(_pending)) or 0


async def prune(session: AsyncSession) -> int:
    """Delete one batch of events published longer ago than we keep them; return its size."""
    old = (
        select(table.c.position)
        .where(table.c.published_at < func.now() - KEPT)
        .limit(PRUNE_BATCH)
        .with_for_update(skip_locked=True)
    )
    statement = delete(table).where(table.c.position.in_(old)).returning(table.c.position)
    return len((await session.execute(statement)).all())


@asynccontextmanager
async def doorbell(engine: AsyncEngine, channel: str = _CHANNEL) -> AsyncIterator[asyncio.Event]:
    """Yield an event that is set whenever somebody, anywhere, commits a NOTIFY on the channel."""
    rung = asyncio.Event()

    def ring(*_: object) -> None:
        rung.set()

    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.add_listener(channel, ring)
        try:
            yield rung
        finally:
            await connection.invalidate()  # closes it: a listening connection must not be reused

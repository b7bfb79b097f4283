"""Messages in the database. All SQL of this slice is here."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.notify.messages.rules import State
from services.notify.messages.tables import Message
from shared.sealed import keyring

CHANNEL = "messages"  # rung when there is something to send
LEASE = timedelta(seconds=60)  # a sender that died in the middle is noticed after this long


def _place(message_id: UUID) -> str:
    return f"messages/{message_id}"


def sealed_values(message_id: UUID, values: Mapping[str, str]) -> str:
    """Seal the values of a template to their message."""
    return keyring().seal(json.dumps(dict(values)).encode(), _place(message_id))


def values_of(message: Message) -> dict[str, str]:
    """Open the values of a message."""
    values: dict[str, str] = json.loads(keyring().open(message.values, _place(message.id)))
    return values


async def add(session: AsyncSession, row: Mapping[str, object]) -> bool:
    """Insert a message and wake the sender; False when this was told to this recipient before."""
    statement = insert(Message).values(dict(row)).on_conflict_do_nothing(constraint="told_once")
    added = await session.scalar(statement.returning(Message.id))
    await ring(session)
    return added is not None


async def suppress(session: AsyncSession, resident_id: UUID, why: str) -> None:
    """Keep what waits for somebody from ever leaving."""
    await session.execute(
        update(Message)
        .where(Message.resident_id == resident_id, Message.state == State.QUEUED)
        .values(state=State.SUPPRESSED, why=why)
    )


async def serves_others(session: AsyncSession, contact_id: UUID, resident_id: UUID) -> bool:
    """Tell whether an address was written to for anybody else: a family may share it."""
    others = select(Message.id).where(
        Message.contact_id == contact_id, Message.resident_id.is_distinct_from(resident_id)
    )
    return await session.scalar(select(others.exists())) is True


async def ring(session: AsyncSession) -> None:
    """Wake the senders when the transaction commits."""
    await session.execute(select(func.pg_notify(CHANNEL, "")))


async def claim(session: AsyncSession, now: datetime, limit: int) -> Sequence[Message]:
    """Take due messages for sending; no other sender gets them.

    Nobody is told the end of a story while its beginning is still on the way from another sender.
    """
    earlier = aliased(Message)
    on_the_way = select(earlier.id).where(
        earlier.contact_id == Message.contact_id,
        earlier.state == State.SENDING,
        earlier.id < Message.id,
    )
    due = (
        select(Message.id)
        .where(Message.state == State.QUEUED, Message.due_at <= now, ~on_the_way.exists())
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Message)
        .where(Message.id.in_(due.scalar_subquery()))
        .values(state=State.SENDING, attempts=Message.attempts + 1, due_at=now + LEASE)
        .returning(Message)
    )
    return (await session.scalars(statement)).all()


async def give_up_waiting(session: AsyncSession, now: datetime) -> None:
    """Mark what a sender left behind: whether it was sent, only a callback can tell."""
    await session.execute(
        update(Message)
        .where(Message.state == State.SENDING, Message.due_at <= now)
        .values(state=State.UNCERTAIN)
    )


async def settle(session: AsyncSession, message_id: UUID, **values: object) -> None:
    """Record what came of a try, unless a callback was faster."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == State.SENDING)
        .values(**values)
    )


async def note_provider_id(session: AsyncSession, message_id: UUID, provider_id: str) -> None:
    """Remember under which id the provider knows a message."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id, Message.provider_id.is_(None))
        .values(provider_id=provider_id)
    )


async def lock_told(
    session: AsyncSession, message_id: UUID | None, provider_id: str
) -> Message | None:
    """Return, locked, the message that a callback speaks of."""
    about = or_(Message.provider_id == provider_id, Message.id == message_id)
    return await session.scalar(select(Message).where(about).with_for_update().limit(1))


async def page(
    session: AsyncSession,
    *,
    areas: Sequence[str] | None,
    resident_id: UUID | None,
    case_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Message]:
    """Return messages within the areas (None: everywhere) or about a resident, oldest first."""
    wanted = select(Message).order_by(Message.id).limit(limit)
    reach = [Message.resident_id == resident_id] if resident_id else []
    if areas is not None:
        reach += [Message.village_code == area for area in areas]
        reach += [Message.village_code.between(f"{area}.", f"{area}.~") for area in areas]
        wanted = wanted.where(or_(*reach)) if reach else wanted.where(false())
    if case_id:
        wanted = wanted.where(Message.case_id == case_id)
    if after:
        wanted = wanted.where(Message.id > after)
    return (await session.scalars(wanted)).all()


async def lock(session: AsyncSession, message_id: UUID) -> Message | None:
    """Return one message, locked."""
    return await session.scalar(select(Message).where(Message.id == message_id).with_for_update())


async def follow(session: AsyncSession, loser_id: UUID, winner_id: UUID) -> None:
    """Let the messages to a record that was merged be the one's that is kept."""
    await session.execute(
        update(Message).where(Message.resident_id == loser_id).values(resident_id=winner_id)
    )

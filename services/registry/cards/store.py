"""All SQL about cards, recordings, prints, blanks and digital IDs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards.printing import UNDELIVERED, WAITING, PrintState
from services.registry.cards.recording import Status
from services.registry.cards.tables import (
    BlankMovement,
    BlankStock,
    Card,
    CardPrint,
    DigitalId,
    Recording,
    RecordingStep,
)
from services.registry.residents.tables import Access, Resident
from shared.contract.facts import CardKind

_NEVER_MARRIED = 1


async def get(session: AsyncSession, card_id: UUID) -> Card | None:
    """Return one card."""
    return await session.get(Card, card_id)


async def of_resident(session: AsyncSession, resident_id: UUID) -> Sequence[Card]:
    """Return every card somebody ever had, oldest first."""
    statement = select(Card).where(Card.resident_id == resident_id)
    return (await session.scalars(statement.order_by(Card.issued_on, Card.id))).all()


async def held(session: AsyncSession, resident_ids: Iterable[UUID]) -> dict[UUID, list[Card]]:
    """Return the cards of these people that were not taken back; some may have run out."""
    statement = select(Card).where(
        Card.resident_id.in_(set(resident_ids)), Card.revoked_on.is_(None)
    )
    cards: dict[UUID, list[Card]] = defaultdict(list)
    for card in await session.scalars(statement.order_by(Card.id)):
        cards[card.resident_id].append(card)
    return cards


async def revoke(
    session: AsyncSession, resident_id: UUID, kind: CardKind, reason: str, today: date
) -> list[UUID]:
    """End the card of a kind that somebody holds; return its id, or nothing."""
    statement = (
        update(Card)
        .where(Card.resident_id == resident_id, Card.kind == kind, Card.revoked_on.is_(None))
        .values(revoked_on=today, revoke_reason=reason)
        .returning(Card.id)
    )
    return list(await session.scalars(statement))


async def digital_holders(session: AsyncSession, resident_ids: Iterable[UUID]) -> set[UUID]:
    """Return who of these people has a digital ID in force."""
    statement = select(DigitalId.resident_id).where(
        DigitalId.resident_id.in_(set(resident_ids)), DigitalId.ended_on.is_(None)
    )
    return set(await session.scalars(statement))


async def end_digital(session: AsyncSession, resident_id: UUID, reason: str, today: date) -> None:
    """End the digital ID that somebody has, if any."""
    await session.execute(
        update(DigitalId)
        .where(DigitalId.resident_id == resident_id, DigitalId.ended_on.is_(None))
        .values(ended_on=today, end_reason=reason)
    )


async def recordings_of(session: AsyncSession, resident_id: UUID) -> Sequence[Recording]:
    """Return every attempt to record somebody, oldest first."""
    statement = select(Recording).where(Recording.resident_id == resident_id)
    return (await session.scalars(statement.order_by(Recording.attempt))).all()


async def latest(session: AsyncSession, resident_id: UUID) -> Recording | None:
    """Return the last attempt to record somebody."""
    statement = select(Recording).where(Recording.resident_id == resident_id)
    return await session.scalar(statement.order_by(Recording.attempt.desc()).limit(1))


async def latest_of_case(session: AsyncSession, case_id: UUID) -> Recording | None:
    """Return the last attempt of a case."""
    statement = select(Recording).where(Recording.case_id == case_id)
    return await session.scalar(
        statement.order_by(Recording.attempt.desc(), Recording.id.desc()).limit(1)
    )


async def lock_recording(session: AsyncSession, recording_id: UUID) -> Recording | None:
    """Return an attempt that nobody else can change until the transaction ends.

    Whom it is about is locked before, as a change does it: a circle of waiting is impossible.
    """
    whose = await session.scalar(select(Recording.resident_id).where(Recording.id == recording_id))
    if whose is not None:
        held = select(Resident.id).where(Resident.id == whose)
        await session.execute(held.with_for_update())
    statement = select(Recording).where(Recording.id == recording_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def add_recording(session: AsyncSession, recording: Recording) -> None:
    """Store an attempt with the first line of its story.

    Raises:
        IntegrityError: another attempt is under way (`one_recording_under_way`).
    """
    session.add(recording)
    await session.flush()
    await note_step(session, recording, recording.actor)


async def note_step(session: AsyncSession, recording: Recording, actor: str) -> None:
    """Write down how far an attempt is."""
    step = RecordingStep(recording_id=recording.id, status=recording.status, actor=actor)
    session.add(step)
    await session.flush()


async def steps_of(session: AsyncSession, recording_id: UUID) -> Sequence[RecordingStep]:
    """Return what became of an attempt, oldest first."""
    statement = select(RecordingStep).where(RecordingStep.recording_id == recording_id)
    return (await session.scalars(statement.order_by(RecordingStep.id))).all()


async def due(session: AsyncSession, now: datetime) -> list[UUID]:
    """Return attempts that are to be sent or asked about, the longest waiting first; at most 20."""
    talked_about = Recording.status != Status.PRINT_READY  # of those the print waits, no answer
    statement = select(Recording.id).where(Recording.due_at <= now, talked_about)
    return list(await session.scalars(statement.order_by(Recording.due_at).limit(20)))


async def unanswered(session: AsyncSession, tries: int) -> Sequence[Recording]:
    """Return attempts that the centre did not answer so many times, oldest first; at most 100."""
    statement = select(Recording).where(
        Recording.due_at.is_not(None), Recording.tries >= tries, Recording.last_error.is_not(None)
    )
    return (await session.scalars(statement.order_by(Recording.recorded_at).limit(100))).all()


async def without_blank(session: AsyncSession) -> Sequence[CardPrint]:
    """Return cards that wait for blanks, oldest first; at most 100."""
    statement = select(CardPrint).where(CardPrint.state == PrintState.NO_BLANK)
    return (await session.scalars(statement.order_by(CardPrint.id).limit(100))).all()


async def come_of_age(session: AsyncSession, latest_birth: date, now: datetime) -> list[UUID]:
    """Return print-ready attempts that want a card, of people born by a day or ever married.

    Those that were put off are left out until their time comes.
    """
    statement = (
        select(Recording.id)
        .join(Resident, Resident.id == Recording.resident_id)
        .where(
            Recording.wants_card,
            Recording.status == Status.PRINT_READY,
            or_(Recording.due_at.is_(None), Recording.due_at <= now),
            or_(Resident.birth_date <= latest_birth, Resident.marital_status != _NEVER_MARRIED),
            Resident.status == "HIDUP",
        )
        .order_by(Recording.id)
        .limit(200)
    )
    return list(await session.scalars(statement))


async def lock_print(session: AsyncSession, print_id: UUID) -> CardPrint | None:
    """Return an order that nobody else can change until the transaction ends.

    Locked in the order in which a change locks: whose it is, the blanks of its site, itself.
    """
    order = await session.get(CardPrint, print_id)
    if order is None:
        return None
    if order.resident_id is not None:
        held = select(Resident.id).where(Resident.id == order.resident_id)
        await session.execute(held.with_for_update())
    await lock_stock(session, order.point_id, order.kind)
    statement = select(CardPrint).where(CardPrint.id == print_id).with_for_update()
    return await session.scalar(statement.execution_options(populate_existing=True))


async def lock_stock(session: AsyncSession, point_id: str, kind: str) -> BlankStock | None:
    """Return the blanks of a site, locked; None where they were never counted.

    One order or result of a site after the other, whether its blanks are counted or not.
    """
    key = func.hashtextextended(f"blanks/{point_id}/{kind}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
    statement = select(BlankStock).where(BlankStock.point_id == point_id, BlankStock.kind == kind)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(locked)


async def change_stock(session: AsyncSession, movement: BlankMovement) -> None:
    """Write a movement and the balance it leaves; the first one begins the count.

    The stock of the site is locked before, so nobody else begins it meanwhile.

    Raises:
        IntegrityError: there are not so many (`ck_blank_stocks_balance`).
    """
    session.add(movement)
    mine = (BlankStock.point_id == movement.point_id, BlankStock.kind == movement.kind)
    counted = update(BlankStock).where(*mine).values(balance=BlankStock.balance + movement.change)
    found = await session.scalars(counted.returning(BlankStock.point_id))
    if found.first() is None:
        session.add(
            BlankStock(point_id=movement.point_id, kind=movement.kind, balance=movement.change)
        )
    await session.flush()


async def stocks(session: AsyncSession, point_id: str) -> Sequence[BlankStock]:
    """Return the blanks of a site, by kind."""
    statement = select(BlankStock).where(BlankStock.point_id == point_id)
    return (await session.scalars(statement.order_by(BlankStock.kind))).all()


async def queued(session: AsyncSession, point_id: str, kind: str) -> int:
    """Return how many orders of a site have a blank waiting for them."""
    statement = select(func.count()).where(
        _at(point_id, kind), CardPrint.state == PrintState.QUEUED
    )
    return await session.scalar(statement) or 0


async def youngest_queued(
    session: AsyncSession, point_id: str, kind: str, count: int
) -> Sequence[CardPrint]:
    """Return the orders that came last of those that have a blank."""
    statement = select(CardPrint).where(_at(point_id, kind), CardPrint.state == PrintState.QUEUED)
    return (await session.scalars(statement.order_by(CardPrint.id.desc()).limit(count))).all()


async def oldest_without(
    session: AsyncSession, point_id: str, kind: str, count: int | None
) -> Sequence[CardPrint]:
    """Return the orders that have waited longest for a blank; all of them for None."""
    statement = select(CardPrint).where(_at(point_id, kind), CardPrint.state == PrintState.NO_BLANK)
    return (await session.scalars(statement.order_by(CardPrint.id).limit(count))).all()


def _at(point_id: str, kind: str) -> ColumnElement[bool]:
    return and_(CardPrint.point_id == point_id, CardPrint.kind == kind)


async def undelivered(session: AsyncSession, card_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the orders of these cards that nobody has got yet."""
    statement = select(CardPrint.id).where(
        CardPrint.card_id.in_(card_ids), CardPrint.state.in_(UNDELIVERED)
    )
    return (await session.scalars(statement.order_by(CardPrint.id))).all()


async def undelivered_of_case(session: AsyncSession, case_id: UUID) -> Sequence[UUID]:
    """Return the orders of a case that are printed and not handed over."""
    printed = (PrintState.PRINTED, PrintState.SHIPPED)
    statement = select(CardPrint.id).where(
        CardPrint.case_id == case_id, CardPrint.state.in_(printed)
    )
    return (await session.scalars(statement.order_by(CardPrint.id))).all()


async def print_queue(
    session: AsyncSession,
    point_id: str,
    states: Sequence[PrintState],
    after: UUID | None,
    limit: int,
) -> Sequence[CardPrint]:
    """Return up to `limit + 1` orders of a site, oldest first."""
    statement = select(CardPrint).where(
        CardPrint.point_id == point_id, CardPrint.state.in_(states or sorted(WAITING))
    )
    if after is not None:
        statement = statement.where(CardPrint.id > after)
    return (await session.scalars(statement.order_by(CardPrint.id).limit(limit + 1))).all()


async def note_readings(
    session: AsyncSession, resident_ids: Iterable[UUID], access: dict[str, object]
) -> None:
    """Write down that these people were read from a queue; `access` says by whom and why."""
    rows = [access | {"resident_id": each} for each in dict.fromkeys(resident_ids)]
    if rows:
        await session.execute(insert(Access), rows)

"""All SQL about cards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards.tables import Card
from shared.contract.facts import CardKind


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

"""What can happen to a card."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.cards import store
from services.registry.cards.rules import Variant
from services.registry.cards.tables import Card
from services.registry.documents import actions as documents
from services.registry.residents import actions as residents
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared.contract.facts import CardKind


async def issue_child_card(
    session: AsyncSession,
    holder: Resident,
    variant: Variant,
    valid_until: date,
    *,
    source: Source,
    today: date,
) -> Card:
    """Give a child a card, and note on the child until when it is valid.

    Raises:
        IntegrityError: a child card is in force (`one_card_in_force`).
    """
    card = Card(
        id=uuid7(),
        resident_id=holder.id,
        kind=CardKind.KIA,
        variant=variant,
        issued_on=today,
        valid_until=valid_until,
        source_id=source.id,
    )
    session.add(card)
    await session.flush()
    held = {"kia_valid_until": valid_until}
    await residents.change(session, holder, held, source=source, valid_from=today)
    return card


async def revoke_child_card(
    session: AsyncSession, holder: Resident, reason: str, *, source: Source, today: date
) -> None:
    """Take back the child card somebody holds, if any; its QR code says so from now on."""
    for card_id in await store.revoke(session, holder.id, CardKind.KIA, reason, today):
        await documents.revoke(session, card_id, today=today)
    none = {"kia_valid_until": None}
    await residents.change(session, holder, none, source=source, valid_from=today)


async def revoke_identity_card(
    session: AsyncSession, holder: Resident, reason: str, *, today: date
) -> None:
    """Take back the KTP-el somebody holds, if any; the recorded biometrics stay."""
    for card_id in await store.revoke(session, holder.id, CardKind.KTP_EL, reason, today):
        await documents.revoke(session, card_id, today=today)

"""What can happen to a card, and to its digital form."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.cards import prints, store
from services.registry.cards.recording import WITH_CARD, Status
from services.registry.cards.rules import Variant
from services.registry.cards.tables import Card, DigitalId
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


async def issue_identity_card(
    session: AsyncSession,
    holder: Resident,
    valid_until: date | None,
    *,
    source: Source,
    today: date,
    case_id: UUID | None = None,
    print_at: str | None = None,
    recording_id: UUID | None = None,
) -> Card:
    """Give somebody a KTP-el and have it printed; a KIA ends with it.

    `valid_until` is the end of a foreigner's permit; None is for life. A printed KTP-el is no
    sealed paper: the chip is the ministry's, so nothing goes to the sealer.

    Raises:
        IntegrityError: a KTP-el is in force (`one_card_in_force`).
    """
    await revoke_child_card(session, holder, "EXPIRED", source=source, today=today)
    card = Card(
        id=uuid7(),
        resident_id=holder.id,
        kind=CardKind.KTP_EL,
        issued_on=today,
        valid_until=valid_until,
        source_id=source.id,
    )
    session.add(card)
    await session.flush()
    standing = {"recording_status": Status.IN_PRINT.value}
    await residents.change(session, holder, standing, source=source, valid_from=today)
    order = prints.Order(
        kind=CardKind.KTP_EL,
        holder_name=holder.full_name,
        village_code=holder.village_code,
        resident_id=holder.id,
        card_id=card.id,
        recording_id=recording_id,
        case_id=case_id,
        point_id=print_at,
    )
    await prints.order(session, order, source)
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
    """Take back the KTP-el somebody holds, if any; the recorded biometrics stay.

    One that is not handed over yet is not printed any more, or not handed over.
    """
    ended = await store.revoke(session, holder.id, CardKind.KTP_EL, reason, today)
    if ended:
        await prints.cancel(session, ended, f"revoked/{reason}")


async def let_card_wait(
    session: AsyncSession, holder: Resident, reason: str, *, source: Source, today: date
) -> None:
    """Take back a KTP-el whose holder is too young for one; the next is printed at 17."""
    await revoke_identity_card(session, holder, reason, today=today)
    if holder.recording_status not in WITH_CARD:
        return
    ready = {"recording_status": Status.PRINT_READY.value}
    await residents.change(session, holder, ready, source=source, valid_from=today)
    latest = await store.latest(session, holder.id)
    if latest is not None:
        latest.wants_card = True


async def activate_digital_id(
    session: AsyncSession, holder: Resident, device: str, *, source: Source, today: date
) -> DigitalId:
    """Let somebody show their KTP-el on a device of theirs (Permendagri 72/2022 art 13-15).

    Raises:
        IntegrityError: one is in force (`one_digital_id_in_force`).
    """
    active = DigitalId(
        id=uuid7(),
        resident_id=holder.id,
        device=device,
        activated_on=today,
        source_id=source.id,
    )
    session.add(active)
    await session.flush()
    return active


async def end_digital_id(
    session: AsyncSession, holder: Resident, reason: str, *, today: date
) -> None:
    """End the digital ID that somebody has, if any."""
    await store.end_digital(session, holder.id, reason, today)


async def revoke_everything(
    session: AsyncSession, holder: Resident, reason: str, *, source: Source, today: date
) -> None:
    """Take back whatever somebody holds: KIA, KTP-el and digital ID, as at a death."""
    await revoke_child_card(session, holder, reason, source=source, today=today)
    await revoke_identity_card(session, holder, reason, today=today)
    await end_digital_id(session, holder, reason, today=today)

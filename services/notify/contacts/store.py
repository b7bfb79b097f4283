"""Contacts in the database. All SQL of this slice is here."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.notify.contacts.tables import Consent, Contact, Departed
from shared.sealed import keyring


def address_of(contact: Contact) -> str:
    """Open the address."""
    return keyring().open(contact.address, f"contacts/{contact.id}").decode()


async def find_or_add(session: AsyncSession, channel: str, address: str, language: str) -> Contact:
    """Return the contact with this address, locked; two at once get the same one."""
    contact_id = uuid7()
    row = {
        "id": contact_id,
        "channel": channel,
        "address": keyring().seal(address.encode(), f"contacts/{contact_id}"),
        "address_index": keyring().blind_index(address),
        "language": language,
        "consented": False,
        "version": 1,
    }
    await session.execute(insert(Contact).values(row).on_conflict_do_nothing())
    wanted = select(Contact).where(
        Contact.channel == channel, Contact.address_index == row["address_index"]
    )
    return (await session.scalars(wanted.with_for_update())).one()


async def note_consent(
    session: AsyncSession, contact: Contact, source: str, *, granted: bool
) -> None:
    """Record what was agreed, if it is news."""
    if contact.consented != granted:
        contact.consented = granted
        session.add(Consent(contact_id=contact.id, granted=granted, source=source))


async def of_resident(session: AsyncSession, resident_id: UUID) -> Sequence[Contact]:
    """Return the addresses of one resident."""
    wanted = select(Contact).where(Contact.resident_id == resident_id).order_by(Contact.id)
    return (await session.scalars(wanted)).all()


async def note_death(session: AsyncSession, resident_id: UUID, died_on: date) -> None:
    """Remember that nobody may write to somebody any more."""
    await _hold(session, resident_id)
    row = {"resident_id": resident_id, "died_on": died_on}
    await session.execute(insert(Departed).values(row).on_conflict_do_nothing())


async def forget_death(session: AsyncSession, resident_id: UUID) -> None:
    """Let somebody who was wrongly recorded as dead be written to again."""
    await _hold(session, resident_id)
    await session.execute(delete(Departed).where(Departed.resident_id == resident_id))


async def has_died(session: AsyncSession, resident_id: UUID) -> bool:
    """Tell whether somebody is recorded as dead; who is told so meanwhile waits for our end."""
    await _hold(session, resident_id)
    found = await session.scalar(
        select(Departed.resident_id).where(Departed.resident_id == resident_id)
    )
    return found is not None


async def _hold(session: AsyncSession, resident_id: UUID) -> None:
    """Let the news of a death and a message to the same person never overtake one another."""
    key = func.hashtextextended(f"residents/{resident_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def by_id(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Contact]:
    """Return contacts by their ids."""
    found = await session.scalars(select(Contact).where(Contact.id.in_(ids)))
    return {each.id: each for each in found}


async def get(session: AsyncSession, contact_id: UUID) -> Contact | None:
    """Return one contact."""
    return await session.get(Contact, contact_id)


async def follow(session: AsyncSession, loser_id: UUID, winner_id: UUID) -> None:
    """Let the addresses of a record that was merged be the one's that is kept."""
    await session.execute(
        update(Contact)
        .where(Contact.resident_id == loser_id)
        .values(resident_id=winner_id, version=Contact.version + 1)
    )

"""All SQL about changes themselves: what became of them, and who may see whom in a preview."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.tables import Change
from services.registry.residents.lookups import note, within
from services.registry.residents.reading import Reading
from services.registry.residents.tables import Resident


async def get(session: AsyncSession, source_id: UUID) -> Change | None:
    """Return what became of a case's change."""
    return await session.get(Change, source_id)


async def lock_case(session: AsyncSession, source_id: UUID) -> None:
    """Let nobody else decide this case until the transaction ends."""
    key = func.hashtextextended(f"changes/{source_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def save(session: AsyncSession, change: Change) -> Change:
    """Write down an answer; a later one to the same case takes the place of a refusal."""
    saved = await session.merge(change)
    await session.flush()
    return saved


async def visible(session: AsyncSession, reading: Reading, ids: Collection[UUID]) -> set[UUID]:
    """Return whom of these the caller may see, and note in the access log that they were read."""
    is_own = Resident.id == reading.caller.resident_id
    seen = within(reading.caller, reading.operation, Resident.village_code, is_own)
    wanted = select(Resident.id, Resident.village_code).where(Resident.id.in_(ids), seen)
    found = wanted.cte("found")
    statement = select(found.c.id).add_cte(note(reading, found).cte("noted"))
    return set(await session.scalars(statement))

"""All SQL about changes themselves: what became of them, and who may see whom in a preview."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.changes.tables import Change
from services.registry.families.tables import Membership
from services.registry.residents.lookups import note, within
from services.registry.residents.reading import Reading
from services.registry.residents.store import holder
from services.registry.residents.tables import Alias, Resident
from shared.contract.facts import PersonRef


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


async def resident_of(session: AsyncSession, who: PersonRef) -> UUID | None:
    """Return whom a reference names, under the record that is kept of somebody who had two."""
    named = holder(who.nik) if who.nik else Resident.id == who.resident_id
    kept = func.coalesce(Alias.resident_id, Resident.id)
    joined = select(kept).select_from(Resident).outerjoin(Alias, Alias.nik == Resident.nik)
    return await session.scalar(joined.where(named))


async def household(session: AsyncSession, resident_id: UUID) -> set[UUID]:
    """Return somebody with their parents, their spouse and everybody on their family card."""
    columns = (
        Resident.id, Resident.mother_id, Resident.father_id, Resident.spouse_id,
        Resident.adoptive_mother_id, Resident.adoptive_father_id,
    )  # fmt: skip
    row = (await session.execute(select(*columns).where(Resident.id == resident_id))).one()
    home = select(Resident.family_id).where(Resident.id == resident_id).scalar_subquery()
    together = select(Membership.resident_id).where(
        Membership.family_id == home, func.upper_inf(Membership.period)
    )
    return {each for each in row if each} | set(await session.scalars(together))


async def visible(
    session: AsyncSession, reading: Reading, ids: Collection[UUID]
) -> Sequence[Resident]:
    """Return whom of these the caller may see, and note in the access log that they were read."""
    is_own = Resident.id == reading.caller.resident_id
    seen = within(reading.caller, reading.operation, Resident.village_code, is_own)
    found = select(Resident).where(Resident.id.in_(ids), seen).cte("found")
    person = aliased(Resident, found)
    statement = select(person).add_cte(note(reading, found).cte("noted"))
    return (await session.scalars(statement)).all()

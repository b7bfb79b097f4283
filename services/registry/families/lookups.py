"""Reads for somebody who asks: within what they may see, every member noted as it is read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.families.schemas import Member
from services.registry.families.tables import Family, FamilyVersion, Membership
from services.registry.residents.lookups import note, within
from services.registry.residents.reading import Reading
from services.registry.residents.tables import Resident


def _visible(reading: Reading) -> ColumnElement[bool]:
    own = select(Resident.family_id).where(Resident.id == reading.caller.resident_id)
    is_own = Family.id == own.scalar_subquery()
    return within(reading.caller, reading.operation, Family.village_code, is_own)


async def by_number(session: AsyncSession, reading: Reading, kk_number: str) -> Family | None:
    """Return the family with a number, a closed one as well, if the caller may see it."""
    wanted = select(Family).where(Family.kk_number == kk_number, _visible(reading))
    return await session.scalar(wanted)


async def by_id(session: AsyncSession, reading: Reading, family_id: UUID) -> Family | None:
    """Return a family if the caller may see it."""
    return await session.scalar(select(Family).where(Family.id == family_id, _visible(reading)))


async def members(session: AsyncSession, reading: Reading, family: Family) -> list[Member]:
    """Return who belongs to a family now, in the order of its card, each reading noted."""
    found = (
        select(Resident, Membership.relationship, Membership.position)
        .join(Membership, Membership.resident_id == Resident.id)
        .where(Membership.family_id == family.id, func.upper_inf(Membership.period))
        .cte("found")
    )
    statement = (
        select(aliased(Resident, found), found.c.relationship, found.c.position)
        .order_by(found.c.position, found.c.id)
        .add_cte(note(reading, found, fields="family").cte("noted"))
    )
    return [Member(*row) for row in await session.execute(statement)]


async def versions(session: AsyncSession, family_id: UUID) -> Sequence[FamilyVersion]:
    """Return everything that was ever recorded about a family, oldest first."""
    statement = select(FamilyVersion).where(FamilyVersion.family_id == family_id)
    return (await session.scalars(statement.order_by(FamilyVersion.version))).all()

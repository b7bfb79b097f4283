"""All SQL about regions."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.regions.tables import Region


async def page(
    session: AsyncSession,
    *,
    valid_on: date,
    parent: str | None,
    level: str | None,
    words: str | None,
    after: str | None,
    limit: int,
) -> list[Region]:
    """Return up to `limit` regions that were valid on a day, by code, behind the code `after`."""
    statement = select(Region).where(
        or_(Region.valid_from.is_(None), Region.valid_from <= valid_on),
        or_(Region.valid_to.is_(None), Region.valid_to >= valid_on),
    )
    if parent is not None:
        statement = statement.where(Region.parent_code == parent)
    if level is not None:
        statement = statement.where(Region.level == level)
    if words is not None:
        statement = statement.where(func.strpos(func.lower(Region.name), words.lower()) > 0)
    if after is not None:
        statement = statement.where(Region.code > after)
    return list(await session.scalars(statement.order_by(Region.code).limit(limit)))


async def get(session: AsyncSession, code: str) -> Region | None:
    """Return a region by its code, an old one as well."""
    return await session.get(Region, code)


async def current(session: AsyncSession, code: str) -> Region | None:
    """Return the region that an old or present code means today; None for no code of ours."""
    region = await session.get(Region, code)
    while region is not None and region.successor_code is not None:
        region = await session.get(Region, region.successor_code)
    return region

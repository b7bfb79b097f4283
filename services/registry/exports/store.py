"""All SQL about exports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.exports.schemas import State
from services.registry.exports.tables import Export
from services.registry.families.tables import Family, Membership
from services.registry.regions.tables import Region
from services.registry.residents.lookups import PRESENT, note
from services.registry.residents.reading import Reading
from services.registry.residents.tables import Resident

LEASE = timedelta(seconds=30)
MOST_TRIES = 5

_HOME = ("kk_number", "address", "hamlet", "rt", "rw", "postal_code")
_PERSON = (
    "nik", "full_name", "title_before", "title_after", "sex", "birth_place", "birth_date",
    "religion", "belief_organisation", "blood_type", "marital_status", "marriage_number",
    "marriage_date", "education", "occupation", "citizenship", "permit", "disability",
    "birth_certificate_number", "village_code",
)  # fmt: skip


def _inside(area: str) -> ColumnElement[bool]:
    code = Resident.village_code
    return or_(code == area, and_(code > f"{area}.", code < f"{area}/"))


def _origin(column: Any, name: str) -> ColumnElement[Any]:  # noqa: ANN401 - any column
    """Return what tells of a natural parent; of who was adopted, nothing leaves in a file."""
    adopted = or_(
        Resident.adoptive_mother_id.is_not(None), Resident.adoptive_father_id.is_not(None)
    )
    return case((adopted, None), else_=column).label(name)


async def count(session: AsyncSession, area: str) -> int:
    """Return how many people live in an area."""
    statement = select(func.count()).where(_inside(area), Resident.status.in_(PRESENT))
    return await session.scalar(statement) or 0


async def villages(session: AsyncSession, area: str) -> list[str]:
    """Return the villages of an area in the order of their codes; itself, if it is one."""
    inside = or_(Region.code == area, Region.code.like(f"{area}.%"))
    statement = select(Region.code).where(
        inside, Region.level == "village", Region.valid_to.is_(None)
    )
    return list(await session.scalars(statement.order_by(Region.code)))


async def people(session: AsyncSession, reading: Reading, village: str) -> list[dict[str, Any]]:
    """Return everybody of a village by family, each reading noted in the same statement."""
    mother, father = aliased(Resident), aliased(Resident)
    membership = and_(Membership.resident_id == Resident.id, func.upper_inf(Membership.period))
    found = (
        select(
            Resident.id,
            *(getattr(Resident, name) for name in _PERSON),
            *(getattr(Family, name) for name in _HOME),
            Membership.relationship,
            Membership.position,
            _origin(Resident.mother_name, "mother_name"),
            _origin(Resident.father_name, "father_name"),
            _origin(mother.nik, "mother_nik"),
            _origin(father.nik, "father_nik"),
        )
        .outerjoin(Family, Family.id == Resident.family_id)
        .outerjoin(Membership, membership)
        .outerjoin(mother, mother.id == Resident.mother_id)
        .outerjoin(father, father.id == Resident.father_id)
        .where(Resident.village_code == village, Resident.status.in_(PRESENT))
        .cte("found")
    )
    statement = (
        select(found)
        .order_by(found.c.kk_number, found.c.position, found.c.id)
        .add_cte(note(reading, found, fields="export").cte("noted"))
    )
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def get(session: AsyncSession, export_id: UUID) -> Export | None:
    """Return an export."""
    return await session.get(Export, export_id)


async def page(
    session: AsyncSession, orderer: str | None, before: UUID | None, limit: int
) -> Sequence[Export]:
    """Return exports, the newest first; of one orderer only, if named."""
    statement = select(Export).order_by(Export.id.desc()).limit(limit + 1)
    if orderer is not None:
        statement = statement.where(Export.ordered_by == orderer)
    if before is not None:
        statement = statement.where(Export.id < before)
    return (await session.scalars(statement)).all()


async def claim(session: AsyncSession) -> Export | None:
    """Lease the export that has waited longest."""
    free = or_(Export.leased_until.is_(None), Export.leased_until < func.now())
    waiting = (
        select(Export.id)
        .where(Export.state == State.ORDERED, free)
        .order_by(Export.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    leased = (
        update(Export)
        .where(Export.id == waiting)
        .values(leased_until=func.now() + LEASE, tries=Export.tries + 1)
        .returning(Export)
    )
    return await session.scalar(leased)


async def change(session: AsyncSession, export_id: UUID, **columns: Any) -> None:  # noqa: ANN401
    """Note how far an export is; a lease goes on unless one is named."""
    values = {"leased_until": func.now() + LEASE} | columns
    await session.execute(update(Export).where(Export.id == export_id).values(**values))


async def take_expired(session: AsyncSession, now: datetime) -> list[str]:
    """End files whose time is over; return where they are kept."""
    ended = (
        update(Export)
        .where(Export.state == State.READY, Export.expires_at <= now)
        .values(state=State.EXPIRED)
        .returning(Export.path)
    )
    return [each for each in await session.scalars(ended) if each]

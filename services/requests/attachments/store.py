"""All SQL about attachments."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.attachments.tables import STANDING, Attachment

_STANDS = Attachment.withdrawn_at.is_(None)


async def add(session: AsyncSession, attachment: Attachment) -> bool:
    """Insert a paper unless the case has the same one; waits for whoever is adding it now."""
    values = {
        name: getattr(attachment, name)
        for name in ("id", "case_id", "code", "media_type", "size", "sha256", "kept_by", "kept_at")
    }
    statement = (
        insert(Attachment)
        .values(values)
        .on_conflict_do_nothing(index_elements=["case_id", "code", "sha256"], index_where=STANDING)
        .returning(Attachment.id)
    )
    return await session.scalar(statement) is not None


async def same(session: AsyncSession, case_id: UUID, code: str, sha256: bytes) -> Attachment | None:
    """Return the standing paper of this content, if the case has it."""
    return await session.scalar(
        select(Attachment).where(
            Attachment.case_id == case_id,
            Attachment.code == code,
            Attachment.sha256 == sha256,
            _STANDS,
        )
    )


async def codes(session: AsyncSession, case_id: UUID) -> frozenset[str]:
    """Return the codes of the papers that stand in a case."""
    statement = select(Attachment.code).where(Attachment.case_id == case_id, _STANDS).distinct()
    return frozenset(await session.scalars(statement))


async def list_of(session: AsyncSession, case_id: UUID) -> Sequence[Attachment]:
    """Return the papers that stand in a case, oldest first."""
    statement = select(Attachment).where(Attachment.case_id == case_id, _STANDS)
    return (await session.scalars(statement.order_by(Attachment.id))).all()


async def count(session: AsyncSession, case_id: UUID) -> int:
    """Return how many papers stand in a case."""
    statement = select(func.count()).where(Attachment.case_id == case_id, _STANDS)
    return await session.scalar(statement) or 0


async def one(session: AsyncSession, case_id: UUID, attachment_id: UUID) -> Attachment | None:
    """Return a standing paper of a case."""
    return await session.scalar(
        select(Attachment).where(
            Attachment.case_id == case_id, Attachment.id == attachment_id, _STANDS
        )
    )


async def withdraw(
    session: AsyncSession, case_id: UUID, attachment_id: UUID, by: str, at: datetime
) -> bool:
    """Mark a standing paper of a case as withdrawn; False when there is none."""
    statement = (
        update(Attachment)
        .where(Attachment.case_id == case_id, Attachment.id == attachment_id, _STANDS)
        .values(withdrawn_at=at, withdrawn_by=by)
        .returning(Attachment.id)
    )
    return await session.scalar(statement) is not None


async def standing(session: AsyncSession, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these papers stand."""
    statement = select(Attachment.id).where(Attachment.id.in_(ids), _STANDS)
    return frozenset(await session.scalars(statement))

"""All SQL about documents."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.documents.rules import Standing
from services.registry.documents.tables import Document
from shared.contract.events import IssuedKind

CHANNEL = "documents"

_IN_FORCE = (Standing.QUEUED, Standing.SEALED)


async def lock_series(session: AsyncSession, kind: IssuedKind, about_id: UUID) -> None:
    """Let nobody else number a copy of this thing until the transaction ends."""
    series = func.hashtextextended(f"documents/{kind}/{about_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(series)))


async def last_copy(session: AsyncSession, kind: IssuedKind, about_id: UUID) -> int:
    """Return the number of the latest copy; 0 before the first."""
    latest = select(func.max(Document.copy_number))
    of_this = latest.where(Document.kind == kind, Document.about_id == about_id)
    return await session.scalar(of_this) or 0


async def add(session: AsyncSession, document: Document) -> None:
    """Put a document into the sealer's queue, and wake the sealer at commit."""
    session.add(document)
    await session.flush()
    await session.execute(select(func.pg_notify(CHANNEL, "")))


async def replace(session: AsyncSession, by: Document, today: date) -> None:
    """End every earlier print of the same thing in favour of this one."""
    await session.execute(
        update(Document)
        .where(Document.kind == by.kind, Document.about_id == by.about_id, Document.id != by.id)
        .where(Document.status.in_(_IN_FORCE))
        .values(status=Standing.REPLACED, ended_on=today, ended_by=by.id)
    )


async def revoke(
    session: AsyncSession, about_id: UUID, kinds: Sequence[IssuedKind], today: date
) -> list[UUID]:
    """End every print of a thing that is in force; return which those were."""
    statement = (
        update(Document)
        .where(Document.about_id == about_id, Document.kind.in_(kinds))
        .where(Document.status.in_(_IN_FORCE))
        .values(status=Standing.REVOKED, ended_on=today)
        .returning(Document.id)
    )
    return list(await session.scalars(statement))

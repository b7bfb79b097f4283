"""All SQL about documents."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.documents.rules import Standing
from services.registry.documents.tables import Document, DocumentLink, SignerOutage
from services.registry.residents.lookups import note, within
from services.registry.residents.reading import Reading
from services.registry.residents.tables import Resident
from shared.contract.events import IssuedKind

CHANNEL = "documents"
SHOWN = 200  # documents that wait, in one answer

CANDIDATES = 32  # looked at for one that no other sealer holds; more sealers gain nothing
MOST_ATTEMPTS = 30_000  # counted no further: the column is small

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


async def follow(session: AsyncSession, ended: UUID, kept: UUID) -> None:
    """Let the papers of a record that ended be fetched by whoever is kept in its place."""
    await session.execute(
        update(Document)
        .where(Document.resident_ids.contains([ended]))
        .values(
            resident_ids=func.array_append(func.array_remove(Document.resident_ids, kept), kept)
        )
    )


class Stored(NamedTuple):
    """Where a sealed document lies."""

    path: str
    sha256: str
    bytes: int


async def claim(session: AsyncSession) -> Document | None:
    """Hold the next due document until the transaction ends, without locking its row.

    A row lock would make a change that replaces the print wait for a slow signer. If we die, the
    database lets go at once and another sealer takes over.
    """
    due = (
        Document.issued_at.is_(None),
        Document.due_at <= func.statement_timestamp(),
        ~exists().where(SignerOutage.ended_at.is_(None)),  # nobody knocks where nobody is
    )
    waiting = select(Document.id).where(*due).order_by(Document.due_at, Document.id)
    for document_id in (await session.scalars(waiting.limit(CANDIDATES))).all():
        held = func.pg_try_advisory_xact_lock(func.hashtextextended(f"seal/{document_id}", 0))
        if not await session.scalar(select(held)):
            continue
        # Looked up again: whoever held it may have finished it in between.
        if document := await session.scalar(
            select(Document).where(Document.id == document_id, *due)
        ):
            return document
    return None


async def issue(session: AsyncSession, document_id: UUID, stored: Stored, now: datetime) -> bool:
    """Note that a document is sealed and stored; False if it was already."""
    sealed = case(
        (Document.status == Standing.QUEUED, Standing.SEALED.value), else_=Document.status
    )
    statement = (
        update(Document)
        .where(Document.id == document_id, Document.issued_at.is_(None))
        .values(status=sealed, issued_at=now, last_error=None, **stored._asdict())
        .returning(Document.id)
    )
    return await session.scalar(statement) is not None


async def postpone(session: AsyncSession, document_id: UUID, pause: timedelta, error: str) -> None:
    """Leave a document alone for a while after a failure."""
    await session.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(
            attempts=func.least(Document.attempts + 1, MOST_ATTEMPTS),
            due_at=func.now() + pause,
            last_error=error[:200],
        )
    )


def _visible(reading: Reading) -> ColumnElement[bool]:
    is_own = Document.resident_ids.contains([reading.caller.resident_id])
    return within(reading.caller, reading.operation, Document.village_code, is_own)


async def by_id(session: AsyncSession, reading: Reading, document_id: UUID) -> Document | None:
    """Return a document if the caller may have it; the same statement notes whom it names."""
    found = select(Document).where(Document.id == document_id, _visible(reading)).cte("found")
    named = select(func.unnest(found.c.resident_ids).label("id")).cte("named")
    noted = note(reading, named, fields="document").cte("noted")
    statement = select(aliased(Document, found)).add_cte(noted)
    return (await session.scalars(statement)).one_or_none()


async def names_adopted(session: AsyncSession, document: Document) -> bool:
    """Tell whether a document is about somebody whom a court gave other parents."""
    adopted = or_(
        Resident.adoptive_mother_id.is_not(None), Resident.adoptive_father_id.is_not(None)
    )
    named = select(Resident.id).where(Resident.id.in_(document.resident_ids), adopted)
    return bool(await session.scalar(select(named.exists())))


async def page_of_resident(
    session: AsyncSession, reading: Reading, resident_id: UUID, before: UUID | None, limit: int
) -> Sequence[Document]:
    """Return documents that name somebody and that the caller may have, the newest first."""
    statement = select(Document).where(
        Document.resident_ids.contains([resident_id]), _visible(reading)
    )
    if before is not None:
        statement = statement.where(Document.id < before)
    return (await session.scalars(statement.order_by(Document.id.desc()).limit(limit))).all()


async def by_token(session: AsyncSession, token: str) -> Document | None:
    """Return the document of a QR code."""
    return await session.scalar(select(Document).where(Document.token == token))


async def end_links(session: AsyncSession, document_id: UUID, now: datetime) -> None:
    """Let no earlier link lead to a document any more."""
    earlier = update(DocumentLink).where(DocumentLink.document_id == document_id)
    await session.execute(earlier.where(DocumentLink.ended_at.is_(None)).values(ended_at=now))


async def links(session: AsyncSession, document_id: UUID) -> Sequence[DocumentLink]:
    """Return the links to a document, the newest first; at most 1000."""
    statement = select(DocumentLink).where(DocumentLink.document_id == document_id)
    return (await session.scalars(statement.order_by(DocumentLink.id.desc()).limit(1000))).all()


async def link(
    session: AsyncSession, token_hash: bytes, *, lock: bool = False
) -> tuple[DocumentLink, Document] | None:
    """Return a link and its document; locked, so that no two guesses count as one."""
    statement = (
        select(DocumentLink, Document)
        .join(Document, Document.id == DocumentLink.document_id)
        .where(DocumentLink.token_hash == token_hash)
    )
    if lock:
        statement = statement.with_for_update(of=DocumentLink)
    row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else None


async def note_download(session: AsyncSession, reading: Reading, document_id: UUID) -> None:
    """Write down that a print was fetched, for everybody whom it names."""
    named = (
        select(func.unnest(Document.resident_ids).label("id"))
        .where(Document.id == document_id)
        .cte("named")
    )
    await session.execute(note(reading, named, fields="document"))


async def open_outage(session: AsyncSession, *, lock: bool = False) -> SignerOutage | None:
    """Return the outage that is declared now, if any."""
    statement = select(SignerOutage).where(SignerOutage.ended_at.is_(None))
    return await session.scalar(statement.with_for_update() if lock else statement)


async def outage(session: AsyncSession, outage_id: UUID) -> SignerOutage | None:
    """Return an outage, and keep it as it is until the transaction ends."""
    return await session.scalar(
        select(SignerOutage).where(SignerOutage.id == outage_id).with_for_update()
    )


async def page_of_outages(
    session: AsyncSession, before: UUID | None, limit: int
) -> Sequence[SignerOutage]:
    """Return outages, the newest first."""
    statement = select(SignerOutage).order_by(SignerOutage.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(SignerOutage.id < before)
    return (await session.scalars(statement)).all()


async def try_all_again(session: AsyncSession) -> None:
    """Make every unsealed document due, and wake the sealer at commit."""
    unsealed = update(Document).where(Document.issued_at.is_(None))
    await session.execute(unsealed.values(due_at=func.now(), attempts=0))
    await session.execute(select(func.pg_notify(CHANNEL, "")))


async def unsealed_since(session: AsyncSession, before: datetime) -> Sequence[Document]:
    """Return documents that wait for their seal since before a moment, the oldest first."""
    waiting = select(Document).where(Document.issued_at.is_(None), Document.created_at < before)
    return (await session.scalars(waiting.order_by(Document.created_at).limit(SHOWN))).all()


class Backlog(NamedTuple):
    """What waits for its seal."""

    waiting: int
    failing: int
    oldest: datetime | None


async def backlog(session: AsyncSession) -> Backlog:
    """Count what waits for its seal."""
    failed = func.count().filter(Document.attempts > 0)
    statement = select(func.count(), failed, func.min(Document.created_at))
    row = await session.execute(statement.where(Document.issued_at.is_(None)))
    return Backlog(*row.one())

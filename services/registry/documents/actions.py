"""What can happen to documents before the sealer has them, and after."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import store
from services.registry.documents.rules import Standing
from services.registry.documents.schemas import Content
from services.registry.documents.tables import Document
from shared import outbox
from shared.contract.events import DocumentIssued, IssuedKind

TOKEN_BYTES = 16  # 128 bits: nobody guesses the address of another person's paper


async def queue(
    session: AsyncSession,
    kind: IssuedKind,
    *,
    about_id: UUID,
    resident_ids: Iterable[UUID],
    village_code: str | None,
    case_id: UUID | None,
    content: Content,
    today: date,
) -> Document:
    """Have a document rendered and sealed after commit; it replaces the former print.

    `about_id` is the family, certificate or card that it is a print of.
    """
    await store.lock_series(session, kind, about_id)
    document = Document(
        id=uuid7(),
        kind=kind,
        about_id=about_id,
        resident_ids=list(resident_ids),
        village_code=village_code,
        case_id=case_id,
        copy_number=await store.last_copy(session, kind, about_id) + 1,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        content=content.model_dump(mode="json"),
        status=Standing.QUEUED,
    )
    await store.add(session, document)
    await store.replace(session, document, today)
    return document


async def revoke(
    session: AsyncSession, about_id: UUID, *, today: date, kinds: Iterable[IssuedKind] = IssuedKind
) -> list[UUID]:
    """Take every print of a family, certificate or card out of force; return which those were."""
    return await store.revoke(session, about_id, list(kinds), today)


async def issue(
    session: AsyncSession, document: Document, stored: store.Stored, now: datetime
) -> bool:
    """Put a sealed document into the world and tell its case; False if that has been done."""
    if not await store.issue(session, document.id, stored, now):
        return False
    if document.case_id is not None:
        event = DocumentIssued(
            case_id=document.case_id,
            document_id=document.id,
            kind=IssuedKind(document.kind),
            copy_number=document.copy_number,
            issued_at=now,
        )
        await outbox.add(session, event)
    return True

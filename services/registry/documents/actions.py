"""What can happen to documents before the sealer has them, and after."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import store
from services.registry.documents.rules import CopyReason, Standing
from services.registry.documents.schemas import CONTENT, Content
from services.registry.documents.tables import Document, SignerOutage
from shared import clock, outbox
from shared.contract.events import (
    DocumentIssued,
    Download,
    IssuedKind,
    SignerOutageDeclared,
    SignerOutageEnded,
)
from shared.db import violated_constraint
from shared.language import Words
from shared.operations import Waiting
from shared.problems import Conflict, Problem

PATIENCE = timedelta(minutes=5)  # with the signer, before somebody should look
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
    reason: CopyReason | None = None,
    ordered_by: str | None = None,
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
        reason=reason,
        ordered_by=ordered_by,
    )
    await store.add(session, document)
    await store.replace(session, document, today)
    return document


class NoLongerInForce(Problem):
    """A later print replaced it, or it was revoked."""

    status = 410
    slug = "document-ended"
    title = Words("Dokumen tidak berlaku lagi", "The document is no longer in force")
    advice = Words(
        "Unduh cetakan terbaru dari daftar dokumen.",
        "Download the newest print from the list of documents.",
    )


class PrintedByCardSite(Conflict):
    """Cards are printed on blanks and counted; a lost one is a change."""

    slug = "card-not-copied"
    title = Words("Kartu tidak dapat disalin", "A card is not copied")
    advice = Words(
        "Ajukan penggantian kartu sebagai permohonan.", "File a case to replace the card."
    )


async def copy(
    session: AsyncSession,
    document: Document,
    reason: CopyReason,
    actor: str,
    today: date,
    content: Content | None = None,
) -> Document:
    """Have a print that is in force printed again under the next copy number; the former ends.

    It says what the former said, or `content` where the register says something else by now.

    Raises:
        NoLongerInForce: it has ended, perhaps a moment ago.
        PrintedByCardSite: it is a card.
    """
    kind = IssuedKind(document.kind)
    if kind is IssuedKind.CHILD_CARD:
        raise PrintedByCardSite
    await store.lock_series(session, kind, document.about_id)
    await session.refresh(document)
    if document.status in {Standing.REPLACED, Standing.REVOKED}:
        raise NoLongerInForce(ended_on=str(document.ended_on))
    return await queue(
        session,
        kind,
        about_id=document.about_id,
        resident_ids=document.resident_ids,
        village_code=document.village_code,
        case_id=None,
        content=content or CONTENT[kind].model_validate(document.content),
        today=today,
        reason=reason,
        ordered_by=actor,
    )


async def revoke(
    session: AsyncSession, about_id: UUID, *, today: date, kinds: Iterable[IssuedKind] = IssuedKind
) -> list[UUID]:
    """Take every print of a family, certificate or card out of force; return which those were."""
    return await store.revoke(session, about_id, list(kinds), today)


async def issue(
    session: AsyncSession,
    document: Document,
    stored: store.Stored,
    now: datetime,
    download: Download | None = None,
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
            download=download,
        )
        await outbox.add(session, event)
    return True


async def waiting(session: AsyncSession) -> list[Waiting]:
    """List documents that have waited too long for their seal, for whoever watches the services."""
    late = await store.unsealed_since(session, clock.now() - PATIENCE)
    return [
        Waiting(kind="document-without-seal", subject=str(each.id), since=each.created_at)
        for each in late
    ]


class OutageDeclared(Conflict):
    """One is declared already, and has not ended."""

    slug = "signer-outage-declared"
    title = Words("Gangguan sudah dinyatakan", "An outage is declared already")


class OutageEnded(Conflict):
    """It was ended before."""

    slug = "signer-outage-ended"
    title = Words("Gangguan sudah berakhir", "The outage has ended already")


async def declare_outage(
    session: AsyncSession, reason: str, actor: str, now: datetime
) -> SignerOutage:
    """Keep every document from the signer until the outage ends, and let cases pause.

    Raises:
        OutageDeclared: one is open.
    """
    outage = SignerOutage(id=uuid7(), reason=reason, declared_at=now, declared_by=actor)
    try:
        async with session.begin_nested():
            session.add(outage)
    except IntegrityError as error:
        if violated_constraint(error) != "uq_signer_outages_open":
            raise
        raise OutageDeclared from error
    await outbox.add(session, SignerOutageDeclared(outage_id=outage.id, declared_at=now))
    return outage


async def end_outage(
    session: AsyncSession, outage_id: UUID, actor: str, now: datetime
) -> SignerOutage | None:
    """Let the sealer go on with what has waited; None when there is no such outage.

    Raises:
        OutageEnded: it was ended before.
    """
    outage = await store.outage(session, outage_id)
    if outage is None:
        return None
    if outage.ended_at is not None:
        raise OutageEnded
    outage.ended_at, outage.ended_by = now, actor
    await session.flush()
    await store.try_all_again(session)
    news = SignerOutageEnded(
        outage_id=outage.id, declared_at=outage.declared_at, ended_at=outage.ended_at
    )
    await outbox.add(session, news)
    return outage

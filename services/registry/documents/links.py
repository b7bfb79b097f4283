"""Fetching a print without logging in: an address that nobody guesses, and a PIN.

Permendagri 7/2019: the citizen fetches the sealed PDF by a link and a PIN. The two go different
ways, so that a telephone number that somebody else has by now gives nothing away.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import store
from services.registry.documents.actions import TOKEN_BYTES
from services.registry.documents.rules import PIN_DIGITS, LinkState, download_url, link_state
from services.registry.documents.tables import Document, DocumentLink
from services.registry.residents.reading import Reading
from shared.auth import Principal
from shared.contract.events import Download, IssuedKind
from shared.sealed import keyring

DAYS = 30  # that an applicant has to fetch a paper
PURPOSE = "unduh dengan tautan dan PIN"


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a link; neither is kept in a readable form."""

    token: str
    pin: str


def _hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _hash_pin(link_id: UUID, pin: str) -> bytes:
    return keyring().blind_index(f"document-link|{link_id}|{pin}")


def state_of(link: DocumentLink, now: datetime) -> LinkState:
    """Return whether a link leads to its print."""
    return link_state(now, link.expires_at, link.ended_at, link.attempts)


async def make(
    session: AsyncSession, document_id: UUID, actor: str, now: datetime, days: int
) -> tuple[DocumentLink, Key]:
    """Make a link to a print, in place of earlier ones; this is the only time its key is told."""
    key = Key(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        pin=f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}",
    )
    await store.end_links(session, document_id, now)
    link_id = uuid7()
    link = DocumentLink(
        id=link_id,
        document_id=document_id,
        token_hash=_hash_token(key.token),
        pin_hash=_hash_pin(link_id, key.pin),
        expires_at=now + timedelta(days=days),
        made_by=actor,
        created_at=now,
        attempts=0,
        downloads=0,
    )
    session.add(link)
    await session.flush()
    return link, key


async def for_case(
    session: AsyncSession, document: Document, public_url: object, now: datetime
) -> Download | None:
    """Make the link that goes to the applicant of a case; cards are handed over, not fetched."""
    kind = IssuedKind(document.kind)
    if document.case_id is None or kind is IssuedKind.CHILD_CARD:
        return None
    link, key = await make(session, document.id, "system", now, DAYS)
    return Download(
        document_id=document.id,
        kind=kind,
        url=download_url(public_url, key.token),
        pin=key.pin,
        expires_at=link.expires_at,
    )


async def find(session: AsyncSession, token: str) -> tuple[DocumentLink, Document] | None:
    """Return a link and its print by the address."""
    return await store.link(session, _hash_token(token))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a PIN."""

    state: LinkState
    document: Document | None = None  # only where the PIN was right
    tries_left: int = 0


async def open_with(
    session: AsyncSession, token: str, pin: str, now: datetime, most: int
) -> Answer | None:
    """Try a PIN; None when there is no such link. A wrong one counts: let this be committed."""
    found = await store.link(session, _hash_token(token), lock=True)
    if found is None:
        return None
    link, document = found
    state = state_of(link, now)
    if state is not LinkState.OPEN:
        return Answer(state)
    if not hmac.compare_digest(link.pin_hash, _hash_pin(link.id, pin)):
        link.attempts += 1
        await session.flush()
        return Answer(state_of(link, now), tries_left=max(0, most - link.attempts))
    link.attempts = 0
    return Answer(LinkState.OPEN, document)


async def count(session: AsyncSession, token: str, now: datetime) -> None:
    """Count a download, and write down whose paper was fetched."""
    found = await store.link(session, _hash_token(token), lock=True)
    assert found is not None  # noqa: S101 - it was opened in this transaction
    link, document = found
    link.downloads, link.last_download_at = link.downloads + 1, now
    bearer = Principal(sub=f"link/{link.id}", roles=frozenset({"WARGA"}))
    await session.flush()
    await store.note_download(session, Reading(bearer, PURPOSE, "documents.download"), document.id)

"""What happens to papers: they are kept, read, withdrawn, and in the end removed.

A file is written before the transaction commits. If the transaction fails afterwards, the file
stays behind, sealed and known to nobody; `pruning` removes it.
"""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.requests.attachments import store
from services.requests.attachments.problems import TooManyAttachments, refusal
from services.requests.attachments.rules import MAX_BYTES, PER_CASE, Unfit, examine
from services.requests.attachments.tables import Attachment
from shared import clock
from shared.files import Files
from shared.problems import NotFound

FOLDER = "attachments"


_CHUNK = 64 * 1024
_checks = ThreadPoolExecutor(2, "attachments")  # a large picture takes 150 MB while it is drawn


class Upload(Protocol):
    """Something that is being received, such as FastAPI's UploadFile."""

    async def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


async def receive(upload: Upload) -> bytes:
    """Return an upload's content.

    Raises:
        AttachmentTooLarge: as soon as there is more than we take.
    """
    content = bytearray()
    while chunk := await upload.read(_CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            raise refusal(Unfit.TOO_LARGE)
    return bytes(content)


async def keep(
    session: AsyncSession, files: Files, *, case_id: UUID, code: str, content: bytes, by: str
) -> Attachment:
    """Keep a paper of a case, sealed; the same one again is the one that is there already.

    The caller has made sure that the case exists, is open, and takes papers of this code.

    Raises:
        shared.problems.Problem: it is not fit to be kept (see attachments.problems).
        TooManyAttachments: the case has no room for it.
    """
    fit = await asyncio.get_running_loop().run_in_executor(_checks, examine, content)
    if isinstance(fit, Unfit):
        raise refusal(fit)
    paper = Attachment(
        id=uuid7(),
        case_id=case_id,
        code=code,
        media_type=fit.media_type,
        size=len(fit.content),
        sha256=hashlib.sha256(fit.content).digest(),
        kept_at=clock.now(),
        kept_by=by,
    )
    if not await store.add(session, paper):
        return await _same(session, paper)
    if await store.count(session, case_id) > PER_CASE:
        raise TooManyAttachments
    await files.keep_sealed(path_of(case_id, paper.id), fit.content)
    return paper


async def _same(session: AsyncSession, paper: Attachment) -> Attachment:
    found = await store.same(session, paper.case_id, paper.code, paper.sha256)
    if found is None:  # withdrawn between the two statements
        raise NotFound
    return found


def path_of(case_id: UUID, attachment_id: UUID) -> str:
    """Return where a paper is kept; the content opens there and nowhere else."""
    return f"{FOLDER}/{case_id}/{attachment_id}"


async def read(
    session: AsyncSession, files: Files, case_id: UUID, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """Return a standing paper of a case with its content.

    Raises:
        NotFound: the case has no such paper.
    """
    paper = await store.one(session, case_id, attachment_id)
    if paper is None:
        raise NotFound
    return paper, await files.read_sealed(path_of(case_id, attachment_id))


async def withdraw(session: AsyncSession, case_id: UUID, attachment_id: UUID, by: str) -> None:
    """Take a paper back: it no longer counts, and `pruning` removes its content.

    Raises:
        NotFound: the case has no such paper.
    """
    if not await store.withdraw(session, case_id, attachment_id, by, clock.now()):
        raise NotFound

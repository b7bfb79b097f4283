"""What people do with batches: send, look through, clear, commit, cancel, roll back."""

import asyncio
import hashlib
from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.changes.remarks import remark
from services.registry.imports import store
from services.registry.imports.rules import Outcome
from services.registry.imports.schemas import Result, State
from services.registry.imports.tables import Batch, Row
from services.registry.spreadsheets.reading import MAX_BYTES, CannotRead, media_type
from shared import clock
from shared.auth import Principal, covers
from shared.files import Files
from shared.language import Words
from shared.problems import NotFound, Problem, Refused, TooLarge, Wrong
from shared.versions import check

FOLDER = "imports"
_CHUNK = 256 * 1024


class NotNow(Problem):
    """The batch is not in a state in which this can be done."""

    status = 409
    slug = "import-not-in-this-state"
    title = Words(
        "Impor tidak dalam keadaan untuk tindakan ini", "The import is not in a state for this"
    )


class TwoPeople(Problem):
    """Who sent a workbook does not commit it: two people look at what is written."""

    status = 409
    slug = "import-needs-another-person"
    title = Words(
        "Impor disahkan oleh orang lain daripada pengirimnya",
        "An import is committed by somebody other than its sender",
    )


class Upload(Protocol):
    """Something that is being received, such as FastAPI's UploadFile."""

    async def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


async def receive(upload: Upload) -> bytes:
    """Return an upload's content.

    Raises:
        TooLarge: as soon as there is more than we take.
    """
    content = bytearray()
    while chunk := await upload.read(_CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            raise TooLarge
    return bytes(content)


async def send(
    session: AsyncSession,
    files: Files,
    content: bytes,
    *,
    caller: Principal,
    areas: Collection[str],
    purpose: str,
    village_code: str | None,
    whole_of: str | None,
    registers: bool,
) -> Batch:
    """Keep a workbook, sealed, for its dry run.

    Raises:
        Refused: it is no workbook that we read, or for a village outside the caller's areas.
    """
    wrong = [
        _wrong(f"/{name}", "VILLAGE_NOT_YOURS")
        for name, code in (("village_code", village_code), ("whole_of", whole_of))
        if code is not None and not covers(areas, code)
    ]
    try:
        media = await asyncio.to_thread(media_type, content)
    except CannotRead as error:
        raise Refused([*wrong, _wrong("/file", error.why)]) from error
    if wrong:
        raise Refused(wrong)
    batch_id = uuid7()
    batch = Batch(
        id=batch_id,
        state=State.SENT,
        media_type=media,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        path=f"{FOLDER}/{batch_id}",
        village_code=village_code,
        whole_of=whole_of,
        registers=registers,
        areas=sorted(areas),
        sent_by=caller.sub,
        purpose=purpose,
        sent_at=clock.now(),
    )
    session.add(batch)
    await session.flush()
    await files.keep_sealed(batch.path, content)
    return batch


def _wrong(pointer: str, rule: str) -> Wrong:
    said = remark(rule, pointer)
    return Wrong(pointer, rule, said.text_id, said.text_en)


async def begin_commit(
    session: AsyncSession, batch_id: UUID, caller: Principal, expected: int
) -> Batch:
    """Have the rows of a dry run written.

    Raises:
        NotFound, NotNow, TwoPeople, VersionChanged: it is not to be.
    """
    batch = await _locked(session, batch_id, expected, State.CHECKED)
    if batch.sent_by == caller.sub:
        raise TwoPeople
    batch.state = State.COMMITTING
    batch.committed_by = caller.sub
    batch.done = batch.total - await store.count_pending(session, batch.id)
    await session.flush()
    return batch


async def begin_roll_back(
    session: AsyncSession, batch_id: UUID, caller: Principal, reason: str, expected: int
) -> Batch:
    """Have a committed batch taken back, as far as nothing else changed since.

    Raises:
        NotFound, NotNow, VersionChanged: it is not to be.
    """
    batch = await _locked(session, batch_id, expected, State.COMMITTED)
    batch.state = State.ROLLING_BACK
    batch.rolled_back_by, batch.reason = caller.sub, reason
    batch.done, batch.total = 0, batch.applied.get(Result.APPLIED, 0)
    await session.flush()
    return batch


async def cancel(session: AsyncSession, batch_id: UUID, caller: Principal, expected: int) -> Batch:
    """Put a batch aside that was not committed; its sender or the agency does.

    Raises:
        NotFound, NotNow, VersionChanged: it is not to be.
    """
    batch = await _locked(session, batch_id, expected, State.CHECKED, State.REFUSED)
    if batch.sent_by != caller.sub:
        raise NotFound
    batch.state = State.CANCELLED
    await session.flush()
    return batch


async def _locked(session: AsyncSession, batch_id: UUID, expected: int, *states: State) -> Batch:
    batch = await store.get(session, batch_id, lock=True)
    if batch is None:
        raise NotFound
    check(expected, batch.version)
    if batch.state not in states:
        raise NotNow
    return batch


async def clear(
    session: AsyncSession, batch_id: UUID, number: int, caller: Principal, reason: str
) -> Row:
    """Decide that a row is none of those whom it resembles; its family goes on with it.

    Raises:
        NotFound: there is no such row.
        NotNow: it is not suspected, or the batch is not open any more.
    """
    batch = await store.get(session, batch_id, lock=True)
    row = await store.one_row(session, batch_id, number)
    if batch is None or row is None:
        raise NotFound
    if batch.state != State.CHECKED or row.outcome != Outcome.SUSPECT:
        raise NotNow
    row.outcome = Outcome.NEW if row.nik else Outcome.WITHOUT_NIK
    row.cleared_by, row.cleared_reason = caller.sub, reason
    await session.flush()
    if row.outcome == Outcome.NEW or batch.registers:
        await store.release(session, batch_id, number)
    batch.counts = await store.outcomes(session, batch_id)
    await session.flush()
    return row

"""The queue of documents: each is sealed once, whatever dies, and none holds up another."""

import asyncio
import hashlib
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import actions
from services.registry.documents.rendering import Signatory
from services.registry.documents.rules import Standing
from services.registry.documents.sealing import KeyFileSigner
from services.registry.documents.store import Stored
from services.registry.documents.tables import Document
from services.registry.sealer import Sealer
from services.registry.settings import Settings
from shared import clock, outbox
from shared.contract.events import DocumentIssued, Event, IssuedKind
from shared.db import Sessions
from shared.envelope import Envelope
from shared.files import Files
from tests.registry.documents.processes import start, until
from tests.registry.documents.samples import BIRTH, CONTENTS, queue
from tests.registry.documents.test_sealing import is_ours

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


async def get(database: Sessions, document: Document) -> Document:
    async with database() as session:
        return (await session.scalars(select(Document).where(Document.id == document.id))).one()


async def events(database: Sessions) -> list[Event]:
    async with database() as session:
        rows = await session.scalars(
            select(outbox.table.c.envelope).order_by(outbox.table.c.position)
        )
        return [Envelope.model_validate(each).event() for each in rows]


async def announced(database: Sessions) -> list[DocumentIssued]:
    return [each for each in await events(database) if isinstance(each, DocumentIssued)]


async def pending(database: Sessions) -> int:
    async with database() as session:
        waiting = select(func.count()).where(Document.issued_at.is_(None))
        return await session.scalar(waiting) or 0


async def make_due(database: Sessions) -> None:
    async with database.begin() as session:
        await session.execute(update(Document).values(due_at=func.now()))


def kept_in(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


async def drain(sealer: Sealer) -> None:
    while await sealer.step():
        pass


async def test_a_queued_document_is_sealed_stored_and_announced(
    database: Sessions, sealer: Sealer, files: Files, registry: Settings
) -> None:
    case_id = uuid7()
    async with database.begin() as session:
        queued = await queue(session, case_id=case_id)
    assert await sealer.step()
    assert not await sealer.step()
    document = await get(database, queued)
    assert document.status == Standing.SEALED
    assert document.path is not None
    pdf = await files.read_sealed(document.path)
    assert (document.sha256, document.bytes) == (hashlib.sha256(pdf).hexdigest(), len(pdf))
    assert await is_ours(pdf, registry.signer_chain)
    (event,) = await announced(database)
    assert (event.case_id, event.document_id, event.kind) == (case_id, document.id, document.kind)
    assert (event.copy_number, event.issued_at) == (1, document.issued_at)


async def test_papers_of_every_kind_are_sealed(database: Sessions, sealer: Sealer) -> None:
    async with database.begin() as session:
        for kind in CONTENTS:
            await queue(session, kind)
    await drain(sealer)
    async with database() as session:
        rows = await session.execute(select(Document.kind, Document.status))
        assert {each.kind: each.status for each in rows} == dict.fromkeys(IssuedKind, "SEALED")


async def test_files_at_rest_name_nobody(
    database: Sessions, sealer: Sealer, tmp_path: Path
) -> None:
    async with database.begin() as session:
        await queue(session)
    await drain(sealer)
    (kept,) = kept_in(tmp_path)
    assert b"%PDF" not in kept.read_bytes()
    assert BIRTH.nik not in str(kept)


async def test_a_document_of_no_case_is_sealed_silently(database: Sessions, sealer: Sealer) -> None:
    async with database.begin() as session:
        queued = await queue(session)
    await drain(sealer)
    assert (await get(database, queued)).status == Standing.SEALED
    assert await announced(database) == []


async def test_nothing_is_queued_by_a_change_that_fails(database: Sessions, sealer: Sealer) -> None:
    async with database() as session:
        await queue(session)
        await session.rollback()
    assert not await sealer.step()


async def test_a_new_print_ends_the_former(database: Sessions, sealer: Sealer) -> None:
    about = uuid7()
    async with database.begin() as session:
        first = await queue(session, about_id=about)
        other = await queue(session, IssuedKind.FAMILY_CARD, about_id=about)
    await drain(sealer)
    async with database.begin() as session:
        second = await queue(session, about_id=about)
    first = await get(database, first)
    assert (first.status, first.ended_on, first.ended_by) == (
        Standing.REPLACED,
        clock.today(),
        second.id,
    )
    assert (first.copy_number, second.copy_number) == (1, 2)
    assert first.token != second.token
    assert (await get(database, other)).status == Standing.SEALED


async def test_a_print_replaced_in_the_queue_still_reaches_its_case(
    database: Sessions, sealer: Sealer
) -> None:
    about, cases = uuid7(), [uuid7(), uuid7()]
    for case_id in cases:
        async with database.begin() as session:
            await queue(session, IssuedKind.FAMILY_CARD, about_id=about, case_id=case_id)
    await drain(sealer)
    assert {each.case_id for each in await announced(database)} == set(cases)
    async with database() as session:
        prints = list(await session.scalars(select(Document).order_by(Document.copy_number)))
    assert [each.status for each in prints] == [Standing.REPLACED, Standing.SEALED]


async def test_copies_counted_at_once_get_numbers_of_their_own(database: Sessions) -> None:
    about = uuid7()

    async def one() -> None:
        async with database.begin() as session:
            await queue(session, about_id=about)

    await asyncio.gather(*(one() for _ in range(8)))
    async with database() as session:
        prints = list(await session.scalars(select(Document).order_by(Document.copy_number)))
    assert [each.copy_number for each in prints] == list(range(1, 9))
    assert [each.status for each in prints] == [Standing.REPLACED] * 7 + [Standing.QUEUED]


async def test_what_is_revoked_is_no_longer_in_force(database: Sessions, sealer: Sealer) -> None:
    about = uuid7()
    async with database.begin() as session:
        document = await queue(session, about_id=about)
    await drain(sealer)
    async with database.begin() as session:
        assert await actions.revoke(session, about, today=clock.today()) == [document.id]
        assert await actions.revoke(session, about, today=clock.today()) == []
    document = await get(database, document)
    assert (document.status, document.ended_on) == (Standing.REVOKED, clock.today())


async def test_several_sealers_seal_each_document_once(
    database: Sessions, files: Files, signer: KeyFileSigner, registry: Settings
) -> None:
    async with database.begin() as session:
        for _ in range(20):
            await queue(session, case_id=uuid7())
    several = [Sealer(database, files, signer, registry.public_url) for _ in range(3)]
    await asyncio.gather(*map(drain, several))
    events = await announced(database)
    assert len(events) == 20
    assert len({each.document_id for each in events}) == 20


class Failing:
    """A signing service that is down until somebody brings it back; also a slow one."""

    def __init__(self, signer: KeyFileSigner) -> None:
        self._signer = signer
        self.down = True
        self.started = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    @property
    def signatory(self) -> Signatory:
        return self._signer.signatory

    async def seal(self, pdf: bytes) -> bytes:
        self.started.set()
        await self.go_on.wait()
        if self.down:
            raise ConnectionError(f"cannot sign for {BIRTH.full_name}, {BIRTH.nik}")
        return await self._signer.seal(pdf)


@pytest.fixture
def failing(signer: KeyFileSigner) -> Failing:
    return Failing(signer)


async def test_a_failing_signer_delays_and_recovers(
    database: Sessions,
    files: Files,
    failing: Failing,
    registry: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sealer = Sealer(database, files, failing, registry.public_url)
    async with database.begin() as session:
        queued = [await queue(session, case_id=uuid7()) for _ in range(2)]
    await drain(sealer)
    for each in queued:
        document = await get(database, each)
        assert (document.status, document.attempts) == (Standing.QUEUED, 1)
        assert document.due_at > clock.now()
        assert document.last_error is not None
        assert document.last_error.startswith("ConnectionError in seal")
        assert BIRTH.nik not in document.last_error
    assert await announced(database) == []

    failing.down = False
    assert not await sealer.step()  # not before they are due
    await make_due(database)
    await drain(sealer)
    assert len(await announced(database)) == 2
    assert (await get(database, queued[0])).last_error is None


async def test_a_document_that_cannot_be_drawn_blocks_nobody(
    database: Sessions, sealer: Sealer
) -> None:
    async with database.begin() as session:
        odd = BIRTH.model_copy(update={"full_name": "Bima ꦧ"})
        bad = await queue(session, content=odd)
        good = await queue(session)
    await drain(sealer)
    assert (await get(database, bad)).status == Standing.QUEUED
    assert (await get(database, good)).status == Standing.SEALED


async def test_a_slow_signer_delays_no_change(
    database: Sessions, files: Files, failing: Failing, registry: Settings
) -> None:
    failing.down = False
    failing.go_on.clear()
    about, case_id = uuid7(), uuid7()
    async with database.begin() as session:
        first = await queue(session, about_id=about, case_id=case_id)
    step = asyncio.create_task(Sealer(database, files, failing, registry.public_url).step())
    await failing.started.wait()
    async with asyncio.timeout(2), database.begin() as session:
        await queue(session, about_id=about)
    failing.go_on.set()
    assert await step
    first = await get(database, first)
    assert (first.status, first.path is None) == (Standing.REPLACED, False)
    assert [each.case_id for each in await announced(database)] == [case_id]


async def test_commits_wake_the_sealer(
    database: Sessions, sealer: Sealer, engines: dict[str, AsyncEngine]
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(sealer.run(engines["registry"], stop))
    try:
        for kind in list(CONTENTS)[:3]:
            async with database.begin() as session:
                await queue(session, kind)
            await until(lambda: _none_pending(database))
    finally:
        stop.set()
        await running


async def _none_pending(database: Sessions) -> bool:
    return await pending(database) == 0


async def test_told_to_stop_it_ends_well(database: Sessions, registry: Settings) -> None:
    async with database.begin() as session:
        for _ in range(3):
            await queue(session)
    async with start("services.registry.sealer", registry) as process:
        await until(lambda: _none_pending(database))
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() == 0


async def test_killed_between_store_and_commit_it_is_sealed_once_afterwards(
    database: Sessions, sealer: Sealer, files: Files, registry: Settings, tmp_path: Path
) -> None:
    case_id = uuid7()
    async with database.begin() as session:
        queued = await queue(session, case_id=case_id)
    async with start("tests.registry.documents.dying_sealer", registry) as process:
        async with asyncio.timeout(30):
            assert await process.wait() == -signal.SIGKILL
    assert len(kept_in(tmp_path)) == 1
    assert (await get(database, queued)).status == Standing.QUEUED
    await until(sealer.step)  # as soon as the database has noticed
    document = await get(database, queued)
    assert document.path is not None
    pdf = await files.read_sealed(document.path)
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    assert [each.case_id for each in await announced(database)] == [case_id]
    assert not await sealer.step()


async def test_it_leaves_no_large_library_to_the_other_processes() -> None:
    program = (
        "import sys, services.registry.app, services.registry.worker;"
        "print([each for each in ('pyhanko', 'typst') if each in sys.modules])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert output.decode().strip() == "[]"


async def issue_twice(session: AsyncSession, document: Document) -> list[bool]:
    stored = Stored("documents/x", "0" * 64, 1)
    return [await actions.issue(session, document, stored, clock.now()) for _ in range(2)]


async def test_a_document_is_issued_once(database: Sessions) -> None:
    async with database.begin() as session:
        document = await queue(session, case_id=uuid7())
        assert await issue_twice(session, document) == [True, False]
    assert len(await announced(database)) == 1

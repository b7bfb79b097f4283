"""Papers on a real database and a real disk."""

import asyncio
import hashlib
import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi import UploadFile
from uuid_utils.compat import uuid7

from services.requests.attachments import actions, pruning, store
from services.requests.attachments.problems import (
    AttachmentTooLarge,
    AttachmentTypeNotAccepted,
    TooManyAttachments,
    refusal,
)
from services.requests.attachments.rules import MAX_BYTES, Unfit
from services.requests.attachments.tables import Attachment
from shared.db import Sessions
from shared.files import Files, NoSuchFile
from shared.problems import NotFound
from shared.sealed import CannotOpen
from tests.requests.attachments.uploads import pdf, picture

pytestmark = pytest.mark.anyio

CASE = UUID("01980000-0000-7000-8000-000000000001")


@pytest.fixture
def requests(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["requests"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(folder: Path) -> Files:
    return Files.at(folder.as_uri())


async def keep(
    requests: Sessions, files: Files, content: bytes, code: str = "KK_COPY", case: UUID = CASE
) -> Attachment:
    async with requests.begin() as session:
        return await actions.keep(
            session, files, case_id=case, code=code, content=content, by="citizen-1"
        )


def on_disk(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


async def test_a_paper_is_kept_sealed_and_read_back(
    requests: Sessions, files: Files, folder: Path
) -> None:
    content = pdf(pages=2)
    paper = await keep(requests, files, content)

    (file,) = on_disk(folder)
    assert file.relative_to(folder).as_posix() == f"attachments/{CASE}/{paper.id}"
    kept = file.read_bytes()
    assert b"%PDF" not in kept
    assert b"/Catalog" not in kept
    async with requests() as session:
        found, plain = await actions.read(session, files, CASE, paper.id)
    assert plain == content
    assert found.sha256 == hashlib.sha256(content).digest()
    assert (found.media_type, found.size, found.kept_by) == (
        "application/pdf",
        len(content),
        "citizen-1",
    )


async def test_a_file_moved_to_another_case_does_not_open(
    requests: Sessions, files: Files, folder: Path
) -> None:
    mine, other = await keep(requests, files, pdf()), uuid4()
    theirs = await keep(requests, files, pdf(pages=2), case=other)
    source = folder / actions.path_of(CASE, mine.id)
    (folder / actions.path_of(other, theirs.id)).write_bytes(source.read_bytes())

    async with requests() as session:
        with pytest.raises(CannotOpen):
            await actions.read(session, files, other, theirs.id)


async def test_the_same_picture_sent_five_times_at_once_is_one_paper(
    requests: Sessions, files: Files, folder: Path
) -> None:
    content = picture()
    papers = await asyncio.gather(*(keep(requests, files, content) for _ in range(5)))

    assert len({each.id for each in papers}) == 1
    assert len(on_disk(folder)) == 1
    async with requests() as session:
        assert len(await store.list_of(session, CASE)) == 1


async def test_the_same_content_serves_for_two_papers_and_two_cases(
    requests: Sessions, files: Files
) -> None:
    content = pdf()
    one = await keep(requests, files, content)
    two = await keep(requests, files, content, code="KTP_COPY")
    three = await keep(requests, files, content, case=uuid4())

    assert len({one.id, two.id, three.id}) == 3
    async with requests() as session:
        assert await store.codes(session, CASE) == {"KK_COPY", "KTP_COPY"}


async def test_what_is_withdrawn_no_longer_counts_and_can_be_sent_again(
    requests: Sessions, files: Files
) -> None:
    content = pdf()
    paper = await keep(requests, files, content)
    async with requests.begin() as session:
        await actions.withdraw(session, CASE, paper.id, "citizen-1")

    async with requests() as session:
        assert await store.codes(session, CASE) == frozenset()
        assert await store.list_of(session, CASE) == []
        with pytest.raises(NotFound):
            await actions.read(session, files, CASE, paper.id)
        with pytest.raises(NotFound):
            await actions.withdraw(session, CASE, paper.id, "citizen-1")
    assert (await keep(requests, files, content)).id != paper.id


async def test_a_paper_of_another_case_is_not_there(requests: Sessions, files: Files) -> None:
    paper = await keep(requests, files, pdf())

    async with requests() as session:
        for case, attachment in ((uuid4(), paper.id), (CASE, uuid4())):
            with pytest.raises(NotFound):
                await actions.read(session, files, case, attachment)
            with pytest.raises(NotFound):
                await actions.withdraw(session, case, attachment, "stranger")


async def test_what_is_not_fit_leaves_nothing(
    requests: Sessions, files: Files, folder: Path
) -> None:
    with pytest.raises(AttachmentTypeNotAccepted):
        await keep(requests, files, b"<svg/>")

    assert on_disk(folder) == []
    async with requests() as session:
        assert await store.list_of(session, CASE) == []


async def test_a_case_has_room_for_so_many(
    requests: Sessions, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PER_CASE", 2)
    await keep(requests, files, pdf())
    await keep(requests, files, pdf(pages=2))

    with pytest.raises(TooManyAttachments):
        await keep(requests, files, pdf(pages=3))
    again = await keep(requests, files, pdf())  # the same again takes no room
    assert again.code == "KK_COPY"


async def test_reading_stops_when_there_is_too_much() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(AttachmentTooLarge):
        await actions.receive(UploadFile(endless))  # type: ignore[arg-type]
    assert endless.given <= MAX_BYTES + 2 * 64 * 1024

    exact = UploadFile(io.BytesIO(b"x" * MAX_BYTES))
    assert len(await actions.receive(exact)) == MAX_BYTES


async def test_a_transaction_that_fails_leaves_a_file_that_is_pruned(
    requests: Sessions, files: Files, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = await keep(requests, files, pdf())
    withdrawn = await keep(requests, files, pdf(pages=2))

    async def then_fail() -> None:
        async with requests.begin() as session:
            await actions.keep(
                session, files, case_id=CASE, code="KTP_COPY", content=pdf(pages=3), by="x"
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await then_fail()
    async with requests.begin() as session:
        await actions.withdraw(session, CASE, withdrawn.id, "citizen-1")

    assert await pruning.prune(requests, files) == 0  # too fresh to be sure
    assert len(on_disk(folder)) == 3
    monkeypatch.setattr(pruning, "GRACE", -timedelta(seconds=5))
    assert await pruning.prune(requests, files) == 2
    assert await pruning.prune(requests, files) == 0
    async with requests() as session:
        assert await actions.read(session, files, CASE, standing.id)
    with pytest.raises(NoSuchFile):
        await files.read(actions.path_of(CASE, withdrawn.id))


async def test_a_name_that_is_none_of_ours_stays(
    requests: Sessions, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.keep("attachments/readme.txt", b"by somebody")
    await files.keep(f"elsewhere/{uuid7()}", b"by somebody")
    monkeypatch.setattr(pruning, "GRACE", -timedelta(seconds=5))

    assert await pruning.prune(requests, files) == 0
    assert await files.read("attachments/readme.txt") == b"by somebody"


@pytest.mark.parametrize("reason", list(Unfit))
def test_every_reason_is_a_problem_that_says_what_to_do(reason: Unfit) -> None:
    problem = refusal(reason)

    assert problem.slug == reason.value
    assert problem.status in {413, 415, 422}
    assert problem.advice is not None
    assert problem.advice.id != problem.advice.en


async def test_a_worker_prunes_until_it_is_told_to_stop(
    requests: Sessions, files: Files, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "GRACE", -timedelta(seconds=5))
    monkeypatch.setattr(pruning, "PRUNE_SECONDS", 0.01)
    await files.keep_sealed(actions.path_of(CASE, uuid7()), b"of nobody")
    stop = asyncio.Event()
    work = asyncio.create_task(pruning.pruning(files)(requests, stop))

    async with asyncio.timeout(20):
        while on_disk(folder):  # noqa: ASYNC110 - a disk rings no bell
            await asyncio.sleep(0.01)
        stop.set()
        await work

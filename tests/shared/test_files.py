import os
from pathlib import Path

import pytest

from shared import sealed
from shared.files import AlreadyKept, Files, NoSuchFile
from shared.sealed import CannotOpen, Keyring

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "not" / "there" / "yet"


@pytest.fixture
def files(folder: Path) -> Files:
    sealed.use(Keyring({"k": b"k" * 32}, b"i" * 32))
    return Files.at(folder.as_uri())


async def test_a_file_is_kept_once_and_never_overwritten(files: Files) -> None:
    await files.keep("a/b.pdf", b"first")

    with pytest.raises(AlreadyKept):
        await files.keep("a/b.pdf", b"second")
    assert await files.read("a/b.pdf") == b"first"


async def test_a_file_reaches_the_disk_with_the_folders_that_name_it(
    files: Files, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    await files.keep("a/b/c.pdf", b"x")

    assert synced == [str(folder / each) for each in ("a/b/c.pdf", "a/b", "a", "")]


async def test_what_is_not_there_is_said_to_be_absent(files: Files) -> None:
    with pytest.raises(NoSuchFile):
        await files.read("a")


async def test_deleting_twice_is_fine(files: Files) -> None:
    await files.keep("a", b"x")
    await files.delete("a")
    await files.delete("a")

    with pytest.raises(NoSuchFile):
        await files.read("a")


async def test_a_path_cannot_leave_the_folder(files: Files, folder: Path) -> None:
    with pytest.raises(ValueError, match=r"."):
        await files.keep("../a", b"x")
    assert not (folder.parent / "a").exists()


async def test_a_sealed_file_is_unreadable_and_opens_under_its_path_only(
    files: Files, folder: Path
) -> None:
    await files.keep_sealed("a", b"Siti Aminah")

    assert await files.read_sealed("a") == b"Siti Aminah"
    assert b"Siti" not in (folder / "a").read_bytes()

    (folder / "b").write_bytes((folder / "a").read_bytes())
    with pytest.raises(CannotOpen):
        await files.read_sealed("b")

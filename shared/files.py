"""Files in a folder or in an object store, behind one set of calls.

A path is the name of a thing for ever: a file is created once and never overwritten.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Self

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

from shared.sealed import keyring


class AlreadyKept(Exception):  # noqa: N818 - says what is known
    """There is a file of this path already; it was left as it is."""


class NoSuchFile(Exception):  # noqa: N818 - says what is known
    """No file of this path is kept."""


class Files:
    """One store of files."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def at(cls, url: str) -> Self:
        """Open `file:///folder` (made if absent) or `s3://bucket` (AWS_* variables say how)."""
        local = url.startswith("file:")
        return cls(from_url(url, mkdir=True) if local else from_url(url))

    async def keep(self, path: str, content: bytes) -> None:
        """Store a new file whole, so that it survives a power cut.

        Raises:
            AlreadyKept: there is one of this path.
        """
        try:
            await obstore.put_async(self._store, path, content, mode="create")
        except AlreadyExistsError as error:
            raise AlreadyKept(path) from error
        if isinstance(self._store, LocalStore):  # puts the file in place, but never syncs it
            await asyncio.to_thread(_sync, Path(str(self._store.prefix)), path)

    async def read(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            NoSuchFile: it is not there.
        """
        try:
            answer = await obstore.get_async(self._store, path)
            return bytes(await answer.bytes_async())
        except FileNotFoundError as error:
            raise NoSuchFile(path) from error

    async def delete(self, path: str) -> None:
        """Remove a file; one that is gone already is fine."""
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return

    async def older_than(self, folder: str, moment: datetime) -> AsyncIterator[list[str]]:
        """Yield the paths of files below a folder that were stored before a moment, in batches."""
        async for batch in obstore.list(self._store, f"{folder}/"):
            yield [each["path"] for each in batch if each["last_modified"] < moment]

    async def keep_sealed(self, path: str, content: bytes) -> None:
        """Store a new file as ciphertext that opens under this path only.

        Raises:
            AlreadyKept: there is one of this path.
        """
        sealed = await asyncio.to_thread(keyring().seal, content, _place(path))
        await self.keep(path, sealed.encode())

    async def read_sealed(self, path: str) -> bytes:
        """Return what `keep_sealed` stored.

        Raises:
            NoSuchFile: it is not there.
            shared.sealed.CannotOpen: it was changed, moved, or sealed with a key we do not hold.
        """
        text = (await self.read(path)).decode()
        return await asyncio.to_thread(keyring().open, text, _place(path))


def _place(path: str) -> str:
    return f"files/{path}"


def _sync(root: Path, path: str) -> None:
    """Write a file and the folders that name it to the disk itself."""
    target = root / path
    for each in (target, *target.parents):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if each == root:
            return

"""Removes what was kept and is needed no longer, now and then, for as long as a worker runs."""

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from services.requests.attachments import store
from services.requests.attachments.actions import FOLDER
from shared import clock
from shared.db import Sessions
from shared.files import Files
from shared.worker import Background, take_turns

GRACE = timedelta(days=1)  # how long a file without a paper may still belong to a transaction
PRUNE_SECONDS = 6 * 3600

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

log = logging.getLogger(__name__)


async def prune(sessions: Sessions, files: Files) -> int:
    """Remove the content of papers that were withdrawn or never committed; return how many."""
    removed = 0
    async for batch in files.older_than(FOLDER, clock.now() - GRACE):
        by_id = dict(_ours(batch))
        async with sessions() as session:
            standing = await store.standing(session, by_id)
        for attachment_id in by_id.keys() - standing:
            await files.delete(by_id[attachment_id])
            removed += 1
    return removed


def pruning(files: Files) -> Background:
    """Return the work of pruning now and then, for as long as a worker runs."""

    async def prune_now_and_then(sessions: Sessions, stop: asyncio.Event) -> None:
        async def turn() -> float:
            removed = await prune(sessions, files)
            log.info("pruned attachments", extra={"removed": removed})
            return PRUNE_SECONDS

        await take_turns(turn, stop, failed="could not prune attachments", rest=PRUNE_SECONDS)

    return prune_now_and_then


def _ours(paths: Iterable[str]) -> Iterator[tuple[UUID, str]]:
    for path in paths:
        name = path.rpartition("/")[2]
        if _UUID.fullmatch(name):
            yield UUID(name), path

"""The worker's part: takes batches one at a time through check, commit and roll back."""

import asyncio
import logging
from uuid import UUID

from services.registry.imports import store
from services.registry.imports.checking import check
from services.registry.imports.committing import commit
from services.registry.imports.schemas import State
from services.registry.imports.tables import Batch
from services.registry.imports.undoing import roll_back
from services.registry.settings import Settings
from shared import logs
from shared.db import Sessions
from shared.files import Files
from shared.worker import Background, take_turns

POLL_SECONDS = 1.0

log = logging.getLogger(__name__)


def keep_importing(settings: Settings) -> Background:
    """Return the background work that takes batches on, with the store of their files."""
    files = Files.at(settings.files_url)

    async def work(sessions: Sessions, stop: asyncio.Event) -> None:
        async def turn() -> float:
            return 0 if await step(sessions, files) else POLL_SECONDS

        await take_turns(turn, stop, failed="imports are out of reach", rest=POLL_SECONDS)

    return work


async def step(sessions: Sessions, files: Files) -> bool:
    """Take one batch through its next step; False when none waits."""
    async with sessions.begin() as session:
        batch_id = await store.claim(session)
        batch = None if batch_id is None else await store.get(session, batch_id)
    if batch is None:
        return False
    try:
        await _go_on(sessions, files, batch)
    except Exception as error:
        # Its kind and place only: the message may quote a citizen.
        log.exception("an import stumbled", extra={"batch_id": str(batch.id)})
        await _stumble(sessions, batch.id, error)
    return True


async def _go_on(sessions: Sessions, files: Files, batch: Batch) -> None:
    match State(batch.state):
        case State.SENT:
            await check(sessions, files, batch)
        case State.COMMITTING:
            await commit(sessions, batch)
        case State.ROLLING_BACK:
            await roll_back(sessions, batch)
        case _:
            log.error("a batch without a next step", extra={"batch_id": str(batch.id)})


async def _stumble(sessions: Sessions, batch_id: UUID, error: Exception) -> None:
    async with sessions.begin() as session:
        await store.stumble(session, batch_id, logs.describe(error)[:200])

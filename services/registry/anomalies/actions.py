"""What happens to anomalies: they are counted, a village at a time, once in each legal day."""

import asyncio
import logging
import time
from datetime import date

from services.registry.anomalies import store
from shared import clock
from shared.db import Sessions
from shared.worker import take_turns

PAUSE_SECONDS = 0.3  # between villages: nobody waits for it, and others work
REST = 4  # times as long as a village took
IDLE_SECONDS = 30.0  # between looks for a new legal day

log = logging.getLogger(__name__)


async def keep_looking(sessions: Sessions, stop: asyncio.Event) -> None:
    """Count the anomalies of every village anew on every legal day."""

    async def turn() -> float:
        began = time.monotonic()
        if await count_next(sessions, clock.today()) is None:
            return IDLE_SECONDS
        return max(PAUSE_SECONDS, REST * (time.monotonic() - began))

    await take_turns(turn, stop, failed="anomalies could not be counted", rest=IDLE_SECONDS)


async def count_next(sessions: Sessions, today: date) -> str | None:
    """Count a village that is due; return which, None when none is."""
    async with sessions.begin() as session:
        village = await store.due(session, today)
        if village is not None:
            await store.keep(session, village, await store.count(session, village, today), today)
    return village

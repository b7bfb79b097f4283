"""What happens to anomalies: they are counted, a village at a time, once in each legal day."""

import asyncio
import time
from datetime import date

from services.registry.anomalies import store
from shared import clock
from shared.db import Sessions
from shared.worker import take_turns

PAUSE_SECONDS = 0.3  # between villages: nobody waits for it, and others work
REST = 4  # times as long as a village took
IDLE_SECONDS = 30.0  # between looks for a new legal day


async def keep_looking(sessions: Sessions, stop: asyncio.Event) -> None:
    """Count the anomalies of every village anew on every legal day."""
    last = ""

    async def turn() -> float:
        nonlocal last
        today, began = clock.today(), time.monotonic()
        if (village := await _next(sessions, today, last)) is None:
            return IDLE_SECONDS
        last = village  # if it cannot be counted, the others have their turn first
        await _count(sessions, village, today)
        return max(PAUSE_SECONDS, REST * (time.monotonic() - began))

    await take_turns(turn, stop, failed="anomalies could not be counted", rest=IDLE_SECONDS)


async def count_next(sessions: Sessions, today: date) -> str | None:
    """Count a village that is due; return which, None when none is."""
    village = await _next(sessions, today, "")
    if village is not None:
        await _count(sessions, village, today)
    return village


async def _next(sessions: Sessions, today: date, after: str) -> str | None:
    async with sessions() as session:
        return await store.due(session, today, after)


async def _count(sessions: Sessions, village: str, today: date) -> None:
    async with sessions.begin() as session:
        await store.keep(session, village, await store.count(session, village, today), today)

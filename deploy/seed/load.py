"""Fills an empty registry: one transaction, so that an interrupted load leaves nothing behind."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context

import asyncpg
from asyncpg import Connection

from deploy.seed import derived, schema, village
from deploy.seed.regency import VillagePlan, plan
from deploy.seed.village import Rows

SERIAL_UP_TO = 40_000  # people; below this a second process costs more than it brings
PROCESSES = 2
AHEAD = 2  # villages per process that may wait to be copied
BATCH = 20_000  # people copied at once
_LOCK = 0x5EED
_COPIED = {
    "residents": village.RESIDENT_COLUMNS,
    "families": village.FAMILY_COLUMNS,
    "memberships": village.MEMBERSHIP_COLUMNS,
}
TABLES = (
    *_COPIED,
    "resident_versions",
    "family_versions",
    "certificates",
    "cards",
    "recordings",
    "card_prints",
    "name_words",
)

# stage, done, total
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What a load made."""

    people: int
    families: int
    seconds: dict[str, float]  # by stage


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


async def load(
    database_url: str, residents: int, today: date, progress: Progress = silent
) -> Loaded | None:
    """Fill an empty registry; None, and nothing done, where people are already.

    Raises:
        ValueError: too few residents for the villages.
        asyncpg.PostgresError: the database refused; nothing was loaded.
    """
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        async with connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({_LOCK})")
            if await connection.fetchval("select exists (select from residents)"):
                return None
            return await _Load(connection, today, progress).run(residents)
    finally:
        await connection.close()


class _Load:
    """One load within its transaction."""

    def __init__(self, connection: Connection, today: date, progress: Progress) -> None:
        self._connection = connection
        self._today = today
        self._progress = progress
        self._seconds: dict[str, float] = {}

    async def run(self, residents: int) -> Loaded:
        plans = plan(residents)
        await self._connection.execute("set local maintenance_work_mem = '512MB'")
        await self._connection.execute("set local work_mem = '128MB'")
        with self._timed("preparing"):
            removed = await self._clear()
        with self._timed("people"):
            people, families = await self._copy(plans, residents)
        await self._derive()
        await self._restore(removed)
        return Loaded(people, families, self._seconds)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._seconds[stage] = self._seconds.get(stage, 0.0) + time.monotonic() - began

    async def _clear(self) -> list[schema.Removable]:
        """Take off what is faster to make afterwards, and empty the tables.

        Emptying them in this very transaction lets COPY write rows that need no vacuum (FREEZE).
        """
        removed = await schema.removable(self._connection, TABLES)
        await schema.set_triggers(self._connection, TABLES, on=False)
        for each in removed:
            await self._connection.execute(each.off)
        await self._connection.execute(f"truncate {', '.join(TABLES)}")
        return removed

    async def _copy(self, plans: list[VillagePlan], residents: int) -> tuple[int, int]:
        people = families = 0
        batch: list[Rows] = []
        async for rows in _villages(plans, self._today, residents):
            batch.append(rows)
            people, families = people + rows.people, families + rows.households
            if sum(each.people for each in batch) >= BATCH or people == residents:
                await self._write(batch)
                batch = []
            self._progress("people", people, residents)
        return people, families

    async def _write(self, batch: list[Rows]) -> None:
        parts = ([rows.lines[i] for rows in batch] for i in range(len(_COPIED)))
        for (table, columns), lines in zip(_COPIED.items(), parts, strict=True):
            await self._connection.copy_to_table(
                table, source=_each(lines), columns=columns, format="text", freeze=True
            )

    async def _derive(self) -> None:
        known = "select set_config('seed.source', $1, true), set_config('seed.today', $2, true)"
        await self._connection.execute(known, derived.SOURCE, self._today.isoformat())
        steps = list(derived.steps())
        for i, (name, statement) in enumerate(steps):
            self._progress("records", i, len(steps))
            with self._timed(name):
                await self._connection.execute(statement)
        self._progress("records", len(steps), len(steps))

    async def _restore(self, removed: list[schema.Removable]) -> None:
        steps = list(schema.restorable(removed))
        for i, each in enumerate(steps):
            self._progress("indexes", i, len(steps))
            with self._timed(f"index {each.name}"):
                await self._connection.execute(each.on)
        self._progress("indexes", len(steps), len(steps))
        await schema.set_triggers(self._connection, TABLES, on=True)
        await self._connection.execute(
            "insert into coverage_marks (village_code) "
            "select distinct village_code from residents where village_code is not null"
        )
        with self._timed("statistics"):
            for table in TABLES:
                await schema.analyze(self._connection, table)


async def _each(parts: list[bytes]) -> AsyncIterator[bytes]:
    for lines in parts:
        yield lines


async def _villages(plans: list[VillagePlan], today: date, residents: int) -> AsyncIterator[Rows]:
    """Make villages in order; at most a few wait at any time, whatever the size of the regency."""
    make = partial(village.make, today=today)
    if residents <= SERIAL_UP_TO:
        for each in plans:
            yield make(each)
        return
    # A fresh interpreter each: a fork would copy the connection and the loop.
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        waiting = deque(plans)
        running: deque[Future[Rows]] = deque()
        try:
            while waiting or running:
                while waiting and len(running) < PROCESSES + AHEAD:
                    running.append(_begin(pool, make, waiting.popleft()))
                yield await asyncio.wrap_future(running.popleft())
        finally:
            for unfinished in running:
                unfinished.cancel()


def _begin(pool: Executor, make: Callable[[VillagePlan], Rows], which: VillagePlan) -> Future[Rows]:
    return pool.submit(make, which)

"""How long a workbook takes from the door to the registry, and whether every error is found.

`python -m deploy.bench.imports`, with ROWS=100000 and ERRORS=1000, in a registry of its own.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import asyncpg

from deploy.bench.workbook import Planted, plant
from deploy.local import migrate, servers
from deploy.local.environment import Place
from services.registry.imports import actions, store
from services.registry.imports.schemas import State
from services.registry.imports.tables import Batch
from services.registry.imports.working import step
from services.registry.settings import Settings
from services.registry.spreadsheets.columns import letter
from shared import sealed
from shared.auth import Principal
from shared.db import Sessions, make_engine, make_sessions
from shared.files import Files

PLANTED, FOUND = "Errors planted", "... found with row and column"
SENDER, COMMITTER = "bench-sender", "bench-committer"


async def measure(settings: Settings, planted: Planted) -> list[tuple[str, str]]:
    """Check, commit and take back; return what was measured."""
    engine = make_engine(settings)
    sessions = make_sessions(engine)
    files = Files.at(settings.files_url)
    began = time.perf_counter()
    batch = await _send(sessions, files, planted.content)
    await _work(sessions, files)
    checked = time.perf_counter() - began
    found = await _found(sessions, batch)
    lines = [
        ("Workbook, rows", f"{planted.rows:,}"),
        ("Dry run", f"{checked:.1f} s, {planted.rows / checked:,.0f} rows/s"),
        (PLANTED, f"{len(planted.errors):,}"),
        (FOUND, f"{len(planted.errors & found):,}"),
        ("... found that were not planted", f"{len(found - planted.errors):,}"),
    ]
    began = time.perf_counter()
    await _begin(sessions, batch, State.COMMITTING)
    await _work(sessions, files)
    seconds = time.perf_counter() - began
    results = await _results(sessions, batch)
    written = results.get("APPLIED", 0)
    lines.append(("Commit", f"{seconds:.1f} s, {written / seconds:,.0f} people/s"))
    lines.append(("... written", f"{written:,}"))
    await engine.dispose()
    return lines


async def bare(database_url: str, people: int) -> float:
    """Return how long the database takes to copy so many rows into a table like residents."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        await connection.execute("create temporary table bare (like residents including indexes)")
        began = time.perf_counter()
        await connection.execute("insert into bare select * from residents limit $1", people)
        return time.perf_counter() - began
    finally:
        await connection.close()


async def _send(sessions: Sessions, files: Files, content: bytes) -> Batch:
    async with sessions.begin() as session:
        return await actions.send(
            session, files, content, caller=Principal(SENDER), areas=["35.10"],
            purpose="bench", village_code=None, whole_of=None, registers=False,
        )  # fmt: skip


async def _work(sessions: Sessions, files: Files) -> None:
    while await step(sessions, files):
        pass


async def _begin(sessions: Sessions, batch: Batch, state: State) -> None:
    async with sessions.begin() as session:
        current = await store.get(session, batch.id, lock=True)
        assert current is not None  # noqa: S101 - sent above
        current.state, current.committed_by = state, COMMITTER


async def _found(sessions: Sessions, batch: Batch) -> set[tuple[int, str, str]]:
    async with sessions() as session:
        checked = await store.get(session, batch.id)
        assert checked is not None  # noqa: S101 - sent above
        said = await store.all_faults(session, batch.id, 1_000_000)
    return {
        (each.number, letter(checked.headings[each.column][0]), each.rule)
        for each in said
        if each.blocks
    }


async def _results(sessions: Sessions, batch: Batch) -> dict[str, int]:
    async with sessions() as session:
        return await store.results(session, batch.id)


def workbooks() -> list[tuple[str, str]]:
    """Measure in a database server of its own; ROWS and ERRORS say how much."""
    rows, errors = (int(os.environ.get(*each)) for each in (("ROWS", "100000"), ("ERRORS", "1000")))
    planted = plant(rows, errors)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL must get in, whoever runs it
        with servers.postgres(Path(folder, "postgres"), durable=True) as url:
            place = Place(url, "amqp://127.0.0.1:1/", "file:///nowhere", Path(folder))
            migrate.create_missing(url, "registry")
            migrate.upgrade("registry", place.variables("registry"))
            settings = Settings.model_validate(place.values("registry"))
            sealed.use(sealed.Keyring.from_settings(settings))
            lines = asyncio.run(measure(settings, planted))
            seconds = asyncio.run(bare(str(settings.database_url), rows))
    return [*lines, ("Bare insert of the same people", f"{seconds:.1f} s")]


def main() -> None:
    """Print a table; leave with 1 if an error was missed."""
    lines = dict(workbooks())
    for what, how_much in lines.items():
        print(f"{what:<34}{how_much}")
    sys.exit(0 if lines[FOUND] == lines[PLANTED] else 1)


if __name__ == "__main__":
    main()

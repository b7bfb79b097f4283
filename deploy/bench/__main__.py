"""Measures in a folder of its own: `RESIDENTS=200000 python -m deploy.bench`."""

import asyncio
import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from rich.console import Console

from deploy.bench import search
from deploy.bench.imports import workbooks
from deploy.bench.papers import papers
from deploy.local.home import FOLDER, Home
from deploy.local.suite import Suite, seed, servers_up, suite_up
from deploy.local.trouble import Trouble
from deploy.story.birth import Birth
from deploy.story.desk import Town
from deploy.story.screen import Screen

STORIES = 3
MEGABYTE = 1_000_000


def measure(home: Home, residents: int) -> Iterator[tuple[str, str]]:
    """Seed, search, start, and tell the story a few times; yield what was measured, at once."""
    yield "Processors", str(psutil.cpu_count())
    yield "Residents", f"{residents:,}"
    with servers_up(home, print) as suite:
        began = time.perf_counter()
        seed(suite, residents)
        seconds = time.perf_counter() - began
        yield "Seed", f"{seconds:.1f} s, {residents / seconds:,.0f} residents/s"
        database = suite.place.database_url.format("registry")
        yield from search.table(asyncio.run(search.measure(database)))
    began = time.perf_counter()
    with suite_up(home, residents, print) as suite:
        yield "Stopped to healthy", f"{time.perf_counter() - began:.1f} s"
        for turn in range(1, STORIES + 1):
            yield f"Story {turn}", _story(suite)
        yield from _memory(suite)
        began = time.perf_counter()
    yield "Healthy to stopped", f"{time.perf_counter() - began:.1f} s"
    yield from papers()
    yield from workbooks()


def _story(suite: Suite) -> str:
    began = time.perf_counter()
    silent = Screen(Console(file=io.StringIO()))
    with Town(suite.addresses) as town:
        told = Birth(town, silent, suite.home.folder / "authority" / "root.pem").tell()
    return f"{time.perf_counter() - began:.1f} s to the end of case {told.number}"


def _memory(suite: Suite) -> list[tuple[str, str]]:
    used = {name: _resident_bytes(pid) for name, pid in suite.children.pids().items()}
    lines = [(f"Memory of {name}", f"{size / MEGABYTE:.0f} MB") for name, size in used.items()]
    return [*lines, ("Memory of all", f"{sum(used.values()) / MEGABYTE:.0f} MB")]


def _resident_bytes(pid: int) -> int:
    """Return what a process and those below it use; what several share is divided among them."""
    process = psutil.Process(pid)
    everybody = [process, *process.children(recursive=True)]
    return sum(_used(each) for each in everybody)


def _used(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.NoSuchProcess:  # one of a database's, between two questions
        return 0
    return int(getattr(memory, "pss", 0) or memory.uss)


def main() -> None:
    """Print a table; the data is removed first, so that every run measures the same."""
    residents = int(os.environ.get("RESIDENTS", "20000"))
    home = Home(Path(os.environ.get("BENCH_FOLDER", FOLDER / "bench")))
    try:
        home.prepare(residents)
        with home.locked():
            home.forget()
            for what, how_much in measure(home, residents):
                print(f"{what:<32}{how_much}", flush=True)
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()

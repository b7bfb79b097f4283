"""Fills an empty registry with people who do not exist: `python -m deploy.seed [--check]`.

RESIDENTS says how many, BALAI_REGISTRY_DATABASE_URL where.
"""

import asyncio
import os
import resource
import sys
import time
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.seed import check, seed
from shared import clock

_NAMES = {"people": "People", "records": "Records", "indexes": "Indexes", "coverage": "Coverage"}


def main() -> None:
    """Fill, tell how long it took, and with --check count what must never be."""
    url = os.environ["BALAI_REGISTRY_DATABASE_URL"]
    residents = int(os.environ.get("RESIDENTS", "20000"))
    console = Console()
    _fill(url, residents, clock.today(), console)
    if "--check" in sys.argv[1:]:
        found = asyncio.run(check.violations(url))
        for name, count in found.items():
            console.print(f"{count:>6}  {name}", highlight=False)
        sys.exit(any(found.values()))


def _fill(url: str, residents: int, today: date, console: Console) -> None:
    began = time.monotonic()
    columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_NAMES[stage], total=total)
            bars.update(tasks[stage], completed=done)

        loaded = asyncio.run(seed.seed(url, residents, today, tell))
    if loaded is None:
        console.print("The registry has people already and keeps them; `make clean` forgets them.")
        return
    console.print(
        f"{loaded.people:,} residents in {loaded.families:,} families in "
        f"{time.monotonic() - began:.1f} s; most memory: {_megabytes():.0f} MB a process."
    )
    if os.environ.get("SEED_TIMES"):
        for stage, seconds in sorted(loaded.seconds.items(), key=lambda each: -each[1])[:20]:
            console.print(f"{seconds:8.1f} s  {stage}", highlight=False)


def _megabytes() -> float:
    """Return the most that this process, or any of its children, ever held."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in who) / 1024


if __name__ == "__main__":
    main()

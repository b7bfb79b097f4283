"""Search by name: who is found, and how fast, beside a trigram index over all names.

`python -m deploy.bench.search` measures the registry at BALAI_REGISTRY_DATABASE_URL. A person is
found if they are among the 20 that an officer sees, or if all 20 bear the name on record in one
spelling or another: then no order could tell which of so many is meant.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import quantiles
from typing import Any

import asyncpg

from deploy.bench.spellings import WAYS
from services.registry.residents.lookups import MOST_WORDS
from services.registry.residents.rules.spelling import asked as take_apart

SHOWN = 20
EACH = 60  # questions for each way of writing

_SAMPLE = """
    select id, full_name, village_code, birth_date, mother_name from residents
    where status = 'HIDUP' and village_code like '35.10.%' order by md5(id::text || $1) limit $2"""
_ASK = """
    select r.id, r.full_name from search_residents($1, $2, $3, $3, $4, 20, $5, $6) as hit
    join residents r on r.id = hit.resident_id"""
# The usual way: a trigram index over whole names, in the same database.
_BASE = """
    select id, full_name from bench_names where full_name % $1
    order by similarity(full_name, $1) desc limit 20"""


@dataclass(frozen=True)
class Question:
    """What somebody writes, and whom they mean."""

    way: str
    written: str
    meant: Any  # a row of the sample


@dataclass
class Found:
    """How often the right person was found, and how long it took."""

    hits: int = 0
    asked: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of people found."""
        return self.hits / self.asked if self.asked else 0.0

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which so many of a hundred were answered."""
        return 1000 * quantiles(self.seconds, n=100)[percent - 1]


async def questions(connection: Any, seed: str) -> list[Question]:  # noqa: ANN401
    """Make up questions about people of the registry, the same for the same seed."""
    chance = Random(seed)
    people = await connection.fetch(_SAMPLE, seed, 40 * EACH)
    made: list[Question] = []
    for way, write in WAYS.items():
        written = ((each, write(chance, each["full_name"])) for each in people)
        apt = [Question(way, text, each) for each, text in written if text is not None]
        made += apt[:EACH]
        chance.shuffle(people)
    return made


async def measure(database_url: str, seed: str = "balai") -> dict[str, dict[str, Found]]:
    """Ask everything at every width; return what was found, by width and way."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        await connection.execute(_PREPARE)
        asked = await questions(connection, seed)
        found: dict[str, dict[str, Found]] = {}
        for width in ("village", "district", "regency", "with birth date", "with mother", "base"):
            await _ask(connection, width, asked[:40])  # warm
            found[width] = await _ask(connection, width, asked)
        return found
    finally:
        await connection.execute("drop table if exists bench_names")
        await connection.close()


_PREPARE = """
    drop table if exists bench_names;
    create unlogged table bench_names as select id, full_name from residents
        where status = 'HIDUP';
    create index on bench_names using gin (full_name gin_trgm_ops);
    analyze bench_names"""


async def _ask(
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    width: str,
    asked: Sequence[Question],
) -> dict[str, Found]:
    found = {way: Found() for way in WAYS} | {"all": Found()}
    for question in asked:
        began = time.perf_counter()
        rows = await _rows(connection, width, question)
        seconds = time.perf_counter() - began
        hit = _is_hit(question, rows)
        for each in (found[question.way], found["all"]):
            each.asked += 1
            each.hits += hit
            each.seconds.append(seconds)
    return found


async def _rows(connection: Any, width: str, question: Question) -> Sequence[Any]:  # noqa: ANN401
    if width == "base":
        return list(await connection.fetch(_BASE, question.written))
    meant = question.meant
    area = {"village": 13, "district": 8}.get(width, 5)
    born = meant["birth_date"] if width == "with birth date" else None
    mother = meant["mother_name"] if width == "with mother" else None
    asked = take_apart(question.written)
    names = asked.words[:MOST_WORDS]
    rows = await connection.fetch(
        _ASK, names, [meant["village_code"][:area]], born, mother, asked.spelled, asked.father
    )
    return list(rows)


def _is_hit(question: Question, rows: Sequence[Any]) -> bool:
    meant = question.meant
    if any(each["id"] == meant["id"] for each in rows):
        return True
    same = take_apart(meant["full_name"]).words
    return len(rows) == SHOWN and all(take_apart(each["full_name"]).words == same for each in rows)


def table(found: dict[str, dict[str, Found]]) -> list[tuple[str, str]]:
    """Return the lines to print: recall by way and width, then the times."""
    widths = list(found)
    head = "".join(f"{each:>16}" for each in widths)
    lines = [("Search, found of 1", head)]
    lines += [
        (f"  {way}", "".join(f"{found[each][way].recall:>16.2f}" for each in widths))
        for way in (*WAYS, "all")
    ]
    for percent in (50, 99):
        times = (found[each]["all"].percentile(percent) for each in widths)
        lines.append((f"  p{percent}, ms", "".join(f"{each:>16.1f}" for each in times)))
    return lines


def main() -> None:
    """Print a table."""
    found = asyncio.run(measure(os.environ["BALAI_REGISTRY_DATABASE_URL"]))
    for what, how_much in table(found):
        print(f"{what:<26}{how_much}")


if __name__ == "__main__":
    main()

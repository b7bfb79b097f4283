"""The edition of the state's list of regions that the registry is shipped with.

Banyuwangi is complete. Of the rest of the country there is everything down to the districts, which
is what birth places, destinations of moves and the first six digits of a NIK need.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import IO, TypedDict

from services.registry.regions.rules import contains, parent

# Ten villages went from Rogojampi and Kabat to the new district Blimbingsari. The edition of 2016
# has the old codes and that of 2018 the new; the day between them is an assumption, and is marked
# as one (`dates_are_exact`).
RECODED_ON = date(2018, 1, 1)
LAST_OLD_DAY = date(2017, 12, 31)
NEW_DISTRICT = "35.10.25"

_DATA = files("services.registry") / "data"


class Row(TypedDict):
    """One row of the table of regions."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None
    dates_are_exact: bool


def rows() -> list[Row]:
    """Return every region, those with old codes included, in the order of their codes."""
    found = {row["code"]: row for row in (*_national(), *_own(), *_recoded())}
    return [found[code] for code in sorted(found)]


def _national() -> Iterator[Row]:
    with (_DATA / "regions-national.csv.gz").open("rb") as packed, gzip.open(packed, "rt") as lines:
        yield from (row for row in _read(lines) if row["level"] != "village")


def _own() -> Iterator[Row]:
    with (_DATA / "regions-3510.csv").open(encoding="utf-8") as lines:
        yield from _read(lines)


def _recoded() -> Iterator[Row]:
    with (_DATA / "regions-3510-recoded.csv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            row = _row(line["old_code"], line["name"], "village", "desa")
            row["valid_to"], row["successor_code"] = LAST_OLD_DAY, line["new_code"]
            row["dates_are_exact"] = False
            yield row


def _read(lines: IO[str]) -> Iterator[Row]:
    for line in csv.DictReader(lines):
        yield _row(line["code"], line["name"], line["level"], line["type"])


def _row(code: str, name: str, level: str, kind: str) -> Row:
    is_new = contains(NEW_DISTRICT, code)
    return Row(
        code=code,
        name=name,
        level=level,
        kind=kind,
        parent_code=parent(code),
        valid_from=RECODED_ON if is_new else None,
        valid_to=None,
        successor_code=None,
        dates_are_exact=not is_new,
    )

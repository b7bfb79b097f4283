"""The list of service points, read and checked once, at start."""

import csv
import hashlib
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from services.requests.catalogue.store import catalogue
from services.requests.points.rules import Point, Points

FILE = Path(__file__).parent.parent / "data" / "service-points-3510.csv"


class BrokenPoints(ValueError):  # noqa: N818 - named for what is wrong
    """The list cannot be used; the message names file, row and column, one line per fault."""


@cache
def points() -> Points:
    """Return the service points of this process.

    Raises:
        BrokenPoints: see there.
    """
    return load(FILE)


def load(file: Path) -> Points:
    """Read and check a list of service points.

    Raises:
        BrokenPoints: see there.
    """
    channels = catalogue().channels
    by_id: dict[str, Point] = {}
    wrong = []
    for row in csv.DictReader(file.read_text("utf-8").splitlines(), strict=True):
        name = row.get("id") or "a row without id"
        try:
            point = Point.model_validate(row)
        except ValidationError as error:
            wrong += [f"{name}: {each['loc'][0]}: {each['msg']}" for each in error.errors()]
            continue
        if point.channel not in channels or channels[point.channel].kind != "fixed":
            wrong.append(f"{name}: channel: {point.channel} is no fixed channel of kanal.csv")
        if point.id in by_id:
            wrong.append(f"{name}: id: it is there twice")
        by_id[point.id] = point
    if wrong or not by_id:
        raise BrokenPoints("\n".join(f"{file.name}: {each}" for each in wrong or ["it is empty"]))
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
    return Points(MappingProxyType(by_id), channels, version)

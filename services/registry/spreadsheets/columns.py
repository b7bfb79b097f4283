"""The columns that a workbook of residents may have, and who wrote it; read from columns.yaml."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from shared import codes
from shared.language import Words

_DATA = Path(__file__).parent.parent / "data" / "columns.yaml"
OWN = "BALAI"  # the dialect of the template

Kind = Literal[
    "number", "text", "sex", "birth_date", "date", "code", "permit", "three", "postal", "village",
    "part",
]  # fmt: skip


class Column(BaseModel):
    """One column: what it means, how it is headed, how its cells are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    heading: str
    kind: Kind
    required: bool = False
    longest: int = 16
    among: str = ""  # a list of codes
    digits: int = 0
    only_read: bool = False  # understood, but neither in the template nor exported
    also: tuple[str, ...] = ()
    words: dict[str, int] = {}
    note: dict[Literal["id", "en"], str] | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def choices(self) -> list[str]:
        """Return the words that the template offers, none for free text."""
        if self.kind == "sex":
            return ["L", "P"]
        if self.kind == "permit":
            return ["ITAS", "ITAP"]
        return [each.name.id for each in codes.lists()[self.among].values()] if self.among else []

    def hint(self) -> Words | None:
        """Return what the template says about the column."""
        return Words(self.note["id"], self.note["en"]) if self.note else None


class Dialect(BaseModel):
    """A program whose workbooks are known by their headings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    headings: tuple[str, ...]
    four_states: bool  # marital status in four codes


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    columns: list[Column]
    dialects: list[Dialect]
    months: dict[int, list[str]]


@cache
def _file() -> _File:
    return _File.model_validate(yaml.safe_load(_DATA.read_text()))


def columns() -> list[Column]:
    """Return every column that is understood, in the order of the template."""
    return _file().columns


def template() -> list[Column]:
    """Return the columns that are offered and exported."""
    return [each for each in columns() if not each.only_read]


@cache
def by_name() -> Mapping[str, Column]:
    """Return the columns by their names."""
    return {each.name: each for each in columns()}


@cache
def months() -> Mapping[str, int]:
    """Return the number of a month by every way to write it."""
    return {word: number for number, words in _file().months.items() for word in words}


def plain(heading: str) -> str:
    """Return a heading without case, spaces and marks, so that NO_KK is the same as No. KK."""
    return re.sub(r"[^A-Z0-9]+", "", heading.upper())


@cache
def _by_heading() -> Mapping[str, Column]:
    return {plain(word): each for each in columns() for word in (each.heading, *each.also)}


class Found(NamedTuple):
    """A column of a file: its place from 0, what heads it there, and what it means."""

    place: int
    heading: str
    column: Column


class Headings(NamedTuple):
    """What the first row of a file says."""

    found: tuple[Found, ...]
    dialect: str
    four_states: bool
    unknown: tuple[str, ...]  # headings that mean nothing to us
    twice: tuple[str, ...]  # headings of a column that another heading has already


def recognise(row: Sequence[str]) -> Headings:
    """Tell what each heading of a row means; of two that mean the same, the first counts."""
    found: list[Found] = []
    unknown, twice = [], []
    for place, heading in enumerate(row):
        column = _by_heading().get(plain(heading))
        if column is None:
            unknown += [heading] if heading.strip() else []
        elif any(each.column is column for each in found):
            twice.append(heading)
        else:
            found.append(Found(place, heading.strip(), column))
    dialect = _dialect({plain(each) for each in row})
    return Headings(
        tuple(found),
        dialect.name if dialect else OWN,
        dialect.four_states if dialect else False,
        tuple(unknown),
        tuple(twice),
    )


def _dialect(headings: set[str]) -> Dialect | None:
    def agreement(each: Dialect) -> int:
        return len(headings & {plain(heading) for heading in each.headings})

    best = max(_file().dialects, key=agreement)
    return best if agreement(best) >= 2 else None  # noqa: PLR2004 - one may be chance


def letter(place: int) -> str:
    """Return what Excel calls a column: 0 is A, 26 is AA."""
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name

"""What a cell says: words and codes, dates in the usual spellings, numbers of people as text.

Pure. A cell comes as a text (CSV, or a text in Excel), a number, a date or a truth value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from services.registry.residents.rules.ages import conventional
from services.registry.spreadsheets.columns import Column, months
from shared import codes

Cell = str | float | int | bool | date | datetime | None

_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers, its error of 1900 included
_SERIALS = range(366, 60_000)  # 1901 to 2064, as days
_YEARS = range(1900, 2100)
_EMPTY = frozenset({"", "-", "--", "0", "NULL", "N/A"})
_GUARDED = frozenset("=+-@\t\r0123456789")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{2,4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_IN_WORDS = re.compile(r"([0-9]{1,2})[-/. ]*([A-Z]{3,9})[-/., ]*([0-9]{2,4})")
_VILLAGE = re.compile(r"([0-9]{2})\.?([0-9]{2})\.?([0-9]{2})\.?([0-9]{4})")
_SCIENTIFIC = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+")


class CellFault(ValueError):  # noqa: N818 - it is the cell that is at fault
    """A cell that cannot be read: which rule it breaks, and what the sentence needs."""

    def __init__(self, rule: str, **values: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell says nothing; people write a dash for that as well."""
    return cell is None or (isinstance(cell, str) and cell.strip() in {"", "-", "--"})


def unguarded(cell: str) -> str:
    """Take off the apostrophe that keeps programs from reading a cell as a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _GUARDED else cell


def read(column: Column, cell: Cell, *, four_states: bool = False) -> Any:  # noqa: ANN401 - by kind
    """Return what a cell says, None for nothing.

    Raises:
        CellFault: it cannot be read.
    """
    if isinstance(cell, str):
        cell = unguarded(cell)
    if is_empty(cell):
        return _code(column, "-", four_states=False) if "-" in column.words else None
    if column.kind == "code":
        return _code(column, cell, four_states=four_states)
    return _READERS[column.kind](column, cell)


def text_of(cell: Cell) -> str:
    """Return what people see in a cell, on one line."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%d-%m-%Y")
    return "" if cell is None else " ".join(str(cell).split())


def _text(column: Column, cell: Cell) -> str:
    text = text_of(cell).upper()
    if _CONTROL.search(text):
        raise CellFault("CELL_CONTROL")
    if len(text) > column.longest:
        raise CellFault("CELL_TOO_LONG", longest=str(column.longest))
    return text


def _number(column: Column, cell: Cell) -> str | None:
    """Return sixteen digits; a number that Excel holds as such has lost the last of them."""
    if not isinstance(cell, str):
        if cell == 0:
            return None
        raise CellFault("NUMBER_NOT_TEXT")
    text = cell.strip().lstrip("'`\u2018\u2019").replace(" ", "")
    if text.upper() in _EMPTY or not text.strip("0"):
        return None
    if _SCIENTIFIC.fullmatch(text.upper()):
        raise CellFault("NUMBER_NOT_TEXT")
    if len(text) != 16 or not (text.isascii() and text.isdecimal()):  # noqa: PLR2004
        raise CellFault("NIK_FORMAT" if "nik" in column.name else "KK_FORMAT")
    return text


def _sex(_: Column, cell: Cell) -> str:
    found = _SEXES.get(_bare(text_of(cell)))
    if found is None:
        raise CellFault("SEX_UNKNOWN")
    return found


_SEXES = {
    "L": "L", "P": "P", "1": "L", "2": "P", "LAKILAKI": "L", "PEREMPUAN": "P", "LK": "L", "PR": "P",
    "LAKI": "L", "PRIA": "L", "WANITA": "P",
}  # fmt: skip


def _bare(text: str) -> str:
    """Return words without spaces and marks, but for the plus and minus of a blood type."""
    bare = re.sub(r"[^A-Z0-9+-]+", "", text.upper())
    return bare if len(bare) <= len("AB+") else bare.replace("-", "").replace("+", "")


@cache
def _known(list_name: str) -> dict[str, int]:
    """Return every way to write a row of a list of codes."""
    rows = codes.lists()[list_name].values()
    form = {_bare(each.more.get("name_id_form", each.name.id)): int(each.code) for each in rows}
    return form | {_bare(each.name.id): int(each.code) for each in rows}


@cache
def _of_four() -> Mapping[int, int]:
    """Return the status on the family card for one of SIAK's four; the recorded one of two."""
    rows = codes.lists()["status_kawin"].values()
    found: dict[int, int] = {}
    for each in rows:
        found.setdefault(int(each.more["code_siak4"]), int(each.code))
    return found


def _code(column: Column, cell: Cell, *, four_states: bool) -> int:
    return _meant(column, text_of(cell), four_states=four_states)


@lru_cache(maxsize=20_000)  # a column of a hundred thousand cells says a few things
def _meant(column: Column, text: str, *, four_states: bool) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 3:  # noqa: PLR2004
        code = int(text)
        if four_states and column.among == "status_kawin":
            code = _of_four().get(code, 0)
        if str(code) in codes.lists()[column.among]:
            return code
    else:
        bare = _bare(text)
        words = {_bare(word): code for word, code in column.words.items()} | _known(column.among)
        if bare in words:
            return words[bare]
    raise CellFault("CODE_UNKNOWN", list=column.among)


def _permit(_: Column, cell: Cell) -> str:
    found = {"ITAS": "ITAS", "KITAS": "ITAS", "ITAP": "ITAP", "KITAP": "ITAP"}.get(
        _bare(text_of(cell))
    )
    if found is None:
        raise CellFault("PERMIT_UNKNOWN")
    return found


def _three(_: Column, cell: Cell) -> str:
    text = text_of(cell)
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):  # noqa: PLR2004
        raise CellFault("THREE_DIGITS")
    return text.zfill(3)


def _postal(_: Column, cell: Cell) -> str:
    text = text_of(cell)
    if not re.fullmatch(r"[0-9]{5}", text):
        raise CellFault("POSTAL_CODE")
    return text


def _village(_: Column, cell: Cell) -> str:
    parts = _VILLAGE.fullmatch(text_of(cell))
    if parts is None:
        raise CellFault("VILLAGE_CODE")
    return ".".join(parts.groups())


def _part(column: Column, cell: Cell) -> str:
    text = text_of(cell)
    if not (text.isascii() and text.isdecimal() and len(text) <= column.digits):
        raise CellFault("VILLAGE_CODE")
    return text.zfill(column.digits)


def _date(_: Column, cell: Cell) -> date:
    found = _whole_date(cell)
    if found is None:
        raise CellFault("DATE_UNKNOWN")
    return found


def _birth_date(_: Column, cell: Cell) -> tuple[date, str]:
    """Return the day and how much of it is known; a year alone becomes its 1 July."""
    year = text_of(cell)
    if year.isascii() and year.isdecimal() and int(year) in _YEARS:
        return conventional(int(year)), "YEAR"
    if unknown := re.fullmatch(r"00[-/.]00[-/.]([0-9]{4})", year):
        return conventional(int(unknown[1])), "YEAR"
    if unknown := re.fullmatch(r"00[-/.]([0-9]{2})[-/.]([0-9]{4})", year):
        month = int(unknown[1])
        if month in range(1, 13):
            return conventional(int(unknown[2]), month), "MONTH"
    found = _whole_date(cell)
    if found is None:
        raise CellFault("DATE_UNKNOWN")
    return found, "DAY"


def _whole_date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell).upper()
    if text.isascii() and text.isdecimal():
        return _EPOCH + timedelta(days=int(text)) if int(text) in _SERIALS else None
    return _spelled(text)


def _spelled(text: str) -> date | None:
    """Read a written date; the day stands first, as everybody writes here, never the month."""
    if parts := _YEAR_FIRST.fullmatch(text):
        return _day(parts[1], int(parts[2]), parts[3])
    if parts := _DAY_FIRST.fullmatch(text):
        return _day(parts[3], int(parts[2]), parts[1])
    if parts := _IN_WORDS.fullmatch(text):
        return _day(parts[3], months().get(parts[2], 0), parts[1])
    return None


def _day(year: str, month: int, day: str) -> date | None:
    if len(year) != 4:  # noqa: PLR2004 - 50 may be 1950 or 2050: nobody guesses for the law
        raise CellFault("DATE_YEAR")
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[Column, Cell], Any]] = {
    "text": _text,
    "number": _number,
    "sex": _sex,
    "permit": _permit,
    "three": _three,
    "postal": _postal,
    "village": _village,
    "part": _part,
    "date": _date,
    "birth_date": _birth_date,
}

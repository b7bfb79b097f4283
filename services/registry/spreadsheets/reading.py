"""Reads XLSX and CSV that strangers upload: bounded, and nothing in it is ever carried out.

Formulas are not evaluated: only the values that were stored with them are read.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from services.registry.spreadsheets.values import Cell, is_empty, unguarded

MAX_BYTES = 40 * 1024 * 1024  # of an upload
MAX_UNPACKED = 600 * 1024 * 1024  # of everything inside a workbook
MAX_RATIO = 200  # unpacked to packed, of one part; a sheet of text has some 10
MAX_PARTS = 500  # files inside a workbook
MAX_ROWS = 200_000  # below the headings
MAX_COLUMNS = 200
MAX_CELL = 10_000  # characters of one CSV field
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEADING_WITHIN = 10  # rows; titles may stand above the headings


class Unreadable(StrEnum):
    """Why a file is not read; the values are names of rules."""

    EMPTY = "FILE_EMPTY"
    NOT_A_TABLE = "FILE_NOT_A_TABLE"
    BROKEN = "FILE_BROKEN"
    ENCRYPTED = "FILE_ENCRYPTED"
    BOMB = "FILE_UNPACKS_TOO_LARGE"
    MACROS = "FILE_HAS_MACROS"
    TOO_MANY_ROWS = "FILE_TOO_MANY_ROWS"


class CannotRead(Exception):  # noqa: N818 - says what is known
    """The file as a whole cannot be read."""

    def __init__(self, why: Unreadable) -> None:
        super().__init__(why)
        self.why = why


class Line(NamedTuple):
    """One row, numbered as Excel shows it."""

    number: int
    cells: Sequence[Cell]


def media_type(content: bytes) -> str:
    """Tell XLSX from CSV by the content, and refuse what would harm whoever opens it.

    Raises:
        CannotRead: it is neither, or a workbook that unpacks to more than we take.
    """
    if not content.strip():
        raise CannotRead(Unreadable.EMPTY)
    if content.startswith(b"PK"):
        _examine(content)
        return XLSX
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # old Excel, or a workbook with a password
        raise CannotRead(Unreadable.ENCRYPTED)
    if content.startswith(_UTF_16):
        return CSV
    if b"\0" in content[:4096] or content.startswith((b"%PDF", b"<", b"{")):
        raise CannotRead(Unreadable.NOT_A_TABLE)
    return CSV


def _examine(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise CannotRead(Unreadable.BROKEN) from error
    names = {each.filename for each in parts}
    if "xl/workbook.xml" not in names:
        raise CannotRead(Unreadable.NOT_A_TABLE)
    if any(each.flag_bits & 1 for each in parts):
        raise CannotRead(Unreadable.ENCRYPTED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise CannotRead(Unreadable.MACROS)
    ratios = (each.file_size / max(1, each.compress_size) for each in parts)
    total = sum(each.file_size for each in parts)
    small = 1024 * 1024  # a small part may well be one letter over and over
    large = any(each.file_size > small for each in parts)
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or (large and max(ratios) > MAX_RATIO):
        raise CannotRead(Unreadable.BOMB)


def lines(content: bytes, media: str) -> Iterator[Line]:
    """Yield the rows that are not empty, the headings first; titles above them are left out.

    Raises:
        CannotRead: it is broken, or has more rows than we take.
    """
    rows = _xlsx(content) if media == XLSX else _csv(content)
    begun = False
    first = 0
    for number, cells in rows:
        if all(is_empty(cell) for cell in cells):
            continue
        if not begun and number < _HEADING_WITHIN and _is_title(cells):
            continue
        first = first or number
        if number - first > MAX_ROWS:
            raise CannotRead(Unreadable.TOO_MANY_ROWS)
        begun = True
        yield Line(number, cells[:MAX_COLUMNS])
    if not begun:
        raise CannotRead(Unreadable.EMPTY)


def _is_title(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if not is_empty(cell)]
    return len(filled) < 3  # noqa: PLR2004 - headings of people are more than two


def _xlsx(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height > MAX_ROWS + _HEADING_WITHIN:
            raise CannotRead(Unreadable.TOO_MANY_ROWS)
        start = (sheet.start or (0, 0))[0]
        yield from enumerate(sheet.iter_rows(), start + 1)
    except (CalamineError, ValueError, OverflowError) as error:
        raise CannotRead(Unreadable.BROKEN) from error


def _csv(content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    text = _decoded(content)
    before = csv.field_size_limit(MAX_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        for number, row in enumerate(reader, 1):
            yield number, [unguarded(cell) for cell in row]
    except csv.Error as error:
        raise CannotRead(Unreadable.BROKEN) from error
    finally:
        csv.field_size_limit(before)


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith(_UTF_16) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotRead(Unreadable.NOT_A_TABLE)


def _delimiter(text: str) -> str:
    """Return what separates the cells; Excel in Indonesian writes semicolons."""
    head = text[: text.find("\n")] if "\n" in text else text
    return max(",;\t|", key=head.count)

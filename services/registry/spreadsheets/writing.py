"""Writes workbooks and CSV in which nothing that a stranger typed is ever carried out."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import xlsxwriter

from services.registry.spreadsheets.columns import OWN, Column, template
from services.registry.spreadsheets.values import Cell, text_of
from shared.language import Words

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_SAFE = frozenset({"-"})  # what people write for nothing
TEMPLATE_ROWS = 5_000  # rows that the template offers choices for
_TITLE = Words("Data penduduk", "Residents")
_LISTS = "Daftar"
_GUIDE = "Petunjuk"
_NOT_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Mark(NamedTuple):
    """What is said about a cell; `blocks` colours it red, else yellow."""

    row: int  # as Excel shows it
    place: int  # of the column, from 0
    text: str
    blocks: bool


def harmless(text: str) -> str:
    """Return a text that no program takes for a formula: an apostrophe stands before such ones."""
    if text in _SAFE or not text.startswith(_DANGEROUS):
        return text
    return f"'{text}"


def csv_line(cells: Iterable[Cell]) -> str:
    """Return a line of CSV; numbers of sixteen digits keep an apostrophe, or Excel spoils them."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(_guarded(text_of(cell)) for cell in cells)
    return line.getvalue()


def _guarded(text: str) -> str:
    long_number = text.isascii() and text.isdecimal() and len(text) > 15  # noqa: PLR2004 - Excel's digits
    return f"'{text}" if long_number else harmless(text)


class Workbook:
    """A sheet that is written row by row, in constant memory."""

    def __init__(self, headings: Sequence[str], *, title: str = _TITLE.id) -> None:
        self._content = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._content, {"constant_memory": True, "in_memory": False, **_NOT_TEXT}
        )
        self._sheet = self._book.add_worksheet(title)
        self._text = self._book.add_format({"num_format": "@"})
        bold = self._book.add_format({"bold": True, "num_format": "@"})
        self._sheet.set_column(0, max(0, len(headings) - 1), 18, self._text)
        self._sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            self._sheet.write_string(0, place, heading, bold)
        self._rows = 0

    def add(self, cells: Iterable[Cell]) -> None:
        """Write the next row, every cell as a text."""
        self._rows += 1
        for place, cell in enumerate(cells):
            if text := text_of(cell):
                self._sheet.write_string(self._rows, place, harmless(text), self._text)

    def close(self) -> bytes:
        """Return the finished file."""
        self._book.close()
        return self._content.getvalue()


def make_template() -> bytes:
    """Return the workbook that an import offers: headings with notes, and lists to choose from."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **_NOT_TEXT})
    sheet, guide, lists = (book.add_worksheet(each) for each in (OWN, _GUIDE, _LISTS))
    text = book.add_format({"num_format": "@"})
    required = book.add_format({"bold": True, "bg_color": "#F8CBAD", "num_format": "@"})
    optional = book.add_format({"bold": True, "bg_color": "#DDEBF7", "num_format": "@"})
    for place, column in enumerate(template()):
        sheet.set_column(place, place, max(14, len(column.heading) + 2), text)
        sheet.write_string(0, place, column.heading, required if column.required else optional)
        if note := _note(column):
            sheet.write_comment(0, place, note)
        _offer(sheet, lists, place, column)
        guide.write_row(place, 0, [column.heading, note or ""])
    guide.set_column(0, 0, 28)
    guide.set_column(1, 1, 100)
    sheet.freeze_panes(1, 0)
    lists.hide()
    book.close()
    return content.getvalue()


def _note(column: Column) -> str:
    hint = column.hint()
    parts = ["Wajib diisi. / Required." if column.required else ""]
    parts += [f"{hint.id} / {hint.en}"] if hint else []
    parts += ["Pilih dari daftar. / Choose from the list."] if column.choices() else []
    return " ".join(each for each in parts if each)


def _offer(sheet: Any, lists: Any, place: int, column: Column) -> None:  # noqa: ANN401 - xlsxwriter's
    """Let cells below a heading be chosen from a list, which stands on a sheet of its own."""
    choices = column.choices()
    if not choices:
        return
    for row, choice in enumerate(choices):
        lists.write_string(row, place, choice)
    last = xlsxwriter.utility.xl_rowcol_to_cell(len(choices) - 1, place, True, True)  # noqa: FBT003
    first = xlsxwriter.utility.xl_rowcol_to_cell(0, place, True, True)  # noqa: FBT003
    allowed = {
        "validate": "list",
        "source": f"={_LISTS}!{first}:{last}",
        "error_type": "warning",
        "input_title": column.heading[:32],
        "input_message": "Pilih dari daftar / choose",
    }
    sheet.data_validation(1, place, TEMPLATE_ROWS, place, allowed)


def mark_faults(
    rows: Iterable[tuple[int, Sequence[Cell]]],
    marks: Mapping[int, Sequence[Mark]],
    listed: Sequence[Sequence[str]],
) -> bytes:
    """Return a workbook as it came, with the cells at fault coloured and commented, and a list.

    Every row stays where it was, so that the list and our answers name the same places.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **_NOT_TEXT})
    sheet, faults = book.add_worksheet(OWN), book.add_worksheet("Kesalahan")
    plain = book.add_format({"num_format": "@"})
    red = book.add_format({"num_format": "@", "bg_color": "#FF9999"})
    yellow = book.add_format({"num_format": "@", "bg_color": "#FFF2A8"})
    for number, cells in rows:
        said = marks.get(number, ())
        places = {each.place: red for each in said if each.blocks}
        places = {each.place: yellow for each in said} | places
        for place in range(max(len(cells), max(places, default=-1) + 1)):
            text = harmless(text_of(cells[place] if place < len(cells) else None))
            shape = places.get(place, plain)
            if text:
                sheet.write_string(number - 1, place, text, shape)
            elif place in places:
                sheet.write_blank(number - 1, place, None, shape)
        for place in places:
            comment = "\n".join(each.text for each in said if each.place == place)
            sheet.write_comment(number - 1, place, comment[:1000])
    for row, cells in enumerate(listed):
        for place, cell in enumerate(cells):
            faults.write_string(row, place, harmless(cell), plain)
    faults.set_column(0, 2, 12)
    faults.set_column(3, 4, 90)
    book.close()
    return content.getvalue()

"""A file of residents, as much of each as whoever ordered it may see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.registry.exports.schemas import Format
from services.registry.residents.rules.nik import mask
from services.registry.spreadsheets.columns import Column, template
from services.registry.spreadsheets.writing import Workbook, csv_line
from shared import codes

NUMBERS = frozenset({"nik", "kk_number", "mother_nik", "father_nik"})
# What identifies somebody and where they live; everything else is the whole record.
IDENTITY = frozenset(
    [
        "kk_number", "nik", "full_name", "title_before", "title_after", "sex", "birth_date",
        "relationship", "address", "hamlet", "rt", "rw", "postal_code", "village_code",
    ]
)  # fmt: skip


class Sheet:
    """Rows that become a file; numbers are masked here and nowhere later."""

    def __init__(self, wanted: Format, *, whole: bool, numbers: bool) -> None:
        self._columns: Sequence[Column] = [
            each for each in template() if whole or each.name in IDENTITY
        ]
        self._numbers = numbers
        headings = [each.heading for each in self._columns]
        self._book = Workbook(headings) if wanted is Format.XLSX else None
        self._lines = bytearray() if self._book else bytearray(csv_line(headings).encode())

    def add(self, people: Iterable[Mapping[str, Any]]) -> None:
        """Write people, one row each."""
        for person in people:
            cells = [self._cell(each, person[each.name]) for each in self._columns]
            if self._book is not None:
                self._book.add(cells)
            else:
                self._lines += csv_line(cells).encode()

    def _cell(self, column: Column, value: Any) -> Any:  # noqa: ANN401 - a column's value
        if value is None:
            return None
        if column.name in NUMBERS:
            return value if self._numbers else mask(value)
        if column.kind == "code":
            return codes.label(column.among, value)
        return value

    def close(self) -> bytes:
        """Return the finished file."""
        return bytes(self._lines) if self._book is None else self._book.close()

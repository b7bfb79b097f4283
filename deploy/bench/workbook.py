"""A workbook of people who do not exist, with errors planted where only the planter knows."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import xlsxwriter

from deploy.seed import names
from services.registry.spreadsheets.columns import by_name, letter

VILLAGE = "35.10.05.2003"
_FIELDS = (
    "kk_number", "nik", "full_name", "sex", "birth_place", "birth_date", "religion",
    "marital_status", "relationship", "mother_name", "father_name", "address", "rt", "rw",
    "village_code", "education", "occupation", "blood_type",
)  # fmt: skip
HEADINGS = tuple(by_name()[name].heading for name in _FIELDS)
_PREFIX = VILLAGE[:8].replace(".", "")

Line = dict[str, object]  # a cell by the name of its column


@dataclass(frozen=True)
class Planted:
    """A workbook and every error that was put into it: row, column as Excel names it, rule."""

    content: bytes
    rows: int
    errors: frozenset[tuple[int, str, str]]


def _spoil(column: str, value: object) -> Callable[[Line], str]:
    def put(line: Line) -> str:
        line[column] = value
        return column

    return put


def _as_number(line: Line) -> str:
    line["nik"] = float(str(line["nik"]))  # what Excel makes of a number that is no text
    return "nik"


# Each error and the rule that must find it. None of them touches the family that others stand on.
_ERRORS: tuple[tuple[str, Callable[[Line], str]], ...] = (
    ("NUMBER_NOT_TEXT", _as_number),
    ("NUMBER_NOT_TEXT", _spoil("nik", "3.51E+15")),
    ("NIK_FORMAT", _spoil("nik", "35100501078")),
    ("DATE_UNKNOWN", _spoil("birth_date", "31-02-1990")),
    ("DATE_YEAR", _spoil("birth_date", "1-2-90")),
    ("CODE_UNKNOWN", _spoil("religion", "MARSIAN")),
    ("CODE_UNKNOWN", _spoil("occupation", "PENYIHIR")),
    ("SEX_UNKNOWN", _spoil("sex", "X")),
    ("CELL_REQUIRED", _spoil("full_name", "")),
    ("CELL_TOO_LONG", _spoil("birth_place", "B" * 101)),
    ("THREE_DIGITS", _spoil("rt", "XII")),
    ("VILLAGE_UNKNOWN", _spoil("village_code", "35.10.05.9999")),
)


def plant(people: int, errors: int, seed: str = "import") -> Planted:
    """Make families of a head and three children, and spoil children here and there.

    Raises:
        ValueError: more errors than every fourth row.
    """
    if errors > people // 4:
        raise ValueError("no more than one error in a family")
    chance = Random(seed)
    lines = list(_people(people, chance))
    found: set[tuple[int, str, str]] = set()
    for family in chance.sample(range(people // 4), errors):
        row = 4 * family + 1 + chance.randrange(3)  # a child, never the head
        rule, spoil = _ERRORS[len(found) % len(_ERRORS)]
        column = spoil(lines[row])
        found.add((row + 2, letter(_FIELDS.index(column)), rule))  # below the headings, from 1
    return Planted(_written(lines), len(lines), frozenset(found))


def _people(people: int, chance: Random) -> Iterator[Line]:
    numbers: dict[str, int] = {}
    opened = date(2020, 1, 1)
    for row in range(people):
        place = row % 4
        if place == 0:
            kk = _number(numbers, opened + timedelta(days=row // 4 % 2_000), "L")
            mother = names.full_name(chance, names.ISLAM, "P", 1975, madurese=False)
        yield _person(numbers, kk, mother, place, chance)


def _person(numbers: dict[str, int], kk: str, mother: str, place: int, chance: Random) -> Line:
    is_head = place == 0
    first = date(1960, 1, 1) if is_head else date(2005, 1, 1)
    born = first + timedelta(days=chance.randrange(6_000))
    sex = "L" if is_head or chance.random() < 0.5 else "P"  # noqa: PLR2004
    return {
        "kk_number": kk,
        "nik": _number(numbers, born, sex),
        "full_name": names.full_name(chance, names.ISLAM, sex, born.year, madurese=False),
        "sex": sex,
        "birth_place": "BANYUWANGI",
        "birth_date": f"{born:%d-%m-%Y}",
        "religion": "ISLAM",
        "marital_status": "CERAI MATI" if is_head else "BELUM KAWIN",
        "relationship": "KEPALA KELUARGA" if is_head else "ANAK",
        "mother_name": mother,
        "father_name": "SUROSO",
        "address": "DUSUN KRAJAN",
        "rt": "001",
        "rw": "002",
        "village_code": VILLAGE,
        "education": "SLTA/SEDERAJAT",
        "occupation": "PETANI/PEKEBUN" if is_head else "PELAJAR/MAHASISWA",
        "blood_type": "TIDAK TAHU",
    }


def _number(numbers: dict[str, int], day: date, sex: str) -> str:
    """Return a synthetic number that nobody else in the workbook has."""
    while True:
        prefix = f"{_PREFIX}{day.day + (40 if sex == 'P' else 0):02}{day:%m%y}"
        serial = numbers.get(prefix, 9000) + 1
        if serial <= 9999:  # noqa: PLR2004 - the last synthetic serial
            numbers[prefix] = serial
            return f"{prefix}{serial}"
        day += timedelta(days=1)


def _written(lines: Sequence[Line]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for row, line in enumerate(lines, 1):
        for place, name in enumerate(_FIELDS):
            cell = line[name]
            if isinstance(cell, float):
                sheet.write_number(row, place, cell)
            elif cell:
                sheet.write_string(row, place, str(cell))
    book.close()
    return content.getvalue()

"""Cells as people type them, headings as other programs write them, and files that bite."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.registry.changes.remarks import sayings
from services.registry.spreadsheets.columns import by_name, letter, recognise, template
from services.registry.spreadsheets.reading import CSV, XLSX, CannotRead, lines, media_type
from services.registry.spreadsheets.values import Cell, CellFault, read
from services.registry.spreadsheets.writing import Workbook, csv_line, harmless
from shared import codes

FEBRUARY = (date(1990, 2, 1), "DAY")


@pytest.mark.parametrize(
    "cell",
    [
        "01-02-1990", "1-2-1990", "1/2/1990", "01.02.1990", "01 02 1990", "1990-02-01",
        "1990-02-01T00:00:00", "1 Feb 1990", "1 Pebruari 1990", "01-FEB-1990", "1Peb1990",
        "32905", 32905, 32905.0, datetime(1990, 2, 1), date(1990, 2, 1),  # noqa: DTZ001 - a cell
    ],
)  # fmt: skip
def test_dates_in_the_usual_spellings(cell: Cell) -> None:
    assert read(by_name()["birth_date"], cell) == FEBRUARY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1950", (date(1950, 7, 1), "YEAR")),
        (1950.0, (date(1950, 7, 1), "YEAR")),
        ("00-00-1950", (date(1950, 7, 1), "YEAR")),
        ("00-03-1950", (date(1950, 3, 15), "MONTH")),
    ],
)
def test_a_birth_date_that_is_not_wholly_known(cell: Cell, expected: object) -> None:
    assert read(by_name()["birth_date"], cell) == expected


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("02-13-1990", "DATE_UNKNOWN"),  # the month never stands first
        ("31-02-1990", "DATE_UNKNOWN"),
        ("1-2-90", "DATE_YEAR"),
        ("kemarin", "DATE_UNKNOWN"),
        ("1 Foo 1990", "DATE_UNKNOWN"),
        (True, "DATE_UNKNOWN"),
    ],
)
def test_dates_that_nobody_can_know(cell: Cell, rule: str) -> None:
    with pytest.raises(CellFault) as caught:
        read(by_name()["birth_date"], cell)

    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3510050107859001", "3510050107859001"),
        ("'3510050107859001", "3510050107859001"),
        (" 351005 010785 9001 ", "3510050107859001"),
        ("", None), ("-", None), ("0", None), (0, None), ("0000000000000000", None), (None, None),
    ],
)  # fmt: skip
def test_a_nik_is_a_text_and_its_absence_a_state(cell: Cell, expected: str | None) -> None:
    assert read(by_name()["nik"], cell) == expected


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (3510050107859001.0, "NUMBER_NOT_TEXT"),
        (3.51e15, "NUMBER_NOT_TEXT"),
        ("3.51E+15", "NUMBER_NOT_TEXT"),
        ("3,51005E+15", "NUMBER_NOT_TEXT"),
        ("351005010785900", "NIK_FORMAT"),
        ("35100501078590O1", "NIK_FORMAT"),
        ("٣٥١٠٠٥٠١٠٧٨٥٩٠٠١", "NIK_FORMAT"),
    ],
)
def test_a_nik_that_excel_spoiled_is_told_from_one_that_was_mistyped(cell: Cell, rule: str) -> None:
    with pytest.raises(CellFault) as caught:
        read(by_name()["nik"], cell)

    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("relationship", "Isteri", 3), ("relationship", 3.0, 3), ("relationship", "03", 3),
        ("relationship", "Famili Lain", 9), ("relationship", "Orang Tua", 7),
        ("religion", "Katolik", 3), ("religion", "BUDDHA", 5), ("religion", "islam", 1),
        ("blood_type", "A-", 6), ("blood_type", "AB+", 9), ("blood_type", "-", 13),
        ("blood_type", "Tidak Tahu", 13), ("education", "SLTA / Sederajat", 5),
        ("education", "Diploma IV/Strata I", 8), ("occupation", "petani/pekebun", 9),
        ("disability", "CACAT FISIK", 1), ("disability", "Disabilitas Fisik", 1),
        ("sex", "Laki-laki", "L"), ("sex", 2, "P"), ("sex", "perempuan", "P"),
        ("rt", "1", "001"), ("rt", 12.0, "012"), ("permit", "KITAP", "ITAP"),
        ("village_code", "3510052003", "35.10.05.2003"), ("village_code", 3510052003.0, "35.10.05.2003"),
        ("full_name", "  Siti \n Aminah ", "SITI AMINAH"),
    ],
)  # fmt: skip
def test_words_and_codes_are_both_understood(column: str, cell: Cell, expected: object) -> None:
    assert read(by_name()[column], cell) == expected


def test_every_word_of_every_list_is_understood() -> None:
    for column in template():
        if column.kind == "code":
            for code, row in codes.lists()[column.among].items():
                assert read(column, row.name.id) == int(code)
                assert read(column, code) == int(code)


def test_the_four_marital_states_of_siak_are_not_the_six_of_the_card() -> None:
    column = by_name()["marital_status"]

    assert [read(column, each, four_states=True) for each in "1234"] == [1, 2, 4, 6]
    assert [read(column, each) for each in "123456"] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(CellFault):
        read(column, "5", four_states=True)


@pytest.mark.parametrize("cell", ["ADI\u202egnaro", "ADI\u200bPUTRA", "ADI\x07"])
def test_invisible_characters_are_refused(cell: str) -> None:
    with pytest.raises(CellFault, match="CELL_CONTROL"):
        read(by_name()["full_name"], cell)


def test_headings_are_known_whatever_their_marks() -> None:
    found = recognise(["No. KK", "nik", "NAMA_LGKP", "Stat_HbKel", "Stat_Kwn", "CATATAN", "NIK"])

    assert [each.column.name for each in found.found] == [
        "kk_number", "nik", "full_name", "relationship", "marital_status",
    ]  # fmt: skip
    assert (found.dialect, found.four_states) == ("SIAK", True)
    assert (found.unknown, found.twice) == (("CATATAN",), ("NIK",))


def test_columns_are_named_as_excel_names_them() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_as_programs_write_it(separator: str, encoding: str) -> None:
    text = separator.join(["NIK", "NAMA", "ALAMAT"]) + "\r\n"
    text += separator.join(["'3510050107859001", "RENÉ", "'=1+1"]) + "\r\n"
    content = text.encode(encoding)
    head, row = lines(content, media_type(content))

    assert (head.number, row.number) == (1, 2)
    assert list(row.cells) == ["3510050107859001", "RENÉ", "=1+1"]


def test_rows_are_numbered_as_excel_shows_them() -> None:
    content = b"DAFTAR PENDUDUK,,\r\n,,\r\nNIK,NAMA,ALAMAT\r\n,,\r\n1,2,3\r\n"

    assert [each.number for each in lines(content, CSV)] == [3, 5]


def test_what_is_written_is_never_carried_out() -> None:
    names = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tX", "SITI", "-", "1-2"]

    assert [harmless(each) for each in names] == [
        "'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(1)", "'\tX", "SITI", "-", "1-2",
    ]  # fmt: skip
    [told] = csv.reader(io.StringIO(csv_line(["=1", "3510050107859001", 'A "B", C'])))
    assert told == ["'=1", "'3510050107859001", 'A "B", C']


def test_a_workbook_keeps_a_nik_and_holds_no_formula() -> None:
    book = Workbook(["NIK", "NAMA"])
    book.add(["3510050107859001", "=1+1"])
    content = book.close()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)

    assert media_type(content) == XLSX
    assert sheet.to_python() == [["NIK", "NAMA"], ["3510050107859001", "'=1+1"]]


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"PK"])
def test_a_broken_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(CannotRead, match="FILE_BROKEN"):
        media_type(content)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.registry.spreadsheets.reading.MAX_ROWS", 2)
    content = b"A,B,C\n" + b"1,2,3\n" * 3

    with pytest.raises(CannotRead, match="FILE_TOO_MANY_ROWS"):
        list(lines(content, CSV))


def test_a_row_is_read_whatever_it_holds() -> None:
    """Whatever stands in a cell, reading it ends in a value or in a rule with words."""
    odd: list[Any] = ["", "x" * 5_000, -1, 1e300, True, date.max, "\u0000", "=1", "٣", "0" * 16]
    broken = set()
    for column in by_name().values():
        for cell in odd:
            try:
                read(column, cell)
            except CellFault as fault:
                broken.add(fault.rule)

    assert broken <= sayings().keys()

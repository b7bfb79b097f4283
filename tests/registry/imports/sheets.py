"""Workbooks of people who do not exist."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from tests.registry.people import MUNCAR

HEADINGS = [
    "NOMOR KK", "NIK", "NAMA LENGKAP", "JENIS KELAMIN", "TEMPAT LAHIR", "TANGGAL LAHIR", "AGAMA",
    "STATUS PERKAWINAN", "HUBUNGAN KELUARGA", "NAMA IBU", "NAMA AYAH", "ALAMAT", "RT", "RW",
    "KODE DESA", "PEKERJAAN", "TANGGAL KAWIN", "NOMOR AKTA KAWIN",
]  # fmt: skip
KK = "3510051203109001"
FATHER, MOTHER, CHILD = "3510050506889001", "3510054503909001", "3510051005159001"

Sheet = list[dict[str, Any]]


def row(**cells: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever people type
    """Return a head of family as the template has him, with other cells."""
    common = {
        "NOMOR KK": KK,
        "NIK": FATHER,
        "NAMA LENGKAP": "BUDI SANTOSO",
        "JENIS KELAMIN": "L",
        "TEMPAT LAHIR": "BANYUWANGI",
        "TANGGAL LAHIR": "05-06-1988",
        "AGAMA": "ISLAM",
        "STATUS PERKAWINAN": "KAWIN TERCATAT",
        "HUBUNGAN KELUARGA": "KEPALA KELUARGA",
        "NAMA IBU": "SUMINI",
        "NAMA AYAH": "SUROSO",
        "ALAMAT": "DUSUN KRAJAN",
        "RT": "001",
        "RW": "002",
        "KODE DESA": MUNCAR,
        "PEKERJAAN": "PETANI/PEKEBUN",
        "TANGGAL KAWIN": "10-01-2012",
        "NOMOR AKTA KAWIN": "0123/045/I/2012",
    }
    return common | {name.replace("_", " "): value for name, value in cells.items()}


def family() -> Sheet:
    """Return a father, a mother and a child."""
    mother = row(
        NIK=MOTHER, NAMA_LENGKAP="SITI AMINAH", JENIS_KELAMIN="P", TANGGAL_LAHIR="05-03-1990",
        HUBUNGAN_KELUARGA="ISTRI", PEKERJAAN="MENGURUS RUMAH TANGGA", NAMA_IBU="SUMARNI",
    )  # fmt: skip
    child = row(
        NIK=CHILD, NAMA_LENGKAP="ADI SANTOSO", TANGGAL_LAHIR="10-05-2015", NAMA_IBU="SITI AMINAH",
        STATUS_PERKAWINAN="BELUM KAWIN", HUBUNGAN_KELUARGA="ANAK", PEKERJAAN="BELUM BEKERJA",
        TANGGAL_KAWIN="", NOMOR_AKTA_KAWIN="",
    )  # fmt: skip
    return [row(), mother, child]


def xlsx(rows: Sequence[dict[str, Any]], headings: Sequence[str] | None = None) -> bytes:
    """Return a workbook; numbers and dates stay what they are."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    names = list(headings or HEADINGS)
    sheet.write_row(0, 0, names)
    for line, cells in enumerate(rows, 1):
        for place, name in enumerate(names):
            value = cells.get(name, "")
            if isinstance(value, date):
                sheet.write_datetime(line, place, value, day)
            elif isinstance(value, str) and value.startswith("{="):
                sheet.write_formula(line, place, value[1:-1], None, "HASIL")
            else:
                sheet.write(line, place, value)
    book.close()
    return content.getvalue()


def csv_of(rows: Sequence[dict[str, Any]], headings: Sequence[str] | None = None) -> bytes:
    """Return the same as CSV with semicolons, as Excel writes it here."""
    names = list(headings or HEADINGS)
    lines = [
        ";".join(names),
        *(";".join(str(each.get(name, "")) for name in names) for each in rows),
    ]
    return "\r\n".join(lines).encode()

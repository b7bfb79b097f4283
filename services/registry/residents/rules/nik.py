"""The NIK: `PPKKCC DDMMYY SSSS`, given once and for life (PP 40/2019 art 30, UU 23/2006 art 13).

Six digits of the district of first registration, the birth date with 40 added to a woman's day,
and a serial. It is never computed anew: not on a move, not when birth date or sex are corrected.
"""

import re
from datetime import date
from typing import NamedTuple

from services.registry.regions.rules import prefix6

FIRST_SERIAL = 9001  # synthetic people only: real serials of a district and day have two digits
LAST_SERIAL = 9999
FEMALE_DAYS = 40  # added to the day of birth

_FORMAT = re.compile(r"[0-9]{16}")


class NikExhausted(Exception):  # noqa: N818 - named for the rule it breaks
    """Every serial of a district, day and sex is given."""

    rule = "NIK_EXHAUSTED"


class Part(NamedTuple):
    """Some digits of a NIK, and what they say."""

    digits: str
    text_id: str
    text_en: str


class Anomaly(NamedTuple):
    """Where a NIK and its record disagree: a warning, never a block, for an existing NIK."""

    rule: str
    text_id: str
    text_en: str


def prefix(village_code: str, birth_date: date, sex: str) -> str:
    """Return the twelve digits of somebody first registered in this village's district."""
    return prefix6(village_code) + birth_part(birth_date, sex)


def birth_part(birth_date: date, sex: str) -> str:
    """Return DDMMYY, the day raised by 40 for women (sex P)."""
    day = birth_date.day + (FEMALE_DAYS if sex == "P" else 0)
    return f"{day:02}{birth_date:%m%y}"


def district(nik: str) -> str:
    """Return the dotted code of the district of first registration, such as 35.10.05."""
    return f"{nik[:2]}.{nik[2:4]}.{nik[4:6]}"


def mask(number: str) -> str:
    """Hide all but the regency and the last two digits, for lists and messages."""
    return f"{number[:4]}{'*' * 10}{number[-2:]}"


def is_well_formed(nik: str) -> bool:
    """Tell whether a NIK could be one: 16 digits, a possible day and month, a serial above 0.

    It says nothing about whether anybody holds it, and the century is not in the number.
    """
    if not _FORMAT.fullmatch(nik):
        return False
    day, month = int(nik[6:8]) % FEMALE_DAYS, int(nik[8:10])
    in_range = int(nik[6:8]) <= 31 + FEMALE_DAYS
    return in_range and _is_day(day, month) and nik[12:] != "0000"


def _is_day(day: int, month: int) -> bool:
    try:
        date(2000, month, day)  # a leap year, for the century is unknown
    except ValueError:
        return False
    return True


def explain(nik: str, district_name: str | None = None) -> list[Part]:
    """Return the parts of a NIK in words; its first six digits may have a name.

    Raises:
        ValueError: it is not well-formed.
    """
    if not is_well_formed(nik):
        raise ValueError("not a NIK")
    day, female = int(nik[6:8]) % FEMALE_DAYS, int(nik[6:8]) > FEMALE_DAYS
    where = district_name or district(nik)
    return [
        Part(nik[:2], "provinsi pendaftaran pertama", "province of first registration"),
        Part(nik[2:4], "kabupaten/kota pendaftaran pertama", "regency of first registration"),
        Part(
            nik[4:6],
            f"kecamatan pendaftaran pertama: {where}",
            f"district of first registration: {where}",
        ),
        Part(
            nik[6:8],
            f"tanggal lahir {day}" + (", ditambah 40: perempuan" if female else ": laki-laki"),
            f"day of birth {day}" + (", plus 40: female" if female else ": male"),
        ),
        Part(nik[8:10], "bulan lahir", "month of birth"),
        Part(nik[10:12], "dua angka akhir tahun lahir", "last two digits of the year of birth"),
        Part(nik[12:], "nomor urut", "serial number"),
    ]


def anomalies(
    nik: str, birth_date: date, sex: str, *, district_is_known: bool = True
) -> list[Anomaly]:
    """Return where a NIK disagrees with its record.

    `district_is_known` says whether its first six digits are a district of today; many old ones
    are not, for districts were split and renumbered.
    """
    is_female = int(nik[6:8]) > FEMALE_DAYS
    digits = f"{int(nik[6:8]) % FEMALE_DAYS:02}{nik[8:12]}"
    heard = {
        Anomaly(
            "NIK_DOB_MISMATCH",
            "Tanggal lahir berbeda dari yang terbaca pada NIK; NIK tidak diubah.",
            "The birth date differs from what the NIK says; the NIK stays.",
        ): digits != f"{birth_date:%d%m%y}",
        Anomaly(
            "NIK_SEX_MISMATCH",
            "Jenis kelamin berbeda dari yang terbaca pada NIK; NIK tidak diubah.",
            "The sex differs from what the NIK says; the NIK stays.",
        ): is_female != (sex == "P"),
        Anomaly(
            "NIK_REGION",
            "Enam angka awal NIK bukan kode kecamatan yang dikenal sekarang.",
            "The first six digits of the NIK are no district that is known today.",
        ): not district_is_known,
    }
    return [anomaly for anomaly, applies in heard.items() if applies]

"""The NIK: `PPKKCC DDMMYY SSSS`, given once and for life (PP 40/2019 art 30, UU 23/2006 art 13)."""

from datetime import date

from services.registry.regions.rules import prefix6

FIRST_SERIAL = 9001  # synthetic people only: real serials of a district and day have two digits
LAST_SERIAL = 9999
FEMALE_DAYS = 40  # added to the day of birth


class NikExhausted(Exception):  # noqa: N818 - named for the rule it breaks
    """Every serial of a district, day and sex is given."""

    rule = "NIK_EXHAUSTED"


def prefix(village_code: str, birth_date: date, sex: str) -> str:
    """Return the twelve digits of somebody first registered in this village's district."""
    return prefix6(village_code) + birth_part(birth_date, sex)


def birth_part(birth_date: date, sex: str) -> str:
    """Return DDMMYY, the day raised by 40 for women."""
    day = birth_date.day + (FEMALE_DAYS if sex == "P" else 0)
    return f"{day:02}{birth_date:%m%y}"


def mask(number: str) -> str:
    """Hide all but the regency and the last two digits, for lists and messages."""
    return f"{number[:4]}{'*' * 10}{number[-2:]}"

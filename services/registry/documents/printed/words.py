"""How dates, people and places are written on paper."""

from datetime import date
from typing import Any

from babel.dates import format_date

from services.registry.documents.rules import in_words
from services.registry.documents.schemas import Address, Ruling
from shared.codes import find, label
from shared.contract.facts import Citizenship, MaritalStatus, Sex
from shared.language import Words

Texts = dict[str, Any]  # JSON: what a template reads

NONE = "-"
UNKNOWN_BLOOD = 13  # TIDAK TAHU; a card has no room for it

SEX = {Sex.MALE: Words("LAKI-LAKI", "male"), Sex.FEMALE: Words("PEREMPUAN", "female")}
CITIZENSHIP = {
    Citizenship.INDONESIAN: Words("Warga Negara Indonesia", "Indonesian citizen"),
    Citizenship.FOREIGN: Words("Warga Negara Asing", "Foreign citizen"),
    Citizenship.DUAL: Words("Berkewarganegaraan ganda terbatas", "Limited dual citizenship"),
}


def long_date(day: date, locale: str = "id") -> str:
    """Write a date as 24 November 2026, in Indonesian or English."""
    return str(format_date(day, "d MMMM y", locale=locale))


def short_date(day: date | None) -> str:
    """Write a date as 24-11-2026."""
    return day.strftime("%d-%m-%Y") if day else NONE


def spelled_day(day: date) -> str:
    """Write day and month in capitals, the day in words: DUA PULUH EMPAT NOVEMBER."""
    return f"{in_words(day.day)} {format_date(day, 'MMMM', locale='id')}".upper()


def spelled_year(day: date) -> str:
    """Write the year in words and capitals."""
    return in_words(day.year).upper()


def capitals(text: str | None) -> str:
    """Write a name or a place as papers do; a dash where there is none."""
    return text.upper() if text else NONE


def born(place: str | None, day: date | None) -> str:
    """Write place and date of birth in one line, as far as they are known."""
    return ", ".join(each for each in (place and place.upper(), day and short_date(day)) if each)


def blood(code: int) -> str:
    """Write a blood type; a dash where nobody knows it."""
    return NONE if code == UNKNOWN_BLOOD else label("golongan_darah", code)


def religion(code: int | None, organisation: str | None = None) -> str:
    """Write a religion, or a belief with the community that holds it."""
    if code is None:
        return NONE
    named = label("agama", code)
    return f"{named} ({organisation.upper()})" if organisation else named


def card_status(status: MaritalStatus) -> str:
    """Write a marital status in the four words of the identity card."""
    if status is MaritalStatus.WIDOWED:
        return "CERAI MATI"
    four = find("status_kawin", status).more["code_siak4"]
    return {"1": "BELUM KAWIN", "2": "KAWIN", "3": "CERAI HIDUP"}[four]


def address(where: Address) -> Texts:
    """Write the parts of an address, for papers that set each in a field of its own."""
    return {
        "street": where.street.upper(),
        "rt": where.rt,
        "rw": where.rw,
        "village": where.village.upper(),
        "district": where.district.upper(),
        "regency": where.regency.upper(),
        "province": where.province.upper(),
        "postal_code": where.postal_code or NONE,
    }


def address_line(where: Address) -> str:
    """Write an address in one line."""
    parts = (
        f"{where.street}, RT {where.rt} RW {where.rw}, {where.village}, {where.district}",
        f"{where.regency}, {where.province}",
        where.postal_code or "",
    )
    return ", ".join(each for each in parts if each).upper()


def ruling(rule: Ruling) -> Words:
    """Write on whose decision an entry rests."""
    final_id = (
        f", berkekuatan hukum tetap sejak {long_date(rule.final_on)}" if rule.final_on else ""
    )
    final_en = f", final since {long_date(rule.final_on, 'en')}" if rule.final_on else ""
    return Words(
        f"{rule.authority} nomor {rule.number} tanggal {long_date(rule.dated)}{final_id}",
        f"{rule.authority} no. {rule.number} of {long_date(rule.dated, 'en')}{final_en}",
    )

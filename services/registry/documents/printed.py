"""From what a document says to the very texts on its paper. Pure; the templates only place them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_date
from pydantic import JsonValue

from services.registry.documents.rules import Parentage, full_place, in_words, office, ordinal
from services.registry.documents.schemas import (
    Address,
    BirthCertificateContent,
    ChildCardContent,
    Content,
    FamilyCardContent,
    FamilyMember,
)
from shared.codes import label
from shared.contract.facts import Citizenship, Sex

Texts = dict[str, JsonValue]

NONE = "-"
UNKNOWN_BLOOD = 13  # TIDAK TAHU; a card has no room for it

_SEX = {Sex.MALE: "LAKI-LAKI", Sex.FEMALE: "PEREMPUAN"}
_CITIZENSHIP_EN = {
    Citizenship.INDONESIAN: "Indonesian citizen",
    Citizenship.FOREIGN: "Foreign citizen",
    Citizenship.DUAL: "Limited dual citizenship",
}
_CITIZENSHIP_ID = {
    Citizenship.INDONESIAN: "Warga Negara Indonesia",
    Citizenship.FOREIGN: "Warga Negara Asing",
    Citizenship.DUAL: "Berkewarganegaraan ganda terbatas",
}


def texts(content: Content) -> Texts:
    """Return every text of a document."""
    return _TEXTS[type(content)](content)


def long_date(day: date, locale: str = "id") -> str:
    """Write a date as 24 November 2026, in Indonesian or English."""
    return str(format_date(day, "d MMMM y", locale=locale))


def short_date(day: date | None) -> str:
    """Write a date as 24-11-2026."""
    return day.strftime("%d-%m-%Y") if day else NONE


def _birth_certificate(content: BirthCertificateContent) -> Texts:
    born = content.birth_date
    day_and_month = f"{in_words(born.day)} {format_date(born, 'MMMM', locale='id')}"
    return {
        "number": content.number,
        "nik": content.nik,
        "full_name": content.full_name.upper(),
        "birth_place": content.birth_place.upper(),
        "birth_day": day_and_month.upper(),
        "birth_year": in_words(born.year).upper(),
        "birth_date": long_date(born),
        "birth_date_en": long_date(born, "en"),
        "order": in_words(content.birth_order).upper(),
        "order_en": ordinal(content.birth_order),
        "sex": _SEX[content.sex],
        "sex_en": "male" if content.sex is Sex.MALE else "female",
        "mother": (content.mother_name or NONE).upper(),
        "father": (content.father_name or NONE).upper(),
        "with_father": content.parentage in {Parentage.MARRIED, Parentage.UNREGISTERED_MARRIAGE},
        "parentage": content.parentage,
        "citizenship": _CITIZENSHIP_ID[content.citizenship].upper(),
        "citizenship_en": _CITIZENSHIP_EN[content.citizenship],
        "registered_on": long_date(content.registered_on),
        "registered_on_en": long_date(content.registered_on, "en"),
        "regency": content.regency,
        "office": office(content.regency),
    }


def _address(address: Address) -> Texts:
    return {
        "street": address.street.upper(),
        "rt": address.rt,
        "rw": address.rw,
        "village": address.village.upper(),
        "district": address.district.upper(),
        "regency": address.regency.upper(),
        "province": address.province.upper(),
        "postal_code": address.postal_code or NONE,
    }


def _religion(code: int, organisation: str | None) -> str:
    return (
        f"{label('agama', code)} ({organisation.upper()})" if organisation else label("agama", code)
    )


def _family_card(content: FamilyCardContent) -> Texts:
    return {
        "kk_number": content.kk_number,
        "head": content.head_name.upper(),
        "address": _address(content.address),
        "members": [_member(each) for each in content.members],
        "regency": content.address.regency,
        "office": office(content.address.regency),
    }


def _member(member: FamilyMember) -> Texts:
    return {
        "full_name": member.full_name.upper(),
        "nik": member.nik,
        "sex": _SEX[member.sex],
        "birth_place": member.birth_place.upper(),
        "birth_date": short_date(member.birth_date),
        "religion": _religion(member.religion, member.belief_organisation),
        "education": label("pendidikan", member.education),
        "occupation": label("pekerjaan", member.occupation),
        "blood_type": label("golongan_darah", member.blood_type),
        "marital_status": label("status_kawin", member.marital_status),
        "marriage_date": short_date(member.marriage_date),
        "relationship": label("shdk", member.relationship),
        "citizenship": label("kewarganegaraan", member.citizenship),
        "passport": member.passport_number or NONE,
        "permit": member.permit_number or NONE,
        "father": (member.father_name or NONE).upper(),
        "mother": (member.mother_name or NONE).upper(),
    }


def _child_card(content: ChildCardContent) -> Texts:
    known_blood = content.blood_type != UNKNOWN_BLOOD
    return {
        "nik": content.nik,
        "full_name": content.full_name.upper(),
        "birth": f"{content.birth_place.upper()}, {short_date(content.birth_date)}",
        "sex": _SEX[content.sex],
        "blood_type": label("golongan_darah", content.blood_type) if known_blood else NONE,
        "religion": label("agama", content.religion),
        "citizenship": label("kewarganegaraan", content.citizenship),
        "certificate_number": content.birth_certificate_number or NONE,
        "kk_number": content.kk_number,
        "head": content.head_name.upper(),
        "address": _address(content.address),
        "with_photo": content.variant == "B",  # from five: Permendagri 2/2016
        "valid_until": short_date(content.valid_until),
        "place": full_place(content.address.regency).upper(),
        "regency": content.address.regency,
        "office": office(content.address.regency),
    }


_TEXTS: dict[type[Content], Callable[[Any], Texts]] = {
    BirthCertificateContent: _birth_certificate,
    FamilyCardContent: _family_card,
    ChildCardContent: _child_card,
}

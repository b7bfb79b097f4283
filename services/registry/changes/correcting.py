"""What the law says about corrections of a record. Pure functions."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from services.registry.changes.naming import recorded
from services.registry.changes.state import Person
from services.registry.residents.rules.ages import must_hold_ktp
from shared.codes import find
from shared.contract.corrections import CorrectResident
from shared.language import Words

MOST_TYPING_ERRORS = 3  # letters, and never more than a quarter of the name
BELIEF = 7  # kepercayaan, in agama.csv
UNKNOWN_BLOOD = 13

Value = str | int | date | None


class Element(NamedTuple):
    """What an element is called, which list its codes are from, and what shows it."""

    id: str
    en: str
    codes: str | None = None
    on_family_card: bool = True
    on_cards: bool = True  # KTP-el and child card


ELEMENTS: Mapping[str, Element] = {
    "full_name": Element("Nama", "The name"),
    "title_before": Element("Gelar depan", "The title before the name"),
    "title_after": Element("Gelar belakang", "The title after the name"),
    "sex": Element("Jenis kelamin", "The sex"),
    "birth_place": Element("Tempat lahir", "The place of birth"),
    "birth_place_code": Element(
        "Kode tempat lahir", "The code of the birth place", on_family_card=False, on_cards=False
    ),
    "birth_date": Element("Tanggal lahir", "The date of birth"),
    "birth_date_precision": Element(
        "Ketelitian tanggal lahir",
        "The precision of the birth date",
        on_family_card=False,
        on_cards=False,
    ),
    "religion": Element("Agama", "The religion", "agama"),
    "belief_organisation": Element("Organisasi kepercayaan", "The organisation of belief"),
    "blood_type": Element("Golongan darah", "The blood type", "golongan_darah"),
    "education": Element("Pendidikan", "The education", "pendidikan", on_cards=False),
    "occupation": Element("Pekerjaan", "The occupation", "pekerjaan"),
    "disability": Element(
        "Data disabilitas", "The disability", "disabilitas", on_family_card=False, on_cards=False
    ),
    "citizenship": Element("Kewarganegaraan", "The citizenship", "kewarganegaraan"),
    "permit": Element("Izin tinggal", "The permit to stay"),
    "mother_name": Element("Nama ibu", "The mother's name", on_cards=False),
    "father_name": Element("Nama ayah", "The father's name", on_cards=False),
}
_WRITTEN_UPPER = {"full_name", "birth_place", "mother_name", "father_name", "belief_organisation"}


def asked(fact: CorrectResident) -> dict[str, Value]:
    """Return the new values by element, as documents write them."""
    found: dict[str, Value] = {each.value: None for each in fact.emptied}
    for name in ELEMENTS:
        value = getattr(fact.to, name, None)
        if value is not None:
            found[name] = recorded(value) if name in _WRITTEN_UPPER else value
    if fact.to.religion is not None and fact.to.religion != BELIEF:
        found.setdefault("belief_organisation", None)
    return found


def now(person: Person, element: str) -> Value:
    """Return what is recorded of an element."""
    held = person if hasattr(person, element) else person.particulars
    value: Value = getattr(held, element)
    return value


def is_typing_error(old: str, new: str) -> bool:
    """Tell whether two names differ by typing errors only; more is for a court (art 52)."""
    distance = Levenshtein.distance(old.replace(" ", ""), new.replace(" ", ""))
    return distance <= min(MOST_TYPING_ERRORS, len(old) // 4)


def owes_card(person: Person, today: date) -> bool:
    """Tell whether somebody must hold a KTP-el (UU 24/2013 art 63)."""
    status, citizenship = int(person.marital_status), int(person.citizenship)
    return must_hold_ktp(person.birth_date, status, citizenship, person.permit, today)


def shown(element: str, value: Value) -> Words:
    """Return a value as people read it."""
    codes = ELEMENTS[element].codes
    if value is None:
        return Words("kosong", "empty")
    if codes is not None:
        return find(codes, str(value)).name
    if element == "sex":
        return Words("LAKI-LAKI", "male") if value == "L" else Words("PEREMPUAN", "female")
    text = value.isoformat() if isinstance(value, date) else str(value)
    return Words(text, text)

"""What a paper should say, and what can be seen of where its words are."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from services.registry.documents.printed.words import (
    CITIZENSHIP,
    SEX,
    card_status,
    long_date,
    short_date,
    spelled_day,
)
from services.registry.documents.rules import in_words
from services.registry.documents.schemas import VitalEvent
from shared.codes import label
from shared.contract.facts import Citizenship, MaritalStatus, Relationship, Sex

PDFTOTEXT = shutil.which("pdftotext")

# Fields that hold a code of a list of the state.
LISTS = {
    "religion": "agama",
    "education": "pendidikan",
    "occupation": "pekerjaan",
    "blood_type": "golongan_darah",
    "disability": "disabilitas",
    "reason": "alasan_pindah",
    "classification": "klasifikasi_pindah",
    "move_kind": "jenis_kepindahan",
    "movers_card": "status_kk_pindah",
    "stayers_card": "status_kk_tidak_pindah",
    "certificate_kind": "jenis_akta",
}
NOT_SAID = {"variant", "parentage"}  # they decide how the paper looks
EVENTS = {VitalEvent.MARRIAGE: "PERKAWINAN"}
PEOPLE = re.compile(r"(full|mother|father|spouse|partner|head|applicant|leader|elder|sponsor)_name")
STREETS = {"street", "origin", "cause", "marks", "found_at", "address_abroad", "previous_address"}

_Content = TypeVar("_Content", bound=BaseModel)


def squeezed(text: str) -> str:
    """The letters alone: where a line was broken does not matter."""
    return re.sub(r"\s", "", text).lower()


def wordings(content: BaseModel, above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every field with the ways in which a paper may put it."""
    for name, value in content:
        place = f"{above}/{name}"
        if isinstance(value, BaseModel):
            yield from wordings(value, place)
        elif isinstance(value, (tuple, list)):
            for number, each in enumerate(value):
                yield from wordings(each, f"{place}/{number}")
        elif value is not None and name not in NOT_SAID:
            yield place, _ways(name, value)


def _ways(name: str, value: object) -> list[str]:
    if name in LISTS:
        assert isinstance(value, (int, str))
        return ["-"] if (name, value) == ("blood_type", 13) else [label(LISTS[name], value)]
    if isinstance(value, Enum):
        return _of_enum(value)
    if isinstance(value, date):
        return [long_date(value), short_date(value), spelled_day(value)]
    if isinstance(value, time):
        return [f"{value:%H.%M}"]
    if isinstance(value, int):
        return [in_words(value), str(value)]
    return [str(value)]


def _of_enum(value: Enum) -> list[str]:
    match value:
        case Sex():
            return [SEX[value].id, value.value]
        case Citizenship():
            return [CITIZENSHIP[value].id, label("kewarganegaraan", value)]
        case Relationship():
            return [label("shdk", value)]
        case MaritalStatus():
            return [label("status_kawin", value), card_status(value)]
        case VitalEvent():
            return [EVENTS[value]]
        case _:
            raise AssertionError(value)


def names(content: BaseModel) -> Iterator[tuple[str, list[str]]]:
    """The wordings of names and streets alone."""
    for place, ways in wordings(content):
        last = place.rpartition("/")[2]
        if PEOPLE.fullmatch(last) or last in STREETS:
            yield place, ways


_NAMES = {
    "words": "Raden Ayu Kusumaningtyas Wijayanti Prameswari Hadiningrat Sastrowardoyo"
    " binti Raden Mas Haryo Suryokusumo Notonegoro",
    "one_word": "Kusumaningtyaswijayantiprameswarihadiningratsastrowardoyobint",
    "single": "Suparman",
}
_STREETS = {
    "words": ("Perumahan Griya Permata Indah Blok Anggrek Nomor Seratus Dua Puluh Tiga " * 4)[:249]
    + "X",
    "one_word": "Krajan" * 41 + "Lama",
    "single": "Krajan",
}


def stretched(content: _Content, style: str) -> _Content:
    """The same paper of people with such names, who live in such a street."""
    changed: dict[str, object] = {}
    for name, value in content:
        if isinstance(value, BaseModel):
            changed[name] = stretched(value, style)
        elif isinstance(value, (tuple, list)):
            changed[name] = type(value)(stretched(each, style) for each in value)
        elif isinstance(value, str) and PEOPLE.fullmatch(name):
            changed[name] = _NAMES[style]
        elif isinstance(value, str) and name in STREETS:
            changed[name] = _STREETS[style]
    return type(content).model_validate(content.model_copy(update=changed).model_dump())


class Word(NamedTuple):
    """A word and its box in points."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


_WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
)
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">')


def _laid_out(path: Path) -> list[tuple[float, float, list[Word]]]:
    command = [str(PDFTOTEXT), "-bbox", str(path), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    laid = []
    for number, part in enumerate(said.split("<page ")[1:]):
        size = _PAGE.match(f"<page {part}")
        assert size
        words = [_word(number, each) for each in _WORD.findall(part)]
        laid.append((float(size[1]), float(size[2]), words))
    return laid


def _word(page: int, found: tuple[str, ...]) -> Word:
    left, top, right, bottom = (float(each) for each in found[:4])
    return Word(page, left, top, right, bottom, found[4])


def outside(path: Path) -> list[Word]:
    """Words that the edge of the paper cuts."""
    edge = 3
    return [
        word
        for width, height, words in _laid_out(path)
        for word in words
        if word.left < edge or word.right > width - edge or word.top < 0 or word.bottom > height
    ]


def overlapping(path: Path) -> list[tuple[Word, Word]]:
    """Pairs of words that lie upon one another."""
    return [
        (one, other)
        for _, _, words in _laid_out(path)
        for place, one in enumerate(words)
        for other in words[place + 1 :]
        if _upon(one, other)
    ]


def _upon(one: Word, other: Word) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return across > 2 and down > 0.5 * lower


def fonts_of(path: Path) -> list[tuple[str, str]]:
    """Name each font, and tell whether it is in the file: yes or no."""
    said = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
    lines = [each.split() for each in said.stdout.splitlines()[2:]]
    return [(each[0], each[-5]) for each in lines]

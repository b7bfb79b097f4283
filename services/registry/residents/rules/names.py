"""Names: what may be recorded anew (Permendagri 73/2022)."""

import re
import unicodedata
from typing import NamedTuple

LONGEST = 60  # letters, spaces included

_LAW_LENGTH = "Permendagri 73/2022 art 4(2)b"
_LAW_WRITING = "Permendagri 73/2022 art 5(3)"

# Written short although the full word is meant; a short form that is the whole name is a name.
_ABBREVIATIONS = frozenset(
    [
        "ABD",
        "ABDL",
        "ACH",
        "ACHD",
        "AHM",
        "MD",
        "MHD",
        "MOH",
        "MOHD",
        "MOCH",
        "MOKH",
        "MUH",
        "MUHD",
        "MUCH",
        "ST",
        "SYAR",
    ]
)
# Religious and academic ones, as words without their dots; nobility's are part of the name.
_TITLES_BEFORE = frozenset(
    [
        "H",
        "HJ",
        "HJH",
        "KH",
        "KYAI",
        "USTADZ",
        "USTADZAH",
        "DR",
        "DRA",
        "DRS",
        "DRG",
        "DRH",
        "IR",
        "PROF",
        "NS",
    ]
)
_TITLES_AFTER = frozenset(
    [
        "AMD",
        "AMDKEB",
        "LC",
        "MA",
        "MBA",
        "MH",
        "MHUM",
        "MKES",
        "MM",
        "MPD",
        "MSC",
        "MSI",
        "MT",
        "PHD",
        "SAG",
        "SE",
        "SH",
        "SIP",
        "SKED",
        "SKEP",
        "SKM",
        "SKOM",
        "SPD",
        "SPDI",
        "SPT",
        "SSI",
        "SSOS",
    ]
)


class Finding(NamedTuple):
    """A rule that a name breaks, or that has advice about it."""

    rule: str
    text_id: str
    text_en: str
    law: str
    blocks: bool = True  # False: the officer counsels, and notes that they did


_TOO_LONG = Finding(
    "NAME_TOO_LONG",
    "Nama paling banyak 60 huruf termasuk spasi.",
    "A name has at most 60 letters, spaces included.", _LAW_LENGTH,
)  # fmt: skip
_DIGITS = Finding(
    "NAME_DIGITS",
    "Tulis nama tanpa angka.", "Write the name without digits.", _LAW_WRITING,
)  # fmt: skip
_PUNCTUATION = Finding(
    "NAME_PUNCTUATION",
    "Tulis nama tanpa tanda baca, termasuk apostrof dan titik.",
    "Write the name without punctuation, apostrophes and dots included.", _LAW_WRITING,
)  # fmt: skip
_LATIN = Finding(
    "NAME_NOT_LATIN",
    "Tulis nama dengan huruf Latin.", "Write the name in Latin letters.", "Permendagri 73/2022 art 5(1)",
)  # fmt: skip
_ABBREVIATION = Finding(
    "NAME_ABBREVIATION",
    "Tulis nama lengkap, jangan disingkat.", "Write the name in full, not abbreviated.", _LAW_WRITING,
)  # fmt: skip
_TITLE = Finding(
    "NAME_TITLE",
    "Gelar tidak dicantumkan pada akta; catat terpisah untuk KK dan KTP-el.",
    "Titles are not put on certificates; record them apart for KK and KTP-el.", _LAW_WRITING,
)  # fmt: skip
_SINGLE_WORD = Finding(
    "NAME_SINGLE_WORD",
    "Nama disarankan paling sedikit dua kata; beri saran, lalu catat.",
    "A name of at least two words is advised; counsel, then record it.",
    "Permendagri 73/2022 art 4(2)c", blocks=False,
)  # fmt: skip

_ALL = {
    each.rule: each
    for each in (
        _TOO_LONG, _DIGITS, _PUNCTUATION, _LATIN, _ABBREVIATION, _TITLE, _SINGLE_WORD,
    )
}  # fmt: skip


def said_of(rule: str) -> Finding | None:
    """Return what a rule about names says, None for another rule."""
    return _ALL.get(rule)


def findings(full_name: str) -> list[Finding]:
    """Return everything to be said about a name that is recorded for the first time.

    Never ask it about a name recorded before 21 April 2022: those stay as they are.
    """
    heard = {
        _TOO_LONG: len(full_name) > LONGEST,
        _DIGITS: any(each.isdigit() for each in full_name),
        _PUNCTUATION: any(_is_mark(each) for each in full_name),
        _LATIN: not all(_is_latin(each) for each in full_name if each.isalpha()),
        _ABBREVIATION: _is_abbreviated(full_name),
        _TITLE: bool(_titles(_bare(full_name))),
        _SINGLE_WORD: len(full_name.split()) == 1,
    }
    return [finding for finding, applies in heard.items() if applies]


def _is_mark(letter: str) -> bool:
    return not (letter.isalpha() or letter.isdigit() or letter == " ")


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _bare(full_name: str) -> list[str]:
    """Return upper-case words without marks, so that S.Pd. is SPD."""
    return [re.sub(r"[\W\d_]", "", word) for word in full_name.upper().split()]


def _titles(words: list[str]) -> set[int]:
    """Return the places of the words that are titles, of a name of several words."""
    last = len(words) - 1
    before = next((n for n, word in enumerate(words) if word not in _TITLES_BEFORE), last)
    after = next((n for n, word in enumerate(words[::-1]) if word not in _TITLES_AFTER), last)
    return {*range(before), *range(len(words) - after, len(words))}


def _is_abbreviated(full_name: str) -> bool:
    words, titles = _bare(full_name), _titles(_bare(full_name))
    dotted = [bool(re.fullmatch(r"[^\W\d_]+\.", word)) for word in full_name.split()]
    short = [word in _ABBREVIATIONS or len(word) == 1 for word in words]
    return len(words) > 1 and any(
        (dotted[n] or short[n]) and n not in titles for n in range(len(words))
    )

"""Spellings folded into one, so that search finds SOEKARDJO as SUKARJO. Never for a decision.

The old spelling (van Ophuijsen 1901, Republik 1947) and Arabic names are written in many ways on
real papers; what sounds alike must be found alike.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_APOSTROPHES = re.compile(r"['`\u00b4\u2018\u2019\u02bc]")
_TITLES = frozenset(
    [
        "H",
        "HJ",
        "HJH",
        "KH",
        "DR",
        "DRA",
        "DRS",
        "DRG",
        "IR",
        "PROF",
        "TN",
        "NY",
        "SDR",
        "SDRI",
        "ALM",
        "R",
        "RR",
        "RA",
        "RM",
    ]
)
# Child of: BIN, BINTI. A single B is one only with its dot, between two words.
_CHILD_OF = re.compile(r"\s(?:BIN|BINTI|BTE|BT|B\.)\s+(?=\w)")
# Degrees behind a name: S.PD, M.SI, S.H., and those that are written without dots.
_DEGREES = re.compile(
    r"(?:\s(?:[A-Z]{1,2}\.\s?[A-Z]{1,4}\.?(?:KEB)?|SE|SH|MM|SPD|MPD|SKM|SAG|AMD))+$"
)
_MUHAMMAD = frozenset(
    [
        "M",
        "MD",
        "MHD",
        "MOH",
        "MOHD",
        "MOCH",
        "MOKH",
        "MUH",
        "MUHD",
        "MUCH",
        "MOHAMAD",
        "MOHAMED",
        "MUHAMED",
        "MUHAMAD",
        "MUCHAMAD",
        "MOCHAMAD",
        "MOKHAMAD",
        "MUKHAMAD",
        "MAHAMAD",
    ]
)
_SHORT = {"ABD": "ABDUL", "ABDL": "ABDUL", "ACH": "AHMAD", "ST": "SITI"}

# In this order: two letters before one, and the old J (a Y) only after DJ has become the new J.
_LETTERS = (
    ("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("NJ", "NY"), ("SJ", "S"), ("SY", "S"), ("SH", "S"),
    ("CH", "H"), ("KH", "H"), ("DH", "D"), ("TH", "T"), ("DZ", "Z"), ("PH", "F"), ("GH", "G"),
    ("AE", "AI"), ("IE", "I"), ("EE", "I"), ("OO", "U"), ("Q", "K"), ("V", "F"), ("X", "KS"),
    ("J", "Y"),
)  # fmt: skip


class Asked(NamedTuple):
    """A name that somebody looks for: its folded words, as it was written, and whose child."""

    words: list[str]
    spelled: str
    father: str | None


def asked(name: str) -> Asked:
    """Take apart what is asked: AHMAD BIN ALI is an Ahmad whose father is an Ali.

    >>> asked("Soekardjo bin Misdi")
    Asked(words=['SUKARYO'], spelled='SOEKARDJO', father='MISDI')
    """
    own, *fathers = _CHILD_OF.split(_plain(name).strip(), maxsplit=1)
    return Asked(words(own), own, fathers[0].strip() if fathers else None)


def words(full_name: str) -> list[str]:
    """Return the folded words of a name, each once, in order, without titles and BIN or BINTI."""
    before_degrees = _DEGREES.sub("", _plain(full_name).partition(",")[0].rstrip())
    joined = _CHILD_OF.sub(" ", before_degrees)
    parts = re.findall(r"[^\W\d_]+", joined) or re.findall(r"\w+", full_name)
    while len(parts) > 1 and parts[0] in _TITLES:
        parts = parts[1:]
    return list(dict.fromkeys(_fold(each, alone=len(parts) == 1) for each in parts))


def _plain(text: str) -> str:
    """Return upper case without accents and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return _APOSTROPHES.sub("", bare)


@lru_cache(maxsize=200_000)
def _fold(word: str, *, alone: bool) -> str:
    single = _undouble(word)
    if single in _MUHAMMAD and not alone:
        return "MUHAMAD"
    if single in _MUHAMMAD and len(single) > len("MOCH"):
        return "MUHAMAD"
    folded = _SHORT.get(single, single)
    for old, new in _LETTERS:
        folded = folded.replace(old, new)
    folded = _undouble(folded)
    if len(folded) > len("AYI") and folded.endswith("Y"):
        folded = f"{folded[:-1]}I"
    return folded[:-1] if len(folded) > len("SYAH") and folded.endswith("H") else folded


def _undouble(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)

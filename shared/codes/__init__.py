"""The state's code lists, each a CSV beside this file, read and checked once."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from shared.language import Language, Words

# Lists that call these columns by names of their own.
_CODE = {"grade": "code"}
_NAME = {
    "title_id": "name_id",
    "title_en": "name_en",
    "unsur_id": "name_id",
    "unsur_en": "name_en",
    "name_id_modern": "name_id",  # the word of today is shown; the form's own stays a detail
}


@dataclass(frozen=True, slots=True)
class Code:
    """One row: what is stored, what people read, and whatever else its list says about it."""

    code: str
    name: Words
    more: Mapping[str, str]


@cache
def lists() -> Mapping[str, Mapping[str, Code]]:
    """Return every list by name, such as `shdk`; in it every row by its code, in order.

    Raises:
        ValueError: a list has a code twice, or a row without a code or a name.
    """
    folder = files("shared.codes")
    tables = sorted(each.name for each in folder.iterdir() if each.name.endswith(".csv"))
    return MappingProxyType(
        {name.removesuffix(".csv"): _read(folder.joinpath(name).read_text()) for name in tables}
    )


def _read(text: str) -> Mapping[str, Code]:
    codes: dict[str, Code] = {}
    for row in csv.DictReader(text.splitlines(), strict=True):
        code = _row(row)
        if code.code in codes:
            raise ValueError(f"{code.code} twice")
        codes[code.code] = code
    return MappingProxyType(codes)


def _row(row: Mapping[str, str]) -> Code:
    known = {(_CODE | _NAME).get(column, column): value for column, value in row.items()}
    code, name = known.pop("code"), Words(known.pop("name_id"), known.pop("name_en"))
    if not (code and name.id and name.en):
        raise ValueError(f"{code or 'a row'} lacks a code or a name")
    more = {column: value for column, value in known.items() if value}
    return Code(code, name, MappingProxyType(more))


def find(name: str, code: str | int) -> Code:
    """Return one row of a list.

    Raises:
        KeyError: there is no such list, or no such code in it.
    """
    return lists()[name][str(code)]


def label(name: str, code: str | int, language: Language = "id") -> str:
    """Return what people read for a code; as `find` otherwise."""
    return find(name, code).name.in_(language)

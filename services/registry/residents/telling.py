"""History in words: what a column is called, what its value means, why something was recorded.

The words are data; a column or cause without words is named as it is stored, and a test finds it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.registry.residents.rules.history import Difference, Version, differences
from services.registry.residents.schemas import ChangedOut, VersionOut
from shared.codes import lists
from shared.language import Language, Words

FOLDER = Path(__file__).parent.parent / "data"
_NOTHING = Words("(kosong)", "(nothing)")
_DATE_SUFFIXES = ("_date", "_on", "_until")


class Named(BaseModel):
    """A cause or a value in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    en: str


class Cause(Named):
    """Why something was recorded, and by which articles, where they are known."""

    law: str | None = None


class Field(Named):
    """What a column is called, and what its values mean."""

    codes: str | None = None
    values: dict[str, Named] = {}


_FIELDS: TypeAdapter[dict[str, dict[str, Field]]] = TypeAdapter(dict[str, dict[str, Field]])
_CAUSES: TypeAdapter[dict[str, Cause]] = TypeAdapter(dict[str, Cause])


@cache
def fields() -> dict[str, dict[str, Field]]:
    """Return the columns that have a name, by table."""
    return _FIELDS.validate_python(yaml.safe_load((FOLDER / "fields.yaml").read_text()))


@cache
def causes() -> dict[str, Cause]:
    """Return the causes that have a name."""
    return _CAUSES.validate_python(yaml.safe_load((FOLDER / "causes.yaml").read_text()))


def told(table: str, before: Version | None, after: Version, *, cause: str) -> VersionOut:
    """Say in words what a version changes, against the one recorded before it."""
    words = causes().get(cause) or Cause(id=cause, en=cause)
    found = (part for each in differences(before, after) for part in _parts(each))
    return VersionOut.model_validate(after).model_copy(
        update={
            "cause_id": words.id,
            "cause_en": words.en,
            "law": words.law,
            "changes": [_changed(table, each) for each in found],
        }
    )


def tell_all(table: str, recorded: Sequence[Any]) -> list[VersionOut]:
    """Say in words what each of some versions changes; they are in order, from the first."""
    pairs = zip([None, *recorded], recorded, strict=False)
    return [told(table, before, after, cause=after.cause) for before, after in pairs]


def _parts(whole: Difference) -> Iterator[Difference]:
    """Take apart what a register says: each of its words that differs."""
    name, before, after = whole
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield whole
        return
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield from _parts(Difference(f"{name}.{key}", before.get(key), after.get(key)))


def _field(table: str, name: str) -> Field:
    last = name.rpartition(".")[2]
    known = fields()[table].get(name) or fields()["residents"].get(last)
    return known or Field(id=name, en=name)


def _changed(table: str, difference: Difference) -> ChangedOut:
    name, before, after = difference
    field = _field(table, name)
    was, now = _words(name, field, before), _words(name, field, after)
    return ChangedOut(
        field=name,
        label_id=field.id,
        label_en=field.en,
        before=before,
        after=after,
        before_id=was.id,
        before_en=was.en,
        after_id=now.id,
        after_en=now.en,
    )


def _words(name: str, field: Field, value: Any) -> Words:  # noqa: ANN401 - any column's
    if value in (None, [], {}):
        return _NOTHING
    if meant := field.values.get(str(value)):
        return Words(meant.id, meant.en)
    if field.codes and (code := lists()[field.codes].get(str(value))):
        return code.name
    if isinstance(value, str) and name.endswith(_DATE_SUFFIXES):
        return Words(_day(value, "id"), _day(value, "en"))
    if isinstance(value, list) and isinstance(value[0], dict):
        return _lines(value)
    return Words(str(value), str(value))


def _day(value: str, language: Language) -> str:
    return format_date(date.fromisoformat(value), "d MMMM y", locale=language)


def _lines(lines: Sequence[dict[str, Any]]) -> Words:
    """Tell the lines of a family card, or of a margin."""
    ordered = sorted(lines, key=lambda line: int(line.get("position", line.get("serial", 0))))
    told = [each for line in ordered if (each := _line(line))]
    return Words("; ".join(each.id for each in told), "; ".join(each.en for each in told))


def _line(line: dict[str, Any]) -> Words | None:
    """Tell one line; of a family card the position, for names are read at the residents."""
    if "relationship" in line:
        return lists()["shdk"][str(line["relationship"])].name
    if "text_id" in line:
        return Words(line["text_id"], line["text_en"])
    return None

"""The rules that may speak on a change: their names for machines, their words, their law.

The words are data, one file for each field of law. A name is part of the contract: clients and
officers look it up, so it never changes.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.contract.plan import Remark, Rule

FOLDER = Path(__file__).parent.parent / "data" / "remarks"

_Sentence = Annotated[str, Field(min_length=10, max_length=300)]


class Saying(BaseModel):
    """What a rule says, with {places} for values, and where it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Sentence
    en: _Sentence
    law: str | None = None


_SAYINGS: TypeAdapter[dict[Rule, Saying]] = TypeAdapter(dict[Rule, Saying])


@cache
def sayings() -> dict[Rule, Saying]:
    """Read every file of rules.

    Raises:
        ValueError: a rule is broken, or two files know the same one.
    """
    found: dict[Rule, Saying] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        read = _SAYINGS.validate_python(yaml.safe_load(path.read_text()))
        if twice := found.keys() & read.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        found |= read
    return found


def remark(rule: Rule, pointer: str, **values: object) -> Remark:
    """Let a rule speak about a place in the facts.

    Raises:
        KeyError: there is no such rule.
    """
    saying = sayings()[rule]
    return Remark(
        rule=rule,
        pointer=pointer,
        text_id=saying.id.format(**values),
        text_en=saying.en.format(**values),
        law=saying.law,
    )

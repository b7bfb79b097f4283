"""The templates, read from their data file once and checked; a broken file stops the start."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.notify.templates import rules
from shared.contract.events import Language

FILE = Path(__file__).parent.parent / "data" / "templates.yaml"


class Template(BaseModel):
    """One wording in every language, as it was at one version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,39}$")]
    version: Annotated[int, Field(ge=1)]
    channel: Literal["WHATSAPP"]
    urgent: bool
    places: list[str]
    texts: dict[Language, Annotated[str, Field(min_length=10, max_length=1024)]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.texts) != set(Language):
            raise ValueError("a text is needed in every language")
        for text in self.texts.values():
            if rules.places(text) != set(self.places):
                raise ValueError("the places of each text must be exactly those listed")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    templates: list[Template]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        keys = [(each.code, each.version, each.channel) for each in self.templates]
        if len(keys) != len(set(keys)):
            raise ValueError("a template appears twice with the same version")
        return self


def read(path: Path) -> list[Template]:
    """Read and check a file of templates.

    Raises:
        pydantic.ValidationError: it breaks a rule; the message names the place.
    """
    return _File.model_validate(yaml.safe_load(path.read_text())).templates


@cache
def everything() -> list[Template]:
    """Return all templates, every version."""
    return read(FILE)


def newest(code: str, channel: str) -> Template:
    """Return the template that is used now.

    Raises:
        LookupError: there is none.
    """
    found = [each for each in everything() if (each.code, each.channel) == (code, channel)]
    if not found:
        raise LookupError(code)
    return max(found, key=lambda each: each.version)


def exactly(code: str, version: int, channel: str) -> Template:
    """Return a template as it was at a version: what a message was queued with.

    Raises:
        LookupError: no such version is left in the data file.
    """
    wanted = (code, version, channel)
    for each in everything():
        if (each.code, each.version, each.channel) == wanted:
            return each
    raise LookupError(f"{code} v{version}")

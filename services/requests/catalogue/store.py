"""The catalogue's data files, read and checked once, at start."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError

from services.requests.catalogue.consistency import Known, faults
from services.requests.catalogue.model import (
    AttachmentKind,
    Channel,
    Condition,
    Entry,
    Group,
    Service,
    Sla,
    StateEntry,
    Text,
    WorkflowEntry,
)
from services.requests.catalogue.rules import Catalogue
from shared import codes

DATA = Path(__file__).parent.parent / "data"

E = TypeVar("E", bound=BaseModel)


class BrokenCatalogue(ValueError):  # noqa: N818 - named for what is wrong
    """The data cannot be used; the message names file, entry and field, one line per fault."""


class _Loader(yaml.CSafeLoader):
    """Reads YAML, and refuses what plain YAML would swallow: the same key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - theirs
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} is written twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this process.

    Raises:
        BrokenCatalogue: see there.
    """
    return load(DATA)


def load(folder: Path) -> Catalogue:
    """Read and check the data files of a folder.

    Raises:
        BrokenCatalogue: see there.
    """
    read = _Reading(folder)
    terms, flows = read.file("terms.yaml"), read.file("workflows.yaml")
    channel_sets = terms.get("channel_sets", {})
    loaded = Catalogue(
        services=read.services(channel_sets),
        workflows=read.entries("workflows.yaml", _flat(flows), WorkflowEntry),
        states=read.entries("workflows.yaml", flows.get("states", {}), StateEntry),
        actions=read.entries("workflows.yaml", flows.get("actions", {}), Text),
        attachments=read.entries("attachments.yaml", read.file("attachments.yaml"), AttachmentKind),
        conditions=read.entries("conditions.yaml", read.file("conditions.yaml"), Condition),
        channels=_channels(),
        groups=read.entries("terms.yaml", terms.get("groups", {}), Group),
        applicants=read.entries("terms.yaml", terms.get("applicants", {}), Text),
        slas=read.entries("terms.yaml", terms.get("slas", {}), Sla),
        version=_version(folder),
    )
    read.stop_if_wrong()
    for each in faults(loaded, _known()):
        file = read.file_of.get(each.code, f"{each.kind}s.yaml")
        read.wrong.append(f"{file}: {each.code}: {each.field}: {each.says}")
    read.stop_if_wrong()
    return loaded


@dataclass
class _Reading:
    """What was read so far, and everything that is wrong with it."""

    folder: Path
    wrong: list[str] = field(default_factory=list)
    file_of: dict[str, str] = field(default_factory=dict)  # service code -> file

    def stop_if_wrong(self) -> None:
        if self.wrong:
            raise BrokenCatalogue("\n".join(self.wrong))

    def file(self, name: str) -> dict[str, Any]:
        try:
            content = yaml.load((self.folder / name).read_text("utf-8"), _Loader)  # noqa: S506 - safe
        except (OSError, yaml.YAMLError) as error:
            raise BrokenCatalogue(f"{name}: {error}") from error
        if not isinstance(content, dict):
            raise BrokenCatalogue(f"{name}: the file must hold a mapping")
        return content

    def entries(self, file: str, content: Any, kind: type[E]) -> Mapping[str, E]:  # noqa: ANN401
        if not isinstance(content, dict):
            raise BrokenCatalogue(f"{file}: write a mapping from code to entry")
        found = ((code, self.entry(file, code, value, kind)) for code, value in content.items())
        return MappingProxyType({code: each for code, each in found if each is not None})

    def entry(self, file: str, code: str, value: Any, kind: type[E]) -> E | None:  # noqa: ANN401
        try:
            return kind.model_validate(value)
        except ValidationError as error:
            for each in error.errors():
                where = "/".join(map(str, each["loc"])) or "-"
                self.wrong.append(f"{file}: {code}: {where}: {each['msg']}")
            return None

    def services(self, channel_sets: Mapping[str, Any]) -> Mapping[str, Service]:
        found: dict[str, Service] = {}
        for path in sorted(self.folder.glob("services/*.yaml")):
            file = f"services/{path.name}"
            for code, value in self._raw_services(file, channel_sets):
                if code in self.file_of:
                    self.wrong.append(f"{file}: {code}: code: also in {self.file_of[code]}")
                self.file_of[code] = file
                each = self.entry(file, code, value, Service)
                if each is not None:
                    found[code] = each
        return MappingProxyType(found)

    def _raw_services(
        self, file: str, channel_sets: Mapping[str, Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        content = self.entry(file, "-", self.file(file), _ServicesFile)
        for value in content.services if content else ():
            whole = {"group": content.group, **content.defaults, **value}  # type: ignore[union-attr]
            channels = whole.get("channels")
            if isinstance(channels, str):
                whole["channels"] = channel_sets.get(channels, [channels])
            yield str(value.get("code", "-")), whole


class _ServicesFile(Entry):
    """One file of services: what they share, and each of them."""

    group: str
    defaults: dict[str, Any] = Field(default_factory=dict)
    services: list[dict[str, Any]]


def _flat(flows: Mapping[str, Any]) -> dict[str, Any]:
    """Return the workflows with the steps they share written out in place."""
    return {
        code: {**each, "transitions": list(_steps(each.get("transitions", [])))}
        for code, each in flows.get("workflows", {}).items()
    }


def _steps(transitions: list[Any]) -> Iterator[Any]:
    for each in transitions:
        if isinstance(each, list):
            yield from each
        else:
            yield each


def _channels() -> Mapping[str, Channel]:
    rows = codes.lists()["kanal"]
    return MappingProxyType(
        {
            code: Channel.model_validate(
                {"code": code, "name_id": row.name.id, "name_en": row.name.en, **row.more}
            )
            for code, row in rows.items()
        }
    )


def _known() -> Known:
    lists = codes.lists()
    return Known(
        frozenset(lists["formulir"]), frozenset(lists["jenis_dokumen"]), frozenset(lists["peran"])
    )


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("**/*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]

"""History in two times: when something was so, and when the registry knew it.

Each version says what changed, since when. What was so on a day is what the versions known at a
moment say, put in the order of their days: a divorce of 1998 that is recorded today changes what
was so in 1999 and leaves the address of 1999 as it was.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol


class Version(Protocol):
    """One version of anything; `changed` names what it says, nothing means everything."""

    @property
    def version(self) -> int:
        """Return the number, from 1."""

    @property
    def valid_from(self) -> date:
        """Return since when it is so."""

    @property
    def recorded_at(self) -> datetime:
        """Return since when it is known."""

    @property
    def changed(self) -> list[str]:
        """Return the columns that it sets."""

    @property
    def data(self) -> dict[str, Any]:
        """Return every column as it was when this was recorded."""


def as_of(
    versions: Iterable[Version], valid_on: date, known_at: datetime
) -> Mapping[str, Any] | None:
    """Return what was so at the end of `valid_on`, as far as it was known at `known_at`.

    None if nothing was: the record began later, or was not known yet.
    """
    known = [each for each in versions if each.recorded_at <= known_at]
    said = [each for each in known if each.valid_from <= valid_on]
    state: dict[str, Any] = {}
    for each in sorted(said, key=lambda version: (version.valid_from, version.version)):
        names = each.changed or each.data.keys()
        state |= {name: each.data[name] for name in names if name in each.data}
    return state or None

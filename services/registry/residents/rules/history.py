"""History in two times: when something was so, and when the registry knew it.

Each version says what changed, since when, and holds until a later recording says otherwise for the
same days. What was so on a day is what the versions known at a moment say, in the order in which
they were recorded: a divorce of 1998 that is recorded today changes what was so in 1999 and since,
and leaves the address of 1999 as it was. What was answered for a moment is answered for ever.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol


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


class Difference(NamedTuple):
    """A column that a version sets to another value."""

    name: str
    before: Any
    after: Any


def known(versions: Iterable[Version], known_at: datetime) -> list[Version]:
    """Return what was recorded up to a moment, oldest first."""
    recorded = (each for each in versions if each.recorded_at <= known_at)
    return sorted(recorded, key=lambda each: each.version)


def as_of(
    versions: Iterable[Version], valid_on: date, known_at: datetime
) -> Mapping[str, Any] | None:
    """Return what was so at the end of `valid_on`, as far as it was known at `known_at`.

    None if nothing was: the record began later, or was not known yet. Where only single things are
    known of days before the record began (a divorce of 1998 of somebody who was first recorded in
    2010), the rest is as the first version says.
    """
    recorded = known(versions, known_at)
    said = [each for each in recorded if each.valid_from <= valid_on]
    if not said:
        return None
    state: dict[str, Any] = {} if said[0] is recorded[0] else dict(recorded[0].data)
    for each in said:
        names = each.changed or each.data.keys()
        state |= {name: each.data[name] for name in names if name in each.data}
    return state


def began(versions: Iterable[Version], known_at: datetime) -> date | None:
    """Return since when the record speaks of everything; None if it was not known at that moment."""
    return next((each.valid_from for each in known(versions, known_at)), None)


def differences(before: Version | None, after: Version) -> list[Difference]:
    """Return what a version says otherwise than the one recorded before it; nothing of a first."""
    if before is None:
        return []
    names = after.changed or sorted(after.data)
    found = (Difference(name, before.data.get(name), after.data.get(name)) for name in names)
    return [each for each in found if each.before != each.after]

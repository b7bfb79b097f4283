"""What a cancelled certificate had caused, and how that is taken back: UU 23/2006 art 72.

Only what nobody has changed since goes back; cards that were taken in stay so and are issued again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.registry.changes import relations
from services.registry.changes.margins import BIRTHS
from services.registry.changes.state import (
    Entry,
    Family,
    Key,
    Member,
    Person,
    State,
    Trace,
    new_home,
)
from shared.codes import find
from shared.contract.facts import MaritalStatus, Relationship
from shared.contract.plan import Effect

DEATH = "KEMATIAN"  # jenis_akta.csv
ALIVE, DEAD = "HIDUP", "MATI"
# On which another life may rest by now: a later marriage, a later death.
DECISIVE = frozenset({"status", "marital_status", "spouse_id", "marriage_date", "marriage_number"})
_LABELS = {
    "death_date": ("tanggal kematian", "date of death"),
    "spouse_id": ("pasangan", "spouse"),
    "marriage_number": ("nomor akta kawin", "number of the marriage"),
    "marriage_date": ("tanggal kawin", "date of the marriage"),
    "birth_certificate_number": ("nomor akta kelahiran", "number of the birth certificate"),
    "mother_name": ("nama ibu", "name of the mother"),
    "mother_id": ("ibu", "mother"),
    "father_name": ("nama ayah", "name of the father"),
    "father_id": ("ayah", "father"),
}


@dataclass(frozen=True, slots=True)
class Restored:
    """Somebody whose record goes back to what it was; columns as in its history."""

    person: Key
    values: Mapping[str, Any]


def restorations(state: State, entry: Entry) -> Iterator[Restored]:
    """Yield what goes back, person by person; of an old entry without a trace, the plain facts."""
    traces = state.traces.get(entry.key, ())
    told = {each.person: dict(each.undone) for each in traces}
    subject = state.persons.get(entry.subject or "")
    if subject is not None and subject.key not in told:
        told[subject.key] = {}
    if subject is not None:
        told[subject.key] |= _plainly(entry, subject, told[subject.key])
    alive = {key for key in told if _lives(state, key, told[key])}
    for key, values in told.items():
        if kept := _without_the_dead(state, values, alive, lives=key in alive):
            yield Restored(key, kept)


def _lives(state: State, key: Key, values: Mapping[str, Any]) -> bool:
    return bool(values.get("status", state.persons[key].status) != DEAD)


def _without_the_dead(
    state: State, values: dict[str, Any], alive: Collection[Key], *, lives: bool
) -> dict[str, Any]:
    """Whose spouse died since is widowed; the dead name no spouse."""
    spouse = state.persons.get(str(values.get("spouse_id")))
    if spouse is None or (lives and (spouse.key in alive or spouse.is_alive)):
        return values
    left = {name: each for name, each in values.items() if name != "spouse_id"}
    return left | ({"marital_status": int(MaritalStatus.WIDOWED)} if lives else {})


def _plainly(entry: Entry, person: Person, values: Mapping[str, Any]) -> dict[str, Any]:
    if entry.kind == DEATH and person.status == DEAD and "status" not in values:
        return {"status": ALIVE, "death_date": None}
    if entry.kind in BIRTHS and person.has_birth_certificate:
        return {"birth_certificate_number": None}
    return {}


def overtaken(state: State, entry: Entry) -> Iterator[tuple[Person, bool]]:
    """Yield whose record was changed since, and whether another life may rest on that."""
    for trace in state.traces.get(entry.key, ()):
        if since := set(trace.overtaken):
            yield state.persons[trace.person], bool(since & DECISIVE)


def restored(person: Person, values: Mapping[str, Any]) -> Person:
    """Return the person as the record says after going back."""
    links = {"spouse_id": "spouse", "mother_id": "mother", "father_id": "father"}
    news: dict[str, Any] = {links[name]: values[name] for name in links if name in values}
    if "status" in values:
        news["status"] = values["status"]
    if "death_date" in values:
        news["death_date"] = _day(values["death_date"])
    if "marital_status" in values:
        news["marital_status"] = MaritalStatus(values["marital_status"])
    if "birth_certificate_number" in values:
        news["has_birth_certificate"] = values["birth_certificate_number"] is not None
    held = {name: values[name] for name in ("mother_name", "father_name") if name in values}
    return replace(person, particulars=replace(person.particulars, **held), **news)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def trace_of(state: State, entry: Entry, person: Person) -> Trace | None:
    """Return what an entry did to somebody."""
    found = (each for each in state.traces.get(entry.key, ()) if each.person == person.key)
    return next(found, None)


def former_home(state: State, trace: Trace | None) -> Family | None:
    """Return the family in which somebody was before."""
    return state.families.get(str(trace.before.get("family_id"))) if trace else None


@dataclass(frozen=True, slots=True)
class Return:
    """Into which open family somebody comes back, as what."""

    family: Family
    relationship: Relationship


def place_of_return(state: State, person: Person, trace: Trace | None) -> Return | None:
    """Propose where somebody lives who was wrongly dead: the former family, else the spouse's.

    A former family that closed is dead with its number; None asks for a family of their own.
    """
    former = former_home(state, trace)
    spouse = state.persons.get(person.spouse or "")
    if former is not None and not former.closed:
        position = trace.relationship if trace else None
        return Return(former, _position(state, former, person, position))
    home = state.family_of(spouse)
    if home is not None and not home.closed and spouse is not None and home.head == spouse.key:
        return Return(home, _position(state, home, person, None))
    return None


def _position(
    state: State, family: Family, person: Person, was: Relationship | None
) -> Relationship:
    head = state.persons.get(family.head)
    if was is not None and was is not Relationship.HEAD:
        return was
    if head is None:
        return Relationship.OTHER_RELATIVE
    return relations.proposed(
        person, Relationship.OTHER_RELATIVE, head, Relationship.OTHER_RELATIVE
    )


def own_home(former: Family, person: Person, index: int) -> tuple[Family, list[Member]]:
    """Return a new family at the former address, of this person alone."""
    family = replace(
        former, key=new_home(index), head=person.key, members=(), closed=False, institution=False
    )
    return family, [Member(person.key, Relationship.HEAD)]


def told(state: State, back: Restored) -> Iterator[Effect]:
    """Tell what becomes of one record."""
    person, values = state.persons[back.person], back.values
    yield Effect(
        effect="resident.restored",
        subject=person.key,
        after=dict(values),
        text_id=f"Data {person.full_name} kembali: {'; '.join(_said(values, 0))}.",
        text_en=f"The record of {person.full_name} goes back: {'; '.join(_said(values, 1))}.",
    )


def _said(values: Mapping[str, Any], language: int) -> Iterator[str]:
    lists = {"status": "status_penduduk", "marital_status": "status_kawin"}
    for name, value in values.items():
        if name in lists:
            label = find(lists[name], str(value)).name
            yield f"status {label.id if language == 0 else label.en}"
        else:
            label_of = _LABELS.get(name, (name, name))
            yield label_of[language]

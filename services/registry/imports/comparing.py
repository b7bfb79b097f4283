"""What a row would change in the registry as it is today. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.imports.rules import Entry, Outcome, families
from services.registry.regions.rules import contains
from services.registry.residents.rules.alike import name_likeness

PERSONAL = (
    "full_name", "title_before", "title_after", "sex", "birth_place", "birth_date", "religion",
    "belief_organisation", "blood_type", "marital_status", "marriage_number", "marriage_date",
    "education", "occupation", "citizenship", "permit", "disability", "mother_name", "father_name",
    "birth_certificate_number",
)  # fmt: skip
HOME = ("address", "hamlet", "rt", "rw", "postal_code")
REGENCY = "35.10"  # where somebody is of whom no village is known
SOMEBODY_ELSE = 0.6  # names less alike than this, with another birth date, are of two people
TAKEN_BACK = "import_rolled_back"  # the cause of the version that a roll back writes
ACTIVE = frozenset({"HIDUP", "HILANG", "NONAKTIF"})


@dataclass(frozen=True, slots=True)
class Known:
    """The holder of a NIK as the registry has them."""

    id: UUID
    version: int
    record: Mapping[str, Any]  # the columns of PERSONAL
    status: str
    replaced: bool  # the number was given up for another
    last_cause: str
    kk_number: str | None  # of the family they belong to
    relationship: int | None
    village_code: str | None


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A family card as the registry has it."""

    id: UUID
    version: int
    record: Mapping[str, Any]  # the columns of HOME
    village_code: str
    head_nik: str
    closed: bool
    close_reason: str | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody in the registry who may be the person of a row; why, in both languages."""

    resident_id: UUID
    score: float
    reasons_id: str
    reasons_en: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change; `about` is the person or the family card."""

    about: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row."""

    outcome: Outcome
    differences: Sequence[Difference] = ()
    resident_id: UUID | None = None
    version: int | None = None  # of the resident, when the row was compared
    suspects: Sequence[UUID] = ()
    held_by: int | None = None  # the row of the head who cannot be recorded
    held_as: Outcome | None = None  # what it is once the head can be


def judge_against(
    members: Sequence[Entry],
    people: Mapping[str, Known],
    home: KnownHome | None,
    suspects: Mapping[int, Sequence[Suspect]],
    *,
    areas: Collection[str],
    registers: bool,
) -> dict[int, Verdict]:
    """Return what becomes of each row of one family; faults are noted on the rows.

    `areas` are those of whoever sent the file: they neither change nor learn about others.
    `registers` says whether people without a NIK are to be given one.
    """
    for each in members:
        _check_person(each, people.get(each.nik or ""), home, areas)
    _check_home(members, home)
    found = {
        each.row: _verdict(each, people.get(each.nik or ""), suspects.get(each.row, ()))
        for each in members
    }
    return _with_head(members, found, home, people, registers=registers)


def _check_person(
    entry: Entry, known: Known | None, home: KnownHome | None, areas: Collection[str]
) -> None:
    if known is None or any(each.blocks and each.column == "nik" for each in entry.faults):
        return
    if not any(contains(area, known.village_code or REGENCY) for area in areas):
        entry.refuse("nik", "NIK_LIVES_ELSEWHERE")
    elif known.replaced:
        entry.refuse("nik", "NIK_WAS_REPLACED")
    elif known.status == "MATI":
        entry.refuse("nik", "NIK_NOT_LIVING")
    elif known.status not in ACTIVE and not _was_taken_back(known):
        entry.refuse("nik", "NIK_NOT_ACTIVE_HERE", status=known.status)
    elif _is_another(entry, known):
        entry.refuse("nik", "NIK_OF_ANOTHER")
    else:
        _check_place(entry, known, home)


def _check_place(entry: Entry, known: Known, home: KnownHome | None) -> None:
    """Look where somebody is now: only a service takes them to another family or position."""
    if known.kk_number is not None and known.kk_number != entry.values.get("kk_number"):
        if entry.is_head and home is None:
            entry.refuse("kk_number", "KK_OTHER_FAMILY")
        else:
            entry.warn("kk_number", "KK_OTHER_FAMILY")
    elif known.relationship not in {None, entry.values.get("relationship")}:
        entry.warn("relationship", "KK_OTHER_RELATION")


def _was_taken_back(known: Known) -> bool:
    return known.status == "TIDAK_VALID" and known.last_cause == TAKEN_BACK


def _is_another(entry: Entry, known: Known) -> bool:
    """Tell whether one NIK is used by two people: neither the name nor the birth date agrees."""
    name, born = entry.values.get("full_name"), entry.values.get("birth_date")
    if name is None or born is None:
        return False
    same = name_likeness(name, known.record["full_name"]) >= SOMEBODY_ELSE
    return not same and born != known.record["birth_date"]


def _check_home(members: Sequence[Entry], home: KnownHome | None) -> None:
    if home is None:
        return
    if home.closed and home.close_reason != TAKEN_BACK.upper():
        for each in members:
            each.refuse("kk_number", "KK_IS_CLOSED")
        return
    for each in members:
        if each.values.get("village_code", home.village_code) != home.village_code:
            each.refuse("village_code", "KK_OTHER_VILLAGE")
        elif each.is_head and each.nik is not None and each.nik != home.head_nik:
            each.refuse("relationship", "KK_OTHER_HEAD")


def _verdict(entry: Entry, known: Known | None, suspects: Sequence[Suspect]) -> Verdict:
    if entry.blocked:
        return Verdict(Outcome.FAULTY)
    if known is not None:
        return _of_known(entry, known)
    for each in suspects:
        entry.warn(
            "full_name", "MAYBE_REGISTERED", reasons=each.reasons_id, reasons_en=each.reasons_en
        )
    ids = tuple(each.resident_id for each in suspects)
    if suspects:
        return Verdict(Outcome.SUSPECT, suspects=ids)
    return Verdict(Outcome.NEW if entry.nik else Outcome.WITHOUT_NIK)


def _of_known(entry: Entry, known: Known) -> Verdict:
    differences = tuple(
        Difference("person", name, known.record[name], entry.values[name])
        for name in PERSONAL
        if name in entry.values and entry.values[name] != known.record[name]
    )
    if _was_taken_back(known):
        return Verdict(Outcome.RETURNS, differences, known.id, known.version)
    joins = known.kk_number is None  # of no family: they join the one that the file names
    outcome = Outcome.CHANGED if differences or joins else Outcome.SAME
    return Verdict(outcome, differences, known.id, known.version)


def _with_head(
    members: Sequence[Entry],
    found: dict[int, Verdict],
    home: KnownHome | None,
    people: Mapping[str, Known],
    *,
    registers: bool,
) -> dict[int, Verdict]:
    """Hold back who would join a family that cannot be opened, and note changes of an open one."""
    head = next((each for each in members if each.is_head), None)
    if home is not None and not home.closed:
        return _with_home(head, found, home)
    waits = {Outcome.FAULTY, Outcome.SUSPECT} | (set() if registers else {Outcome.WITHOUT_NIK})
    if head is not None and found[head.row].outcome not in waits:
        return found
    row = head.row if head else None
    return {
        number: replace(each, outcome=Outcome.HELD, held_by=row, held_as=each.outcome)
        if each.outcome in {Outcome.NEW, Outcome.CHANGED, Outcome.RETURNS, Outcome.WITHOUT_NIK}
        and number != row
        and _needs_home(number, members, people)
        else each
        for number, each in found.items()
    }


def _needs_home(row: int, members: Sequence[Entry], people: Mapping[str, Known]) -> bool:
    entry = next(each for each in members if each.row == row)
    known = people.get(entry.nik or "")
    return known is None or known.kk_number is None


def _with_home(
    head: Entry | None, found: dict[int, Verdict], home: KnownHome
) -> dict[int, Verdict]:
    if head is None or found[head.row].outcome not in {Outcome.SAME, Outcome.CHANGED}:
        return found
    changes = [
        Difference("family", name, home.record[name], head.values[name])
        for name in HOME
        if name in head.values and head.values[name] != home.record[name]
    ]
    if not changes:
        return found
    own = found[head.row]
    changed = Verdict(Outcome.CHANGED, (*own.differences, *changes), own.resident_id, own.version)
    return {**found, head.row: changed}


def counts(verdicts: Collection[Verdict]) -> dict[str, int]:
    """Return how many rows there are of each outcome, nothing left out."""
    found = dict.fromkeys(Outcome, 0)
    for each in verdicts:
        found[each.outcome] += 1
    return {str(outcome): count for outcome, count in found.items()}


def by_family(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Return the rows by family card; those whose number cannot be read stand alone."""
    grouped = families(entries)
    alone = [[each] for each in entries if not each.values.get("kk_number")]
    return [*grouped.values(), *alone]


def as_json(value: Any) -> Any:  # noqa: ANN401 - a cell's value
    """Return a value as it is kept beside a row."""
    return value.isoformat() if isinstance(value, date) else value

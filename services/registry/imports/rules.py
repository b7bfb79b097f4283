"""What must hold of a row, and of rows together, before the registry takes them in. Pure.

The rules are those of cases; but a NIK and a name that exist already stay as they are, so that an
old name is never judged by Permendagri 73/2022 and a mismatch is a warning.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from services.registry.regions.rules import contains
from services.registry.residents.rules import names, nik
from services.registry.residents.rules.ages import ADULT, FOREIGN, NEVER_MARRIED, age
from services.registry.residents.rules.spelling import words
from services.registry.spreadsheets.columns import Column, Found, Headings, by_name, columns
from services.registry.spreadsheets.reading import Line
from services.registry.spreadsheets.values import Cell, CellFault, read

NAMES_JUDGED_SINCE = date(2022, 4, 21)  # Permendagri 73/2022 came into force
OLDEST = 110  # years; above, the birth date is more likely wrong
HEAD, HUSBAND, WIFE = 1, 2, 3
MARRIED = frozenset({2, 3})
BELIEF = 7
_PARTS = ("province_part", "regency_part", "district_part", "village_part")


class Outcome(StrEnum):
    """What an import would do with a row."""

    NEW = "NEW"
    SAME = "SAME"
    CHANGED = "CHANGED"
    RETURNS = "RETURNS"  # was taken in once, and taken back by a roll back
    WITHOUT_NIK = "WITHOUT_NIK"  # a state of its own: it never overwrites anybody
    SUSPECT = "SUSPECT"  # may be somebody who is registered: a person decides
    HELD = "HELD"  # nothing is wrong with it, but its family cannot be opened
    FAULTY = "FAULTY"


class Fault(NamedTuple):
    """A rule that speaks about a cell, or about a whole row where the column is empty."""

    row: int
    column: str  # a name of columns.yaml
    rule: str
    values: Mapping[str, str]
    blocks: bool


@dataclass
class Entry:
    """One row as it was understood."""

    row: int
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, column: str, rule: str, **values: object) -> None:
        """Note something that keeps the row out."""
        self._note(column, rule, values, blocks=True)

    def warn(self, column: str, rule: str, **values: object) -> None:
        """Note something that a person weighs."""
        self._note(column, rule, values, blocks=False)

    def _note(self, column: str, rule: str, values: Mapping[str, object], *, blocks: bool) -> None:
        told = {name: str(value) for name, value in values.items()}
        self.faults.append(Fault(self.row, column, rule, told, blocks))

    @property
    def blocked(self) -> bool:
        """Tell whether the row cannot be taken in."""
        return any(each.blocks for each in self.faults)

    @property
    def nik(self) -> str | None:
        """Return the NIK, None where there is none or it cannot be read."""
        found: str | None = self.values.get("nik")
        return found

    @property
    def is_head(self) -> bool:
        """Tell whether the row is the head of its family."""
        return self.values.get("relationship") == HEAD


@dataclass(frozen=True)
class Terms:
    """What rows are judged by, beside themselves."""

    today: date
    villages: Mapping[str, str]  # every code of the regency, old ones too, to that of today
    prefixes: Collection[str]  # six digits of every district of today
    areas: Collection[str]  # of whoever sent the file
    village_code: str | None = None  # where the file itself names none
    regency: str = "35.10"


def missing_columns(headings: Headings, village_code: str | None) -> list[str]:
    """Return the headings of the template that a file must have and lacks."""
    there = {each.column.name for each in headings.found}
    lacking = [each.heading for each in columns() if each.required and each.name not in there]
    has_village = "village_code" in there or there.issuperset(_PARTS) or village_code
    return lacking if has_village else [*lacking, by_name()["village_code"].heading]


def understand(line: Line, headings: Headings, terms: Terms) -> Entry:
    """Read the cells of a row and judge it by itself."""
    entry = Entry(line.number, {})
    for each in headings.found:
        _read_cell(entry, each, line.cells, four_states=headings.four_states)
    birth = entry.values.pop("birth_date", None)
    if birth is not None:
        entry.values["birth_date"], entry.values["birth_date_precision"] = birth
    _place(entry, terms)
    _judge(entry, terms)
    return entry


def _read_cell(entry: Entry, found: Found, cells: Sequence[Cell], *, four_states: bool) -> None:
    column: Column = found.column
    try:
        value = read(
            column,
            cells[found.place] if found.place < len(cells) else None,
            four_states=four_states,
        )
    except CellFault as fault:
        entry.refuse(column.name, fault.rule, **fault.values)
        return
    if value is not None:
        entry.values[column.name] = value
    elif column.required:
        entry.refuse(column.name, "CELL_REQUIRED")


def _place(entry: Entry, terms: Terms) -> None:
    """Find the village of a row: its own code, SIAK's four parts, or what the file was sent for."""
    values = entry.values
    parts = [values.pop(each, None) for each in _PARTS]
    stated = values.pop("village_code", None) or (
        ".".join(parts) if all(parts) else terms.village_code
    )
    if stated is None:
        if not any(each.column == "village_code" for each in entry.faults):
            entry.refuse("village_code", "CELL_REQUIRED")
        return
    now = terms.villages.get(stated)
    if not contains(terms.regency, stated):
        entry.refuse("village_code", "NOT_IN_JURISDICTION")
    elif now is None:
        entry.refuse("village_code", "VILLAGE_UNKNOWN")
    elif not any(contains(area, now) for area in terms.areas):
        entry.refuse("village_code", "VILLAGE_NOT_YOURS")
    else:
        if now != stated:
            entry.warn("village_code", "ROW_VILLAGE_RECODED", code=now)
        values["village_code"] = now


def _judge(entry: Entry, terms: Terms) -> None:
    born: date | None = entry.values.get("birth_date")
    if born is not None:
        _judge_days(entry, born, terms.today)
    _judge_number(entry, born, terms)
    _judge_name(entry, born)
    _judge_position(entry)
    values = entry.values
    if values.get("religion") == BELIEF and not values.get("belief_organisation"):
        entry.warn("belief_organisation", "ROW_BELIEF_NOT_NAMED")
    if values.get("permit") and values.get("citizenship") != FOREIGN:
        entry.refuse("permit", "ROW_PERMIT_OF_CITIZEN")
    if values.get("permit") == "ITAS":
        entry.refuse("permit", "FOREIGNER_IN_NO_FAMILY")


def _judge_days(entry: Entry, born: date, today: date) -> None:
    married: date | None = entry.values.get("marriage_date")
    if born > today:
        entry.refuse("birth_date", "ROW_DATE_IN_FUTURE")
    elif age(born, today) > OLDEST:
        entry.warn("birth_date", "ROW_BORN_LONG_AGO")
    if married is not None and married > today:
        entry.refuse("marriage_date", "ROW_DATE_IN_FUTURE")
    elif married is not None and married < born:
        entry.refuse("marriage_date", "ROW_MARRIED_BEFORE_BIRTH")


def _judge_number(entry: Entry, born: date | None, terms: Terms) -> None:
    number = entry.nik
    if number is None:
        if not any(each.column == "nik" for each in entry.faults):
            entry.warn("nik", "NO_NIK_YET")
        return
    if not nik.is_well_formed(number):
        entry.refuse("nik", "NIK_FORMAT")
        return
    if number[:6] not in terms.prefixes:
        entry.warn("nik", "NIK_REGION_UNKNOWN")
    sex = entry.values.get("sex")
    if born is None or sex is None:
        return
    for anomaly in nik.anomalies(number, born, sex):
        column = "birth_date" if anomaly.rule == "NIK_DOB_MISMATCH" else "sex"
        entry.warn(column, anomaly.rule.replace("_MISMATCH", "_DIFFERS"))


def _judge_name(entry: Entry, born: date | None) -> None:
    """Judge the names that are recorded for the first time, and advise on those of young children."""
    full_name: str | None = entry.values.get("full_name")
    if full_name is None:
        return
    is_first = entry.nik is None and not any(
        each.column == "nik" and each.blocks for each in entry.faults
    )
    if not is_first and (born is None or born < NAMES_JUDGED_SINCE):
        return
    for finding in names.findings(full_name):
        if is_first and finding.blocks:
            entry.refuse("full_name", finding.rule)
        elif finding.blocks:
            entry.warn("full_name", finding.rule)


def _judge_position(entry: Entry) -> None:
    relationship, sex = entry.values.get("relationship"), entry.values.get("sex")
    if relationship not in {HUSBAND, WIFE}:
        return
    if sex is not None and (relationship == WIFE) is not (sex == "P"):
        entry.refuse("relationship", "ROW_RELATION_SEX")
    status = entry.values.get("marital_status")
    if status is not None and status not in MARRIED:
        entry.refuse("marital_status", "SPOUSE_NOT_MARRIED")


def families(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Return the rows of each family card, in the order of the file."""
    found: dict[str, list[Entry]] = {}
    for each in entries:
        if number := each.values.get("kk_number"):
            found.setdefault(number, []).append(each)
    return found


def judge_together(entries: Sequence[Entry], today: date) -> None:
    """Judge the rows of a whole file beside one another."""
    _judge_numbers(entries)
    _judge_lookalikes(entries)
    for members in families(entries).values():
        _judge_family(members, today)


def _judge_numbers(entries: Iterable[Entry]) -> None:
    seen: dict[str, int] = {}
    for each in entries:
        if each.nik is not None and each.nik in seen:
            each.refuse("nik", "NIK_TWICE", row=seen[each.nik])
        elif each.nik is not None:
            seen[each.nik] = each.row


def _judge_lookalikes(entries: Iterable[Entry]) -> None:
    """Warn of rows with another number, or none, that say the very same of a person."""
    seen: dict[tuple[object, ...], Entry] = {}
    for each in entries:
        values = each.values
        name, born = values.get("full_name"), values.get("birth_date")
        if name is None or born is None:
            continue
        key = (*sorted(words(name)), born, values.get("sex"))
        first = seen.setdefault(key, each)
        if first is not each and (each.nik is None or each.nik != first.nik):
            each.warn("full_name", "ROWS_SAY_THE_SAME", row=first.row)


def _judge_family(members: Sequence[Entry], today: date) -> None:
    heads = [each for each in members if each.is_head]
    if not heads:
        if all("relationship" in each.values for each in members):
            members[0].refuse("relationship", "FAMILY_WITHOUT_HEAD")
        return
    for each in heads[1:]:
        each.refuse("relationship", "FAMILY_SECOND_HEAD", row=heads[0].row)
    _judge_head(heads[0], today)
    _judge_spouses(members)
    for each in members:
        _judge_home(each, heads[0])


def _judge_head(head: Entry, today: date) -> None:
    born: date | None = head.values.get("birth_date")
    status = head.values.get("marital_status")
    if born is not None and status == NEVER_MARRIED and age(born, today) < ADULT:
        head.refuse("relationship", "HEAD_NOT_FIT")


def _judge_spouses(members: Iterable[Entry]) -> None:
    first: dict[int, int] = {}
    for each in members:
        relationship = each.values.get("relationship")
        if relationship not in {HUSBAND, WIFE}:
            continue
        if relationship not in first:
            first[relationship] = each.row
        elif relationship == HUSBAND:
            each.refuse("relationship", "FAMILY_SECOND_HUSBAND", row=first[relationship])
        else:
            each.warn("relationship", "FAMILY_SECOND_WIFE")


def _judge_home(each: Entry, head: Entry) -> None:
    for column in ("village_code", "rt", "rw"):
        own, theirs = each.values.get(column), head.values.get(column)
        if own is not None and theirs is not None and own != theirs:
            each.refuse(column, "FAMILY_TWO_ADDRESSES", row=head.row)
            return


def blocking(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Yield everything that keeps rows out."""
    for each in entries:
        yield from (fault for fault in each.faults if fault.blocks)

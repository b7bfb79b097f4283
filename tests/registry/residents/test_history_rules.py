from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from services.registry.residents.rules.history import as_of, began, differences


@dataclass
class Said:
    version: int
    valid_from: date
    recorded_at: datetime
    data: dict[str, Any]
    changed: list[str] = field(default_factory=list)


def moment(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


BORN = {"marital_status": 1, "village": "A"}
LIFE = [
    Said(1, date(1970, 1, 1), moment(1970), BORN),
    Said(2, date(1990, 1, 1), moment(1990), {**BORN, "marital_status": 2}, ["marital_status"]),
    Said(3, date(2005, 1, 1), moment(2005), {"marital_status": 2, "village": "B"}, ["village"]),
    # The divorce of 1998 becomes known in 2010.
    Said(
        4, date(1998, 1, 1), moment(2010), {"marital_status": 4, "village": "B"}, ["marital_status"]
    ),
]


def test_a_late_event_changes_its_own_days_and_nothing_else() -> None:
    assert as_of(LIFE, date(1999, 1, 1), moment(2026)) == {"marital_status": 4, "village": "A"}
    assert as_of(LIFE, date(1997, 12, 31), moment(2026)) == {"marital_status": 2, "village": "A"}
    assert as_of(LIFE, date(2026, 1, 1), moment(2026)) == {"marital_status": 4, "village": "B"}


def test_what_was_not_known_was_not_known() -> None:
    assert as_of(LIFE, date(1999, 1, 1), moment(2009)) == {"marital_status": 2, "village": "A"}


def test_before_the_beginning_there_is_nothing() -> None:
    assert as_of(LIFE, date(1969, 12, 31), moment(2026)) is None
    assert as_of(LIFE, date(2000, 1, 1), moment(1969)) is None


def test_what_is_recorded_last_counts_where_days_overlap() -> None:
    imported = Said(1, date(2020, 1, 1), moment(2020), BORN)
    wedding = Said(2, date(2015, 1, 1), moment(2026), {**BORN, "marital_status": 2})
    wedding.changed = ["marital_status"]

    assert as_of([imported, wedding], date(2026, 1, 1), moment(2026)) == {
        "marital_status": 2,
        "village": "A",
    }


def test_before_the_record_began_the_rest_is_as_it_was_first_recorded() -> None:
    imported = Said(1, date(2020, 1, 1), moment(2020), BORN)
    wedding = Said(2, date(2015, 1, 1), moment(2026), {**BORN, "marital_status": 2})
    wedding.changed = ["marital_status"]
    life = [imported, wedding]

    assert as_of(life, date(2016, 1, 1), moment(2026)) == {"marital_status": 2, "village": "A"}
    assert as_of(life, date(2016, 1, 1), moment(2025)) is None
    assert as_of(life, date(2014, 1, 1), moment(2026)) is None
    assert began(life, moment(2026)) == date(2020, 1, 1)
    assert began(life, moment(2019)) is None


def test_a_version_differs_from_the_one_recorded_before_it() -> None:
    assert differences(None, LIFE[0]) == []
    assert differences(LIFE[0], LIFE[1]) == [("marital_status", 1, 2)]
    assert differences(LIFE[2], LIFE[3]) == [("marital_status", 2, 4)]

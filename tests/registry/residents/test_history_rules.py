from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from services.registry.residents.rules.history import as_of


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

"""How a recording may go on, who may be recorded, and from when a card may be printed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from services.registry.cards.printing import PrintResult, PrintState
from services.registry.cards.printing import may_follow as may_print
from services.registry.cards.recording import (
    FAILED,
    PRINTABLE,
    RECORDABLE,
    UNDER_WAY,
    Status,
    card_from,
    may_be_recorded,
    may_follow,
    pause,
    waits_for_age,
    youngest_of_age,
)
from services.registry.coverage.rules import RECORDED
from services.registry.residents.rules.ages import age
from shared import codes

WHOLE = (
    Status.CAPTURED,
    Status.PACKED,
    Status.SENT,
    Status.RECEIVED,
    Status.ADJUDICATED,
    Status.PRINT_READY,
)


def test_the_states_are_those_of_the_list() -> None:
    rows = codes.lists()["status_rekam_ktp"]

    assert set(rows) == set(Status)
    assert {code for code, row in rows.items() if str(row.more["recorded"]) in {"1", "True"}} == (
        RECORDED
    )
    assert {code for code, row in rows.items() if str(row.more["printable"]) in {"1", "True"}} == (
        PRINTABLE
    )


def test_every_state_is_of_one_sort() -> None:
    sorts = (RECORDABLE, UNDER_WAY, PRINTABLE, frozenset({Status.DUPLICATE}))

    assert sum(len(each) for each in sorts) == len(Status)
    assert FAILED < RECORDABLE


def test_the_whole_way_and_its_ends() -> None:
    for before, after in pairwise(WHOLE):
        assert may_follow(before, after)
        assert not may_follow(after, before)
    for status in Status:
        assert not may_follow(status, status)  # a word that comes twice is no news
        assert not may_follow(Status.PRINT_READY, status)
        assert not may_follow(Status.FAILED_AT_CENTRE, status)
    assert may_follow(Status.SEARCH_FAILED, Status.PRINT_READY)  # the centre tries again
    assert may_follow(Status.DUPLICATE, Status.PRINT_READY)  # a person found that it is none


@pytest.mark.parametrize(
    ("born", "married", "recorded", "day"),
    [
        (date(2010, 11, 25), False, False, date(2027, 11, 25)),  # 15
        (date(2010, 11, 24), False, True, date(2027, 11, 24)),  # 16 today
        (date(2012, 1, 1), True, True, None),
        (date(2008, 2, 29), False, True, date(2025, 3, 1)),
    ],
)
def test_who_is_recorded_and_from_when_a_card_is_printed(
    born: date,
    married: bool,  # noqa: FBT001
    recorded: bool,  # noqa: FBT001
    day: date | None,
) -> None:
    today = date(2026, 11, 24)

    assert may_be_recorded(born, today, ever_married=married) is recorded
    assert card_from(born, ever_married=married) == day
    assert waits_for_age(born, today, ever_married=married) is (day is not None and day > today)


def test_edge_43_the_last_to_be_17_on_a_day_are_17_on_it() -> None:
    day = date(2024, 2, 27)
    while day < date(2029, 3, 3):
        born = youngest_of_age(day)
        assert age(born, day) == 17
        assert age(born + timedelta(days=1), day) == 16
        day += timedelta(days=1)


def test_the_pauses_grow_to_half_an_hour() -> None:
    pauses = [pause(tries) for tries in range(20)]

    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(minutes=30))


def test_a_card_is_printed_on_a_blank_and_handed_over_once() -> None:
    may = {
        (state, result)
        for state in PrintState
        for result in PrintResult
        if may_print(state, result)
    }

    assert may == {
        (PrintState.QUEUED, PrintResult.PRINTED),
        (PrintState.QUEUED, PrintResult.SPOILED),
        (PrintState.PRINTED, PrintResult.SHIPPED),
        (PrintState.PRINTED, PrintResult.HANDED_OVER),
        (PrintState.SHIPPED, PrintResult.HANDED_OVER),
    }

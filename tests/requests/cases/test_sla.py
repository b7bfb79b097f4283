from datetime import UTC, date, datetime, timedelta

import pytest

from services.requests.cases.sla import OFFICE, Calendar, Clock, due, later, worked

PLAIN = Calendar({})


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


@pytest.mark.parametrize(
    ("complete", "days", "expected"),
    [
        pytest.param("2026-11-24 10:00", 1, "2026-11-25 10:00", id="tuesday to wednesday"),
        pytest.param("2026-11-27 15:30", 1, "2026-11-30 15:30", id="friday over the weekend"),
        pytest.param("2026-11-28 09:00", 1, "2026-11-30 09:00", id="complete on a saturday"),
        pytest.param("2026-11-24 10:00", 3, "2026-11-27 10:00", id="three days"),
        pytest.param("2026-03-17 08:00", 1, "2026-03-25 08:00", id="Nyepi, Lebaran, joint leave"),
        pytest.param("2026-12-23 11:00", 1, "2026-12-28 11:00", id="Christmas and its joint leave"),
        pytest.param("2026-12-31 16:00", 1, "2027-01-04 16:00", id="into a new year"),
    ],
)
def test_due_is_the_same_clock_time_on_a_later_working_day(
    complete: str, days: int, expected: str
) -> None:
    assert due(wib(complete), days, PLAIN) == wib(expected)


def test_the_day_is_the_offices_not_the_servers() -> None:
    late_thursday_utc = datetime(2026, 11, 26, 17, 30, tzinfo=UTC)  # 00:30 on Friday in Banyuwangi
    assert due(late_thursday_utc, 1, PLAIN) == wib("2026-11-30 00:30")


def test_a_holiday_declared_late_moves_what_is_due() -> None:
    declared = Calendar({date(2026, 11, 25): "Pilkada"})
    assert due(wib("2026-11-24 10:00"), 1, declared) == wib("2026-11-26 10:00")


def test_a_day_off_can_be_worked() -> None:
    open_saturday = Calendar({date(2026, 11, 28): None})
    assert due(wib("2026-11-27 10:00"), 1, open_saturday) == wib("2026-11-28 10:00")


def test_no_office_time_passes_at_the_weekend() -> None:
    assert worked(wib("2026-11-27 15:00"), wib("2026-11-30 09:00"), PLAIN) == timedelta(hours=18)
    assert worked(wib("2026-11-28 00:00"), wib("2026-11-30 00:00"), PLAIN) == timedelta()


def test_later_undoes_worked() -> None:
    start, end = wib("2026-03-13 14:00"), wib("2026-03-26 09:30")
    assert later(start, worked(start, end, PLAIN), PLAIN) == end


def test_a_pause_is_added_and_does_not_count() -> None:
    clock = Clock().start(wib("2026-11-24 10:00"), due(wib("2026-11-24 10:00"), 1, PLAIN))
    clock = clock.pause(wib("2026-11-24 12:00")).resume(wib("2026-11-26 12:00"), PLAIN)
    assert clock.due_at == wib("2026-11-27 10:00")
    assert clock.paused == timedelta(days=2)
    assert clock.age(wib("2026-11-26 13:00"), PLAIN) == timedelta(hours=3)


def test_a_pause_over_the_weekend_takes_only_office_time() -> None:
    clock = Clock().start(wib("2026-11-27 10:00"), due(wib("2026-11-27 10:00"), 1, PLAIN))
    clock = clock.pause(wib("2026-11-27 15:00")).resume(wib("2026-11-30 09:00"), PLAIN)
    assert clock.due_at == wib("2026-12-01 04:00")


def test_the_age_stands_still_while_paused() -> None:
    clock = (
        Clock()
        .start(wib("2026-11-24 10:00"), due(wib("2026-11-24 10:00"), 1, PLAIN))
        .pause(wib("2026-11-24 12:00"))
    )
    assert clock.age(wib("2026-12-24 12:00"), PLAIN) == timedelta(hours=2)


def test_nothing_runs_before_the_file_is_complete_and_it_starts_once() -> None:
    idle = Clock()
    assert idle.pause(wib("2026-11-24 10:00")) == idle
    assert idle.resume(wib("2026-11-24 10:00"), PLAIN) == idle
    assert idle.age(wib("2026-11-24 10:00"), PLAIN) is None
    started = idle.start(wib("2026-11-24 10:00"), due(wib("2026-11-24 10:00"), 1, PLAIN))
    assert started.start(wib("2026-11-25 10:00"), due(wib("2026-11-25 10:00"), 1, PLAIN)) == started
    assert started.pause(wib("2026-11-24 11:00")).pause(wib("2026-11-24 12:00")).paused_since == (
        wib("2026-11-24 11:00")
    )


def test_a_stopped_clock_neither_ages_nor_gets_overdue() -> None:
    clock = Clock().start(wib("2026-11-24 10:00"), wib("2026-11-25 10:00"))
    assert clock.is_overdue(wib("2026-11-25 10:01"))
    assert not clock.is_overdue(wib("2026-11-25 09:59"))
    stopped = clock.stop(wib("2026-11-24 18:00"))
    assert not stopped.is_overdue(wib("2026-12-24 10:00"))
    assert stopped.age(wib("2026-12-24 10:00"), PLAIN) == timedelta(hours=8)

"""How long a case may take: the office's own time, in which days off do not pass.

Banyuwangi promises one working day, free of charge, from a complete and correct file; Permendagri
19/2018 asks for 24 hours at most. Due is the same clock time on the n-th next working day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

OFFICE = ZoneInfo("Asia/Jakarta")  # a legal day is the office's, wherever the server stands
AT_RISK = timedelta(hours=4)  # of office time left

_DAY = timedelta(days=1)


@lru_cache(maxsize=8)
def _state_calendar(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("ID", years=year, categories=("public", "government"))


@dataclass(frozen=True)
class Calendar:
    """The office's days: weekends, national holidays and joint leave off, save for overrides.

    An override names a day off that was declared late, or is None for a day that is worked.
    """

    overrides: Mapping[date, str | None]

    def works_on(self, day: date) -> bool:
        """Tell whether the office works on a day."""
        if day in self.overrides:
            return self.overrides[day] is None
        return day.weekday() < 5 and day not in _state_calendar(day.year)  # noqa: PLR2004

    def next_working(self, day: date) -> date:
        """Return the first working day after a day."""
        day += _DAY
        while not self.works_on(day):
            day += _DAY
        return day


def due(complete_at: datetime, working_days: int, calendar: Calendar) -> datetime:
    """Return the same clock time on the n-th working day after a file is complete and correct."""
    local = complete_at.astimezone(OFFICE)
    day = local.date()
    for _ in range(working_days):
        day = calendar.next_working(day)
    return datetime.combine(day, local.timetz())


def worked(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much office time lies between two instants: a working day has 24 hours."""
    moment, last = start.astimezone(OFFICE), end.astimezone(OFFICE)
    passed = timedelta()
    while moment < last:
        until = min(_midnight_after(moment), last)
        if calendar.works_on(moment.date()):
            passed += until - moment
        moment = until
    return passed


def later(moment: datetime, office_time: timedelta, calendar: Calendar) -> datetime:
    """Return the instant at which so much office time has passed after a moment."""
    moment, left = moment.astimezone(OFFICE), office_time
    while True:
        until = _midnight_after(moment)
        if calendar.works_on(moment.date()):
            if left < until - moment:
                return moment + left
            left -= until - moment
        moment = until


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + _DAY, time(), OFFICE)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the clock of one case stands; it starts at `complete_at` and stands still in a pause."""

    complete_at: datetime | None = None
    due_at: datetime | None = None
    paused_since: datetime | None = None
    paused: timedelta = timedelta()  # office time
    stopped_at: datetime | None = None

    def start(self, now: datetime, due_at: datetime) -> "Clock":
        """Start, unless it was started before."""
        return self if self.complete_at else replace(self, complete_at=now, due_at=due_at)

    def promise(self, due_at: datetime) -> "Clock":
        """Be due at another time, for the calendar of the office has changed."""
        return replace(self, due_at=due_at)

    def stop(self, now: datetime) -> "Clock":
        """Stop: the promise is kept, or broken, for good."""
        return replace(self, stopped_at=self.stopped_at or now)

    def pause(self, now: datetime) -> "Clock":
        """Stand still, as while the citizen has to bring something."""
        if not self.complete_at or self.paused_since:
            return self
        return replace(self, paused_since=now)

    def resume(self, now: datetime, calendar: Calendar) -> "Clock":
        """Go on; what was due is due later by the office time that the pause took."""
        if not self.paused_since or not self.due_at:
            return self
        pause = worked(self.paused_since, now, calendar)
        return replace(
            self,
            due_at=later(self.due_at, pause, calendar),
            paused_since=None,
            paused=self.paused + pause,
        )

    def age(self, now: datetime, calendar: Calendar) -> timedelta | None:
        """Return the office time that counts against the promise; None before it starts."""
        if not self.complete_at:
            return None
        until = self.stopped_at or self.paused_since or now
        return worked(self.complete_at, until, calendar) - self.paused

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether more time has passed than was promised."""
        until = self.stopped_at or self.paused_since or now
        return self.due_at is not None and self.due_at < until

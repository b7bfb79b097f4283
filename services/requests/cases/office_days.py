"""Days off that were declared late, and days that are worked after all: promises move with them."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import sla, store
from services.requests.cases.moving import clock_of, due_by, way_of, write_clock
from services.requests.cases.tables import OfficeDay
from services.requests.catalogue.store import catalogue
from shared import outbox
from shared.contract.events import OfficeDayChanged


async def declare(session: AsyncSession, day: date, name: str | None) -> OfficeDay:
    """Say that a day is off under a name, or worked (None); the latest word on a day holds.

    Waits for every step that reads the calendar just now: whatever is promised later knows the day.
    """
    await store.lock_calendar(session)
    declared = await session.merge(OfficeDay(day=day, name=name))
    await outbox.add(session, OfficeDayChanged(day=day))
    return declared


async def withdraw(session: AsyncSession, day: date) -> bool:
    """Take back what was declared about a day; return whether anything was."""
    await store.lock_calendar(session)
    declared = await session.get(OfficeDay, day)
    if declared is None:
        return False
    await session.delete(declared)
    await outbox.add(session, OfficeDayChanged(day=day))
    return True


async def promise_anew(session: AsyncSession, event: OfficeDayChanged) -> None:
    """Compute anew when the cases are due whose promise runs over a day. Idempotent."""
    calendar = await store.calendar(session)
    for case in await store.promised_over(session, event.day):
        clock = clock_of(case)
        if clock.complete_at is None:
            continue
        due = due_by(way_of(catalogue(), case), clock.complete_at, calendar)
        write_clock(case, clock.promise(sla.later(due, clock.paused, calendar)))
    await session.flush()

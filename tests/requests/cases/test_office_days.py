"""Days off that are declared late move what was promised; edge case 59."""

from datetime import date, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, update

from services.requests.cases.sla import OFFICE
from services.requests.cases.tables import Case, OfficeDay
from shared.contract.events import OfficeDayChanged
from shared.db import Sessions
from tests.conftest import Bearer
from tests.requests.cases.making import Desk, Registry, Sit

pytestmark = pytest.mark.anyio

THURSDAY = datetime(2026, 11, 26, 10, tzinfo=OFFICE)
FRIDAY = date(2026, 11, 27)
MONDAY = datetime(2026, 11, 30, 10, tzinfo=OFFICE)


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["requests"]


@pytest.fixture
async def promised(database: Sessions, checked: str) -> str:
    """A case that was complete on Thursday and is due on Friday."""
    async with database.begin() as session:
        await session.execute(
            update(Case).values(complete_at=THURSDAY, due_at=THURSDAY + timedelta(days=1))
        )
    return checked


async def due(database: Sessions, case_id: str) -> datetime:
    async with database() as session:
        found = await session.scalar(select(Case.due_at).where(Case.id == UUID(case_id)))
    assert found is not None
    return found


async def test_edge_59_a_holiday_declared_late_moves_what_is_due(
    database: Sessions, registry: Registry, promised: str, head: Desk
) -> None:
    answer = await head.post(
        "/v1/office-days",
        {"day": FRIDAY.isoformat(), "name": "Cuti bersama tambahan"},
        Idempotency_Key="libur-27",
    )
    assert answer.status_code == 201, answer.text
    await registry.say(OfficeDayChanged(day=FRIDAY))
    assert await due(database, promised) == MONDAY

    await registry.say(OfficeDayChanged(day=FRIDAY))  # heard twice: due once
    assert await due(database, promised) == MONDAY


async def test_edge_59_what_is_taken_back_moves_it_again(
    database: Sessions, registry: Registry, promised: str, head: Desk
) -> None:
    day = {"day": FRIDAY.isoformat(), "name": "Cuti bersama tambahan"}
    await head.post("/v1/office-days", day, Idempotency_Key="libur-27")
    await registry.say(OfficeDayChanged(day=FRIDAY))

    gone = await head.client.delete("/v1/office-days/2026-11-27", headers=head.headers)
    assert gone.status_code == 204
    await registry.say(OfficeDayChanged(day=FRIDAY))

    assert await due(database, promised) == THURSDAY + timedelta(days=1)
    again = await head.client.delete("/v1/office-days/2026-11-27", headers=head.headers)
    assert again.status_code == 404


async def test_edge_59_a_pause_stays_a_pause(
    database: Sessions, registry: Registry, promised: str, head: Desk
) -> None:
    async with database.begin() as session:
        await session.execute(update(Case).values(paused=timedelta(hours=3)))
    day = {"day": FRIDAY.isoformat(), "name": "Cuti bersama tambahan"}
    await head.post("/v1/office-days", day, Idempotency_Key="libur-27")
    await registry.say(OfficeDayChanged(day=FRIDAY))

    assert await due(database, promised) == MONDAY + timedelta(hours=3)


async def test_a_promise_that_was_kept_is_left_alone(
    database: Sessions, registry: Registry, promised: str
) -> None:
    async with database.begin() as session:
        session.add(OfficeDay(day=FRIDAY, name="Cuti bersama tambahan"))
        await session.execute(update(Case).values(stopped_at=THURSDAY + timedelta(hours=2)))

    await registry.say(OfficeDayChanged(day=FRIDAY))

    assert await due(database, promised) == THURSDAY + timedelta(days=1)


async def test_anybody_reads_the_days_and_only_the_agency_declares_them(
    database: Sessions, clients: dict[str, httpx2.AsyncClient], bearer: Bearer, desk: Sit
) -> None:
    async with database.begin() as session:
        session.add(OfficeDay(day=date(2026, 11, 28), name=None))
    answer = await clients["requests"].get("/v1/office-days")
    assert answer.json() == {"items": [{"day": "2026-11-28", "name": None}]}

    village = desk("operator", "OP_DESA")
    refused = await village.post(
        "/v1/office-days", {"day": "2026-11-27", "name": "Libur"}, Idempotency_Key="k"
    )
    assert refused.status_code == 403

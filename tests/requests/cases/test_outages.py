"""Edge 50: the signer is out at 15:55 before a holiday. Cases wait, and no promise is broken."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from services.requests.cases.sla import OFFICE, Calendar, Clock
from services.requests.cases.tables import Case
from shared import clock
from shared.contract.events import SignerOutageDeclared, SignerOutageEnded
from shared.db import Sessions
from tests.requests.cases.making import Registry, documents

pytestmark = pytest.mark.anyio

BEFORE = timedelta(hours=1)


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["requests"]


async def get(database: Sessions, case_id: str) -> Case:
    async with database() as session:
        return (await session.scalars(select(Case).where(Case.id == UUID(case_id)))).one()


def outage(began: datetime) -> SignerOutageDeclared:
    return SignerOutageDeclared(outage_id=uuid4(), declared_at=began)


def end(of: SignerOutageDeclared, at: datetime) -> SignerOutageEnded:
    return SignerOutageEnded(outage_id=of.outage_id, declared_at=of.declared_at, ended_at=at)


def test_edge_50_outage_before_a_holiday_costs_the_promise_nothing() -> None:
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 8, day, hour, minute, tzinfo=OFFICE)

    calendar = Calendar({})  # Monday, 17 August: Independence Day
    promise = Clock(complete_at=at(14, 10), due_at=at(18, 10))
    paused = promise.pause(at(14, 15, 55))
    assert not paused.is_overdue(at(19, 23))
    resumed = paused.resume(at(18, 8), calendar)
    assert resumed.paused == timedelta(hours=16, minutes=5)  # of two working days
    assert resumed.due_at == at(19, 2, 5)
    assert resumed.age(at(18, 8), calendar) == paused.age(at(14, 15, 55), calendar)


async def test_edge_50_waiting_cases_stand_still_and_go_on(
    database: Sessions, registry: Registry, signed: str
) -> None:
    paper = documents()[0]
    await registry.applies(signed, [paper])
    before = await get(database, signed)
    declared = outage(clock.now())
    await registry.say(declared)
    waiting = await get(database, signed)
    assert (waiting.outage_id, waiting.paused_since) == (declared.outage_id, declared.declared_at)

    later = declared.declared_at + timedelta(days=7)
    envelope = await registry.say(end(declared, later))
    resumed = await get(database, signed)
    assert (resumed.outage_id, resumed.paused_since) == (None, None)
    assert before.due_at
    assert resumed.due_at
    assert resumed.due_at > before.due_at + timedelta(days=4)
    await registry.again(envelope)
    assert (await get(database, signed)).due_at == resumed.due_at
    await registry.issues(signed, paper)
    assert (await get(database, signed)).state == "READY"


async def test_a_case_that_is_applied_meanwhile_stands_still_as_well(
    database: Sessions, registry: Registry, signed: str
) -> None:
    declared = outage(clock.now() - BEFORE)
    await registry.say(declared)
    assert (await get(database, signed)).paused_since is None  # it waits for a person
    await registry.applies(signed, documents()[:1])
    waiting = await get(database, signed)
    assert waiting.outage_id == declared.outage_id
    assert waiting.paused_since == waiting.applied_at


async def test_a_document_that_is_faster_than_the_end_stops_the_clock(
    database: Sessions, registry: Registry, signed: str
) -> None:
    paper = documents()[0]
    await registry.applies(signed, [paper])
    declared = outage(clock.now())
    await registry.say(declared)
    await registry.issues(signed, paper)
    ready = await get(database, signed)
    assert (ready.state, ready.outage_id, ready.paused_since) == ("READY", None, None)
    assert ready.stopped_at
    await registry.say(end(declared, clock.now()))
    assert (await get(database, signed)).due_at == ready.due_at


async def test_news_of_an_outage_in_the_wrong_order_pauses_nothing(
    database: Sessions, registry: Registry, signed: str
) -> None:
    await registry.applies(signed, documents()[:1])
    declared = outage(clock.now())
    await registry.say(end(declared, clock.now()))
    await registry.say(declared)
    assert (await get(database, signed)).paused_since is None


async def test_who_brings_a_missing_paper_is_not_in_the_outage(
    database: Sessions, registry: Registry, signed: str
) -> None:
    await registry.applies(signed, documents()[:1])
    since = clock.now() - BEFORE
    async with database.begin() as session:
        await session.execute(
            update(Case).where(Case.id == UUID(signed)).values(paused_since=since)
        )
    declared = outage(clock.now())
    await registry.say(declared)
    await registry.say(end(declared, clock.now()))
    waiting = await get(database, signed)
    assert (waiting.outage_id, waiting.paused_since) == (None, since)

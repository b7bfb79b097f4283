import asyncio
import itertools
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update

from services.registry.coverage import actions, store
from services.registry.coverage.rules import RECORDED, Figure, Formula, Indicator, Person, standing
from services.registry.coverage.schemas import Level
from services.registry.coverage.tables import Cell, Mark, VillageTotal
from services.registry.residents.tables import Resident
from shared import clock
from shared.db import Sessions
from tests.registry.coverage.people import CHILD, GROWN, TODAY, VILLAGE, resident

pytestmark = pytest.mark.anyio
OTHER = "35.10.05.2004"
FORMULA = Formula()


async def cells(sessions: Sessions) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    async with sessions() as session:
        rows = await session.scalars(select(Cell))
        return {(c.village_code, c.rw, c.rt, c.indicator): (c.num, c.den) for c in rows}


async def totals(sessions: Sessions, village: str = VILLAGE) -> dict[str, tuple[int, int]]:
    async with sessions() as session:
        rows = await session.scalars(
            select(VillageTotal).where(VillageTotal.village_code == village)
        )
        return {row.indicator: (row.num, row.den) for row in rows}


async def counted_for(sessions: Sessions) -> date | None:
    async with sessions() as session:
        return await store.as_of(session, VILLAGE)


async def add(sessions: Sessions, *people: Resident) -> None:
    async with sessions.begin() as session:
        session.add_all(people)


async def marks(sessions: Sessions) -> Counter[str]:
    async with sessions() as session:
        return Counter(await session.scalars(select(Mark.village_code)))


async def test_the_statement_counts_what_the_rules_say(sessions: dict[str, Sessions]) -> None:
    registry, chance = sessions["registry"], random.Random(7)
    births = [
        (day - timedelta(days=shift)).replace(year=day.year - age)
        for day, age, shift in itertools.product(
            (TODAY,), (0, 4, 5, 16, 17, 18, 19, 60), (-1, 0, 1)
        )
    ]
    people = [
        Person(
            chance.choice(births),
            chance.choice([1, 1, 2, 6]),
            chance.choice([1, 1, 1, 2, 3]),
            chance.choice([None, "ITAS", "ITAP"]),
            chance.choice(["HIDUP", "HIDUP", "HILANG", "NONAKTIF", "MATI", "PINDAH_PROSES"]),
            chance.choice([*sorted(RECORDED), "BELUM_WAJIB", "UNREGISTERED", "SEARCH_FAILURE"]),
            chance.choice([None, "", "3510-LU-1"]),
            chance.choice([None, TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=1)]),
        )
        for _ in range(1500)
    ]
    places = [(chance.choice(["001", None]), chance.choice(["001", "002"])) for _ in people]
    expected: Counter[tuple[str, str, str, str, str]] = Counter()
    for person, (rw, rt) in zip(people, places, strict=True):
        for indicator, reached in standing(person, TODAY, FORMULA).items():
            key = (VILLAGE, rw or "000", rt, indicator)
            expected[*key, "den"] += 1
            expected[*key, "num"] += reached

    await add(
        registry, *(resident(p, rw=rw, rt=rt) for p, (rw, rt) in zip(people, places, strict=True))
    )
    await actions.count_waiting(registry, TODAY)

    found = {key: value for key, value in (await cells(registry)).items() if value[1]}
    assert len(found) == 16
    assert found == {
        key[:4]: (expected[*key[:4], "num"], den)
        for key, den in expected.items()
        if key[4] == "den"
    }


async def test_a_changed_village_is_counted_again_and_no_other(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    here, there = resident(GROWN), resident(GROWN, OTHER)
    await add(registry, here, there)
    assert await actions.count_waiting(registry, TODAY) == 2
    assert await marks(registry) == {}
    assert (await totals(registry))["KTP_REC"] == (1, 1)

    async with registry.begin() as session:
        person = await session.get_one(Resident, here.id)
        person.recording_status = "UNREGISTERED"
    assert await marks(registry) == {VILLAGE: 1}
    assert await actions.count_waiting(registry, TODAY) == 1
    assert (await totals(registry))["KTP_REC"] == (0, 1)


async def test_what_nobody_counts_marks_nothing(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    person = resident(GROWN)
    await add(registry, person)
    await actions.count_waiting(registry, TODAY)

    async with registry.begin() as session:
        await session.execute(update(Resident).values(occupation=9))

    assert await marks(registry) == {}


async def test_a_move_marks_both_villages_and_one_statement_marks_once(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    await add(registry, *(resident(GROWN) for _ in range(5)))
    await actions.count_waiting(registry, TODAY)

    async with registry.begin() as session:
        await session.execute(update(Resident).values(village_code=OTHER))
    assert await marks(registry) == {VILLAGE: 1, OTHER: 1}
    await actions.count_waiting(registry, TODAY)

    assert (await totals(registry))["KTP_REC"] == (0, 0)
    assert (await totals(registry, OTHER))["KTP_REC"] == (5, 5)
    assert {key[0] for key in await cells(registry)} == {OTHER}


async def test_a_change_under_way_is_counted_when_it_commits(
    sessions: dict[str, Sessions],
) -> None:
    """Its mark survives a count that another change asked for."""
    registry = sessions["registry"]
    await add(registry, resident(GROWN))
    async with registry() as slow:
        slow.add(resident(GROWN))
        await slow.flush()
        await add(registry, resident(GROWN))
        await actions.count_waiting(registry, TODAY)
        assert (await totals(registry))["KTP_REC"] == (2, 2)
        await slow.commit()
    assert await actions.count_waiting(registry, TODAY) == 1

    assert (await totals(registry))["KTP_REC"] == (3, 3)


async def test_an_undone_change_leaves_no_mark(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    async with registry() as session:
        session.add(resident(GROWN))
        await session.flush()
        await session.rollback()

    assert await marks(registry) == {}


async def test_a_new_day_counts_everybody(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    await add(registry, resident(CHILD._replace(birth_date=date(2009, 11, 25))))
    await actions.count_waiting(registry, TODAY)
    assert (await totals(registry))["KTP_REC"] == (0, 0)
    assert await actions.count_waiting(registry, TODAY) == 0

    assert await actions.count_waiting(registry, TODAY + timedelta(days=1)) == 1
    assert (await totals(registry))["KTP_REC"] == (0, 1)
    assert (await totals(registry))["KIA_OWN"] == (0, 0)


async def test_the_recount_finds_what_is_wrong_and_nothing_else(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    await add(registry, *(resident(p, v) for p in (GROWN, CHILD) for v in (VILLAGE, OTHER)))
    await actions.count_waiting(registry, TODAY)
    assert await actions.differences(registry, TODAY) == 0

    await add(registry, resident(GROWN))  # marked, so not wrong
    assert await actions.differences(registry, TODAY) == 0
    await actions.count_waiting(registry, TODAY)

    async with registry.begin() as session:
        await session.execute(
            update(Cell).where(Cell.village_code == OTHER, Cell.den == 1).values(num=7)
        )
        await session.execute(
            update(VillageTotal)
            .where(VillageTotal.village_code == OTHER, VillageTotal.indicator == "KTP_REC")
            .values(den=9)
        )
    assert await actions.differences(registry, TODAY) == 4 + 1


async def test_sums_go_upward(sessions: dict[str, Sessions]) -> None:
    registry = sessions["registry"]
    places = [(VILLAGE, 3), (OTHER, 2), ("35.10.06.2001", 4)]
    await add(registry, *(resident(GROWN, v) for v, size in places for _ in range(size)))
    await actions.count_waiting(registry, TODAY)

    async with registry() as session:
        for level in Level:
            if level.depth > 3:
                continue
            figures = await store.region_figures(session, "35.10", level)
            found = [f for (_, each), f in figures.items() if each is Indicator.KTP_RECORDED]
            assert sum(f.den for f in found) == 9
        districts = await store.region_figures(session, "35.10", Level.DISTRICT)
    assert districts["35.10.05", Indicator.KTP_RECORDED] == Figure(5, 5)


async def test_the_worker_counts_within_a_second_or_two(sessions: dict[str, Sessions]) -> None:
    registry, stop = sessions["registry"], asyncio.Event()
    counting = asyncio.create_task(actions.keep_counting(registry, stop))
    await add(registry, resident(GROWN))
    async with asyncio.timeout(20):
        while not await totals(registry):  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.05)
    stop.set()
    async with asyncio.timeout(5):
        await counting

    assert (await totals(registry))["KTP_REC"] == (1, 1)


async def test_the_old_day_is_compared_before_the_new_one_is_counted(
    sessions: dict[str, Sessions], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    registry, stop, days = sessions["registry"], asyncio.Event(), [TODAY]
    await add(registry, resident(GROWN))
    await actions.count_waiting(registry, TODAY)
    async with registry.begin() as session:
        await session.execute(update(Cell).where(Cell.den == 1).values(num=0))
    monkeypatch.setattr(clock, "today", lambda: days[-1])

    counting = asyncio.create_task(actions.keep_counting(registry, stop))
    await asyncio.sleep(0)  # it has looked at the clock once
    days.append(TODAY + timedelta(days=1))
    async with asyncio.timeout(20):
        while await counted_for(registry) != days[-1]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
    stop.set()
    await counting

    assert "not what a recount finds" in caplog.text
    assert await actions.differences(registry, days[-1]) == 0


async def test_counting_a_village_reads_the_covering_index_alone(
    sessions: dict[str, Sessions],
) -> None:
    registry = sessions["registry"]
    await add(registry, *(resident(GROWN, v) for v in (VILLAGE, OTHER) for _ in range(2000)))
    async with registry.kw["bind"].connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("vacuum analyze residents"))
    statement = text(f"explain {store.COUNT_VILLAGES.text}")
    parameters = store.formula_parameters(clock.today(), FORMULA)
    async with registry() as session:
        plan = "\n".join(
            await session.scalars(
                statement, parameters | {"villages": [VILLAGE], "indicators": list(Indicator)}
            )
        )

    assert "Index Only Scan using ix_residents_coverage on residents" in plan
    assert "Seq Scan on residents" not in plan

"""Every statement about coverage: counting a village, reading figures, and the targets."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import cast, func, null, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.coverage import rules
from services.registry.coverage.rules import Figure, Formula, Indicator
from services.registry.coverage.schemas import Area, Level
from services.registry.coverage.tables import Cell, Target, VillageTotal
from services.registry.regions.tables import Region
from shared.language import Words

_COUNTING = 0xC07E4A6E  # an advisory lock: two counts of a village must not overtake one another
_CODE_LENGTH = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}
_DEFINITIONS = Path(__file__).parent.parent / "data" / "indicators.yaml"

# The formulas of rules.standing in SQL: one pass over the covering index, no look at a person.
_COUNTED = """
    select village_code, rw, rt, indicator, num, den
    from (
        select
            village_code, coalesce(rw, '000') as rw, coalesce(rt, '000') as rt,
            count(*) filter (where obliged) as obliged,
            count(*) filter (where obliged and recorded) as obliged_recorded,
            count(*) filter (where child) as child,
            count(*) filter (where child and kia_valid_until >= :today) as child_valid,
            count(*) filter (where child and kia_valid_until is not null) as child_ever,
            count(*) filter (where young) as young,
            count(*) filter (where young and birth_certificate_number <> '') as young_certified
        from (
            select
                village_code, rw, rt, kia_valid_until, birth_certificate_number,
                recording_status = any(:recorded) as recorded,
                (birth_date <= :grown or marital_status <> 1)
                    and (citizenship <> 2 or (:permanent and permit = 'ITAP')) as obliged,
                birth_date > :grown and marital_status = 1 as child,
                birth_date > :too_old and citizenship <> 2 as young
            from residents
            where {where} and status = any(:alive)
        ) person
        group by 1, 2, 3
    ) neighbourhood
    cross join lateral (values
        ('KTP_REC', obliged_recorded, obliged),
        ('KIA_OWN', child_valid, child),
        ('KIA_EVER', child_ever, child),
        ('AKL_0_18', young_certified, young)
    ) cell (indicator, num, den)
"""

# Only what differs is written: at midnight that is little, though everybody is counted.
COUNT_VILLAGES = text(f"""
    with counted as materialized ({_COUNTED.format(where="village_code = any(:villages)")}),
    unmarked as (delete from coverage_marks where village_code = any(:villages)),
    gone as (
        delete from coverage_cells cell
        where village_code = any(:villages) and not exists (
            select from counted
            where (counted.village_code, counted.rw, counted.rt) = (cell.village_code, cell.rw, cell.rt)
        )
    ),
    news as (
        select village_code, rw, rt, indicator, counted.num, counted.den
        from counted
        left join (select * from coverage_cells where village_code = any(:villages)) cell
            using (village_code, rw, rt, indicator)
        where (cell.num, cell.den) is distinct from (counted.num, counted.den)
    ),
    cells as (
        insert into coverage_cells (village_code, rw, rt, indicator, num, den)
        select village_code, rw, rt, indicator, num, den from news
        on conflict (village_code, rw, rt, indicator)
            do update set num = excluded.num, den = excluded.den
    )
    insert into coverage_villages (village_code, indicator, num, den, as_of)
    select village_code, indicator, coalesce(sum(num), 0), coalesce(sum(den), 0), :today
    from unnest(cast(:villages as varchar[])) village (village_code)
    cross join unnest(cast(:indicators as varchar[])) wanted (indicator)
    left join counted using (village_code, indicator)
    group by village_code, indicator
    on conflict (village_code, indicator) do update
        set num = excluded.num, den = excluded.den, as_of = excluded.as_of, counted_at = now()
""")  # noqa: S608 - of constants only

# A village that is marked, or that was counted for another day, is not wrong but not ready.
_DIFFERENCES = text(f"""
    with settled as (
        select 1 from coverage_villages
        where village_code = :village and as_of = :today
            and not exists (select from coverage_marks where village_code = :village)
        limit 1
    ),
    counted as ({_COUNTED.format(where="village_code = :village")}),
    stored as (select * from coverage_cells where village_code = :village),
    summed as (
        select indicator, sum(num) as num, sum(den) as den from counted group by indicator
    ),
    total as (select * from coverage_villages where village_code = :village and den > 0)
    select
        (select count(*) from counted full join stored using (village_code, rw, rt, indicator)
            where (counted.num, counted.den) is distinct from (stored.num, stored.den))
        + (select count(*) from (select * from summed where den > 0) summed
            full join total using (indicator)
            where (summed.num, summed.den) is distinct from (total.num, total.den))
    from settled
""")  # noqa: S608 - of constants only

_WAITING = text("""
    select village_code from coverage_marks
    union
    select village_code from coverage_villages where as_of < :today
    order by 1
""")


def formula_parameters(today: date, formula: Formula) -> dict[str, Any]:
    """Return what the counting statements are told of the rules."""
    return {
        "today": today,
        "grown": rules.latest_birth(today, rules.OBLIGED_AGE),
        "too_old": rules.latest_birth(today, formula.certificate_upper_age + 1),
        "permanent": formula.counts_permanent_foreigners,
        "recorded": sorted(rules.RECORDED),
        "alive": sorted(rules.ALIVE),
    }


async def waiting(session: AsyncSession, today: date) -> list[str]:
    """Return the villages that were marked, or not yet counted on this legal day."""
    return list(await session.scalars(_WAITING, {"today": today}))


async def count_villages(
    session: AsyncSession, villages: Sequence[str], today: date, formula: Formula
) -> None:
    """Count villages and remove their marks; who is still uncommitted has marks of their own."""
    await session.execute(select(func.pg_advisory_xact_lock(_COUNTING)))
    parameters = formula_parameters(today, formula) | {"villages": list(villages)}
    await session.execute(COUNT_VILLAGES, parameters | {"indicators": list(Indicator)})


async def counted_villages(session: AsyncSession) -> list[str]:
    """Return every village that was ever counted."""
    return list(await session.scalars(select(VillageTotal.village_code).distinct()))


async def differences(session: AsyncSession, village: str, day: date, formula: Formula) -> int:
    """Count a village and return how many stored figures of a day differ; 0 while it is in work."""
    parameters = formula_parameters(day, formula) | {"village": village}
    return int(await session.scalar(_DIFFERENCES, parameters) or 0)


def _within(column: Any, code: str) -> Any:  # noqa: ANN401 - SQL expressions
    return (column == code) | column.like(f"{code}.%")


async def region(session: AsyncSession, code: str) -> Area | None:
    """Return a region that exists today."""
    row = await session.scalar(select(Region).where(Region.code == code, Region.valid_to.is_(None)))
    return None if row is None else Area(code=row.code, name=row.name, level=Level(row.level))


async def regions_within(session: AsyncSession, code: str, level: Level) -> list[Area]:
    """Return the regions of a level inside another, in the order of their codes."""
    rows = await session.scalars(
        select(Region)
        .where(Region.code.like(f"{code}.%"), Region.level == level, Region.valid_to.is_(None))
        .order_by(Region.code)
    )
    return [Area(code=row.code, name=row.name, level=level) for row in rows]


async def as_of(session: AsyncSession, code: str) -> date | None:
    """Return the oldest day for which any village of an area was counted."""
    day = func.min(VillageTotal.as_of)
    return await session.scalar(select(day).where(_within(VillageTotal.village_code, code)))


async def region_figures(
    session: AsyncSession, code: str, level: Level
) -> Mapping[tuple[str, Indicator], Figure]:
    """Return the sums of an area's villages, by region of a level and by indicator."""
    part = func.left(VillageTotal.village_code, _CODE_LENGTH[level])
    rows = await session.execute(
        select(part, VillageTotal.indicator, *_sums(VillageTotal))
        .where(_within(VillageTotal.village_code, code))
        .group_by(part, VillageTotal.indicator)
    )
    return {(part, Indicator(each)): Figure(num, den) for part, each, num, den in rows}


async def neighbourhood_figures(
    session: AsyncSession, village: str, rw: str | None, level: Level
) -> Mapping[tuple[str, str | None, Indicator], Figure]:
    """Return the sums of a village by RW, or by RW and RT; of one RW where one is named."""
    rt = Cell.rt if level is Level.RT else cast(null(), Cell.rt.type)
    chosen = select(Cell.rw, rt, Cell.indicator, *_sums(Cell)).where(Cell.village_code == village)
    if rw is not None:
        chosen = chosen.where(Cell.rw == rw)
    rows = await session.execute(chosen.group_by(Cell.rw, rt, Cell.indicator).order_by(Cell.rw, rt))
    return {(rw, rt, Indicator(each)): Figure(num, den) for rw, rt, each, num, den in rows}


def _sums(counts: Any) -> tuple[Any, Any]:  # noqa: ANN401 - either table of counts
    return func.sum(counts.num), func.sum(counts.den)


@cache
def names() -> Mapping[Indicator, Words]:
    """Return what people call each indicator."""
    known = yaml.safe_load(_DEFINITIONS.read_text())["indicators"]
    return {
        Indicator(each["code"]): Words(each["name_id"], each["name_en"])
        for each in known
        if each["code"] in list(Indicator)
    }


async def targets(session: AsyncSession) -> list[Target]:
    """Return the newest target of each indicator that has one."""
    rows = await session.scalars(
        select(Target)
        .ext(distinct_on(Target.indicator))
        .order_by(Target.indicator, Target.version.desc())
    )
    return list(rows)


async def target(session: AsyncSession, indicator: Indicator) -> Target | None:
    """Return the newest target of an indicator."""
    return await session.scalar(
        select(Target).where(Target.indicator == indicator).order_by(Target.version.desc()).limit(1)
    )


async def add_target(session: AsyncSession, target: Target) -> None:
    """Store a decision.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody else has just stored the same version.
    """
    session.add(target)
    await session.flush()

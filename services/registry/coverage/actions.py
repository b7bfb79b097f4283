"""What happens to coverage: it is counted, read, and measured against targets."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from prometheus_client import Gauge
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.coverage import rules, store
from services.registry.coverage.rules import Figure, Formula, Indicator
from services.registry.coverage.schemas import (
    Area,
    AreaFigure,
    AreaFigures,
    Coverage,
    CoverageTarget,
    Level,
)
from services.registry.coverage.tables import Target
from shared import clock
from shared.db import Sessions
from shared.problems import NotFound, VersionChanged

FORMULA = Formula()
PAUSE_SECONDS = 1.0
TOGETHER = 20  # villages in one statement: some 0.1 s of work
PUBLIC_LEVELS = frozenset({Level.REGENCY, Level.DISTRICT})

log = logging.getLogger(__name__)

_waiting = Gauge("coverage_waiting_villages", "Villages whose figures must be counted anew")
_differences = Gauge("coverage_differences", "Figures that the last recount found to be wrong")

Figures = Mapping[Indicator, Figure]


async def keep_counting(sessions: Sessions, stop: asyncio.Event) -> None:
    """Count marked villages every second, and all of them when a new legal day begins.

    Before that, what was counted bit by bit during the old day is compared with a full recount.
    """
    day = clock.today()
    while not stop.is_set():
        try:
            today = clock.today()
            if today != day:
                await differences(sessions, day)
                day = today
            await count_waiting(sessions, today, stop)
        except Exception:
            log.warning("coverage could not be counted", exc_info=True)
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def count_waiting(sessions: Sessions, today: date, stop: asyncio.Event | None = None) -> int:
    """Count every village that waits, a few in each transaction; return how many."""
    async with sessions() as session:
        villages = await store.waiting(session, today)
    for done in range(0, len(villages), TOGETHER):
        _waiting.set(len(villages) - done)
        if stop is not None and stop.is_set():
            return done
        async with sessions.begin() as session:
            batch = villages[done : done + TOGETHER]
            await store.count_villages(session, batch, today, FORMULA)
    _waiting.set(0)
    return len(villages)


async def differences(sessions: Sessions, day: date) -> int:
    """Count everybody and return how many figures stored for a day are not what was counted."""
    async with sessions() as session:
        villages = await store.counted_villages(session)
    found = 0
    for village in villages:
        async with sessions() as session:
            found += await store.differences(session, village, day, FORMULA)
    _differences.set(found)
    if found:
        log.error("stored coverage is not what a recount finds", extra={"figures": found})
    return found


async def cover(
    session: AsyncSession,
    area: Area,
    level: Level | None,
    indicators: Collection[Indicator],
    *,
    public: bool,
) -> Coverage:
    """Tell an area's figures and those of its parts.

    Raises:
        NotFound: there is no such RW or RT, or the public may not see this area or these parts.
    """
    level = level or _next_level(area.level, public=public)
    if level is not None and level.depth <= area.level.depth:
        raise NotFound
    if public and not {area.level, level or area.level} <= PUBLIC_LEVELS:
        raise NotFound
    wanted = {each.indicator: each.percent for each in await store.targets(session)}
    own = await _figures(session, area, area.level)
    if not own and area.rw is not None:
        raise NotFound
    parts = await _parts(session, area, level) if level else []
    return Coverage(
        area=area,
        figures=_told(own.get(area, {}), indicators, wanted, public=public),
        as_of=await store.as_of(session, area.code),
        level=level,
        parts=[
            AreaFigures(area=part, figures=_told(figures, indicators, wanted, public=public))
            for part, figures in parts
        ],
    )


def _next_level(level: Level, *, public: bool) -> Level | None:
    below = [each for each in Level if each.depth == level.depth + 1]
    return below[0] if below and not (public and below[0] not in PUBLIC_LEVELS) else None


async def _parts(session: AsyncSession, area: Area, level: Level) -> list[tuple[Area, Figures]]:
    figures = await _figures(session, area, level)
    if level.depth > Level.VILLAGE.depth:
        return list(figures.items())
    regions = await store.regions_within(session, area.code, level)
    return [(each, figures.get(each, {})) for each in regions]


async def _figures(session: AsyncSession, area: Area, level: Level) -> Mapping[Area, Figures]:
    """Return what is counted at a level inside an area; an area without anybody is missing."""
    found: dict[Area, dict[Indicator, Figure]] = {}
    if level.depth <= Level.VILLAGE.depth:
        regions = {each.code: each for each in await _regions(session, area, level)}
        for (code, indicator), figure in (
            await store.region_figures(session, area.code, level)
        ).items():
            if code in regions:
                found.setdefault(regions[code], {})[indicator] = figure
        return found
    cells = await store.neighbourhood_figures(session, area.code, area.rw, level)
    for (rw, rt, indicator), figure in cells.items():
        if area.rt in {None, rt}:
            part = Area(code=area.code, name=area.name, level=level, rw=rw, rt=rt)
            found.setdefault(part, {})[indicator] = figure
    return found


async def _regions(session: AsyncSession, area: Area, level: Level) -> list[Area]:
    return [area] if level is area.level else await store.regions_within(session, area.code, level)


def _told(
    figures: Figures,
    indicators: Collection[Indicator],
    targets: Mapping[str, Decimal],
    *,
    public: bool,
) -> list[AreaFigure]:
    return [
        _tell(each, figures.get(each, Figure(0, 0)), targets.get(each), public=public)
        for each in Indicator
        if each in indicators
    ]


def _tell(
    indicator: Indicator, figure: Figure, target: Decimal | None, *, public: bool
) -> AreaFigure:
    hidden = public and rules.is_hidden(figure)
    return AreaFigure(
        indicator=indicator,
        num=None if hidden else figure.num,
        den=None if hidden else figure.den,
        percent=None if hidden else rules.percent(figure),
        target=target,
        gap=None if hidden or target is None else rules.gap(figure, target),
        hidden=hidden,
    )


def show_target(target: Target) -> CoverageTarget:
    """Return a target as the API tells it."""
    indicator = Indicator(target.indicator)
    name = store.names()[indicator]
    return CoverageTarget(
        indicator=indicator,
        name_id=name.id,
        name_en=name.en,
        percent=target.percent,
        version=target.version,
        decided_at=target.decided_at,
    )


async def set_target(
    session: AsyncSession, indicator: Indicator, percent: Decimal, expected: int, actor: str
) -> Target:
    """Decide a target anew.

    Raises:
        NotFound: the indicator has no target.
        VersionChanged: somebody has decided since the caller read it.
    """
    current = await store.target(session, indicator)
    if current is None:
        raise NotFound
    if current.version != expected:
        raise VersionChanged
    decided = Target(
        indicator=indicator,
        version=expected + 1,
        percent=percent,
        decided_by=actor,
        decided_at=clock.now(),
    )
    try:
        await store.add_target(session, decided)
    except IntegrityError as error:
        raise VersionChanged from error
    return decided

"""What happens to exports: they are ordered, written by the worker, fetched, and forgotten."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.exports import store
from services.registry.exports.schemas import Format, Order, State
from services.registry.exports.tables import Export
from services.registry.exports.writing import Sheet
from services.registry.policy import POLICY
from services.registry.residents.reading import UNMASK, Reading
from services.registry.settings import Settings
from shared import clock
from shared.auth import Principal
from shared.db import Sessions
from shared.files import Files
from shared.policy import Decision, Thing, decide
from shared.problems import NotFound, Refused, Wrong
from shared.worker import Background, take_turns

POLL_SECONDS = 1.0
KEPT = timedelta(hours=24)  # of a file that is ready
MOST_ROWS = 200_000  # of one file; more is ordered district by district

log = logging.getLogger(__name__)

_TOO_LARGE = Wrong(
    "/area",
    "EXPORT_TOO_LARGE",
    "Wilayah ini berisi lebih dari 200.000 penduduk; pesan per kecamatan.",
    "More than 200,000 people live here; order it district by district.",
)


async def order(session: AsyncSession, caller: Principal, purpose: str, wanted: Order) -> Export:
    """Order a file of everybody who lives in an area of the caller's.

    Raises:
        NotFound: there is no such area, or it is not the caller's.
        Refused: too many people for one file.
    """
    if not _may(caller, "exports.order", wanted.area):
        raise NotFound
    if not await store.villages(session, wanted.area):
        raise NotFound
    total = await store.count(session, wanted.area)
    if total > MOST_ROWS:
        raise Refused([_TOO_LARGE])
    export = Export(
        id=uuid7(),
        state=State.ORDERED,
        area=wanted.area,
        format=wanted.format,
        whole=_may(caller, "residents.whole", wanted.area),
        numbers=UNMASK in caller.scopes or _may(caller, "residents.numbers", wanted.area),
        ordered_by=caller.sub,
        roles=sorted(caller.roles),
        areas=sorted(caller.areas),
        purpose=purpose,
        ordered_at=clock.now(),
        rows=0,
        total=total,
        downloads=0,
    )
    session.add(export)
    await session.flush()
    return export


def _may(caller: Principal, action: str, area: str) -> bool:
    return decide(POLICY, caller, action, Thing(village_code=area)) is Decision.ALLOW


def keep_exporting(settings: Settings) -> Background:
    """Return the background work that writes files and forgets old ones."""
    files = Files.at(settings.files_url)

    async def work(sessions: Sessions, stop: asyncio.Event) -> None:
        async def turn() -> float:
            await forget(sessions, files)
            return 0 if await step(sessions, files) else POLL_SECONDS

        await take_turns(turn, stop, failed="exports are out of reach", rest=POLL_SECONDS)

    return work


async def step(sessions: Sessions, files: Files) -> bool:
    """Write one file; False when none is ordered.

    A worker that dies leaves the order to the next, which begins anew: the readings of both are in
    the access log, for both took place.
    """
    async with sessions.begin() as session:
        export = await store.claim(session)
    if export is None:
        return False
    if export.tries > store.MOST_TRIES:
        async with sessions.begin() as session:
            await store.change(session, export.id, state=State.FAILED, leased_until=None)
        return True
    try:
        await _write(sessions, files, export)
    except Exception:
        log.exception("an export stumbled", extra={"export_id": str(export.id)})
    return True


async def _write(sessions: Sessions, files: Files, export: Export) -> None:
    reader = Principal(
        export.ordered_by, roles=frozenset(export.roles), areas=frozenset(export.areas)
    )
    reading = Reading(reader, export.purpose, "exports.order")
    sheet = Sheet(Format(export.format), whole=export.whole, numbers=export.numbers)
    async with sessions() as session:
        villages = await store.villages(session, export.area)
    written = 0
    for village in villages:
        async with sessions.begin() as session:
            people = await store.people(session, reading, village)
            written += len(people)
            await store.change(session, export.id, rows=written)
        await asyncio.to_thread(sheet.add, people)
    content = await asyncio.to_thread(sheet.close)
    path = f"exports/{export.id}/{uuid7()}"
    await files.keep_sealed(path, content)
    now = clock.now()
    async with sessions.begin() as session:
        await store.change(
            session,
            export.id,
            state=State.READY,
            path=path,
            ready_at=now,
            expires_at=now + KEPT,
            total=written,
            leased_until=None,
        )


async def forget(sessions: Sessions, files: Files) -> int:
    """Remove files whose time is over; return how many."""
    async with sessions.begin() as session:
        paths = await store.take_expired(session, clock.now())
    for path in paths:
        await files.delete(path)
    return len(paths)

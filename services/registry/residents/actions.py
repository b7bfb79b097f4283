"""What can happen to a resident. Every one of these writes a version; none commits."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.residents import store
from services.registry.residents.rules import nik, spelling
from services.registry.residents.schemas import ResidentData, Source
from services.registry.residents.tables import Resident

# The port of the NIK allocator: twelve digits in, sixteen out. Here the registry's own counter; in
# a deployment under SIAK a client of the ministry's.
Allocate = Callable[[AsyncSession, str], Awaitable[str]]


async def register(
    session: AsyncSession,
    new: ResidentData,
    *,
    source: Source,
    today: date,
    valid_from: date | None = None,
    allocate: Allocate = store.next_nik,
) -> Resident:
    """Enter a person, give them a NIK for ever, and write version 1.

    `valid_from` is since when the record speaks, such as the birth of a newborn; `today` if absent.

    Raises:
        NikExhausted: no serial is left for this district, day and sex.
    """
    number = await allocate(session, nik.prefix(new.village_code, new.birth_date, new.sex))
    resident = Resident(
        **asdict(new),
        nik=number,
        words=spelling.words(new.full_name),
        valid_from=valid_from or today,
    )
    session.add(resident)
    await session.flush()
    await store.record(session, [resident.id], source, changed=())
    return resident


async def change(
    session: AsyncSession,
    resident: Resident,
    changes: Mapping[str, Any],
    *,
    source: Source,
    valid_from: date,
) -> Resident:
    """Set columns to new values and write a version that says only these; the NIK never changes.

    A change to the same values writes nothing. `valid_from` may lie in the past: history puts it
    in its place.

    Raises:
        StaleDataError: somebody changed the resident after it was loaded.
        KeyError: not a column that a change may touch.
    """
    news = store.differing(resident, changes)
    if not news:
        return resident
    if "full_name" in news:
        resident.words = spelling.words(news["full_name"])
    for name, value in news.items():
        setattr(resident, name, value)
    resident.valid_from = max(valid_from, resident.valid_from)
    await session.flush()
    await store.record(session, [resident.id], source, changed=sorted(news), valid_from=valid_from)
    return resident


async def replace_number(
    session: AsyncSession, loser: Resident, winner: Resident, *, source: Source, today: date
) -> None:
    """End a second record of the same person; its NIK resolves to the winner for ever.

    Raises:
        ValueError: the second record still belongs to a family, or is no second record.
    """
    if loser.family_id is not None or loser.id == winner.id:
        raise ValueError("first take the second record out of its family")
    await store.replace_number(session, loser, winner, replaced_on=today)
    await change(session, loser, {"status": "TIDAK_VALID"}, source=source, valid_from=today)

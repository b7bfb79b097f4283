"""All SQL about moves, and the one figure about them that an office may set."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.moves.rules import Status, Travel
from services.registry.moves.tables import (
    Arrival,
    Letter,
    LetterCounter,
    Move,
    Mover,
    Permit,
    TemporaryStay,
)
from services.registry.residents.lookups import within
from services.registry.residents.reading import Reading

_RULES = Path(__file__).parent.parent / "data" / "moves.yaml"


@cache
def letter_days() -> int:
    """Return for how many days a move letter is valid; the offices of the land differ.

    Raises:
        KeyError: the data file does not say.
    """
    return int(yaml.safe_load(_RULES.read_text())["letter_valid_days"])


async def next_serial(session: AsyncSession, series: str) -> int:
    """Give the next serial of a series; waits for whoever is giving one just now."""
    counter = insert(LetterCounter).values(series=series, last=1)
    counted = counter.on_conflict_do_update(
        index_elements=["series"], set_={"last": LetterCounter.last + 1}
    )
    return (await session.execute(counted.returning(LetterCounter.last))).scalar_one()


async def get(session: AsyncSession, move_id: UUID) -> Move | None:
    """Return a letter."""
    return await session.get(Move, move_id)


async def numbered(
    session: AsyncSession, numbers: Collection[str], *, lock: bool = False
) -> Sequence[Move]:
    """Return the letters with these numbers, locked in order of id if asked."""
    if not numbers:
        return []
    statement = select(Move).where(Move.number.in_(numbers)).order_by(Move.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(statement)).all()


async def open_of_case(session: AsyncSession, case_id: UUID) -> Sequence[Move]:
    """Return the letters of a case whose people are still on the way, or whose time ran out."""
    waiting = Move.status.in_([Status.IN_TRANSIT, Status.EXPIRED])
    statement = select(Move).where(Move.case_id == case_id, waiting)
    return (await session.scalars(statement.order_by(Move.id))).all()


async def movers(session: AsyncSession, move_ids: Iterable[UUID]) -> Sequence[Mover]:
    """Return the people of letters, in their order."""
    statement = select(Mover).where(Mover.move_id.in_(set(move_ids)))
    ordered = statement.order_by(Mover.move_id, Mover.position)
    return (await session.scalars(ordered.execution_options(populate_existing=True))).all()


async def arrival(session: AsyncSession, arrival_id: UUID) -> Arrival | None:
    """Return one arrival."""
    return await session.get(Arrival, arrival_id)


async def arrived(session: AsyncSession, arrival_id: UUID) -> Sequence[Mover]:
    """Return who came with one arrival."""
    statement = select(Mover).where(Mover.arrival_id == arrival_id).order_by(Mover.position)
    return (await session.scalars(statement)).all()


async def run_out(session: AsyncSession, today: date, limit: int) -> Sequence[Move]:
    """Return letters whose last valid day is past, locked; those that others hold are left out."""
    late = (Move.status == Status.IN_TRANSIT, Move.valid_until < today)
    statement = select(Move).where(*late).order_by(Move.valid_until).limit(limit)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).all()


async def permit(session: AsyncSession, resident_id: UUID) -> Permit | None:
    """Return the permit on which a foreigner stays."""
    statement = select(Permit).where(Permit.resident_id == resident_id, Permit.ended_on.is_(None))
    return await session.scalar(statement)


async def letter(session: AsyncSession, letter_id: UUID) -> Letter | None:
    """Return a letter about one person."""
    return await session.get(Letter, letter_id)


async def letters_of(session: AsyncSession, resident_id: UUID, kind: str) -> Sequence[Letter]:
    """Return the letters of a kind that somebody has, oldest first."""
    statement = select(Letter).where(Letter.resident_id == resident_id, Letter.kind == kind)
    return (await session.scalars(statement.order_by(Letter.id))).all()


async def staying(session: AsyncSession, niks: Collection[str], day: date) -> dict[str, date]:
    """Return who of these is noted as staying here on a day, and until when at most."""
    if not niks:
        return {}
    statement = (
        select(TemporaryStay.nik, func.max(TemporaryStay.until).label("until"))
        .where(TemporaryStay.nik.in_(niks), TemporaryStay.until >= day)
        .group_by(TemporaryStay.nik)
    )
    return {row.nik: row.until for row in await session.execute(statement)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of letters is narrowed to."""

    area: str | None = None
    status: Status | None = None
    resident_id: UUID | None = None


def _visible(reading: Reading) -> ColumnElement[bool]:
    mine = select(Mover.move_id).where(Mover.resident_id == reading.caller.resident_id)
    return within(reading.caller, reading.operation, Move.village_code, Move.id.in_(mine))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.area is not None:
        inside = (Move.village_code >= wanted.area, Move.village_code < f"{wanted.area}/")
        found.append(and_(*inside))
    if wanted.status is not None:
        found.append(Move.status == wanted.status)
    if wanted.resident_id is not None:
        named = select(Mover.move_id).where(Mover.resident_id == wanted.resident_id)
        found.append(Move.id.in_(named))
    return found


async def page(
    session: AsyncSession, reading: Reading, wanted: Wanted, after: UUID | None, limit: int
) -> Sequence[Move]:
    """Return letters that the caller may see, in order of id, behind one; one more than `limit`."""
    statement = select(Move).where(_visible(reading), *_narrowed(wanted))
    if after is not None:
        statement = statement.where(Move.id > after)
    return (await session.scalars(statement.order_by(Move.id).limit(limit + 1))).all()


async def visible(session: AsyncSession, reading: Reading, move_id: UUID) -> Move | None:
    """Return a letter if the caller may see it."""
    return await session.scalar(select(Move).where(Move.id == move_id, _visible(reading)))


def travels(people: Iterable[Mover]) -> list[Travel]:
    """Return where the people of a letter are."""
    return [Travel(each.status) for each in people]

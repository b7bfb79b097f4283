"""All SQL about residents, but for the search by name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.types import Text

from services.registry.residents.rules.nik import FIRST_SERIAL, LAST_SERIAL, NikExhausted
from services.registry.residents.schemas import Source
from services.registry.residents.tables import (
    Alias,
    NikCounter,
    Resident,
    ResidentVersion,
)
from shared.contract.facts import PersonRef

NOT_RECORDED = ("words", "version", "valid_from", "recorded_at")  # of a person, in a version's data
_FIXED = frozenset({"id", "nik", "words", "version", "valid_from", "recorded_at"})
CHANGEABLE = frozenset(Resident.__mapper__.column_attrs.keys()) - _FIXED


async def next_nik(session: AsyncSession, prefix: str) -> str:
    """Give the next free number after twelve digits; waits for whoever is giving one just now.

    Numbers that came in by an import are skipped. A number given in a transaction that rolls back
    was never given; gaps are fine.

    Raises:
        NikExhausted: 9999 is given.
    """
    while True:
        nik = f"{prefix}{await _next_serial(session, prefix)}"
        if not await _is_taken(session, nik):
            return nik


async def _next_serial(session: AsyncSession, prefix: str) -> int:
    counter = upsert(NikCounter).values(prefix=prefix, last=FIRST_SERIAL)
    counted = counter.on_conflict_do_update(
        index_elements=["prefix"], set_={"last": NikCounter.last + 1}
    )
    serial = (await session.execute(counted.returning(NikCounter.last))).scalar_one()
    if serial > LAST_SERIAL:
        raise NikExhausted
    return serial


async def _is_taken(session: AsyncSession, nik: str) -> bool:
    held = select(Resident.id).where(Resident.nik == nik)
    given_up = select(Alias.resident_id).where(Alias.nik == nik)
    return await session.scalar(select(held.union_all(given_up).exists())) is True


def differing(resident: Resident, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the changes that change something.

    Raises:
        KeyError: not a column that may change.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise KeyError(*sorted(unknown))
    return {name: value for name, value in changes.items() if getattr(resident, name) != value}


async def record(
    session: AsyncSession,
    ids: Sequence[UUID],
    source: Source,
    *,
    changed: Sequence[str],
    valid_from: date | None = None,
) -> None:
    """Copy residents as they are now into their history; the database itself takes the picture."""
    data: ColumnElement[Any] = func.to_jsonb(literal_column("residents"))
    for name in NOT_RECORDED:
        data = data.op("-")(name)
    picture = select(
        Resident.id,
        Resident.version,
        literal(valid_from) if valid_from else Resident.valid_from,
        Resident.recorded_at,
        literal(source.cause),
        literal(source.id),
        literal(source.actor),
        data,
        literal(list(changed), ARRAY(Text)),
    ).where(Resident.id.in_(ids))
    columns = (
        "resident_id", "version", "valid_from", "recorded_at",
        "cause", "source_id", "actor", "data", "changed",
    )  # fmt: skip
    await session.execute(insert(ResidentVersion).from_select(columns, picture))


async def load(
    session: AsyncSession, ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, Resident]:
    """Return the residents with these ids, locked in order of id if asked; absent ones are left out."""
    statement = select(Resident).where(Resident.id.in_(set(ids))).order_by(Resident.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return {each.id: each for each in await session.scalars(statement)}


async def find(session: AsyncSession, ref: PersonRef) -> Resident | None:
    """Return whom a fact speaks of, following a NIK that was given up; None if there is nobody.

    Raises:
        ValueError: the reference is to somebody whom an earlier fact creates.
    """
    if ref.created_by is not None:
        raise ValueError("a person who is still to be created has no record")
    if ref.resident_id is not None:
        return await session.get(Resident, ref.resident_id)
    return await find_by_nik(session, ref.nik or "")


async def find_by_nik(session: AsyncSession, nik: str) -> Resident | None:
    """Return the holder of a number, also of one that was given up for theirs."""
    return await session.scalar(select(Resident).where(holder(nik)))


def holder(nik: str) -> ColumnElement[bool]:
    """Return the condition for the one person whom a number means.

    A number given up stays on the record that ended; its alias is what counts.
    """
    given_up = select(Alias.resident_id).where(Alias.nik == nik).scalar_subquery()
    held = aliased(Resident)
    own = select(held.id).where(held.nik == nik).scalar_subquery()
    return Resident.id == func.coalesce(given_up, own)


async def replace_number(
    session: AsyncSession, loser: Resident, winner: Resident, *, replaced_on: date
) -> None:
    """Let a number, and those given up for it before, resolve to the winner."""
    earlier = update(Alias).where(Alias.resident_id == loser.id).values(resident_id=winner.id)
    await session.execute(earlier)
    session.add(Alias(nik=loser.nik, resident_id=winner.id, replaced_on=replaced_on))

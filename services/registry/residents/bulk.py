"""Many people at once, for loads: a few statements whatever their number. None commits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import JSON, Text, cast, column, func, insert, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from services.registry.residents import store
from services.registry.residents.rules import spelling
from services.registry.residents.schemas import ResidentData, Source
from services.registry.residents.tables import Resident

AT_ONCE = 1_000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a number of their own, and where they live from the first version on."""

    id: UUID
    nik: str
    data: ResidentData
    family_id: UUID | None
    rt: str | None
    rw: str | None


async def register_all(
    session: AsyncSession, people: Sequence[Newcomer], *, source: Source, today: date
) -> None:
    """Enter people who have a NIK already, and write version 1 of each.

    Raises:
        IntegrityError: a number is held by somebody.
    """
    for start in range(0, len(people), AT_ONCE):
        part = people[start : start + AT_ONCE]
        await insert_all(session, Resident, [_row(each, today) for each in part])
        await store.record(session, [each.id for each in part], source, changed=())


async def insert_all(
    session: AsyncSession, table: type[DeclarativeBase], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows that name the same columns, in one statement with one parameter.

    One statement: rows may refer to one another in a circle, as a couple does.
    """
    if not rows:
        return
    columns = [getattr(table, name) for name in rows[0]]
    names = [each.property.columns[0].name for each in columns]
    told = [dict(zip(names, each.values(), strict=True)) for each in rows]
    typed = func.json_populate_recordset(
        literal_column(f"null::{table.__tablename__}"),
        cast(literal(to_json(told).decode(), Text), JSON),
    ).table_valued(*[column(name) for name in names], name="told")
    picked = select(*(typed.c[name] for name in names))
    await session.execute(insert(table).from_select(columns, picked))


def _row(each: Newcomer, today: date) -> dict[str, Any]:
    return {
        **asdict(each.data),
        "id": each.id,
        "nik": each.nik,
        "words": spelling.words(each.data.full_name),
        "family_id": each.family_id,
        "rt": each.rt,
        "rw": each.rw,
        "version": 1,
        "valid_from": today,
    }

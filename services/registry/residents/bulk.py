"""Many people at once, for loads: a few statements whatever their number. None commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.residents import store
from services.registry.residents.rules import spelling
from services.registry.residents.schemas import ResidentData, Source
from services.registry.residents.tables import Resident

AT_ONCE = 600  # rows of one statement: PostgreSQL takes 32,767 parameters


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
        await session.execute(insert(Resident), [_row(each, today) for each in part])
        await store.record(session, [each.id for each in part], source, changed=())


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

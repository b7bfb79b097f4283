"""Fills a registry and counts its coverage: what the local run and the tests call."""

from datetime import date
from uuid import UUID

import asyncpg
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.seed.load import Loaded, Progress, load, silent
from services.registry.coverage import actions
from shared.db import make_sessions

_COUPLE = """
    select w.id as wife_id, h.id as husband_id, w.family_id, w.nik as wife_nik, h.nik as husband_nik,
        f.kk_number, w.full_name as wife_name, h.full_name as husband_name, w.village_code,
        w.marriage_date
    from residents w
    join residents h on h.id = w.spouse_id
    join families f on f.id = w.family_id and f.head_id = h.id
    where w.sex = 'P' and w.village_code = $1 and w.status = 'HIDUP' and h.status = 'HIDUP'
        and w.marital_status = 2 and w.citizenship = 1 and h.citizenship = 1
        and w.birth_date between ($2::date - interval '38 years') and ($2::date - interval '20 years')
        and not exists (
            select from residents c
            where c.mother_id = w.id and c.birth_date > $2::date - interval '1 year')
    order by exists (select from residents c where c.mother_id = w.id) desc, w.id
    limit 1
"""


class Couple(BaseModel, frozen=True):
    """A couple of whom a child may be born today."""

    wife_id: UUID
    husband_id: UUID
    family_id: UUID
    wife_nik: str
    husband_nik: str
    kk_number: str
    wife_name: str
    husband_name: str
    village_code: str
    marriage_date: date


async def seed(
    database_url: str, residents: int, today: date, progress: Progress = silent
) -> Loaded | None:
    """Fill an empty registry and count every village; None where people are already.

    What an interruption leaves uncounted the registry's worker counts.
    """
    loaded = await load(database_url, residents, today, progress)
    if loaded is None:
        return None
    engine = create_async_engine(database_url)
    sessions = make_sessions(engine)
    progress("coverage", 0, 1)
    await actions.count_waiting(sessions, today)
    progress("coverage", 1, 1)
    await engine.dispose()
    return loaded


async def couple(database_url: str, village: str, today: date) -> Couple | None:
    """Return a married couple of a village: wife of 20 to 38 without a child under one year."""
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    try:
        row = await connection.fetchrow(_COUPLE, village, today)
    finally:
        await connection.close()
    return None if row is None else Couple.model_validate(dict(row))

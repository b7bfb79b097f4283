"""Takes indexes, keys and triggers off tables for a load, and puts them back exactly as they were."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from asyncpg import Connection

_KEYS = """
    select
        format('alter table %s drop constraint %I', conrelid::regclass, conname) as off,
        format(
            'alter table %s add constraint %I %s',
            conrelid::regclass, conname, pg_get_constraintdef(oid)
        ) as "on",
        conname as name
    from pg_constraint
    where (conrelid = any($1::regclass[]) or confrelid = any($1::regclass[]))
        and contype in ('f', 'p', 'u', 'x')
    order by contype <> 'f', contype <> 'x', conname
"""
_INDEXES = """
    select
        format('drop index %s', indexrelid::regclass) as off,
        pg_get_indexdef(indexrelid) as "on",
        indexrelid::regclass::text as name
    from pg_index
    where indrelid = any($1::regclass[])
        and not exists (select from pg_constraint where conindid = indexrelid)
    order by name
"""


class Removable(NamedTuple):
    """Something of a table that is faster to make after a load."""

    off: str
    on: str
    name: str


async def removable(connection: Connection, tables: Iterable[str]) -> list[Removable]:
    """Return keys and indexes in an order in which they can be dropped."""
    names = list(tables)
    rows = [*await connection.fetch(_KEYS, names), *await connection.fetch(_INDEXES, names)]
    return [Removable(row["off"], row["on"], row["name"]) for row in rows]


def restorable(removed: list[Removable]) -> Iterator[Removable]:
    """Return them in an order in which they can be made again: references come last."""
    return reversed(removed)


async def set_triggers(connection: Connection, tables: Iterable[str], *, on: bool) -> None:
    """Switch the tables' own triggers; those of foreign keys are gone with their keys."""
    for table in tables:
        await connection.execute(
            f"alter table {table} {'enable' if on else 'disable'} trigger user"
        )


async def analyze(connection: Connection, table: str) -> None:
    """Gather statistics of what is ever asked by; documents (jsonb) are slow and never are."""
    columns = await connection.fetchval(
        """
        select string_agg(quote_ident(attname), ', ') from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped
            and atttypid <> 'jsonb'::regtype
        """,
        table,
    )
    await connection.execute(f"analyze {table} ({columns})")

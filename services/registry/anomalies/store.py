"""The rules in SQL, a village at a time: over its own index, whatever the size of the regency."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from sqlalchemy import (
    Integer,
    String,
    TextClause,
    Uuid,
    and_,
    column,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.anomalies import rules
from services.registry.anomalies.rules import Code
from services.registry.anomalies.tables import AnomalyCount
from services.registry.regions.tables import Region
from services.registry.residents.lookups import note, within
from services.registry.residents.reading import Reading
from services.registry.residents.rules.ages import ADULT
from services.registry.residents.tables import Resident

_SAYINGS = Path(__file__).parent.parent / "data" / "anomalies.yaml"


class Saying(BaseModel):
    """What an anomaly is called, and where it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    en: str
    law: str | None = None


@cache
def sayings() -> Mapping[Code, Saying]:
    """Return the words of every anomaly.

    Raises:
        ValueError: one is missing or unknown.
    """
    read = TypeAdapter(dict[Code, Saying]).validate_python(yaml.safe_load(_SAYINGS.read_text()))
    if missing := set(Code) - read.keys():
        raise ValueError(f"anomalies.yaml lacks {sorted(missing)}")
    return read


_HERE = "from residents r where r.village_code = :village and r.status = any(:present)"
_HEADS = """
    from families f join residents r on r.id = f.head_id
    where f.village_code = :village and f.closed_on is null
"""


def _own(condition: str, other: str = "null::uuid") -> str:
    return f"select r.id as resident_id, {other} as other_id {_HERE} and ({condition})"


def _kin(link: str, condition: str) -> str:
    return f"""
        select r.id as resident_id, k.id as other_id
        from residents r join residents k on k.id = r.{link}
        where r.village_code = :village and r.status = any(:present) and ({condition})
    """  # noqa: S608 - our own words, nothing that anybody sent


_FIND: Mapping[Code, str] = {
    Code.NIK_DOB_MISMATCH: _own(
        "lpad((substr(r.nik, 7, 2)::int % 40)::text, 2, '0') || substr(r.nik, 9, 4)"
        " <> to_char(r.birth_date, 'DDMMYY')"
    ),
    Code.NIK_SEX_MISMATCH: _own("(substr(r.nik, 7, 2)::int > 40) <> (r.sex = 'P')"),
    Code.NIK_REGION: _own(
        "not exists (select from regions g where g.code ="
        " concat_ws('.', substr(r.nik, 1, 2), substr(r.nik, 3, 2), substr(r.nik, 5, 2)))"
    ),
    Code.DEAD_BUT_ACTIVE: _own(
        "exists (select from certificates c where c.subject_id = r.id"
        " and c.kind = 'KEMATIAN' and c.status = 'VALID')"
    ),
    Code.DEAD_WITH_CARD: """
        select r.id as resident_id, null::uuid as other_id from residents r
        where r.village_code = :village and r.status = 'MATI'
            and exists (select from cards c where c.resident_id = r.id and c.revoked_on is null)
    """,
    Code.DUPLICATE_SUSPECT: """
        select distinct on (r.id) r.id as resident_id,
            case s.first_id when r.id then s.second_id else s.first_id end as other_id
        from residents r
        join duplicate_suspicions s on s.state = 'OPEN' and (s.first_id = r.id or s.second_id = r.id)
        where r.village_code = :village and r.status = any(:present)
        order by r.id, s.score desc
    """,
    Code.OVER_100: _own("r.birth_date <= :very_old"),
    Code.BORN_IN_FUTURE: _own("r.birth_date > :today"),
    Code.MOTHER_NAME_MISSING: _own("upper(btrim(r.mother_name)) = any(:no_name)"),
    Code.IN_NO_FAMILY: _own(
        "r.family_id is null and not (r.citizenship = 2 and r.permit is distinct from 'ITAP')"
    ),
    Code.FAMILY_WITHOUT_HEAD: f"""
        select r.id as resident_id, null::uuid as other_id {_HEADS}
            and not exists (select from memberships m where m.family_id = f.id
                and m.resident_id = f.head_id and m.relationship = 1 and upper_inf(m.period))
    """,  # noqa: S608 - our own words, nothing that anybody sent
    Code.HEAD_TOO_YOUNG: f"""
        select r.id as resident_id, null::uuid as other_id {_HEADS}
            and r.status = any(:present) and r.marital_status = 1 and r.birth_date > :grown
    """,
    Code.HEAD_NOT_ACTIVE: f"""
        select r.id as resident_id, null::uuid as other_id {_HEADS}
            and r.status <> all(:present)
    """,
    Code.SPOUSE_NOT_MUTUAL: _kin("spouse_id", "k.spouse_id is distinct from r.id"),
    Code.SPOUSE_NOT_MARRIED: _own("r.spouse_id is not null and r.marital_status not in (2, 3)"),
    Code.SEVERAL_SPOUSES: _own(
        "(select count(*) from residents k where k.spouse_id = r.id"
        " and k.status = any(:present)) > 1"
    ),
    Code.MARRIED_UNRECORDED: _own("r.marital_status = 3"),
    Code.MARRIAGE_WITHOUT_NUMBER: _own(
        "r.marital_status = 2 and (coalesce(r.marriage_number, '') = '' or r.marriage_date is null)"
    ),
    Code.MARRIED_TOO_YOUNG: _own(
        "r.marriage_date >= :marriageable_since"
        " and r.marriage_date < (r.birth_date + interval '19 years')"
    ),
    Code.MOTHER_TOO_YOUNG: _kin("mother_id", "k.birth_date + interval '10 years' > r.birth_date"),
    Code.MOTHER_TOO_OLD: _kin("mother_id", "k.birth_date + interval '61 years' <= r.birth_date"),
    Code.FATHER_TOO_YOUNG: _kin("father_id", "k.birth_date + interval '12 years' > r.birth_date"),
    Code.PARENT_OF_OTHER_SEX: """
        select distinct on (r.id) r.id as resident_id, k.id as other_id
        from residents r join residents k
            on k.id = r.mother_id and k.sex = 'L' or k.id = r.father_id and k.sex = 'P'
        where r.village_code = :village and r.status = any(:present)
            and (r.mother_id is not null or r.father_id is not null)
        order by r.id, k.id
    """,
    Code.SIBLINGS_TOO_CLOSE: """
        select distinct on (r.id) r.id as resident_id, k.id as other_id
        from residents r join residents k on k.mother_id = r.mother_id
            and k.birth_date < r.birth_date - 1
            and k.birth_date + interval '8 months' > r.birth_date
        where r.village_code = :village and r.status = any(:present)
        order by r.id, k.birth_date desc
    """,
    Code.TWO_CARDS: _own(
        "(select count(*) from cards c where c.resident_id = r.id and c.revoked_on is null) > 1"
    ),
    Code.CHILD_CARD_OF_GROWN: _own(
        "r.kia_valid_until >= :today and (r.birth_date <= :grown or r.marital_status <> 1) and exists (select from cards c"
        " where c.resident_id = r.id and c.kind = 'KIA' and c.revoked_on is null"
        " and c.valid_until >= :today)"
    ),
}


def statement(code: Code) -> TextClause:
    """Return the query for everybody of a village with an anomaly, and who else is in it."""
    return text(_FIND[code])


def parameters(village: str, today: date) -> dict[str, Any]:
    """Return what the queries ask with."""
    return {
        "village": village,
        "today": today,
        "present": sorted(rules.PRESENT),
        "grown": _born_by(today, ADULT),
        "very_old": _born_by(today, rules.VERY_OLD + 1),
        "no_name": sorted(rules.NO_NAME),
        "marriageable_since": rules.MARRIAGEABLE_SINCE,
    }


def _born_by(day: date, years: int) -> date:
    """Return the last birth date of those who have completed so many years; 29 February turns late."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1) - timedelta(days=1)


class Found(NamedTuple):
    """Somebody with an anomaly, and the other record that is in it."""

    resident: Resident
    other_id: UUID | None


async def page(
    session: AsyncSession,
    reading: Reading,
    code: Code,
    village: str,
    today: date,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Found]:
    """Return people of a village with an anomaly, by name; that they were read is noted."""
    asked = parameters(village, today)
    used = {name: asked[name] for name in asked if f":{name}" in _FIND[code]}
    found = (
        statement(code)
        .bindparams(**used)
        .columns(column("resident_id", Uuid), column("other_id", Uuid))
        .cte("anomaly")
    )
    is_own = Resident.id == reading.caller.resident_id
    wanted = (
        select(Resident, found.c.other_id)
        .join(found, found.c.resident_id == Resident.id)
        .where(within(reading.caller, reading.operation, Resident.village_code, is_own))
    )
    if after is not None:
        wanted = wanted.where(tuple_(Resident.full_name, Resident.id) > after)
    rows = wanted.order_by(Resident.full_name, Resident.id).limit(limit + 1).cte("found")
    person = aliased(Resident, rows)
    listed = (
        select(person, rows.c.other_id)
        .order_by(rows.c.full_name, rows.c.id)
        .add_cte(note(reading, rows, fields="masked").cte("noted"))
    )
    return [Found(*row) for row in await session.execute(listed)]


_COUNT = text(
    "select code, count(*) from ("  # noqa: S608 - our own words, nothing that anybody sent
    + " union all ".join(
        f"select '{code}' as code from ({_FIND[code]}) one"  # noqa: S608 - our own words, nothing that anybody sent
        for code in Code
    )
    + ") every group by code"
)


async def count(session: AsyncSession, village: str, today: date) -> dict[str, int]:
    """Count every anomaly of a village, in one statement; those that are there not at all are left out."""
    rows = await session.execute(_COUNT, parameters(village, today))
    return {row[0]: row[1] for row in rows}


async def keep(session: AsyncSession, village: str, counted: Mapping[str, int], day: date) -> None:
    """Put the figures of a village in place of the last ones."""
    await session.execute(delete(AnomalyCount).where(AnomalyCount.village_code == village))
    figures = counted or {"": 0}  # that it was counted is to be known as well
    session.add_all(
        AnomalyCount(village_code=village, code=code, count=number, counted_on=day)
        for code, number in figures.items()
    )
    await session.flush()


async def due(session: AsyncSession, day: date, after: str) -> str | None:
    """Return a village with people whose figures are not of a day; those after a code first."""
    rows = await session.execute(
        text("""
            select g.code from regions g
            where g.level = 'village' and g.valid_to is null
                and not exists (select from anomaly_counts c
                    where c.village_code = g.code and c.counted_on = :day)
                and exists (select from residents r where r.village_code = g.code)
            order by g.code <= :after, g.code limit 1
        """),
        {"day": day, "after": after},
    )
    return rows.scalar()


class Figure(NamedTuple):
    """How many there are in a part of an area."""

    code: str
    area: str
    number: int


async def figures(
    session: AsyncSession, area: str, length: int
) -> tuple[Sequence[Figure], date | None]:
    """Return the sums of an area's villages by code and part, and the oldest day of counting."""
    inside = or_(
        AnomalyCount.village_code == area,
        and_(AnomalyCount.village_code > f"{area}.", AnomalyCount.village_code < f"{area}/"),
    )
    part = func.left(AnomalyCount.village_code, length, type_=String)
    rows = await session.execute(
        select(AnomalyCount.code, part, func.sum(AnomalyCount.count, type_=Integer))
        .where(inside)
        .group_by(AnomalyCount.code, part)
        .order_by(AnomalyCount.code, part)
    )
    oldest = await session.scalar(select(func.min(AnomalyCount.counted_on)).where(inside))
    return [Figure(*row) for row in rows if row[0]], oldest


async def region(session: AsyncSession, code: str) -> Region | None:
    """Return a region that exists today."""
    return await session.scalar(
        select(Region).where(Region.code == code, Region.valid_to.is_(None))
    )

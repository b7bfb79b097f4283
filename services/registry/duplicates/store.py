"""All SQL about pairs of records that may be of one person."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
    update,
    values,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.duplicates.schemas import State
from services.registry.duplicates.tables import DuplicateVerdict, Inspection, Suspicion
from services.registry.residents.lookups import PRESENT, note, within
from services.registry.residents.reading import Reading
from services.registry.residents.rules.alike import CLOSE_DAYS, Known
from services.registry.residents.rules.spelling import words
from services.registry.residents.tables import Resident

_KNOWN = (
    Resident.id,
    Resident.full_name,
    Resident.sex,
    Resident.birth_date,
    Resident.birth_date_precision,
    Resident.mother_name,
    Resident.mother_id,
    Resident.village_code,
)


class Candidate(NamedTuple):
    """A resident who is compared."""

    id: UUID
    known: Known
    mother_id: UUID | None
    village_code: str | None


class Wanted(NamedTuple):
    """Somebody who is looked for, by a key of the caller's."""

    key: int
    known: Known


def _candidate(row: Any) -> Candidate:  # noqa: ANN401 - the columns of _KNOWN
    precision = row.birth_date_precision
    known = Known(row.full_name, row.sex, row.birth_date, precision, row.mother_name)
    return Candidate(row.id, known, row.mother_id, row.village_code)


def _is_piled(day: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return func.to_char(day, "MMDD").in_(("0701", "1231"))


async def near(session: AsyncSession, wanted: Sequence[Wanted]) -> list[tuple[int, Candidate]]:
    """Return residents born about the day of somebody wanted who share a word of the name.

    Of those born on a day that many people are given, only the ones with all the words: else
    every import of old people would drown in their namesakes.
    """
    if not wanted:
        return []
    asked = values(
        column("key", Integer), column("born", Date), column("words", ARRAY(Text)), name="asked"
    ).data([(each.key, each.known.birth_date, words(each.known.full_name)) for each in wanted])
    margin = timedelta(days=CLOSE_DAYS)
    close = Resident.birth_date.between(asked.c.born - margin, asked.c.born + margin)
    named = or_(
        and_(~_is_piled(Resident.birth_date), Resident.words.bool_op("&&")(asked.c.words)),
        and_(
            Resident.words.bool_op("@>")(asked.c.words), Resident.words.bool_op("<@")(asked.c.words)
        ),
    )
    statement = (
        select(asked.c.key, *_KNOWN)
        .join_from(asked, Resident, and_(close, named))
        .where(Resident.status != "TIDAK_VALID")
    )
    return [(row.key, _candidate(row)) for row in await session.execute(statement)]


# One village against everybody, those born in some years at a time. A pair whose lower id lives
# elsewhere is found from there as well: the same pair, written once.
_PAIRS = text("""
    select a.id as a, b.id as b
    from residents a
    join residents b on b.id <> a.id and b.birth_date = a.birth_date
        and b.status <> 'TIDAK_VALID'
        and case when to_char(a.birth_date, 'MMDD') in ('0701', '1231')
            then b.words @> a.words and a.words @> b.words
            else b.words && a.words and similarity(a.full_name, b.full_name) >= 0.3
        end
    where a.village_code = :village and a.status = any(:present)
        and a.birth_date >= :since and a.birth_date < :before
        and (b.village_code is distinct from a.village_code or a.id < b.id)
    union
    select a.id, b.id
    from residents a
    join residents b on b.birth_date = a.birth_date + 1 and b.mother_id = a.mother_id
        and b.status <> 'TIDAK_VALID'
    where a.village_code = :village and a.status = any(:present) and a.mother_id is not null
        and a.birth_date >= :since and a.birth_date < :before
""")


async def pairs(
    session: AsyncSession, village: str, since: date, before: date
) -> list[tuple[UUID, UUID]]:
    """Return pairs worth comparing of whom one lives in a village and was born in a time."""
    rows = await session.execute(
        _PAIRS, {"village": village, "since": since, "before": before, "present": list(PRESENT)}
    )
    return [(row.a, row.b) for row in rows]


async def candidates(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Candidate]:
    """Return what is compared of residents."""
    rows = await session.execute(select(*_KNOWN).where(Resident.id.in_(ids)))
    return {row.id: _candidate(row) for row in rows}


async def keep(session: AsyncSession, found: Sequence[dict[str, Any]]) -> int:
    """Write pairs down; one that is known, decided or not, keeps its place. Return the new ones."""
    if not found:
        return 0
    statement = (
        insert(Suspicion)
        .values(found)
        .on_conflict_do_nothing(index_elements=["first_id", "second_id"])
        .returning(Suspicion.id)
    )
    return len((await session.scalars(statement)).all())


async def mark_inspected(session: AsyncSession, village: str, day: date, found: int | None) -> None:
    """Note that a village was inspected; None: it could not be."""
    row = {"village_code": village, "inspected_on": day, "found": found}
    statement = insert(Inspection).values(row)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["village_code"], set_=row)
    )


async def due(session: AsyncSession, day: date) -> str | None:
    """Return a village with people that was not inspected on a day."""
    rows = await session.execute(
        text("""
            select r.code from regions r
            left join duplicate_inspections i on i.village_code = r.code
            where r.level = 'village' and r.valid_to is null
                and i.inspected_on is distinct from :day
                and exists (select from residents p where p.village_code = r.code)
            order by i.inspected_on nulls first, r.code limit 1
        """),
        {"day": day},
    )
    return rows.scalar()


async def not_the_same(session: AsyncSession, ids: Collection[UUID]) -> set[frozenset[UUID]]:
    """Return the pairs among these people of whom it was decided last that they are two people."""
    if not ids:
        return set()
    statement = (
        select(DuplicateVerdict.first_id, DuplicateVerdict.second_id, DuplicateVerdict.verdict)
        .where(DuplicateVerdict.first_id.in_(ids), DuplicateVerdict.second_id.in_(ids))
        .order_by(DuplicateVerdict.decided_at, DuplicateVerdict.id)
    )
    last: dict[frozenset[UUID], str] = {}
    for first, second, verdict in await session.execute(statement):
        last[frozenset((first, second))] = verdict
    return {pair for pair, verdict in last.items() if verdict == State.NOT_SAME}


async def get(session: AsyncSession, suspicion_id: UUID) -> Suspicion | None:
    """Return a pair."""
    return await session.get(Suspicion, suspicion_id)


async def add_verdicts(session: AsyncSession, verdicts: Iterable[DuplicateVerdict]) -> None:
    """Write decisions down, and take the pairs off the work list."""
    for each in verdicts:
        session.add(each)
        await session.execute(
            update(Suspicion)
            .where(Suspicion.first_id == each.first_id, Suspicion.second_id == each.second_id)
            .values(state=each.verdict, version=Suspicion.version + 1)
        )
    await session.flush()


async def verdicts_of(
    session: AsyncSession, pairs: Collection[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], list[DuplicateVerdict]]:
    """Return every decision about pairs, oldest first."""
    statement = (
        select(DuplicateVerdict)
        .where(tuple_(DuplicateVerdict.first_id, DuplicateVerdict.second_id).in_(pairs))
        .order_by(DuplicateVerdict.decided_at, DuplicateVerdict.id)
    )
    found: dict[tuple[UUID, UUID], list[DuplicateVerdict]] = {}
    for each in await session.scalars(statement) if pairs else ():
        found.setdefault((each.first_id, each.second_id), []).append(each)
    return found


async def page(
    session: AsyncSession,
    reading: Reading,
    village: str,
    state: State,
    after: tuple[float, UUID] | None,
    limit: int,
) -> Sequence[Suspicion]:
    """Return pairs of a village, the most alike first; only those whose both people are in reach."""
    nobody = literal(value=False)
    reach = and_(
        within(reading.caller, reading.operation, Suspicion.first_village, nobody),
        within(reading.caller, reading.operation, Suspicion.second_village, nobody),
    )
    behind = (
        literal(value=True)
        if after is None
        else tuple_(-Suspicion.score, Suspicion.id)
        > (
            -after[0],
            after[1],
        )
    )
    sides = [
        select(Suspicion.id, Suspicion.score).where(
            own == village, Suspicion.state == state, reach, behind
        )
        for own in (Suspicion.first_village, Suspicion.second_village)
    ]
    both = union_all(*sides).subquery()
    chosen = select(both.c.id).group_by(both.c.id, both.c.score)
    chosen = chosen.order_by(both.c.score.desc(), both.c.id).limit(limit + 1)
    statement = select(Suspicion).where(Suspicion.id.in_(chosen))
    ordered = statement.order_by(Suspicion.score.desc(), Suspicion.id)
    return (await session.scalars(ordered)).all()


async def reachable(session: AsyncSession, reading: Reading, suspicion: Suspicion) -> bool:
    """Tell whether the caller may see both people of a pair, where they live now."""
    own = Resident.id == reading.caller.resident_id
    seen = within(reading.caller, reading.operation, Resident.village_code, own)
    people = (suspicion.first_id, suspicion.second_id)
    count = select(func.count()).where(Resident.id.in_(people), seen)
    return await session.scalar(count) == len(people)


async def is_close(session: AsyncSession, caller_id: UUID, people: Collection[UUID]) -> bool:
    """Tell whether one of these people is the caller, or of the caller's family."""
    family = select(Resident.family_id).where(Resident.id == caller_id).scalar_subquery()
    close = or_(Resident.id == caller_id, Resident.family_id == family)
    return bool(await session.scalar(select(exists().where(Resident.id.in_(people), close))))


async def read(
    session: AsyncSession, reading: Reading, ids: Collection[UUID]
) -> dict[UUID, Resident]:
    """Return the people of pairs; that they were read is noted in the same statement."""
    found = select(Resident).where(Resident.id.in_(ids)).cte("found")
    person = aliased(Resident, found)
    statement = select(person).add_cte(note(reading, found, fields="masked").cte("noted"))
    return {each.id: each for each in await session.scalars(statement)}

"""All SQL about imports."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.cards.tables import Card
from services.registry.certificates.tables import Certificate
from services.registry.documents.tables import Document
from services.registry.families.tables import Family, Membership
from services.registry.imports.comparing import (
    HOME,
    PERSONAL,
    Known,
    KnownHome,
)
from services.registry.imports.rules import Fault, Outcome
from services.registry.imports.schemas import Result, State
from services.registry.imports.tables import Batch, Row, RowFault
from services.registry.regions.tables import Region
from services.registry.residents.bulk import insert_all
from services.registry.residents.lookups import PRESENT, note, within
from services.registry.residents.reading import Reading
from services.registry.residents.tables import Alias, Resident, ResidentVersion

LEASE = timedelta(seconds=15)  # a worker that dies holds its batch up this long
AT_ONCE = 2_000  # rows of one statement
WORKING = (State.SENT, State.COMMITTING, State.ROLLING_BACK)
WRITTEN = (Outcome.NEW, Outcome.CHANGED, Outcome.RETURNS)


async def get(session: AsyncSession, batch_id: UUID, *, lock: bool = False) -> Batch | None:
    """Return a batch, locked if asked."""
    statement = select(Batch).where(Batch.id == batch_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def page(
    session: AsyncSession, sender: str | None, before: UUID | None, limit: int
) -> Sequence[Batch]:
    """Return batches, the newest first; of one sender only, if named."""
    statement = select(Batch).order_by(Batch.id.desc()).limit(limit + 1)
    if sender is not None:
        statement = statement.where(Batch.sent_by == sender)
    if before is not None:
        statement = statement.where(Batch.id < before)
    return (await session.scalars(statement)).all()


async def claim(session: AsyncSession) -> UUID | None:
    """Lease the batch that has waited longest for its next step; nobody else takes it meanwhile."""
    free = or_(Batch.leased_until.is_(None), Batch.leased_until < func.now())
    waiting = (
        select(Batch.id)
        .where(Batch.state.in_(WORKING), free)
        .order_by(Batch.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    leased = update(Batch).where(Batch.id == waiting).values(leased_until=_lease())
    return await session.scalar(leased.returning(Batch.id))


def _lease() -> ColumnElement[Any]:
    return func.now() + LEASE


async def renew(session: AsyncSession, batch_id: UUID, **columns: Any) -> None:  # noqa: ANN401
    """Go on holding a batch, and note how far it is; its version stays what readers have seen."""
    values = {"leased_until": _lease(), "trouble": None, "tries": 0, **columns}
    await session.execute(update(Batch).where(Batch.id == batch_id).values(**values))


async def finish(session: AsyncSession, batch_id: UUID, **columns: Any) -> None:  # noqa: ANN401
    """End a step: the lease is given back, and the batch has a new version."""
    values = {"leased_until": None, "trouble": None, "version": Batch.version + 1, **columns}
    await session.execute(update(Batch).where(Batch.id == batch_id).values(**values))


async def stumble(session: AsyncSession, batch_id: UUID, trouble: str) -> None:
    """Note that a step failed; it is tried again when the lease ends, ever later."""
    pause = func.make_interval(0, 0, 0, 0, 0, 0, func.least(600, 5 * func.power(2, Batch.tries)))
    await session.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(tries=Batch.tries + 1, trouble=trouble, leased_until=func.now() + pause)
    )


async def forget_rows(session: AsyncSession, batch_id: UUID) -> None:
    """Remove what an interrupted check wrote; the file itself stays."""
    for table in (RowFault, Row):
        await session.execute(delete(table).where(table.batch_id == batch_id))


async def villages(session: AsyncSession, regency: str) -> dict[str, str]:
    """Return every village code of a regency, old ones too, with that of today."""
    rows = await session.execute(
        select(Region.code, Region.successor_code, Region.valid_to).where(
            Region.level == "village", Region.code.like(f"{regency}.%")
        )
    )
    return {code: after or code for code, after, ended in rows if ended is None or after}


async def prefixes(session: AsyncSession) -> set[str]:
    """Return the six digits of every district of today."""
    districts = select(Region.code).where(Region.level == "district", Region.valid_to.is_(None))
    return {code.replace(".", "") for code in await session.scalars(districts)}


async def add_rows(
    session: AsyncSession, batch_id: UUID, rows: Sequence[dict[str, Any]], faults: Iterable[Fault]
) -> None:
    """Write rows as they were understood, with what is said about them."""
    for start in range(0, len(rows), AT_ONCE):
        await insert_all(session, Row, rows[start : start + AT_ONCE])
    said = [
        {
            "batch_id": batch_id, "number": each.row, "column": each.column, "rule": each.rule,
            "values": dict(each.values), "blocks": each.blocks,
        }
        for each in faults
    ]  # fmt: skip
    for start in range(0, len(said), AT_ONCE):
        await insert_all(session, RowFault, said[start : start + AT_ONCE])


async def known_people(session: AsyncSession, niks: Collection[str]) -> dict[str, Known]:
    """Return the holders of numbers, also of those given up for another, by the number asked."""
    if not niks:
        return {}
    given_up = set(await session.scalars(select(Alias.nik).where(Alias.nik.in_(niks))))
    cause = (
        select(ResidentVersion.cause)
        .where(
            ResidentVersion.resident_id == Resident.id,
            ResidentVersion.version == Resident.version,
        )
        .scalar_subquery()
    )
    membership = and_(Membership.resident_id == Resident.id, func.upper_inf(Membership.period))
    personal = [getattr(Resident, name) for name in PERSONAL]
    statement = (
        select(
            Resident.nik, Resident.id, Resident.version, Resident.status, cause.label("cause"),
            Family.kk_number, Membership.relationship, Resident.village_code, *personal,
        )
        .outerjoin(Membership, membership)
        .outerjoin(Family, Family.id == Membership.family_id)
        .where(Resident.nik.in_(niks))
    )  # fmt: skip
    return {
        row.nik: Known(
            id=row.id,
            version=row.version,
            record={name: getattr(row, name) for name in PERSONAL},
            status=row.status,
            replaced=row.nik in given_up,
            last_cause=row.cause or "",
            kk_number=row.kk_number,
            relationship=row.relationship,
            village_code=row.village_code,
        )
        for row in await session.execute(statement)
    }


async def known_homes(session: AsyncSession, numbers: Collection[str]) -> dict[str, KnownHome]:
    """Return the families that have these numbers."""
    if not numbers:
        return {}
    statement = (
        select(
            Family.kk_number, Family.id, Family.version, Family.village_code,
            Family.closed_on, Family.close_reason, Resident.nik.label("head_nik"),
            *(getattr(Family, name) for name in HOME),
        )
        .join(Resident, Resident.id == Family.head_id)
        .where(Family.kk_number.in_(numbers))
    )  # fmt: skip
    return {
        row.kk_number: KnownHome(
            id=row.id,
            version=row.version,
            record={name: getattr(row, name) for name in HOME},
            village_code=row.village_code,
            head_nik=row.head_nik,
            closed=row.closed_on is not None,
            close_reason=row.close_reason,
        )
        for row in await session.execute(statement)
    }


async def ids_of(session: AsyncSession, niks: Collection[str]) -> dict[str, UUID]:
    """Return who holds these numbers."""
    rows = await session.execute(select(Resident.nik, Resident.id).where(Resident.nik.in_(niks)))
    return {row.nik: row.id for row in rows}


async def one_row(session: AsyncSession, batch_id: UUID, number: int) -> Row | None:
    """Return a row of a batch, locked."""
    statement = select(Row).where(Row.batch_id == batch_id, Row.number == number)
    return await session.scalar(statement.with_for_update())


async def page_of_rows(
    session: AsyncSession,
    batch_id: UUID,
    outcome: Outcome | None,
    result: Result | None,
    after: int | None,
    limit: int,
) -> Sequence[Row]:
    """Return rows in the order of the file."""
    statement = select(Row).where(Row.batch_id == batch_id)
    if outcome is not None:
        statement = statement.where(Row.outcome == outcome)
    if result is not None:
        statement = statement.where(Row.result == result)
    if after is not None:
        statement = statement.where(Row.number > after)
    return (await session.scalars(statement.order_by(Row.number).limit(limit + 1))).all()


async def page_of_faults(
    session: AsyncSession,
    batch_id: UUID,
    blocks: bool | None,  # noqa: FBT001 - a filter
    after: tuple[int, int] | None,
    limit: int,
) -> Sequence[RowFault]:
    """Return what is said about rows, in the order of the file."""
    statement = select(RowFault).where(RowFault.batch_id == batch_id)
    if blocks is not None:
        statement = statement.where(RowFault.blocks == blocks)
    if after is not None:
        behind = or_(
            RowFault.number > after[0],
            and_(RowFault.number == after[0], RowFault.id > after[1]),
        )
        statement = statement.where(behind)
    ordered = statement.order_by(RowFault.number, RowFault.id).limit(limit + 1)
    return (await session.scalars(ordered)).all()


async def all_faults(session: AsyncSession, batch_id: UUID, most: int) -> Sequence[RowFault]:
    """Return what is said about rows, faults before warnings, up to a number."""
    statement = select(RowFault).where(RowFault.batch_id == batch_id)
    ordered = statement.order_by(RowFault.blocks.desc(), RowFault.number, RowFault.id)
    return (await session.scalars(ordered.limit(most))).all()


class Missing(NamedTuple):
    """Somebody who is not in the file."""

    resident: Resident
    kk_number: str


async def missing(
    session: AsyncSession, reading: Reading, batch: Batch, after: UUID | None, limit: int
) -> list[Missing]:
    """Return whom the registry has and a file has not: of its families, or of its whole area."""
    listed = exists().where(Row.batch_id == batch.id, Row.resident_id == Resident.id)
    if batch.whole_of is not None:
        area = batch.whole_of
        asked = or_(
            Resident.village_code == area,
            and_(Resident.village_code > f"{area}.", Resident.village_code < f"{area}/"),
        )
    else:
        asked = exists().where(Row.batch_id == batch.id, Row.kk_number == Family.kk_number)
    wanted = (
        select(Resident, Family.kk_number)
        .join(Family, Family.id == Resident.family_id)
        .where(asked, ~listed, Resident.status.in_(PRESENT), _in_reach(reading))
    )
    if after is not None:
        wanted = wanted.where(Resident.id > after)
    found = wanted.order_by(Resident.id).limit(limit + 1).cte("found")
    person = aliased(Resident, found)
    statement = (
        select(person, found.c.kk_number)
        .order_by(found.c.id)
        .add_cte(note(reading, found, fields="masked").cte("noted"))
    )
    return [Missing(*row) for row in await session.execute(statement)]


def _in_reach(reading: Reading) -> ColumnElement[bool]:
    """Return the condition that somebody is one whom the caller may list: a file opens no doors."""
    nobody = literal(value=False)
    return within(reading.caller, "residents.list", Resident.village_code, nobody)


async def people_of_rows(
    session: AsyncSession, reading: Reading, ids: Collection[UUID]
) -> dict[UUID, Resident]:
    """Return those of these people whom the caller may see beside a file; each is noted."""
    if not ids:
        return {}
    found = select(Resident).where(Resident.id.in_(ids), _in_reach(reading)).cte("found")
    person = aliased(Resident, found)
    statement = select(person).add_cte(note(reading, found, fields="import").cte("noted"))
    return {each.id: each for each in await session.scalars(statement)}


async def note_file(session: AsyncSession, reading: Reading, batch: Batch) -> None:
    """Note that a file was fetched with everybody in it whom the registry has."""
    listed = exists().where(Row.batch_id == batch.id, Row.resident_id == Resident.id)
    found = select(Resident.id, Resident.village_code).where(listed).cte("found")
    await session.execute(note(reading, found, fields="import"))


async def next_families(session: AsyncSession, batch_id: UUID, after: str, limit: int) -> list[str]:
    """Return the next family cards of a batch that have rows to be written, behind a number."""
    statement = (
        select(Row.kk_number)
        .where(Row.batch_id == batch_id, Row.kk_number > after, *_pending())
        .group_by(Row.kk_number)
        .order_by(Row.kk_number)
        .limit(limit)
    )
    return [each for each in await session.scalars(statement) if each]


def _pending() -> tuple[ColumnElement[bool], ...]:
    registered = exists().where(Batch.id == Row.batch_id, Batch.registers)
    wanted = or_(Row.outcome.in_(WRITTEN), and_(Row.outcome == Outcome.WITHOUT_NIK, registered))
    return (wanted, Row.result.is_(None))


async def rows_of(session: AsyncSession, batch_id: UUID, numbers: Collection[str]) -> Sequence[Row]:
    """Return the rows to be written of family cards, in the order of the file."""
    statement = select(Row).where(Row.batch_id == batch_id, Row.kk_number.in_(numbers), *_pending())
    return (await session.scalars(statement.order_by(Row.number))).all()


async def count_pending(session: AsyncSession, batch_id: UUID) -> int:
    """Return how many rows are still to be written."""
    statement = select(func.count()).where(Row.batch_id == batch_id, *_pending())
    return await session.scalar(statement) or 0


async def outcomes(session: AsyncSession, batch_id: UUID) -> dict[str, int]:
    """Return how many rows there are of each outcome."""
    counted = select(Row.outcome, func.count()).where(Row.batch_id == batch_id)
    rows = await session.execute(counted.group_by(Row.outcome))
    return {row[0]: row[1] for row in rows}


async def results(session: AsyncSession, batch_id: UUID) -> dict[str, int]:
    """Return how many rows have each result."""
    counted = select(Row.result, func.count()).where(
        Row.batch_id == batch_id, Row.result.is_not(None)
    )
    rows = await session.execute(counted.group_by(Row.result))
    return {str(row[0]): row[1] for row in rows}


async def applied_families(session: AsyncSession, batch_id: UUID, limit: int) -> list[str]:
    """Return family cards of a batch with rows that were written and not judged for a roll back."""
    statement = (
        select(Row.kk_number)
        .where(Row.batch_id == batch_id, Row.result == Result.APPLIED)
        .group_by(Row.kk_number)
        .order_by(Row.kk_number)
        .limit(limit)
    )
    return [each for each in await session.scalars(statement) if each]


async def applied_rows(session: AsyncSession, batch_id: UUID, number: str) -> Sequence[Row]:
    """Return the written rows of a family card."""
    statement = select(Row).where(
        Row.batch_id == batch_id, Row.kk_number == number, Row.result == Result.APPLIED
    )
    return (await session.scalars(statement.order_by(Row.number))).all()


async def cleared_rows(
    session: AsyncSession, batch_id: UUID, resident_ids: Collection[UUID]
) -> Sequence[Row]:
    """Return the rows of people just written who were found to be nobody they resemble."""
    statement = select(Row).where(
        Row.batch_id == batch_id, Row.resident_id.in_(resident_ids), Row.cleared_by.is_not(None)
    )
    return (await session.scalars(statement.order_by(Row.number))).all()


async def release(session: AsyncSession, batch_id: UUID, head_row: int) -> None:
    """Let rows go on that waited for the head of their family."""
    await session.execute(
        update(Row)
        .where(Row.batch_id == batch_id, Row.held_by == head_row)
        .values(outcome=Row.held_as, held_by=None, held_as=None)
    )


async def members_of(session: AsyncSession, family_id: UUID) -> set[UUID]:
    """Return who belongs to a family now."""
    belongs = (Membership.family_id == family_id, func.upper_inf(Membership.period))
    return set(await session.scalars(select(Membership.resident_id).where(*belongs)))


async def touched(
    session: AsyncSession, batch_id: UUID, resident_ids: Collection[UUID]
) -> set[UUID]:
    """Return who of these people something refers to by now: a paper, a card, a child, a spouse.

    People of the same batch refer to one another, and go together.
    """
    if not resident_ids:
        return set()
    ids = tuple(resident_ids)
    mine = Resident.id.in_(ids)
    other = aliased(Resident)
    outside = ~exists().where(Row.batch_id == batch_id, Row.resident_id == other.id)
    relation = or_(
        other.mother_id == Resident.id,
        other.father_id == Resident.id,
        other.spouse_id == Resident.id,
    )
    held = or_(
        exists().where(
            or_(Certificate.subject_id == Resident.id, Certificate.partner_id == Resident.id)
        ),
        exists().where(Card.resident_id == Resident.id),
        exists().where(Document.resident_ids.bool_op("@>")(array([Resident.id]))),
        exists().where(and_(relation, outside)),
    )
    return set(await session.scalars(select(Resident.id).where(mine, held)))

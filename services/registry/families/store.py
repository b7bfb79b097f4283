"""All SQL about families."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from services.registry.families.rules import KkExhausted
from services.registry.families.schemas import FamilyData, Member
from services.registry.families.tables import Family, FamilyVersion, KkCounter, Membership
from services.registry.residents import store as residents
from services.registry.residents.rules.nik import FIRST_SERIAL, LAST_SERIAL
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared.contract.facts import FamilyRef

NOT_RECORDED = ("version", "valid_from", "recorded_at")
_FIXED = frozenset({"id", "kk_number", "head_id", "version", "valid_from", "recorded_at"})
CHANGEABLE = frozenset(Family.__mapper__.column_attrs.keys()) - _FIXED

_open = func.upper_inf(Membership.period)


async def next_kk(session: AsyncSession, prefix: str) -> str:
    """Give the next free number after twelve digits; waits for whoever is giving one just now.

    Raises:
        KkExhausted: 9999 is given.
    """
    counter = upsert(KkCounter).values(prefix=prefix, last=FIRST_SERIAL)
    counted = counter.on_conflict_do_update(
        index_elements=["prefix"], set_={"last": KkCounter.last + 1}
    ).returning(KkCounter.last)
    while True:
        serial = (await session.execute(counted)).scalar_one()
        if serial > LAST_SERIAL:
            raise KkExhausted
        number = f"{prefix}{serial}"
        if await session.scalar(select(Family.id).where(Family.kk_number == number)) is None:
            return number


def new_family(
    session: AsyncSession, new: FamilyData, number: str, head_id: UUID, opened_on: date
) -> Family:
    """Add a family without members yet."""
    family = Family(
        **asdict(new), kk_number=number, head_id=head_id, opened_on=opened_on, valid_from=opened_on
    )
    session.add(family)
    return family


def new_membership(
    session: AsyncSession,
    family: Family,
    resident: Resident,
    relationship: int,
    position: int,
    since: date,
) -> Membership:
    """Add a membership that is open at its end."""
    membership = Membership(
        family_id=family.id,
        resident_id=resident.id,
        relationship=relationship,
        position=position,
        period=Range(since, None),
    )
    session.add(membership)
    return membership


async def end_membership(
    session: AsyncSession, family_id: UUID, resident_id: UUID, left_on: date
) -> None:
    """Let an open membership end before `left_on`.

    Raises:
        LookupError: the person does not belong to the family.
    """
    ended = (
        update(Membership)
        .where(Membership.family_id == family_id, Membership.resident_id == resident_id, _open)
        .values(period=func.daterange(func.lower(Membership.period), left_on))
        .returning(Membership.id)
    )
    if (await session.execute(ended)).first() is None:
        raise LookupError("not a member of this family")


async def reposition(
    session: AsyncSession, family_id: UUID, resident_id: UUID, relationship: int, since: date
) -> None:
    """Let a member go on at the same line as something else to the head.

    Raises:
        LookupError: the person does not belong to the family.
    """
    line = select(Membership.position).where(
        Membership.family_id == family_id, Membership.resident_id == resident_id, _open
    )
    position = await session.scalar(line)
    await end_membership(session, family_id, resident_id, since)
    session.add(
        Membership(
            family_id=family_id,
            resident_id=resident_id,
            relationship=relationship,
            position=position,
            period=Range(since, None),
        )
    )
    await session.flush()


async def next_position(session: AsyncSession, family_id: UUID) -> int:
    """Return the first free line after the last that was ever used by a present member."""
    last = select(func.coalesce(func.max(Membership.position), 0))
    return 1 + (await session.scalar(last.where(Membership.family_id == family_id, _open)) or 0)


async def members(
    session: AsyncSession, family_id: UUID, *, on: date | None = None
) -> list[Member]:
    """Return who belongs to a family now, or on a day, in the order of the card."""
    then = _open if on is None else Membership.period.contains(on)
    statement = (
        select(Resident, Membership.relationship, Membership.position)
        .join(Membership, Membership.resident_id == Resident.id)
        .where(Membership.family_id == family_id, then)
        .order_by(Membership.position, Membership.id)
    )
    return [Member(*row) for row in await session.execute(statement)]


async def load(
    session: AsyncSession, ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, Family]:
    """Return the families with these ids, locked in order of id if asked."""
    statement = select(Family).where(Family.id.in_(set(ids))).order_by(Family.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return {each.id: each for each in await session.scalars(statement)}


async def find(session: AsyncSession, ref: FamilyRef) -> Family | None:
    """Return the family that a fact speaks of; None if there is none.

    Raises:
        ValueError: it is the family of somebody whom an earlier fact creates.
    """
    if ref.of is not None:
        person = await residents.find(session, ref.of)
        return None if person is None else await _by_id(session, person.family_id)
    if ref.family_id is not None:
        return await _by_id(session, ref.family_id)
    return await session.scalar(select(Family).where(Family.kk_number == ref.kk_number))


async def _by_id(session: AsyncSession, family_id: UUID | None) -> Family | None:
    return None if family_id is None else await session.get(Family, family_id)


def differing(family: Family, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the changes that change something.

    Raises:
        KeyError: not a column that may change.
    """
    if unknown := changes.keys() - CHANGEABLE:
        raise KeyError(*sorted(unknown))
    return {name: value for name, value in changes.items() if getattr(family, name) != value}


async def touch(session: AsyncSession, family: Family) -> None:
    """Bump the version, also when only the members changed.

    Raises:
        StaleDataError: somebody changed the family after it was loaded.
    """
    family.recorded_at = literal_column("greatest(now(), families.recorded_at)")
    await session.flush()


async def record(
    session: AsyncSession,
    family_id: UUID,
    source: Source,
    *,
    changed: Sequence[str],
    valid_from: date,
) -> None:
    """Copy a family and its members as they are now into its history."""
    await record_all(session, [family_id], source, changed=changed, valid_from=valid_from)


async def record_all(
    session: AsyncSession,
    family_ids: Sequence[UUID],
    source: Source,
    *,
    changed: Sequence[str],
    valid_from: date,
) -> None:
    """Copy families and their members as they are now into their histories."""
    line = func.jsonb_build_object(
        "resident_id", Membership.resident_id,
        "relationship", Membership.relationship,
        "position", Membership.position,
    )  # fmt: skip
    lines = (
        select(func.coalesce(func.jsonb_agg(line), func.jsonb_build_array()))
        .where(Membership.family_id == Family.id, _open)
        .scalar_subquery()
    )
    data: ColumnElement[Any] = func.to_jsonb(literal_column("families"))
    for name in NOT_RECORDED:
        data = data.op("-")(name)
    picture = select(
        Family.id,
        Family.version,
        literal(valid_from),
        Family.recorded_at,
        literal(source.cause),
        literal(source.id),
        literal(source.actor),
        data.op("||")(func.jsonb_build_object("members", lines)),
        literal(list(changed), ARRAY(Text)),
    ).where(Family.id.in_(family_ids))
    columns = (
        "family_id", "version", "valid_from", "recorded_at",
        "cause", "source_id", "actor", "data", "changed",
    )  # fmt: skip
    await session.execute(insert(FamilyVersion).from_select(columns, picture))

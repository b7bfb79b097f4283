"""What can happen to a family. Every one of these writes versions; none commits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.families import store
from services.registry.families.rules import HEAD, kk_prefix
from services.registry.families.schemas import FamilyData
from services.registry.families.tables import Family, Membership
from services.registry.residents import actions as residents
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident

HOME = ("village_code", "rt", "rw")  # what a person's record copies from the family's


async def open_family(
    session: AsyncSession,
    new: FamilyData,
    members: Sequence[tuple[Resident, int]],
    *,
    source: Source,
    today: date,
    valid_from: date | None = None,
) -> Family:
    """Open a family with a number of its own; `members` are people and their SHDK, head included.

    The members must belong to no other family from `valid_from` (`today` if absent) on.

    Raises:
        ValueError: not exactly one head is among the members.
        KkExhausted: no serial is left for this district and day.
        IntegrityError: somebody belongs to another family (`one_family_at_a_time`).
    """
    (head,) = [person for person, relationship in members if relationship == HEAD]
    number = await store.next_kk(session, kk_prefix(new.village_code, today))
    since = valid_from or today
    family = store.new_family(session, new, number, head.id, opened_on=since)
    await session.flush()
    for position, (person, relationship) in enumerate(members, 1):
        await _join(session, family, person, relationship, position, source, since)
    await store.record(session, family.id, source, changed=(), valid_from=since)
    return family


async def add_member(
    session: AsyncSession,
    family: Family,
    resident: Resident,
    relationship: int,
    *,
    source: Source,
    valid_from: date,
) -> Membership:
    """Put a person into a family, on the last line of its card, from `valid_from` on.

    Raises:
        IntegrityError: they belong to another family (`one_family_at_a_time`), or the family has a
            head already (`one_head_per_family`).
    """
    position = await store.next_position(session, family.id)
    membership = await _join(session, family, resident, relationship, position, source, valid_from)
    await _note(session, family, ["members"], source, valid_from)
    return membership


async def remove_member(
    session: AsyncSession, family: Family, resident: Resident, *, source: Source, left_on: date
) -> None:
    """End a person's membership; `left_on` is the first day on which they do not belong."""
    await store.end_membership(session, family.id, resident.id, left_on)
    gone = {"family_id": None, "rt": None, "rw": None}
    await residents.change(session, resident, gone, source=source, valid_from=left_on)
    await _note(session, family, ["members"], source, left_on)


async def reposition(
    session: AsyncSession,
    family: Family,
    positions: Mapping[UUID, int],
    *,
    source: Source,
    valid_from: date,
) -> None:
    """Change what members are to the head, from `valid_from` on; everybody keeps their line.

    Raises:
        LookupError: somebody does not belong to the family.
    """
    for resident_id, relationship in positions.items():
        await store.reposition(session, family.id, resident_id, relationship, valid_from)
    await _note(session, family, ["members"], source, valid_from)


async def change(
    session: AsyncSession,
    family: Family,
    changes: Mapping[str, Any],
    *,
    source: Source,
    valid_from: date,
) -> Family:
    """Change the family's own columns, such as its address; what the members copy follows.

    Raises:
        KeyError: not a column that a change may touch; the number and the head never are.
    """
    news = store.differing(family, changes)
    if not news:
        return family
    for name, value in news.items():
        setattr(family, name, value)
    await _note(session, family, sorted(news), source, valid_from)
    if copied := {name: news[name] for name in HOME if name in news}:
        for member in await store.members(session, family.id):
            await residents.change(
                session, member.resident, copied, source=source, valid_from=valid_from
            )
    return family


async def close(
    session: AsyncSession, family: Family, reason: str, *, source: Source, closed_on: date
) -> None:
    """Close a family that nobody belongs to any more; its number is dead for ever.

    Raises:
        ValueError: it still has members.
    """
    if await store.members(session, family.id):
        raise ValueError("a closed family has no members")
    changes = {"closed_on": closed_on, "close_reason": reason}
    await change(session, family, changes, source=source, valid_from=closed_on)


async def _join(
    session: AsyncSession,
    family: Family,
    resident: Resident,
    relationship: int,
    position: int,
    source: Source,
    since: date,
) -> Membership:
    membership = store.new_membership(session, family, resident, relationship, position, since)
    await session.flush()
    home = {name: getattr(family, name) for name in HOME} | {"family_id": family.id}
    await residents.change(session, resident, home, source=source, valid_from=since)
    return membership


async def _note(
    session: AsyncSession, family: Family, changed: list[str], source: Source, since: date
) -> None:
    family.valid_from = max(since, family.valid_from)
    await store.touch(session, family)
    await store.record(session, family.id, source, changed=changed, valid_from=since)

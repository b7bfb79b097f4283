"""Many families at once, for loads: a few statements whatever their number. None commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.families import store
from services.registry.families.schemas import FamilyData
from services.registry.families.tables import Family, Membership
from services.registry.residents.bulk import insert_all
from services.registry.residents.schemas import Source


@dataclass(frozen=True, slots=True)
class NewFamily:
    """A family with a number of its own; `members` are people and their SHDK, in order."""

    id: UUID
    kk_number: str
    head_id: UUID
    data: FamilyData
    members: Sequence[tuple[UUID, int]]


async def open_all(
    session: AsyncSession, families: Sequence[NewFamily], *, source: Source, today: date
) -> None:
    """Open families whose members are registered, with their first versions.

    The members' own records name the family already: this writes none of them.

    Raises:
        IntegrityError: a number is taken, somebody belongs to another family, or not one head.
    """
    if not families:
        return
    rows = [
        {
            **asdict(each.data), "id": each.id, "kk_number": each.kk_number,
            "head_id": each.head_id, "opened_on": today, "version": 1, "valid_from": today,
        }
        for each in families
    ]  # fmt: skip
    await insert_all(session, Family, rows)
    lines = [
        {
            "id": uuid7(), "family_id": each.id, "resident_id": person,
            "relationship": relationship, "position": position, "period": f"[{today},)",
        }
        for each in families
        for position, (person, relationship) in enumerate(each.members, 1)
    ]  # fmt: skip
    await insert_all(session, Membership, lines)
    ids = [each.id for each in families]
    await store.record_all(session, ids, source, changed=(), valid_from=today)

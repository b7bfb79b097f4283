"""Where families may live, and how a rearrangement of them is carried out from today."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.rearranging import Rearrangement
from services.registry.changes.state import Family, Key, State
from services.registry.changes.steps import Context, Findings, Made
from services.registry.documents import actions as documents
from services.registry.families import actions as families
from services.registry.families import store as family_store
from services.registry.families.schemas import FamilyData
from services.registry.families.tables import Family as FamilyRow
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.facts import Home


def check_destination(
    found: Findings, state: State, to: Home, context: Context, place: str
) -> None:
    """Refuse an address outside the regency, or in a village that is none (any more)."""
    if not covers([context.regency], to.village_code):
        found.refuse("NOT_IN_JURISDICTION", place)
    elif to.village_code not in state.villages:
        found.refuse("VILLAGE_UNKNOWN", place)


async def rearrange(session: AsyncSession, wanted: Rearrangement, made: Made, cause: str) -> None:
    """Let people leave, close what is empty, open, let people join, and have cards printed.

    Raises:
        LookupError: somebody is not in the family that they leave.
        ValueError: a family that closes still has members.
        KkExhausted: no serial is left for a new family's district and day.
    """
    source = made.source(cause)
    for person, family in wanted.left:
        home, resident = await _home(session, family, made), await _resident(session, person, made)
        await families.remove_member(session, home, resident, source=source, left_on=made.today)
    for family, reason in wanted.closed:
        home = await _home(session, family, made)
        await families.close(session, home, reason, source=source, closed_on=made.today)
        await documents.revoke(session, home.id, today=made.today)
        made.print_no_more(home.id)
    for opened in wanted.opened:
        await _open(session, opened, made, source)
    for joining in wanted.joined:
        home = await _home(session, joining.family, made)
        resident = await _resident(session, joining.person, made)
        await families.add_member(
            session, home, resident, joining.relationship, source=source, valid_from=made.today
        )
    for family in wanted.printed:
        made.print(IssuedKind.FAMILY_CARD, made.touch(family))


async def _open(session: AsyncSession, opened: Family, made: Made, source: Source) -> None:
    data = FamilyData(
        address=opened.address,
        rt=opened.rt,
        rw=opened.rw,
        village_code=opened.village_code,
        hamlet=opened.hamlet,
        postal_code=opened.postal_code,
        kind="INSTITUTION" if opened.institution else "ORDINARY",
    )
    members = [
        (await _resident(session, each.person, made), int(each.relationship))
        for each in opened.members
    ]
    family = await families.open_family(session, data, members, source=source, today=made.today)
    made.homes[opened.key] = family.id


async def _home(session: AsyncSession, key: Key, made: Made) -> FamilyRow:
    family_id = made.touch(key)
    return (await family_store.load(session, [family_id]))[family_id]


async def _resident(session: AsyncSession, key: Key, made: Made) -> Resident:
    resident_id: UUID = made.person(key)
    return (await resident_store.load(session, [resident_id]))[resident_id]

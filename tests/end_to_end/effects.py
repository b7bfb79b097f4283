"""Small handlers for real events: each leaves a row, and the registry answers."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from shared import outbox
from shared.contract.events import ChangePlanned, ChangeProposed
from shared.contract.plan import Plan
from shared.inbox import Handlers

TABLE = (
    "create table effects (position bigint generated always as identity,"
    " case_id uuid not null, round int not null)"
)


async def note(session: AsyncSession, event: ChangeProposed | ChangePlanned) -> None:
    """Write down that the event had an effect."""
    row = {"case": event.case_id, "round": event.round}
    insert = text("insert into effects (case_id, round) values (:case, :round)")
    await session.execute(insert, row)


async def answer(session: AsyncSession, event: ChangeProposed) -> None:
    """Write it down, and say what would happen."""
    await note(session, event)
    plan = Plan()
    planned = ChangePlanned(
        case_id=event.case_id,
        round=event.round,
        digest=plan.digest,
        refused=False,
        plan=plan,
        village_code=None,
        related_resident_ids=[],
    )
    await outbox.add(session, planned)


HANDLERS: dict[str, Handlers] = {
    "registry": {ChangeProposed: answer},
    "requests": {ChangePlanned: note},
}

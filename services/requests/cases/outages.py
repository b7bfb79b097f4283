"""While nobody can seal documents, as the registry's operator declared, no promise is broken.

A case that only waits for a document stands still from the declaration on, or from when it began
to wait; it goes on when the outage ends, whichever of that news and its document comes first.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import store
from services.requests.cases.moving import clock_of, write_clock
from services.requests.cases.tables import Case
from shared.contract.events import SignerOutageDeclared, SignerOutageEnded


async def declared(session: AsyncSession, event: SignerOutageDeclared) -> None:
    """Stop the clock of every case that waits for a document."""
    await store.hold_outages(session, to_change=True)
    await store.note_outage(session, event.outage_id, event.declared_at)
    outage = await store.open_outage(session)
    if outage is None or outage.id != event.outage_id:
        return
    for case in await store.without_document(session):
        began = max(event.declared_at, case.applied_at or event.declared_at)
        stand_still(case, event.outage_id, began)
    await session.flush()


async def ended(session: AsyncSession, event: SignerOutageEnded) -> None:
    """Let the clocks go on; what was due is due later by the office time that the outage took."""
    await store.hold_outages(session, to_change=True)
    await store.note_outage(session, event.outage_id, event.declared_at, event.ended_at)
    calendar = await store.calendar(session)
    for case in await store.paused_for(session, event.outage_id):
        write_clock(case, clock_of(case).resume(event.ended_at, calendar))
        case.outage_id = None
    await session.flush()


async def stand_still_if_declared(session: AsyncSession, case: Case, now: datetime) -> None:
    """Stop the clock of a case that begins to wait for documents while an outage lasts."""
    outage = await store.open_outage(session)
    if outage is not None and await store.waiting_for(session, case.id):
        stand_still(case, outage.id, max(now, outage.declared_at))
        await session.flush()


def stand_still(case: Case, outage_id: UUID, since: datetime) -> None:
    """Stop a clock that runs; one that stands still for another reason, or has ended, stays so."""
    clock = clock_of(case)
    if clock.stopped_at is not None or clock.paused_since is not None or clock.due_at is None:
        return
    write_clock(case, clock.pause(since))
    case.outage_id = outage_id

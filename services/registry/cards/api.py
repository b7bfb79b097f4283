"""Cards over HTTP: who holds what, what print sites have to do, and their blanks.

Nothing here changes what a person is: that is what changes are for.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.registry.cards import prints, store
from services.registry.cards.printing import PrintState
from services.registry.cards.schemas import (
    BlanksIn,
    BlankStockOut,
    BlankStocks,
    CardOut,
    Cards,
    PrintOut,
    PrintReport,
    RecordingOut,
    Recordings,
)
from services.registry.policy import POLICY
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared import pages, trace, versions
from shared.auth import Principal
from shared.contract.facts import PointId
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Reach, allowed, reaches
from shared.problems import NotFound
from shared.versions import ExpectedVersion

router = APIRouter(prefix="/v1/cards", tags=["cards"])

Printer = Annotated[Principal, Depends(allowed(POLICY, "cards.print"))]


@router.get("", operation_id="list_cards")
async def list_cards(
    session: Session,
    begun: Annotated[Reading, Depends(reading("cards.read"))],
    resident_id: Annotated[UUID, Query(description="Whose cards")],
) -> Cards:
    """List every card somebody holds or held, oldest first."""
    if await lookups.by_id(session, begun, resident_id) is None:
        raise NotFound
    rows = await store.of_resident(session, resident_id)
    return Cards(items=[CardOut.model_validate(each) for each in rows])


@router.get("/recordings", operation_id="list_recordings")
async def list_recordings(
    session: Session,
    begun: Annotated[Reading, Depends(reading("cards.read"))],
    resident_id: Annotated[UUID, Query(description="Whose recordings")],
) -> Recordings:
    """List every attempt to record somebody for the KTP-el, oldest first."""
    if await lookups.by_id(session, begun, resident_id) is None:
        raise NotFound
    rows = await store.recordings_of(session, resident_id)
    return Recordings(items=[RecordingOut.model_validate(each) for each in rows])


@router.get("/print-queue", operation_id="list_print_queue")
async def list_print_queue(
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("cards.print"))],
    point: Annotated[PointId, Query(description="The print site")],
    state: Annotated[
        list[PrintState] | None,
        Query(max_length=6, description="QUEUED and NO_BLANK if absent"),
    ] = None,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[PrintOut]:
    """List what a site has to print, oldest first. Print operators see that of their own site."""
    _at_own_site(begun.caller, point)
    (behind,) = pages.keys(after, UUID) if after else (None,)
    rows = await store.print_queue(session, point, state or (), behind, limit)
    shown, following = pages.cut(rows, limit, lambda each: (each.id,))
    await _note(session, begun, [each.resident_id for each in shown if each.resident_id])
    pages.link_next(request, response, following)
    return Page(items=[PrintOut.model_validate(each) for each in shown], next=following)


@router.post("/prints/{print_id}/results", operation_id="report_print")
async def report_print(
    print_id: UUID,
    said: PrintReport,
    version: ExpectedVersion,
    session: Session,
    begun: Annotated[Reading, Depends(reading("cards.print"))],
    response: Response,
) -> PrintOut:
    """Say that a card was printed, spoiled, shipped or handed over; its case follows by itself."""
    order = await prints.find(session, print_id)
    _at_own_site(begun.caller, order.point_id)
    versions.check(version, order.version)
    order = await prints.report(
        session, print_id, said.result, actor=begun.caller.sub, shipped_to=said.shipped_to
    )
    await _note(session, begun, [order.resident_id] if order.resident_id else [])
    versions.tag(response, order.version)
    return PrintOut.model_validate(order)


@router.get("/blanks", operation_id="list_blanks")
async def list_blanks(
    session: ReadSession, caller: Printer, point: Annotated[PointId, Query()]
) -> BlankStocks:
    """Tell how many blanks a site has."""
    _at_own_site(caller, point)
    rows = await store.stocks(session, point)
    return BlankStocks(items=[BlankStockOut.model_validate(each) for each in rows])


@router.post("/blanks", operation_id="move_blanks", status_code=201)
async def move_blanks(
    moved: BlanksIn, session: Session, caller: Printer, once: OneTime
) -> BlankStockOut:
    """Note blanks that came or were spoiled; whoever waits longest for one gets it."""
    _at_own_site(caller, moved.point_id)
    balance = await prints.move_blanks(
        session, moved.point_id, moved.kind, moved.why, moved.count, caller.sub
    )
    shown = BlankStockOut(point_id=moved.point_id, kind=moved.kind, balance=balance)
    return await once.reply(201, shown)


def _at_own_site(caller: Principal, point: str) -> None:
    """Let whoever prints see the site where they sit and no other; the agency sees all of them.

    Raises:
        NotFound: it is not theirs, which looks as if it were not there.
    """
    if Reach.EVERYWHERE not in reaches(POLICY, caller, "cards.print") and caller.point != point:
        raise NotFound


async def _note(session: Session, begun: Reading, resident_ids: list[UUID]) -> None:
    access: dict[str, object] = {
        "sub": begun.caller.sub,
        "roles": sorted(begun.caller.roles),
        "purpose": begun.purpose,
        "operation": begun.operation,
        "fields": "print",
        "trace_id": trace.trace_id(),
    }
    await store.note_readings(session, resident_ids, access)

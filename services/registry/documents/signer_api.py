"""The signer over HTTP: what waits for it, and outages that an operator declares and ends."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registry.documents import actions, store
from services.registry.documents.schemas import NewOutage, Outage, SignerState
from services.registry.policy import POLICY
from shared import clock, pages
from shared.auth import Principal
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import allowed
from shared.problems import NotFound

router = APIRouter(prefix="/v1/signer", tags=["signer"])

_DECLARED: dict[int | str, dict[str, Any]] = {409: {"description": "One is declared already"}}
_OVER: dict[int | str, dict[str, Any]] = {409: {"description": "It was ended before"}}

Watcher = Annotated[Principal, Depends(allowed(POLICY, "signer.read"))]
Operator = Annotated[Principal, Depends(allowed(POLICY, "signer.declare"))]


@router.get("", operation_id="read_signer")
async def read_signer(session: ReadSession, _: Watcher) -> SignerState:
    """Say whether documents are sealed, and what waits for its seal."""
    outage, backlog = await store.open_outage(session), await store.backlog(session)
    return SignerState(
        outage=Outage.model_validate(outage) if outage else None,
        waiting=backlog.waiting,
        failing=backlog.failing,
        oldest_at=backlog.oldest,
    )


@router.get("/outages", operation_id="list_signer_outages")
async def list_outages(
    request: Request,
    response: Response,
    session: ReadSession,
    _: Watcher,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[Outage]:
    """List the outages of the signer, the newest first."""
    before = pages.keys(after, UUID)[0] if after else None
    rows = await store.page_of_outages(session, before, limit + 1)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    return Page(items=[Outage.model_validate(each) for each in shown], next=following)


@router.post("/outages", operation_id="declare_signer_outage", status_code=201, responses=_DECLARED)
async def declare_outage(
    body: NewOutage, session: Session, caller: Operator, once: OneTime
) -> Outage:
    """Declare that nobody can seal: the sealer rests, and the clock of waiting cases stands still.

    Changes go on being applied; their documents wait and are sealed once when the outage ends.
    """
    outage = await actions.declare_outage(session, body.reason, caller.sub, clock.now())
    return await once.reply(201, Outage.model_validate(outage))


@router.post("/outages/{outage_id}/end", operation_id="end_signer_outage", responses=_OVER)
async def end_outage(outage_id: UUID, session: Session, caller: Operator, once: OneTime) -> Outage:
    """End an outage: whatever has waited is sealed now, and the clocks go on."""
    outage = await actions.end_outage(session, outage_id, caller.sub, clock.now())
    if outage is None:
        raise NotFound
    return await once.reply(200, Outage.model_validate(outage))

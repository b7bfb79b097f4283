"""Links over HTTP, and the page where a link leads."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from services.registry.documents import actions, download, links, page, store
from services.registry.documents.api import WantsPage
from services.registry.documents.rules import (
    MOST_WRONG_PINS,
    LinkState,
    Standing,
    download_url,
)
from services.registry.documents.schemas import (
    LinkOut,
    Links,
    MadeLink,
    NewLink,
)
from services.registry.documents.tables import Document, DocumentLink
from services.registry.documents.verification import is_token
from services.registry.residents.reading import Reading, reading
from shared import clock
from shared.auth import Anyone
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.problems import NotFound, Problem, Words, render

router = APIRouter(prefix="/v1/documents", tags=["documents"])
public = APIRouter(prefix="/d", tags=["download"], dependencies=[Anyone])

Token = Annotated[str, Path(max_length=200, description="From the message about the document")]
Linking = Annotated[Reading, Depends(reading("documents.link"))]


_ENDED: dict[int | str, dict[str, Any]] = {410: {"description": "It is no longer in force"}}


class LinkClosed(Problem):
    """The link leads nowhere (any more), or the PIN is wrong; `state` says which."""

    status = 403
    slug = "link-closed"
    title = Words("Tautan atau PIN tidak berlaku", "The link or the PIN does not hold")
    advice = Words(
        "Periksa PIN; bila tautan dikunci atau kedaluwarsa, minta yang baru kepada petugas.",
        "Check the PIN; if the link is blocked or expired, ask an officer for a new one.",
    )
    headers: ClassVar = {"Cache-Control": "no-store"}


async def _find(session: ReadSession, begun: Reading, document_id: UUID) -> Document:
    document = await store.by_id(session, begun, document_id)
    if document is None:
        raise NotFound
    return document


@router.post(
    "/{document_id}/links", operation_id="link_document", status_code=201, responses=_ENDED
)
async def link_document(
    document_id: UUID,
    body: NewLink,
    request: Request,
    session: Session,
    begun: Linking,
    once: OneTime,
) -> MadeLink:
    """Make a link by which a paper is fetched without a login; earlier links to it end.

    Address and PIN are in this answer alone: they are kept nowhere in a readable form.
    """
    document = await _find(session, begun, document_id)
    if document.status in {Standing.REPLACED, Standing.REVOKED}:
        raise actions.NoLongerInForce(ended_on=str(document.ended_on))
    now = clock.now()
    made, key = await links.make(session, document.id, begun.caller.sub, now, body.days)
    told = _shown(made).model_dump()
    await once.reply(201, MadeLink(**told, url=None, pin=None))
    url = download_url(request.app.state.settings.public_url, key.token)
    return MadeLink(**told, url=url, pin=key.pin)


@router.get("/{document_id}/links", operation_id="list_document_links")
async def list_links(document_id: UUID, session: Session, begun: Linking) -> Links:
    """List the links to a paper: how often each was used, and whether it still leads there."""
    document = await _find(session, begun, document_id)
    return Links(items=[_shown(each) for each in await store.links(session, document.id)])


def _shown(link: DocumentLink) -> LinkOut:
    return LinkOut(
        id=link.id,
        state=links.state_of(link, clock.now()),
        expires_at=link.expires_at,
        created_at=link.created_at,
        downloads=link.downloads,
        last_download_at=link.last_download_at,
        wrong_pins=link.attempts,
    )


@public.get("/{token}", operation_id="ask_for_pin", response_class=Response, responses=page.HTML)
async def ask_for_pin(token: Token, session: ReadSession) -> Response:
    """Show the page that asks for the PIN. It tells nothing about the paper."""
    found = await links.find(session, token) if is_token(token) else None
    if found is None:
        return page.render_download("UNKNOWN", "", 404)
    state = links.state_of(found[0], clock.now())
    return page.render_download("ASK" if state is LinkState.OPEN else state, token)


@public.post(
    "/{token}",
    operation_id="download_by_pin",
    response_class=Response,
    responses=download.PDF | {403: {"description": "Wrong PIN, or a link that leads nowhere"}},
)
async def download_by_pin(
    token: Token,
    request: Request,
    session: Session,
    as_page: WantsPage,
    pin: Annotated[str, Form(min_length=1, max_length=20, examples=["402915"])],
) -> Response:
    """Return the sealed PDF to whoever has the address and the PIN. Needs no login."""
    now = clock.now()
    known = is_token(token)
    answer = (
        await links.open_with(session, token, pin.strip(), now, MOST_WRONG_PINS) if known else None
    )
    if answer is None:
        if as_page:
            return page.render_download("UNKNOWN", "", 404)
        raise NotFound
    if answer.document is None:  # returned, not raised: a wrong PIN has to be counted
        return _closed(request, token, answer, as_page=as_page)
    return await _hand_out(request, session, token, answer.document, as_page=as_page)


def _closed(request: Request, token: str, answer: links.Answer, *, as_page: bool) -> Response:
    wrong = answer.state is LinkState.OPEN
    if as_page:
        outcome = "WRONG" if wrong else answer.state
        return page.render_download(outcome, token, 403, tries_left=answer.tries_left)
    state = "WRONG_PIN" if wrong else answer.state
    problem = LinkClosed(state=state, tries_left=answer.tries_left)
    return render(problem, request.headers.get("accept-language", ""))


async def _hand_out(
    request: Request, session: Session, token: str, document: Document, *, as_page: bool
) -> Response:
    ended = document.status in {Standing.REPLACED, Standing.REVOKED}
    if ended or document.path is None:
        if as_page:
            outcome, status = ("REPLACED", 410) if ended else ("QUEUED", 409)
            return page.render_download(outcome, token, status)
        raise (
            actions.NoLongerInForce(ended_on=str(document.ended_on))
            if ended
            else (download.NotSealedYet())
        )
    pdf = await download.send(request.app.state.settings.files_url, document)
    await links.count(session, token, clock.now())
    return pdf

"""Documents over HTTP: for whom they name, and for anybody who holds one."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Header, Path, Request, Response, UploadFile

from services.registry.documents import download, page, store
from services.registry.documents.actions import NoLongerInForce
from services.registry.documents.rules import Standing, verification_url
from services.registry.documents.schemas import Comparison, DocumentOut, Verification
from services.registry.documents.tables import Document
from services.registry.documents.verification import is_token, verify
from services.registry.policy import POLICY
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from shared import pages
from shared.auth import Anyone
from shared.db import ReadSession, Session
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Reach, reaches
from shared.problems import NotFound

UPLOAD_BYTES = 8 * 1024 * 1024  # an institution's card of a thousand lines is below it

router = APIRouter(prefix="/v1", tags=["documents"])
public = APIRouter(prefix="/v", tags=["verification"], dependencies=[Anyone])

_HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "As JSON, or as a page for a browser"}
}


def shown_document(request: Request, document: Document) -> DocumentOut:
    """Return what is told about a document."""
    url = verification_url(request.app.state.settings.public_url, document.token)
    known = {name: getattr(document, name, None) for name in DocumentOut.model_fields}
    return DocumentOut.model_validate(known | {"verification_url": url})


@router.get("/documents/{document_id}", operation_id="read_document")
async def read_document(
    document_id: UUID,
    request: Request,
    session: Session,
    begun: Annotated[Reading, Depends(reading("documents.read"))],
) -> DocumentOut:
    """Say how far a document is and what it is worth; its file says the rest."""
    document = await store.by_id(session, begun, document_id)
    if document is None:
        raise NotFound
    return shown_document(request, document)


@router.get(
    "/documents/{document_id}/file",
    operation_id="download_document",
    response_class=Response,
    responses=download.PDF,
)
async def download_document(
    document_id: UUID,
    request: Request,
    session: Session,
    begun: Annotated[Reading, Depends(reading("documents.download"))],
) -> Response:
    """Return the sealed PDF. One that has ended is shown to those who review files."""
    document = await store.by_id(session, begun, document_id)
    if document is None:
        raise NotFound
    ended = document.status in {Standing.REPLACED, Standing.REVOKED}
    if ended and not await _may_look_back(session, begun, document):
        raise NoLongerInForce(ended_on=str(document.ended_on))
    return await download.send(request.app.state.settings.files_url, document)


async def _may_look_back(session: Session, begun: Reading, document: Document) -> bool:
    """What named somebody before an adoption tells the natural parents: only to who may know."""
    if not reaches(POLICY, begun.caller, "documents.download_ended"):
        return False
    knows = Reach.EVERYWHERE in reaches(POLICY, begun.caller, "residents.origins")
    return knows or not await store.names_adopted(session, document)


@router.get("/residents/{resident_id}/documents", operation_id="list_resident_documents")
async def list_resident_documents(
    resident_id: UUID,
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("documents.list"))],
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[DocumentOut]:
    """List the documents that name somebody, the newest first."""
    if await lookups.by_id(session, begun, resident_id) is None:
        raise NotFound
    before = pages.keys(after, UUID)[0] if after else None
    rows = await store.page_of_resident(session, begun, resident_id, before, limit + 1)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    return Page(items=[shown_document(request, each) for each in shown], next=following)


def wants_page(accept: Annotated[str, Header(max_length=500)] = "") -> bool:
    """Tell whether a browser asks."""
    return "text/html" in accept


WantsPage = Annotated[bool, Depends(wants_page)]


async def _find(session: ReadSession, token: str) -> Document | None:
    return await store.by_token(session, token) if is_token(token) else None


Token = Annotated[str, Path(max_length=200, description="From the QR code")]


@public.get(
    "/{token}", operation_id="verify_document", response_model=Verification, responses=_HTML
)
async def verify_document(
    token: Token, session: ReadSession, as_page: WantsPage
) -> Verification | Response:
    """Tell anybody who scans the code what the paper is worth. Needs no login."""
    document = await _find(session, token)
    found = verify(document) if document else None
    if as_page:
        return page.render(found, token)
    if found is None:
        raise NotFound
    return found


@public.post(
    "/{token}/check",
    operation_id="compare_document",
    response_model=Comparison,
    responses=_HTML,
    max_body_size=UPLOAD_BYTES,
)
async def compare_document(
    token: Token,
    session: ReadSession,
    as_page: WantsPage,
    file: Annotated[UploadFile, File(description="The PDF as it was downloaded")],
) -> Comparison | Response:
    """Tell whether a PDF is the one that was sealed. The file is not kept."""
    digest = hashlib.sha256(await file.read()).hexdigest()
    document = await _find(session, token)
    if document is None:
        if as_page:
            return page.render(None)
        raise NotFound
    found, same = verify(document), digest == document.sha256
    if as_page:
        return page.render(found, token, same_file=same)
    return Comparison(**found.model_dump(), is_the_sealed_file=same)

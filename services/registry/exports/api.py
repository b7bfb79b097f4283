"""Exports over HTTP: a file is ordered, written by the worker, and fetched by whoever ordered it."""

from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.exports import actions, store
from services.registry.exports.schemas import ExportOut, Format, Order, State
from services.registry.exports.tables import Export
from services.registry.policy import POLICY
from services.registry.spreadsheets.reading import CSV, XLSX
from shared import clock, pages
from shared.auth import Principal
from shared.db import Session
from shared.files import Files
from shared.idempotency import OneTime
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Purpose, allowed
from shared.problems import NotFound, Problem, Words

router = APIRouter(prefix="/v1/exports", tags=["exports"])

Orderer = Annotated[Principal, Depends(allowed(POLICY, "exports.order"))]

_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            CSV: {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "The file",
    },
    409: {"description": "It is still being written"},
    410: {"description": "Its time is over; order it again"},
}
_MEDIA = {Format.XLSX: XLSX, Format.CSV: f"{CSV}; charset=utf-8"}


class ExportNotReady(Problem):
    """The file is still being written."""

    status = 409
    slug = "export-not-ready"
    title = Words("Berkas sedang dibuat", "The file is being written")
    advice = Words("Minta lagi sebentar lagi.", "Ask again in a moment.")


class ExportExpired(Problem):
    """Files of residents are not kept for long."""

    status = 410
    slug = "export-expired"
    title = Words("Berkas sudah dihapus", "The file is gone")
    advice = Words("Pesan lagi bila masih perlu.", "Order it again if you still need it.")


@cache
def _files(url: str) -> Files:
    return Files.at(url)


@router.post("", status_code=202, operation_id="order_export")
async def order_export(
    wanted: Order,
    response: Response,
    session: Session,
    caller: Orderer,
    purpose: Purpose,
    once: OneTime,
) -> ExportOut:
    """Order a file of everybody who lives in an area, with the columns of the import template.

    How much of each person is in it, and whether numbers are masked, follows the caller's role;
    everybody in it can see in their access log who ordered it and why.
    """
    export = await actions.order(session, caller, purpose, wanted)
    response.headers["Location"] = f"/v1/exports/{export.id}"
    return await once.reply(202, ExportOut.model_validate(export))


@router.get("", operation_id="list_exports")
async def list_exports(
    request: Request,
    response: Response,
    session: Session,
    caller: Orderer,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[ExportOut]:
    """List the caller's own exports, the newest first; an auditor sees everybody's."""
    before = pages.keys(after, UUID)[0] if after else None
    orderer = None if "AUDITOR" in caller.roles else caller.sub
    rows = await store.page(session, orderer, before, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    return Page(items=[ExportOut.model_validate(each) for each in shown], next=following)


async def _own(session: AsyncSession, export_id: UUID, caller: Principal) -> Export:
    export = await store.get(session, export_id)
    if export is None or export.ordered_by != caller.sub:
        raise NotFound
    return export


@router.get("/{export_id}", operation_id="read_export")
async def read_export(export_id: UUID, session: Session, caller: Orderer) -> ExportOut:
    """Say how far an own export is."""
    return ExportOut.model_validate(await _own(session, export_id, caller))


@router.get(
    "/{export_id}/file", operation_id="download_export", response_class=Response, responses=_FILE
)
async def download_export(
    export_id: UUID, request: Request, session: Session, caller: Orderer
) -> Response:
    """Return the file to whoever ordered it, as long as it is kept."""
    export = await _own(session, export_id, caller)
    if export.state == State.ORDERED:
        raise ExportNotReady
    over = export.expires_at is None or export.expires_at <= clock.now()
    if export.state != State.READY or export.path is None or over:
        raise ExportExpired
    content = await _files(request.app.state.settings.files_url).read_sealed(export.path)
    export.downloads += 1
    await session.flush()
    name = f"penduduk-{export.id}.{export.format.lower()}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=_MEDIA[Format(export.format)])

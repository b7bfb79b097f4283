"""Regions over HTTP: public, and the same for everybody, so that anything may cache them."""

import hashlib
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel

from services.registry.regions import store
from services.registry.regions.schemas import Level, RegionOut
from shared import clock, pages
from shared.auth import Anyone
from shared.contract.facts import RegionCode
from shared.db import ReadSession
from shared.pages import LIMIT, After, Limit, Page
from shared.problems import NotFound

SECONDS = 3600  # they change with a release

router = APIRouter(prefix="/v1/regions", tags=["regions"], dependencies=[Anyone])

IfNoneMatch = Annotated[str | None, Header(max_length=200, description="ETag of a cached answer")]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "What you have is still right"}}


def _cacheable(answer: BaseModel, response: Response, known: str | None) -> Response:
    """Write an answer that caches may keep, or say that theirs is still right."""
    body = answer.model_dump_json()
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = dict(response.headers) | {
        "Cache-Control": f"public, max-age={SECONDS}",
        "ETag": tag,
    }
    if known is not None and tag in known.replace("W/", "").split(", "):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


@router.get("", operation_id="list_regions", responses=_UNCHANGED, response_model=Page[RegionOut])
async def list_regions(
    request: Request,
    response: Response,
    session: ReadSession,
    parent: Annotated[RegionCode | None, Query(description="Only what lies directly in it")] = None,
    level: Level | None = None,
    q: Annotated[
        str | None,
        Query(min_length=2, max_length=100, pattern=r"^\P{C}+$", description="Part of the name"),
    ] = None,
    valid_on: Annotated[
        date | None, Query(description="Codes as they were on this day; today when absent")
    ] = None,
    after: After = None,
    limit: Limit = LIMIT,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List areas by code: all, or those of a parent, of a level, with a word in the name."""
    behind = pages.keys(after, str)[0] if after else None
    found = await store.page(
        session,
        valid_on=valid_on or clock.today(),
        parent=parent,
        level=level,
        words=q,
        after=behind,
        limit=limit + 1,
    )
    rows, following = pages.cut(found, limit, lambda row: (row.code,))
    pages.link_next(request, response, following)
    page = Page[RegionOut](items=[RegionOut.model_validate(row) for row in rows], next=following)
    return _cacheable(page, response, if_none_match)


@router.get("/{code}", operation_id="read_region", responses=_UNCHANGED, response_model=RegionOut)
async def read_region(
    code: Annotated[RegionCode, Path()],
    response: Response,
    session: ReadSession,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return one area; an old code is answered with the code that took its place."""
    region = await store.get(session, code)
    if region is None:
        raise NotFound
    return _cacheable(RegionOut.model_validate(region), response, if_none_match)

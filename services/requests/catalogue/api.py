"""The catalogue over HTTP: published service standards, for anybody and without a token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.requests.catalogue import views
from services.requests.catalogue.rules import Catalogue, search
from services.requests.catalogue.schemas import (
    AttachmentKinds,
    Category,
    ServiceOut,
    Services,
    WorkflowOut,
    Workflows,
)
from services.requests.catalogue.store import catalogue
from shared.auth import Anyone
from shared.caching import UNCHANGED, IfNoneMatch, cacheable
from shared.problems import NotFound

router = APIRouter(prefix="/v1", tags=["catalogue"], dependencies=[Anyone], responses=UNCHANGED)

Loaded = Annotated[Catalogue, Depends(catalogue)]
Code = Annotated[str, Path(max_length=40, pattern=r"^[A-Z][A-Z0-9_-]+$")]


@router.get("/services", response_model=Services)
async def list_services(
    loaded: Loaded,
    category: Category | None = None,
    group: Annotated[str | None, Query(max_length=30, pattern=r"^[A-Z_]+$")] = None,
    channel: Annotated[
        str | None, Query(max_length=20, pattern=r"^[A-Z_]+$", description="Can be filed by it")
    ] = None,
    q: Annotated[
        str | None,
        Query(
            min_length=2, max_length=60, pattern=r"^\P{C}+$", description="Words in name or code"
        ),
    ] = None,
    *,
    open: Annotated[bool | None, Query(description="Can be filed now")] = None,  # noqa: A002 - the API's word
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the services of the agency: all of them, or those that fit every filter."""
    found = search(loaded, category=category, group=group, channel=channel, words=q, open_=open)
    items = [views.brief(loaded, each) for each in found]
    return cacheable(Services(version=loaded.version, items=items), if_none_match)


@router.get("/services/{code}", response_model=ServiceOut)
async def read_service(code: Code, loaded: Loaded, if_none_match: IfNoneMatch = None) -> Response:
    """Tell everything about one service: requirements, time, steps, and the facts to send."""
    service = loaded.services.get(code)
    if service is None:
        raise NotFound
    return cacheable(views.whole(loaded, service), if_none_match)


@router.get("/workflows", response_model=Workflows)
async def list_workflows(loaded: Loaded, if_none_match: IfNoneMatch = None) -> Response:
    """List every workflow with its states and steps."""
    items = [views.workflow(loaded, code) for code in loaded.workflows]
    return cacheable(Workflows(items=items), if_none_match)


@router.get("/workflows/{code}", response_model=WorkflowOut)
async def read_workflow(code: Code, loaded: Loaded, if_none_match: IfNoneMatch = None) -> Response:
    """Tell one workflow."""
    if code not in loaded.workflows:
        raise NotFound
    return cacheable(views.workflow(loaded, code), if_none_match)


@router.get("/attachment-kinds", response_model=AttachmentKinds)
async def list_attachment_kinds(loaded: Loaded, if_none_match: IfNoneMatch = None) -> Response:
    """List every paper that can be asked for; nothing else may be."""
    items = [views.attachment_kind(loaded, code) for code in loaded.attachments]
    return cacheable(AttachmentKinds(items=items), if_none_match)

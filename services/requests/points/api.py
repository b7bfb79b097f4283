"""Service points and channels over HTTP: where to go, for anybody and without a token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.requests.catalogue.model import Channel
from services.requests.points.rules import Capability, Point, Points, search
from services.requests.points.schemas import (
    Capabilities,
    ChannelOut,
    Channels,
    PointList,
    PointOut,
)
from services.requests.points.store import points
from shared.auth import Anyone
from shared.caching import UNCHANGED, IfNoneMatch, cacheable
from shared.contract.facts import RegionCode
from shared.problems import NotFound

router = APIRouter(
    prefix="/v1", tags=["service points"], dependencies=[Anyone], responses=UNCHANGED
)

Loaded = Annotated[Points, Depends(points)]


@router.get("/service-points", response_model=PointList)
async def list_service_points(
    loaded: Loaded,
    channel: Annotated[str | None, Query(max_length=20, pattern=r"^[A-Z_]+$")] = None,
    area: Annotated[RegionCode | None, Query(description="In this district or village")] = None,
    q: Annotated[
        str | None,
        Query(min_length=2, max_length=60, pattern=r"^\P{C}+$", description="Part of the name"),
    ] = None,
    capability: Annotated[Capability | None, Query(description="What must be possible")] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the places where people are served: all of them, or those that fit every filter."""
    found = search(loaded, channel=channel, area=area, words=q, capability=capability)
    items = [_point(loaded, each) for each in found]
    return cacheable(PointList(items=items), if_none_match)


@router.get("/service-points/{point_id}", response_model=PointOut)
async def read_service_point(
    point_id: Annotated[str, Path(pattern=r"^SP-[0-9-]{6,12}$")],
    loaded: Loaded,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tell one place."""
    point = loaded.by_id.get(point_id)
    if point is None:
        raise NotFound
    return cacheable(_point(loaded, point), if_none_match)


@router.get("/channels", response_model=Channels)
async def list_channels(loaded: Loaded, if_none_match: IfNoneMatch = None) -> Response:
    """List every way in: counters, online, mobile teams and partners."""
    items = [
        ChannelOut(
            code=each.code,
            name_id=each.name_id,
            name_en=each.name_en,
            kind=each.kind,
            can=_capabilities(each),
        )
        for each in loaded.channels.values()
    ]
    return cacheable(Channels(items=items), if_none_match)


def _point(loaded: Points, point: Point) -> PointOut:
    return PointOut(
        id=point.id,
        name=point.name,
        channel=point.channel,
        region_code=point.region_code,
        can=_capabilities(loaded.channels[point.channel]),
        assumed=point.basis == "assumed",
    )


def _capabilities(channel: Channel) -> Capabilities:
    return Capabilities(
        intake=channel.can_intake,
        biometric=channel.can_biometric,
        print_card=channel.can_print_card,
    )

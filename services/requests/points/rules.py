"""Where people are served, and what each place can do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.requests.catalogue.model import Channel, Service

Capability = Literal["intake", "biometric", "print_card"]


class Point(BaseModel):
    """One service point, as its data file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^SP-[0-9-]{6,12}$")]
    name: Annotated[str, Field(min_length=3, max_length=100)]
    channel: Annotated[str, Field(pattern=r"^[A-Z_]{2,20}$")]
    region_code: Annotated[
        str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?$")
    ]  # the village or district it serves from
    basis: str
    note: str = ""


@dataclass(frozen=True)
class Points:
    """Every service point and channel; `version` changes with the data."""

    by_id: Mapping[str, Point]
    channels: Mapping[str, Channel]
    version: str


def can(channel: Channel, capability: Capability) -> bool:
    """Tell whether a channel's places can do something."""
    match capability:
        case "intake":
            return channel.can_intake
        case "biometric":
            return channel.can_biometric
        case "print_card":
            return channel.can_print_card


def may_take_in(point: Point | None, channel: Channel, service: Service) -> bool:
    """Tell whether a case of this service may be taken in at a point and by a channel.

    A fixed channel is a kind of place, so the case names one of them; an online one has no place;
    a mobile team or a partner may name the point that it belongs to. Biometrics are taken where
    the equipment is.
    """
    if channel.code not in service.channels or not channel.can_intake:
        return False
    if service.biometrics and not channel.can_biometric:
        return False
    if channel.kind == "fixed":
        return point is not None and point.channel == channel.code
    return point is None or channel.kind in {"mobile", "partner"}


def search(
    points: Points,
    *,
    channel: str | None = None,
    area: str | None = None,
    words: str | None = None,
    capability: Capability | None = None,
) -> Iterator[Point]:
    """Yield points in order of id; an area is a region code and everything in it."""
    for each in points.by_id.values():
        fits = (
            channel in {None, each.channel}
            and (area is None or f"{each.region_code}.".startswith(f"{area}."))
            and (words is None or words.casefold() in each.name.casefold())
            and (capability is None or can(points.channels[each.channel], capability))
        )
        if fits:
            yield each

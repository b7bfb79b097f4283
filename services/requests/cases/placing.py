"""Which service, by which channel, at which point: whether a case may be filed so."""

from collections.abc import Iterator

from services.requests.cases.schemas import Applicant, CaseIn
from services.requests.catalogue.rules import Catalogue, may_file
from services.requests.points.rules import Point, Points, can, may_take_in
from shared.auth import Principal
from shared.policy import CITIZENS
from shared.problems import Wrong


def misplaced(
    catalogue: Catalogue, places: Points, new: CaseIn, caller: Principal
) -> Iterator[Wrong]:
    """Yield everything that keeps a case from being filed so, here, by this caller."""
    service = catalogue.services.get(new.service_code)
    channel = catalogue.channels.get(new.channel)
    point = places.by_id.get(new.point_id) if new.point_id else None
    if service is None:
        yield _UNKNOWN_SERVICE
    if channel is None:
        yield _UNKNOWN_CHANNEL
    if new.point_id and point is None:
        yield _UNKNOWN_POINT
    elif point and not _is_own_point(point, caller):
        yield _POINT_NOT_YOURS
    if channel and caller.roles <= CITIZENS and channel.kind != "online":
        yield _CHANNEL_NOT_YOURS
    if service and channel and service.open:
        wrong = [Wrong(*each.wrong) for each in may_file(service, new.channel)]
        yield from wrong
        if not wrong and not may_take_in(point, channel, service):
            yield _POINT_CANNOT
    yield from not_yourself(new.applicant, caller)


def _is_own_point(point: Point, caller: Principal) -> bool:
    """An officer takes in where they sit or in their area; where nothing is said, anywhere."""
    if caller.point or caller.areas:
        return caller.point == point.id or caller.works_in(point.region_code)
    return True


def print_site(places: Points, point_id: str | None) -> str | None:
    """Return where the cards of a case are printed: at its own point, else in the district's office.

    None is for the agency to decide, as for what came online.
    """
    point = places.by_id.get(point_id or "")
    if point is None:
        return None
    if can(places.channels[point.channel], "print_card"):
        return point.id
    district = point.region_code[:8]
    offices = (each for each in places.by_id.values() if each.region_code == district)
    fitting = (each for each in offices if can(places.channels[each.channel], "print_card"))
    return next((each.id for each in fitting), None)


def not_yourself(applicant: Applicant, caller: Principal) -> Iterator[Wrong]:
    """Yield what is wrong when a citizen names somebody else as the applicant."""
    named = applicant.resident and applicant.resident.resident_id
    if caller.roles <= CITIZENS and named and named != caller.resident_id:
        yield _NOT_YOURSELF


def intake_area(point: Point | None, caller: Principal) -> str | None:
    """Return where a case was taken in: at a point, else in the one area of a partner's officer."""
    if point:
        return point.region_code
    return next(iter(caller.areas)) if len(caller.areas) == 1 else None


_UNKNOWN_SERVICE = Wrong(
    "/service_code",
    "UNKNOWN_SERVICE",
    "Pilih layanan dari GET /v1/services.",
    "Choose a service from GET /v1/services.",
)
_UNKNOWN_CHANNEL = Wrong(
    "/channel",
    "UNKNOWN_CHANNEL",
    "Pilih saluran dari GET /v1/codes/kanal.",
    "Choose a channel from GET /v1/codes/kanal.",
)
_UNKNOWN_POINT = Wrong(
    "/point_id",
    "UNKNOWN_POINT",
    "Pilih titik layanan dari GET /v1/service-points.",
    "Choose a point from GET /v1/service-points.",
)
_POINT_NOT_YOURS = Wrong(
    "/point_id",
    "POINT_NOT_YOURS",
    "Ajukan di titik layanan Anda sendiri.",
    "File it at your own service point.",
)
_POINT_CANNOT = Wrong(
    "/point_id",
    "POINT_CANNOT_TAKE_IN",
    "Sebutkan titik layanan yang sesuai dengan salurannya dan dapat menerima layanan ini.",
    "Name a point of this channel that can take this service in.",
)
_CHANNEL_NOT_YOURS = Wrong(
    "/channel",
    "CHANNEL_NOT_YOURS",
    "Ajukan lewat WA atau WEB; saluran ini diisi petugas.",
    "File it by WA or WEB; officers use this channel.",
)
_NOT_YOURSELF = Wrong(
    "/applicant/resident",
    "APPLICANT_NOT_YOU",
    "Kosongkan, atau isi dengan id Anda sendiri.",
    "Leave it out, or name your own id.",
)

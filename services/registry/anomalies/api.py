"""Anomalies over HTTP: work lists of a village, and counts of any area."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.registry.anomalies import store
from services.registry.anomalies.rules import Code
from services.registry.anomalies.schemas import (
    AnomalyCounts,
    AnomalyFigure,
    AnomalyKind,
    AnomalyKinds,
    AnomalyOut,
)
from services.registry.policy import POLICY
from services.registry.residents.reading import Reading, reading
from services.registry.residents.rules.nik import mask
from services.registry.residents.schemas import ListedResident
from services.registry.residents.tables import Resident
from shared import clock, pages
from shared.auth import Principal
from shared.contract.facts import RegionCode, VillageCode
from shared.db import ReadSession, Session
from shared.pages import LIMIT, After, Limit, Page
from shared.policy import Decision, Thing, allowed, decide
from shared.problems import NotFound

router = APIRouter(prefix="/v1/anomalies", tags=["anomalies"])

Counter = Annotated[Principal, Depends(allowed(POLICY, "anomalies.count"))]

_PART = {
    5: 8,
    8: 13,
    13: 13,
}  # characters of a code: a regency by districts, a district by villages
_LISTED = frozenset(ListedResident.model_fields)


@router.get("", operation_id="list_anomalies")
async def list_anomalies(
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("anomalies.list"))],
    code: Annotated[Code, Query()],
    village_code: Annotated[VillageCode, Query()],
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[AnomalyOut]:
    """List people of a village with one kind of anomaly, by name, as the registry is now."""
    behind = pages.keys(after, str, UUID) if after else None
    rows = await store.page(session, begun, code, village_code, clock.today(), behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.resident.full_name, row.resident.id))
    pages.link_next(request, response, following)
    items = [
        AnomalyOut(code=code, resident=_listed(each.resident), other_id=each.other_id)
        for each in shown
    ]
    return Page(items=items, next=following)


def _listed(resident: Resident) -> ListedResident:
    shown = {name: getattr(resident, name) for name in _LISTED}
    return ListedResident(**shown | {"nik": mask(resident.nik)})


@router.get("/kinds", operation_id="list_anomaly_kinds")
async def list_anomaly_kinds(_: Counter) -> AnomalyKinds:
    """Say what is looked for, in words."""
    return AnomalyKinds(
        items=[
            AnomalyKind(code=code, text_id=said.id, text_en=said.en, law=said.law)
            for code, said in store.sayings().items()
        ]
    )


@router.get("/counts", operation_id="count_anomalies")
async def count_anomalies(
    session: ReadSession,
    caller: Counter,
    area: Annotated[RegionCode, Query(examples=["35.10"])],
) -> AnomalyCounts:
    """Count the anomalies of an area by its parts, as of the last count; nobody is named."""
    if decide(POLICY, caller, "anomalies.count", Thing(village_code=area)) is not Decision.ALLOW:
        raise NotFound
    if await store.region(session, area) is None or len(area) not in _PART:
        raise NotFound
    rows, oldest = await store.figures(session, area, _PART[len(area)])
    items = [
        AnomalyFigure(code=Code(each.code), area=each.area, count=each.number) for each in rows
    ]
    return AnomalyCounts(area=area, as_of=oldest, items=items)

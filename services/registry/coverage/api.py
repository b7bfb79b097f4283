"""Coverage over HTTP: figures, never people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.registry.coverage import actions, store
from services.registry.coverage.rules import Indicator
from services.registry.coverage.schemas import (
    Area,
    Coverage,
    CoverageTarget,
    CoverageTargets,
    Level,
    NewTarget,
    Number,
)
from services.registry.policy import POLICY
from shared import versions
from shared.auth import Principal
from shared.contract.facts import RegionCode
from shared.db import ReadSession, Session
from shared.policy import Decision, Thing, allowed, decide
from shared.problems import NotFound
from shared.versions import ExpectedVersion

router = APIRouter(prefix="/v1/coverage", tags=["coverage"])

Reader = Annotated[Principal, Depends(allowed(POLICY, "coverage.read"))]
Decider = Annotated[Principal, Depends(allowed(POLICY, "coverage.set_target"))]


async def _area(
    session: ReadSession,
    area: Annotated[RegionCode, Query(examples=["35.10"])],
    rw: Annotated[Number | None, Query(description="Of a village")] = None,
    rt: Annotated[Number | None, Query(description="Of the RW")] = None,
) -> Area:
    found = await store.region(session, area)
    if found is None or (rw and found.level is not Level.VILLAGE) or (rt and not rw):
        raise NotFound
    if rw is None:
        return found
    level = Level.RT if rt else Level.RW
    return found.model_copy(update={"level": level, "rw": rw, "rt": rt})


@router.get("", operation_id="readCoverage")
async def read_coverage(
    session: ReadSession,
    caller: Reader,
    area: Annotated[Area, Depends(_area)],
    level: Annotated[Level | None, Query(description="Of the parts; the next smaller")] = None,
    indicator: Annotated[list[Indicator] | None, Query(max_length=len(Indicator))] = None,
) -> Coverage:
    """Tell how many of how many are reached in an area and in each of its parts.

    Executives and operators see their own area down to the RT, the agency all of them. Every
    other caller reads what is published: the regency and its districts, without small cells.
    """
    decision = decide(POLICY, caller, "coverage.read", Thing(village_code=area.code))
    public = decision is not Decision.ALLOW
    return await actions.cover(session, area, level, indicator or list(Indicator), public=public)


@router.get("/targets", operation_id="listCoverageTargets")
async def list_targets(session: ReadSession, _: Reader) -> CoverageTargets:
    """List the targets in force."""
    found = await store.targets(session)
    return CoverageTargets(items=[actions.show_target(each) for each in found])


@router.put("/targets/{indicator}", operation_id="setCoverageTarget")
async def set_target(
    session: Session,
    caller: Decider,
    indicator: Indicator,
    decided: NewTarget,
    expected: ExpectedVersion,
    response: Response,
) -> CoverageTarget:
    """Decide a target anew; earlier decisions stay on record."""
    target = await actions.set_target(session, indicator, decided.percent, expected, caller.sub)
    versions.tag(response, target.version)
    return actions.show_target(target)

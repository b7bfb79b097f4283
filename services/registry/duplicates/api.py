"""Pairs that may be one person, over HTTP. Nothing here merges anybody: that is a case."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.duplicates import actions, store
from services.registry.duplicates.schemas import (
    Decided,
    Decision,
    ReasonOut,
    State,
    Suspected,
    SuspicionOut,
)
from services.registry.duplicates.tables import Suspicion
from services.registry.residents.reading import Reading, reading
from services.registry.residents.rules.alike import OF_MOTHERS, REASONS
from services.registry.residents.rules.nik import mask
from services.registry.residents.tables import Resident
from shared import pages, versions
from shared.contract.facts import VillageCode
from shared.db import Session
from shared.pages import LIMIT, After, Limit, Page
from shared.problems import NotFound
from shared.versions import ExpectedVersion

router = APIRouter(prefix="/v1/duplicates", tags=["duplicates"])

_SHOWN = frozenset(Suspected.model_fields)


@router.get("", operation_id="list_duplicates")
async def list_duplicates(
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("duplicates.list"))],
    village_code: Annotated[VillageCode, Query()],
    state: Annotated[State, Query(description="OPEN waits for a decision")] = State.OPEN,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[SuspicionOut]:
    """List pairs of whom one lives in a village, the most alike first.

    Found by comparing every village with everybody once a day, and whenever people are registered.
    """
    behind = pages.keys(after, float, UUID) if after else None
    rows = await store.page(session, begun, village_code, state, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.score, row.id))
    pages.link_next(request, response, following)
    return Page(items=await _tell(session, begun, shown), next=following)


@router.get("/{duplicate_id}", operation_id="read_duplicate")
async def read_duplicate(
    duplicate_id: UUID,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("duplicates.list"))],
) -> SuspicionOut:
    """Return one pair with everything that was decided about it."""
    pair = await store.get(session, duplicate_id)
    if pair is None or not await store.reachable(session, begun, pair):
        raise NotFound
    versions.tag(response, pair.version)
    return (await _tell(session, begun, [pair]))[0]


@router.post("/{duplicate_id}/verdict", operation_id="judge_duplicate")
async def judge_duplicate(
    duplicate_id: UUID,
    decision: Decision,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("duplicates.judge"))],
    expected: ExpectedVersion,
) -> SuspicionOut:
    """Decide whether a pair is one person. `NOT_SAME` is remembered: they are not suspected again.

    `SAME` merges nobody; it tells the agency to open the case that does (NIK-FIX).
    """
    pair = await actions.judge(
        session, begun, duplicate_id, decision.verdict, decision.reason, expected
    )
    versions.tag(response, pair.version)
    return (await _tell(session, begun, [pair]))[0]


def _reasons(begun: Reading, pair: Suspicion, people: Mapping[UUID, Resident]) -> list[ReasonOut]:
    """Tell why two are suspected; that natural mothers are alike, only to who may know them."""
    both = (people[pair.first_id], people[pair.second_id])
    hidden = frozenset() if all(begun.of(each).origins for each in both) else OF_MOTHERS
    told = (REASONS[each]._asdict() for each in pair.reasons if each not in hidden)
    return [ReasonOut.model_validate(each) for each in told]


def _suspected(begun: Reading, person: Resident) -> Suspected:
    told = {name: getattr(person, name) for name in _SHOWN} | {"nik": mask(person.nik)}
    mother = person.mother_name if begun.of(person).origins else None
    return Suspected.model_validate(told | {"mother_name": mother})


async def _tell(
    session: AsyncSession, begun: Reading, pairs: Sequence[Suspicion]
) -> list[SuspicionOut]:
    ids = {each for pair in pairs for each in (pair.first_id, pair.second_id)}
    people = await store.read(session, begun, ids)
    decided = await store.verdicts_of(session, [(each.first_id, each.second_id) for each in pairs])
    return [
        SuspicionOut(
            id=pair.id,
            score=pair.score,
            state=State(pair.state),
            version=pair.version,
            reasons=_reasons(begun, pair, people),
            people=[_suspected(begun, people[each]) for each in (pair.first_id, pair.second_id)],
            decisions=[
                Decided.model_validate(each)
                for each in decided.get((pair.first_id, pair.second_id), ())
            ],
            found_at=pair.found_at,
        )
        for pair in pairs
    ]

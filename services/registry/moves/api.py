"""Moves over HTTP. Nothing here changes any: that is what changes are for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.moves import store
from services.registry.moves.rules import Status, Travel
from services.registry.moves.schemas import MoveDetail, MoveLetter, MoverOut
from services.registry.residents import lookups
from services.registry.residents.reading import Reading, reading
from services.registry.residents.rules.nik import mask
from shared import pages, versions
from shared.contract.facts import RegionCode
from shared.db import Session
from shared.pages import LIMIT, After, Limit, Page
from shared.problems import NotFound

router = APIRouter(prefix="/v1/moves", tags=["moves"])


@router.get("", operation_id="list_moves")
async def list_moves(
    request: Request,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("moves.read"))],
    area: Annotated[RegionCode | None, Query(description="Where they lived, or live now")] = None,
    status: Status | None = None,
    resident_id: Annotated[UUID | None, Query(description="Only letters that name them")] = None,
    after: After = None,
    limit: Limit = LIMIT,
) -> Page[MoveLetter]:
    """List letters of moves without their people, in the order in which they were entered."""
    # To ask for somebody's letters is to read about them: whom one may not see has none.
    if resident_id is not None and await lookups.by_id(session, begun, resident_id) is None:
        return Page(items=[])
    behind = pages.keys(after, UUID)[0] if after else None
    wanted = store.Wanted(area, status, resident_id)
    rows = await store.page(session, begun, wanted, behind, limit)
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    pages.link_next(request, response, following)
    return Page(items=[MoveLetter.model_validate(each) for each in shown], next=following)


@router.get("/{move_id}", operation_id="read_move")
async def read_move(
    move_id: UUID,
    response: Response,
    session: Session,
    begun: Annotated[Reading, Depends(reading("moves.read"))],
) -> MoveDetail:
    """Return one letter with its people; each of them is noted as read."""
    move = await store.visible(session, begun, move_id)
    if move is None:
        raise NotFound
    versions.tag(response, move.version)
    return MoveDetail(
        **MoveLetter.model_validate(move).model_dump(),
        movers=await _people(session, begun, move_id),
    )


async def _people(session: AsyncSession, begun: Reading, move_id: UUID) -> list[MoverOut]:
    found = []
    for each in await store.movers(session, [move_id]):
        person = await lookups.by_id(session, begun, each.resident_id)
        if person is not None:
            found.append(
                MoverOut(
                    resident_id=person.id,
                    nik=mask(person.nik),
                    full_name=person.full_name,
                    relationship=each.relationship,
                    status=Travel(each.status),
                    closed_on=each.closed_on,
                )
            )
    return found

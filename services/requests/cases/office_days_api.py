"""The office's calendar over HTTP: anybody reads it, the agency declares."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.requests.cases import office_days, store
from services.requests.cases.schemas import OfficeDayIn, OfficeDayOut, OfficeDays
from services.requests.policy import POLICY
from shared.auth import Anyone, Principal
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.policy import allowed
from shared.problems import NotFound

router = APIRouter(prefix="/v1/office-days", tags=["office days"])

Declarer = Annotated[Principal, Depends(allowed(POLICY, "office_days.declare"))]


@router.get("", operation_id="list_office_days", dependencies=[Anyone])
async def list_office_days(session: ReadSession) -> OfficeDays:
    """List the days that differ from the state's calendar of holidays and joint leave."""
    days = (await store.calendar(session)).overrides
    items = [OfficeDayOut(day=day, name=name) for day, name in sorted(days.items())]
    return OfficeDays(items=items)


@router.post("", operation_id="declare_office_day", status_code=201)
async def declare_office_day(
    new: OfficeDayIn, session: Session, _: Declarer, once: OneTime
) -> OfficeDayOut:
    """Declare a day off, also late, or a day worked after all; open cases become due accordingly."""
    await office_days.declare(session, new.day, new.name)
    return await once.reply(201, OfficeDayOut(day=new.day, name=new.name))


@router.delete("/{day}", operation_id="withdraw_office_day", status_code=204)
async def withdraw_office_day(day: date, session: Session, _: Declarer) -> Response:
    """Take back what was declared about a day: the state's calendar holds again."""
    if not await office_days.withdraw(session, day):
        raise NotFound
    return Response(status_code=204)

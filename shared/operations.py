"""What is stuck between the services, and the buttons for it: replay and discard, with a reason."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, DateTime, Identity, Integer, MetaData, String, Table, Uuid, func
from sqlalchemy.ext.asyncio import AsyncSession

from shared import inbox, outbox
from shared.auth import Principal
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.inbox import Status
from shared.language import Words
from shared.policy import Reach, allowed
from shared.problems import Conflict

SHOWN = 200  # parked messages in one answer

POLICY = {
    "operations.read": {"ADM_WILAYAH": Reach.EVERYWHERE, "AUDITOR": Reach.EVERYWHERE},
    "operations.decide": {"ADM_WILAYAH": Reach.EVERYWHERE},
}
Watcher = Annotated[Principal, Depends(allowed(POLICY, "operations.read"))]
Operator = Annotated[Principal, Depends(allowed(POLICY, "operations.decide"))]

metadata = MetaData()

table = Table(
    "operations_log",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("message_id", Uuid, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("action", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


class NotParked(Conflict):
    """The message was replayed or discarded already, or never failed."""

    slug = "message-not-parked"
    title = Words("Pesan ini tidak sedang diparkir", "This message is not parked")
    advice = Words(
        "Baca lagi daftar di /v1/operations/stuck.", "Read the list at /v1/operations/stuck again."
    )


class OutboxState(BaseModel):
    """Events that are written and not yet with the broker."""

    pending: int = Field(examples=[0])
    oldest_seconds: float = Field(examples=[0.0], description="0 when none waits")


class ParkedMessage(BaseModel):
    """An event that could not be handled; its content is not shown."""

    id: UUID
    status: Status = Field(examples=[Status.PARKED])
    type: str = Field(examples=["requests.change.requested.v1"])
    subject: str
    attempts: int = Field(examples=[5])
    error: str = Field(description="Kind of error and where; never its text")
    since: datetime


class Waiting(BaseModel):
    """Something of this service that waits for another one, such as a case for its plan."""

    kind: str = Field(examples=["case-without-plan"])
    subject: str
    since: datetime


class Stuck(BaseModel):
    """Everything between the services that may need a person."""

    outbox: OutboxState
    parked_count: int
    parked: list[ParkedMessage] = Field(max_length=SHOWN)
    waiting: list[Waiting] = Field(max_length=SHOWN)


class Decision(BaseModel):
    """Why a message is tried again or dropped; it is kept with your name."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        min_length=5,
        max_length=500,
        pattern=r"^\P{C}+$",
        examples=["The village code was added to the registry"],
    )


class Decided(BaseModel):
    """What was decided about a message."""

    id: UUID
    status: Status


FindWaiting = Callable[[AsyncSession], Awaitable[list[Waiting]]]

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.get("/stuck")
async def read_stuck(request: Request, session: ReadSession, _: Watcher) -> Stuck:
    """Show what waits: for the broker, for a person, or for another service."""
    find: FindWaiting | None = getattr(request.app.state, "find_waiting", None)
    state = OutboxState(
        pending=await outbox.pending(session), oldest_seconds=await outbox.oldest_seconds(session)
    )
    return Stuck(
        outbox=state,
        parked_count=await inbox.count_set_aside(session),
        parked=[_shown(each) for each in await inbox.set_aside(session, SHOWN)],
        waiting=(await find(session))[:SHOWN] if find else [],
    )


def _shown(each: inbox.Parked) -> ParkedMessage:
    values: dict[str, Any] = each._asdict()
    return ParkedMessage(id=values.pop("message_id"), **values)


@router.post("/parked/{message_id}/replay", status_code=202)
async def replay_message(
    message_id: UUID, decision: Decision, session: Session, caller: Operator, once: OneTime
) -> Decided:
    """Have the worker try a parked message once more."""
    decided = await _decide(session, message_id, Status.REPLAY, decision.reason, caller)
    return await once.reply(202, decided)


@router.post("/parked/{message_id}/discard")
async def discard_message(
    message_id: UUID, decision: Decision, session: Session, caller: Operator, once: OneTime
) -> Decided:
    """Drop a parked message for good: it will never have an effect."""
    decided = await _decide(session, message_id, Status.DISCARDED, decision.reason, caller)
    return await once.reply(200, decided)


async def _decide(
    session: AsyncSession, message_id: UUID, action: Status, reason: str, caller: Principal
) -> Decided:
    try:
        kind, subject = await inbox.decide(session, message_id, action)
    except LookupError as error:
        raise NotParked from error
    row = {"message_id": message_id, "type": kind, "subject": subject, "action": action}
    await session.execute(table.insert().values(**row, reason=reason, actor=caller.sub))
    return Decided(id=message_id, status=action)

"""Messages over HTTP, and the door through which WhatsApp tells what became of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError

from services.notify.channels import whatsapp
from services.notify.contacts import rules as contact_rules
from services.notify.contacts import store as contacts
from services.notify.contacts.tables import Contact
from services.notify.messages import actions, store
from services.notify.messages.rules import State
from services.notify.messages.schemas import MessageOut, ReleaseIn
from services.notify.messages.tables import Message
from services.notify.policy import POLICY
from services.notify.templates import store as templates
from services.notify.templates.rules import filled
from shared import clock, pages
from shared.auth import Anyone, Principal
from shared.contract.events import Language
from shared.db import ReadSession, Session
from shared.idempotency import OneTime
from shared.language import Words
from shared.pages import After, Limit, Page
from shared.policy import Decision, Reach, Thing, allowed, decide, reaches
from shared.problems import BadRequest, NotFound, Problem

router = APIRouter(prefix="/v1/messages", tags=["messages"])
UNPROVEN: dict[int | str, dict[str, Any]] = {
    404: {"description": "Without the provider's signature there is nothing here"}
}
hooks = APIRouter(prefix="/v1/hooks", tags=["hooks"], dependencies=[Anyone])  # they sign

_SEES_NO_TEXT = frozenset({"AUDITOR", "DPO", "ADM_WILAYAH"})


class NotWaiting(Problem):
    """The message has left already, or was never to leave."""

    status = 409
    slug = "message-not-waiting"
    title = Words("Pesan tidak sedang menunggu", "The message is not waiting")
    advice = Words(
        "Baca statusnya lewat GET /v1/messages; hanya pesan QUEUED yang dapat dilepas.",
        "Read its state with GET /v1/messages; only a QUEUED message can be released.",
    )


def _areas(caller: Principal) -> list[str] | None:
    """Return the areas whose messages the caller may list; None for everywhere."""
    granted = reaches(POLICY, caller, "messages.read")
    if Reach.EVERYWHERE in granted:
        return None
    return sorted(caller.areas) if Reach.AREA in granted else []


def _thing(message: Message) -> Thing:
    about = frozenset({message.resident_id} if message.resident_id else ())
    return Thing(village_code=message.village_code, resident_ids=about)


def _shown(message: Message, address: Contact | None, caller: Principal) -> MessageOut:
    template = templates.exactly(message.template, message.template_version, message.channel)
    text = filled(template.texts[Language(message.language)], store.values_of(message))
    masked = contact_rules.masked_address(contacts.address_of(address)) if address else None
    return MessageOut(
        id=message.id,
        case_id=message.case_id,
        event=message.event,
        channel=message.channel,
        language=message.language,
        template=message.template,
        template_version=message.template_version,
        masked_address=masked,
        text=None if caller.roles <= _SEES_NO_TEXT else text,
        state=State(message.state),
        why=message.why,
        due_at=message.due_at,
        created_at=message.created_at,
        updated_at=message.updated_at,
    )


@router.get("")
async def list_messages(
    session: ReadSession,
    caller: Annotated[Principal, Depends(allowed(POLICY, "messages.read"))],
    request: Request,
    response: Response,
    case_id: UUID | None = None,
    after: After = None,
    limit: Limit = pages.LIMIT,
) -> Page[MessageOut]:
    """List messages, oldest first: of the caller's areas, or to the caller."""
    rows = await store.page(
        session,
        areas=_areas(caller),
        resident_id=caller.resident_id,
        case_id=case_id,
        after=pages.keys(after, UUID)[0] if after else None,
        limit=limit + 1,
    )
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    addresses = await contacts.by_id(session, [row.contact_id for row in shown if row.contact_id])
    pages.link_next(request, response, following)
    items = [
        _shown(row, addresses.get(row.contact_id) if row.contact_id else None, caller)
        for row in shown
    ]
    return Page(items=items, next=following)


@router.post("/{message_id}/release", status_code=200)
async def release_message(
    message_id: UUID,
    reason: ReleaseIn,
    session: Session,
    caller: Annotated[Principal, Depends(allowed(POLICY, "messages.release"))],
    once: OneTime,
) -> MessageOut:
    """Let a message that waits for 07:00 WIB leave now; who did it and why is kept."""
    message = await store.lock(session, message_id)
    if message is None or decide(POLICY, caller, "messages.release", _thing(message)) is not (
        Decision.ALLOW
    ):
        raise NotFound
    if not await actions.release(session, message, f"{caller.sub}: {reason.reason}", clock.now()):
        raise NotWaiting
    address = await contacts.get(session, message.contact_id) if message.contact_id else None
    return await once.reply(200, _shown(message, address, caller))


@hooks.get("/whatsapp", response_class=PlainTextResponse, responses=UNPROVEN)
async def confirm_whatsapp(
    request: Request,
    mode: Annotated[str, Query(alias="hub.mode", max_length=20)],
    challenge: Annotated[str, Query(alias="hub.challenge", pattern=r"^[0-9A-Za-z]{1,100}$")],
    token: Annotated[str, Query(alias="hub.verify_token", max_length=200)],
) -> str:
    """Answer the provider's challenge when it is given our address."""
    if mode != "subscribe" or not whatsapp.is_ours(token, _secret(request)):
        raise NotFound
    return challenge


@hooks.post("/whatsapp", status_code=204, responses=UNPROVEN)
async def hear_whatsapp(
    request: Request,
    session: Session,
    signature: Annotated[str, Header(alias="x-hub-signature-256", max_length=200)] = "",
) -> Response:
    """Take in what WhatsApp tells; the same news twice, late or out of order does no harm."""
    body = await request.body()
    if not whatsapp.is_genuine(body, signature, _secret(request)):
        raise NotFound
    try:
        callback = whatsapp.Callback.model_validate_json(body)
    except ValidationError as error:
        raise BadRequest from error
    for told in sorted(callback.statuses(), key=lambda each: each.id):  # one order of locks
        await actions.hear(session, told)
    return Response(status_code=204)


def _secret(request: Request) -> str:
    secret: str = request.app.state.whatsapp_secret
    return secret

"""A stand-in for the WhatsApp Cloud API on this machine; nothing leaves it.

It takes messages as the provider does, keeps them readable at GET /inbox, reports sent, delivered
and read to our callback, and misbehaves when told: `POST /misbehaviour {"kind": "busy", "times": 3}`.
"""

import argparse
import asyncio
import hmac
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any
from uuid import uuid4

import httpx2
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel, Field

from services.notify.templates import store as templates
from services.notify.templates.rules import filled
from shared.contract.events import Language

KEPT = 10_000  # messages remembered


class Kind(StrEnum):
    """How to misbehave."""

    BUSY = "busy"  # 429, nothing taken
    BROKEN = "broken"  # 500, nothing taken
    SILENT = "silent"  # taken, but the connection ends without an answer
    UNDELIVERABLE = "undeliverable"  # 400, error 131026
    REVERSED = "reversed"  # taken; callbacks come twice and in the wrong order


class Misbehaviour(BaseModel):
    """What to do wrong, and how often."""

    kind: Kind
    times: int = Field(default=1, ge=1, le=10_000)


class Delivered(BaseModel):
    """A message as the citizen reads it."""

    id: str
    to: str
    template: str
    language: str
    text: str


class Phone:
    """What the simulator remembers."""

    def __init__(self, callback: str, secret: str) -> None:
        self.inbox: deque[Delivered] = deque(maxlen=KEPT)
        self.planned: deque[Kind] = deque()
        self.news: asyncio.Queue[tuple[str, str | None, list[str]]] = asyncio.Queue()
        self._callback = callback
        self._secret = secret

    def keep(self, delivered: Delivered, opaque: str | None, fault: Kind | None) -> Response:
        """Put a message before its reader, and answer as the provider would."""
        self.inbox.append(delivered)
        steps = ["sent", "delivered", "read"]
        if fault is Kind.REVERSED:
            steps = [*reversed(steps), *steps]
        self.news.put_nowait((delivered.id, opaque, steps))
        if fault is Kind.SILENT:
            return Response(b"", 504)
        answer = {"messaging_product": "whatsapp", "messages": [{"id": delivered.id}]}
        return Response(json.dumps(answer), 200, media_type="application/json")

    async def report(self) -> None:
        """Tell our callback what became of each message, for as long as we run."""
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            while True:
                message_id, opaque, statuses = await self.news.get()
                for status in statuses:
                    await self._tell(client, message_id, opaque, status)

    async def _tell(
        self, client: httpx2.AsyncClient, message_id: str, opaque: str | None, status: str
    ) -> None:
        news = {"id": message_id, "status": status, "biz_opaque_callback_data": opaque}
        value = {"messaging_product": "whatsapp", "statuses": [news]}
        change = {"field": "messages", "value": value}
        body = json.dumps(
            {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]}
        ).encode()
        signature = "sha256=" + hmac.new(self._secret.encode(), body, sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        for pause in (0.2, 1, 5):  # the provider tries again as well
            try:
                answer = await client.post(self._callback, content=body, headers=headers)
                if answer.is_success:
                    return
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(pause)


def _refusal(status: int, code: int, message: str) -> Response:
    error = {"error": {"message": message, "type": "OAuthException", "code": code}}
    return Response(json.dumps(error), status, media_type="application/json")


def _read(message: dict[str, Any]) -> Delivered:
    """Return the message as its reader sees it.

    Raises:
        KeyError, LookupError, ValueError: the provider would refuse it.
    """
    if message["messaging_product"] != "whatsapp" or message["type"] != "template":
        raise ValueError("only templates may open a conversation")
    template, language = message["template"], message["template"]["language"]["code"]
    code, _, version = template["name"].rpartition("_v")
    wording = templates.exactly(code, int(version), "WHATSAPP").texts[Language(language)]
    parameters = template["components"][0]["parameters"]
    values = {each["parameter_name"]: each["text"] for each in parameters}
    return Delivered(
        id=f"wamid.{uuid4().hex}",
        to=f"+{message['to']}",
        template=template["name"],
        language=language,
        text=filled(wording, values),
    )


router = APIRouter()


def _phone(request: Request) -> Phone:
    phone: Phone = request.app.state.phone
    return phone


ThePhone = Annotated[Phone, Depends(_phone)]


@router.post("/misbehaviour", status_code=204)
async def misbehave(wanted: Misbehaviour, phone: ThePhone) -> None:
    """Plan the next answers to be wrong ones."""
    phone.planned.extend([wanted.kind] * wanted.times)


@router.get("/inbox")
async def inbox(phone: ThePhone, to: str | None = None) -> list[Delivered]:
    """List what arrived, oldest first."""
    return [each for each in phone.inbox if to in {None, each.to}]


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "live"}


_REFUSALS = {
    Kind.BUSY: (429, 130429, "Rate limit hit"),
    Kind.BROKEN: (500, 1, "An unknown error occurred"),
    Kind.UNDELIVERABLE: (400, 131026, "Message undeliverable"),
}


@router.post("/{sender}/messages")
async def take(
    sender: str,
    message: dict[str, Any],
    phone: ThePhone,
    authorization: Annotated[str, Header()] = "",
) -> Response:
    """Take a message, or do what was planned instead."""
    if not authorization.startswith("Bearer ") or not sender.isdecimal():
        return _refusal(401, 190, "Invalid OAuth access token")
    fault = phone.planned.popleft() if phone.planned else None
    if fault in _REFUSALS:
        return _refusal(*_REFUSALS[fault])
    try:
        delivered = _read(message)
    except (KeyError, LookupError, ValueError, TypeError):
        return _refusal(400, 132000, "Template or parameters do not match")
    return phone.keep(delivered, message.get("biz_opaque_callback_data"), fault)


def create_app(callback: str, secret: str) -> FastAPI:
    """Build the simulator; `callback` is our address that is told what became of messages."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.phone = Phone(callback, secret)
        task = asyncio.create_task(app.state.phone.report())
        yield
        task.cancel()

    app = FastAPI(title="WhatsApp simulator", lifespan=lifespan)
    app.include_router(router)
    return app


def main() -> None:
    """Run it: `python -m deploy.local.whatsapp --port 1 --callback URL --secret local`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--callback", required=True)
    parser.add_argument("--secret", default="local")
    asked = parser.parse_args()
    app = create_app(asked.callback, asked.secret)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()

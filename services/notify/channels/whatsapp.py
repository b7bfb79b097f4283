"""WhatsApp Cloud API: sends one approved template with its values, and reads what is told back."""

import hmac
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx2
from pydantic import BaseModel, ConfigDict, Field

from services.notify.settings import Settings

SECONDS = 5
_TOO_MANY = 429
_BUSY_CODES = {4, 80007, 130429, 131048, 131056}  # rate limits of the provider's error list


class Undeliverable(Exception):  # noqa: N818 - says what is known
    """The provider will never deliver this; `code` is its own number for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Busy(Exception):  # noqa: N818 - says what is known
    """The provider did not take it and says so; trying again is safe."""


class Uncertain(Exception):  # noqa: N818 - says what is known
    """No answer: the provider may or may not have it. Its callback will tell, if it has."""


class Outgoing(BaseModel):
    """One message as it leaves."""

    id: UUID
    to: str  # E.164 with the plus
    template: str
    language: str
    values: dict[str, str]
    text: str  # the whole sentence, for the provider's preview and our simulator


class WhatsApp:
    """The provider's API, over one kept connection."""

    def __init__(self, settings: Settings) -> None:
        base = str(settings.whatsapp_url).rstrip("/")
        self._url = f"{base}/{settings.whatsapp_sender}/messages"
        token = settings.whatsapp_token.get_secret_value()
        self._client = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, message: Outgoing) -> str:
        """Hand a message over; return the provider's id.

        Raises:
            Busy, Undeliverable, Uncertain: see there.
        """
        try:
            answer = await self._client.post(self._url, json=_body(message))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise Busy from error  # nothing was sent
        except httpx2.HTTPError as error:
            raise Uncertain from error
        return _id_in(answer)

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()


def _body(message: Outgoing) -> dict[str, Any]:
    parameters = [
        {"type": "text", "parameter_name": name, "text": value}
        for name, value in message.values.items()
    ]
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.to.removeprefix("+"),
        "type": "template",
        "template": {
            "name": message.template,
            "language": {"code": message.language},
            "components": [{"type": "body", "parameters": parameters}],
        },
        "biz_opaque_callback_data": str(message.id),  # comes back with each status
    }


def _id_in(answer: httpx2.Response) -> str:
    if answer.is_success:
        try:
            return str(answer.json()["messages"][0]["id"])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise Uncertain from error
    code = _error_code(answer)
    if answer.status_code == _TOO_MANY or code in _BUSY_CODES:
        raise Busy
    if answer.is_server_error:
        raise Uncertain
    raise Undeliverable(str(code or answer.status_code))


def _error_code(answer: httpx2.Response) -> int | None:
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def is_genuine(body: bytes, signature: str, secret: str) -> bool:
    """Tell whether the provider signed this callback (X-Hub-Signature-256)."""
    expected = "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def is_ours(token: str, secret: str) -> bool:
    """Tell whether a challenge carries our secret."""
    return hmac.compare_digest(token.encode(), secret.encode())


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")  # the provider adds fields without asking


class Told(_Loose):
    """What became of one message."""

    id: str = Field(max_length=200)
    status: str = Field(max_length=20)
    biz_opaque_callback_data: str | None = Field(default=None, max_length=512)
    errors: list[dict[str, Any]] = Field(default_factory=list, max_length=20)

    @property
    def message_id(self) -> UUID | None:
        """Return our own id of the message, if the provider repeats it."""
        try:
            return UUID(self.biz_opaque_callback_data or "")
        except ValueError:
            return None


class _Value(_Loose):
    statuses: list[Told] = Field(default_factory=list, max_length=1000)


class _Change(_Loose):
    value: _Value = _Value()


class _Entry(_Loose):
    changes: list[_Change] = Field(default_factory=list, max_length=1000)


class Callback(_Loose):
    """What the provider posts to us; other kinds of news in it are left alone here."""

    entry: list[_Entry] = Field(default_factory=list, max_length=1000)

    def statuses(self) -> list[Told]:
        """Return every status in it, in order."""
        return [
            told
            for entry in self.entry
            for change in entry.changes
            for told in change.value.statuses
        ]

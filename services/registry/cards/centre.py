"""The ministry's centre: the port through which recordings leave, and its HTTP client.

Only the centre compares fingerprints with those of the whole country. What is sent has a key of
its own: a sending whose answer was lost is sent again, and the centre recognises it.
"""

from datetime import date
from typing import Protocol
from uuid import UUID

import httpx2
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from services.registry.cards.recording import TOLD_BY_CENTRE, Status

SECONDS = 10
_BUSY = {429, 502, 503}
_OF_PACKAGE = {400, 409, 410, 413, 415, 422}  # any other refusal is of us, our token or our way


class Enrolment(BaseModel):
    """What leaves for the centre: whom it is about, and where the station keeps the file."""

    model_config = ConfigDict(frozen=True)

    nik: str
    full_name: str
    birth_date: date
    reference: str
    quality: int | None
    captured_on: date


class Word(BaseModel):
    """What the centre says about one recording; `matched_nik` holds the same biometrics already."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Status
    matched_nik: str | None = None


class NotReached(Exception):  # noqa: N818 - says what is known
    """Nothing was taken, or nobody knows whether it was: sending it again is safe by its key."""


class NotAccepted(Exception):  # noqa: N818 - says what is known
    """The centre will never take this package; the person has to be recorded again."""


class Centre(Protocol):
    """What the registry asks of the ministry's centre."""

    async def enrol(self, key: UUID, enrolment: Enrolment) -> Word:
        """Hand a recording over, once however often it is sent.

        Raises:
            NotReached, NotAccepted: see there.
        """

    async def ask(self, key: UUID) -> Word | None:
        """Return what became of a recording; None when the centre does not know it.

        Raises:
            NotReached: see there.
        """


class HttpCentre:
    """The centre over HTTP, by one kept connection."""

    def __init__(self, url: str, token: SecretStr) -> None:
        self._client = httpx2.AsyncClient(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token.get_secret_value()}"},
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    async def enrol(self, key: UUID, enrolment: Enrolment) -> Word:
        """Hand a recording over, once however often it is sent.

        Raises:
            NotReached, NotAccepted: see there.
        """
        answer = await self._request(
            "PUT", f"/enrolments/{key}", enrolment.model_dump_json().encode()
        )
        if answer.status_code in _OF_PACKAGE:
            raise NotAccepted(str(answer.status_code))
        return _read(answer)

    async def ask(self, key: UUID) -> Word | None:
        """Return what became of a recording; None when the centre does not know it.

        Raises:
            NotReached: see there.
        """
        answer = await self._request("GET", f"/enrolments/{key}")
        return None if answer.status_code == 404 else _read(answer)  # noqa: PLR2004

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()

    async def _request(self, method: str, path: str, body: bytes | None = None) -> httpx2.Response:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            answer = await self._client.request(method, path, content=body, headers=headers)
        except httpx2.HTTPError as error:
            raise NotReached(type(error).__name__) from error
        if answer.status_code in _BUSY or answer.is_server_error:
            raise NotReached(str(answer.status_code))
        return answer


def _read(answer: httpx2.Response) -> Word:
    """Return the centre's word; what makes no sense is as good as no answer."""
    if not answer.is_success:
        raise NotReached(str(answer.status_code))
    try:
        word = Word.model_validate_json(answer.content)
    except ValidationError as error:
        raise NotReached("unreadable") from error
    if word.status not in TOLD_BY_CENTRE | {Status.SENT}:
        raise NotReached(f"{answer.status_code} {word.status}")
    return word

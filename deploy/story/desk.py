"""Somebody at a desk: one persona who calls the public APIs, and nothing else."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx2

from deploy.local.identity import SECRET
from deploy.local.trouble import Trouble

PURPOSE = "Kelahiran: pengurusan paket akta, KK, KIA"
WAIT_SECONDS = 45
PAUSE_SECONDS = 0.1  # between two looks at something that is under way

T = TypeVar("T")


class Unexpected(Trouble):
    """A service answered otherwise than the story needs; the message holds no personal data."""


@dataclass
class Town:
    """The addresses of a running suite, and one connection pool to all of them."""

    addresses: Mapping[str, str]
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=20))

    def __enter__(self) -> Self:
        """Keep connections open until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.client.close()

    def desk(self, persona: str, **extra: str) -> "Desk":
        """Sign in as a persona; `resident_id` and `areas` may be lent to it."""
        form = {
            "grant_type": "client_credentials",
            "client_id": persona,
            "client_secret": SECRET,
            **extra,
        }
        answer = self.client.post(f"{self.addresses['identity']}/token", data=form)
        if not answer.is_success:
            raise Unexpected(f"The identity provider refused {persona}: {answer.status_code}.")
        return Desk(self, answer.json()["access_token"])

    def open_page(self, url: str, accept: str) -> httpx2.Response:
        """Fetch what anybody may see, without a token."""
        return self.client.get(url, headers={"Accept": accept})

    def received(self, phone: str) -> list[str]:
        """Return what the WhatsApp simulator delivered to a number."""
        answer = self.client.get(f"{self.addresses['whatsapp']}/inbox", params={"to": phone})
        return [str(each["text"]) for each in answer.json()]


@dataclass(frozen=True)
class Desk:
    """One signed-in person."""

    town: Town
    token: str

    def ask(
        self,
        method: str,
        service: str,
        path: str,
        *,
        expect: tuple[int, ...] = (200, 201),
        version: int | None = None,
        **content: Any,  # noqa: ANN401 - what httpx takes: json, params, files
    ) -> httpx2.Response:
        """Call an API.

        Raises:
            Unexpected: the status is none of those expected.
        """
        headers = {"Authorization": f"Bearer {self.token}", "X-Purpose": PURPOSE}
        headers["Accept-Language"] = "en"
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        url = f"{self.town.addresses[service]}{path}"
        answer = self.town.client.request(method, url, headers=headers, **content)
        if answer.status_code not in expect:
            raise Unexpected(f"{method} {_pattern(path)}: {_why(answer)}")
        return answer

    def get(self, service: str, path: str, **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Read something."""
        return self.ask("GET", service, path, params=params).json()

    def post(self, service: str, path: str, body: object, **options: Any) -> Any:  # noqa: ANN401 - JSON
        """Make or change something."""
        return self.ask("POST", service, path, json=body, **options).json()


def _pattern(path: str) -> str:
    """Return a path without the ids in it."""
    return "/".join("{id}" if len(each) > 30 else each for each in path.split("/"))  # noqa: PLR2004


def _why(answer: httpx2.Response) -> str:
    try:
        problem = answer.json()
    except ValueError:
        return str(answer.status_code)
    rules = [f"{each.get('rule')} at {each.get('pointer')}" for each in problem.get("errors", [])]
    told = " ".join(filter(None, (str(problem.get("title", "")), ", ".join(rules))))
    return f"{answer.status_code} {told}"


def until(what: str, look: Callable[[], T | None]) -> T:
    """Look again and again until there is an answer.

    Raises:
        Unexpected: there was none in time.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Unexpected(f"{what} did not happen within {WAIT_SECONDS} s.")
        time.sleep(PAUSE_SECONDS)
    return found

"""Who is calling, and what may they do. Tokens are JWT access tokens as in RFC 9068."""

import asyncio
import json
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.request import urlopen
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, ValidationError

from shared.language import Words
from shared.problems import Problem
from shared.settings import Settings

ALGORITHMS = ["ES256", "RS256"]
LONGEST_LIFE = 15 * 60  # seconds; a token that lives longer could outlive a dismissal
LEEWAY = 30  # seconds between the issuer's clock and ours
TOKEN_BYTES = 8192
REFETCH_SECONDS = 60  # at most one look for new keys in this time, whoever asks

_AREA = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"  # province down to village
_ROLE = r"^[A-Z][A-Z_]{1,30}$"

log = logging.getLogger(__name__)


class Unauthenticated(Problem):
    """No token, or one that we do not accept; which of the two is not told."""

    status = 401
    slug = "unauthenticated"
    title = Words("Silakan masuk terlebih dahulu", "Please sign in")
    headers: ClassVar = {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    """The caller is known, and may not do this at all."""

    status = 403
    slug = "forbidden"
    title = Words("Anda tidak berwenang", "You are not allowed to do this")


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever is calling, as their token says."""

    sub: str
    roles: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    point: str | None = None  # the service point where an officer sits
    resident_id: UUID | None = None  # of a citizen who has proved who they are
    full_name: str | None = None

    def works_in(self, area: str) -> bool:
        """Tell whether an area lies within the caller's."""
        return covers(self.areas, area)


def covers(areas: Collection[str], area: str) -> bool:
    """Tell whether one of `areas` is `area` or contains it; codes nest at the dots."""
    return any(area == each or area.startswith(f"{each}.") for each in areas)


class _Claims(BaseModel):
    sub: str = Field(min_length=1, max_length=200)
    iat: int
    exp: int
    scope: str = ""
    roles: frozenset[Annotated[str, Field(pattern=_ROLE)]] = frozenset()
    areas: frozenset[Annotated[str, Field(pattern=_AREA)]] = frozenset()
    point: Annotated[str | None, Field(max_length=20)] = None
    resident_id: UUID | None = None
    name: Annotated[str | None, Field(max_length=200)] = None


class Tokens:
    """Checks tokens against the keys that the issuer publishes."""

    def __init__(self, settings: Settings) -> None:
        self._jwks_url = str(settings.jwks_url)
        self._keys = KeySet([])
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
            iat={"essential": True},
        )

    async def principal(self, text: str) -> Principal:
        """Return the bearer of a token.

        Raises:
            Unauthenticated: for whatever reason.
        """
        try:
            await self._learn_key(text)
            token = jwt.decode(text, self._keys, algorithms=ALGORITHMS)
            self._rules.validate(token.claims)
            claims = _Claims.model_validate(token.claims)
        except (JoseError, ValidationError, ValueError) as error:
            raise Unauthenticated from error
        if token.header.get("typ") != "at+jwt" or claims.exp - claims.iat > LONGEST_LIFE:
            raise Unauthenticated
        return Principal(
            sub=claims.sub,
            roles=claims.roles,
            areas=claims.areas,
            scopes=frozenset(claims.scope.split()),
            point=claims.point,
            resident_id=claims.resident_id,
            full_name=claims.name,
        )

    async def _learn_key(self, text: str) -> None:
        """Fetch the issuer's keys if the token names one we do not know."""
        if len(text) > TOKEN_BYTES:
            raise Unauthenticated
        wanted = _key_id(text)
        async with self._fetching:
            known = any(key.kid == wanted for key in self._keys.keys)
            if not known and time.monotonic() - self._fetched_at > REFETCH_SECONDS:
                await self._fetch()

    async def _fetch(self) -> None:
        try:
            self._keys = KeySet.import_key_set(await asyncio.to_thread(_read, self._jwks_url))
        except (OSError, ValueError, JoseError):
            log.exception("the issuer's keys are out of reach; keeping the old ones")
        # Not before: a caller who hangs up in the middle must not lock out everybody else.
        self._fetched_at = time.monotonic()


def _key_id(text: str) -> str:
    key_id = jws.extract_compact(text.encode()).headers().get("kid")
    if not isinstance(key_id, str):
        raise Unauthenticated
    return key_id


def _read(url: str) -> Any:  # noqa: ANN401 - checked by KeySet
    with urlopen(url, timeout=3) as answer:  # noqa: S310 - Settings allows https, http and file
        return json.load(answer)


_bearer = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="JWT",
    description="Access token (RFC 9068) of the identity provider",
    auto_error=False,
)


async def authenticate(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    """Return the caller of this request.

    Raises:
        Unauthenticated: there is no token, or not one of ours.
    """
    if credentials is None:
        raise Unauthenticated
    tokens: Tokens = request.app.state.tokens
    return await tokens.principal(credentials.credentials)


Caller = Annotated[Principal, Depends(authenticate)]


async def anyone() -> None:
    """Mark a route as open to everybody; a route without this or a caller fails a test."""


Anyone = Depends(anyone)  # `dependencies=[Anyone]`

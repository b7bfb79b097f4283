"""A stand-in for the identity provider: signs tokens for tests and the local run, never else.

`python -m deploy.local.identity token op-desa` prints a token for curl.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import uvicorn
from fastapi import FastAPI, Form, HTTPException, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from deploy.local.environment import AUDIENCE, ISSUER
from deploy.local.home import FOLDER, Home
from deploy.local.personas import Persona, personas
from deploy.local.trouble import Trouble

LIFE_SECONDS = 300
SECRET = "local"  # noqa: S105 - it protects nobody: the issuer refuses to run in production


class Issuer:
    """Signs tokens with a key of its own, and publishes the public half."""

    def __init__(self, key: ECKey | None = None, name: str = ISSUER) -> None:
        if os.environ.get("ENVIRONMENT") == "production":
            raise RuntimeError("the local issuer does not run in production")
        self.key = key or ECKey.generate_key("P-256", auto_kid=True)
        self.name = name

    def public_keys(self) -> dict[str, Any]:
        """Return the key set that checks our tokens."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def publish(self, folder: Path) -> str:
        """Write the public keys and return their URL."""
        path = (folder / "jwks.json").resolve()
        path.write_text(json.dumps(self.public_keys()))
        return path.as_uri()

    def token(
        self,
        sub: str,
        scopes: Iterable[str] = (),
        areas: Iterable[str] = (),
        roles: Iterable[str] = (),
        **changes: Any,  # noqa: ANN401 - tests forge every kind of claim
    ) -> str:
        """Sign an access token; `changes` replaces claims, None leaves one out."""
        now = int(time.time())
        claims = {
            "iss": self.name,
            "aud": AUDIENCE,
            "sub": sub,
            "iat": now,
            "exp": now + LIFE_SECONDS,
            "scope": " ".join(scopes),
            "areas": list(areas),
            "roles": list(roles),
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid}
        return jwt.encode(header, claims, self.key)


def issuer_of(home: Home, name: str) -> Issuer:
    """Return the issuer of a folder; its key is made at the first run."""
    kept = home.recall("key.json")
    if not kept:
        kept = dict(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))
        home.keep("key.json", kept)
    try:
        return Issuer(ECKey.import_key(kept), name)
    except (JoseError, ValueError, KeyError) as error:
        raise home.broken("key.json") from error


def token_for(
    issuer: Issuer,
    persona: Persona,
    resident_id: UUID | None = None,
    areas: Sequence[str] = (),
) -> str:
    """Sign a token for a persona, who may be lent a resident or other areas."""
    claims = persona.claims()
    if resident_id:
        # Two citizens are two people: what one files is not the other's.
        claims |= {"resident_id": str(resident_id), "sub": f"{persona.id}:{resident_id}"}
        claims.pop("name", None)
    if areas:
        claims["areas"] = list(areas)
    return issuer.token(str(claims.pop("sub")), **claims)


def create_app(issuer: Issuer) -> FastAPI:
    """Build the issuer's app: client credentials for each persona, keys, metadata."""
    app = FastAPI(title="Balai local identity provider", docs_url=None, redoc_url=None)
    known = personas()

    @app.post("/token")
    async def token(
        response: Response,
        grant_type: Annotated[str, Form()],
        client_id: Annotated[str, Form()],
        client_secret: Annotated[str, Form()],
        resident_id: Annotated[UUID | None, Form()] = None,
        areas: Annotated[str, Form(max_length=200, pattern=r"^[0-9. ]*$")] = "",
    ) -> dict[str, str | int]:
        response.headers["Cache-Control"] = "no-store"
        if grant_type != "client_credentials":
            raise HTTPException(400, "unsupported_grant_type")
        if client_id not in known or client_secret != SECRET:
            raise HTTPException(401, "invalid_client")
        text = token_for(issuer, known[client_id], resident_id, areas.split())
        return {"access_token": text, "token_type": "Bearer", "expires_in": LIFE_SECONDS}

    @app.get("/jwks")
    async def jwks() -> dict[str, object]:
        return issuer.public_keys()

    @app.get("/.well-known/oauth-authorization-server")
    async def metadata() -> dict[str, object]:
        return {
            "issuer": issuer.name,
            "token_endpoint": f"{issuer.name}/token",
            "jwks_uri": f"{issuer.name}/jwks",
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    @app.get("/personas")
    async def list_personas() -> dict[str, object]:
        return {
            "secret": SECRET,
            "personas": [{"client_id": each.id, **each.claims()} for each in known.values()],
        }

    return app


def _serve(home: Home, port: int) -> None:
    issuer = issuer_of(home, f"http://127.0.0.1:{port}")
    uvicorn.run(create_app(issuer), host="127.0.0.1", port=port, log_level="warning")


def _print_token(home: Home, name: str, resident_id: UUID | None, areas: Sequence[str]) -> None:
    known = personas()
    if name not in known:
        raise Trouble(f"There is no persona {name}; there are: {', '.join(sorted(known))}.")
    address = home.addresses().get("identity")
    if address is None:
        raise Trouble("Nothing has run here yet: start it with `make run` first.")
    print(token_for(issuer_of(home, address), known[name], resident_id, areas))


def main(arguments: Sequence[str]) -> None:
    """Serve tokens, or print one."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.identity")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the issuer")
    serve.add_argument("--port", type=int, required=True)
    one = commands.add_parser("token", help="print a token")
    one.add_argument("persona")
    one.add_argument("--resident-id", type=UUID)
    one.add_argument("--area", action="append", default=[])
    asked = parser.parse_args(arguments)
    if os.environ.get("ENVIRONMENT") == "production":
        sys.exit("The local identity provider does not run in production.")
    try:
        if asked.command == "serve":
            _serve(Home(asked.folder), asked.port)
        else:
            _print_token(Home(asked.folder), asked.persona, asked.resident_id, asked.area)
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main(sys.argv[1:])

"""A stand-in for the identity provider: signs tokens for tests and the local run, never else."""

import argparse
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "urn:balai:local"
AUDIENCE = "balai"
LIFE_SECONDS = 300


class Issuer:
    """Signs tokens with a key of its own, and publishes the public half."""

    def __init__(self, key: ECKey | None = None) -> None:
        if os.environ.get("ENVIRONMENT") == "production":
            raise RuntimeError("the local issuer does not run in production")
        self.key = key or ECKey.generate_key("P-256", auto_kid=True)

    def publish(self, folder: Path) -> str:
        """Write the public keys and return their URL."""
        path = (folder / "jwks.json").resolve()
        path.write_text(json.dumps(KeySet([self.key]).as_dict(private=False)))
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
            "iss": ISSUER,
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


def main() -> None:
    """Print a token: `python -m deploy.identity var/key.json siti --scope cases:submit`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("key", type=Path)
    parser.add_argument("sub")
    parser.add_argument("--scope", action="append", default=[])
    parser.add_argument("--area", action="append", default=[])
    asked = parser.parse_args()
    issuer = Issuer(ECKey.import_key(json.loads(asked.key.read_text())))
    print(issuer.token(asked.sub, asked.scope, asked.area))  # noqa: T201 - the output


if __name__ == "__main__":
    main()

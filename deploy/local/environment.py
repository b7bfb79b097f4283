"""The variables that tell a service where everything is; shared by the local run and the tests."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

ISSUER = "urn:balai:local"  # of tests; a running issuer is named by its address
AUDIENCE = "balai"
SERVICES = ("registry", "requests", "notify")


def random_key() -> str:
    """Return a fresh 256-bit key in base64."""
    return base64.b64encode(os.urandom(32)).decode()


@dataclass(frozen=True)
class Place:
    """One running suite: its database server, broker and keys."""

    database_url: str  # with {} for the database
    rabbitmq_url: str  # with {} for the service's name and password, where each has its own
    jwks_url: str
    folder: Path = Path("var")  # holds files and the authority that seals documents
    public_url: str = "http://127.0.0.1:1"
    whatsapp_url: str = "http://127.0.0.1:1"
    centre_url: str = "http://127.0.0.1:1"
    signer_url: str = ""  # of a signing service; without one the key file seals
    sealing_keys: str = field(default_factory=lambda: f"1:{random_key()}")
    index_key: str = field(default_factory=random_key)
    issuer: str = ISSUER
    passwords: Mapping[str, str] = field(default_factory=dict)  # of the broker's users

    def values(self, service: str, database: str | None = None) -> dict[str, str]:
        """Return the settings of one service."""
        return {
            "database_url": self.database_url.format(database or service),
            "rabbitmq_url": self._broker_of(service),
            "issuer": self.issuer,
            "audience": AUDIENCE,
            "jwks_url": self.jwks_url,
            "sealing_keys": self.sealing_keys,
            "index_key": self.index_key,
        } | self._own_values()[service]

    def _broker_of(self, service: str) -> str:
        password = quote(self.passwords.get(service, ""), safe="")
        return self.rabbitmq_url.format(f"{service}:{password}")

    def _own_values(self) -> dict[str, dict[str, str]]:
        authority = self.folder / "authority"
        return {
            "registry": {
                "files_url": (self.folder / "files" / "registry").absolute().as_uri(),
                "public_url": self.public_url,
                "signer_certificate": str(authority / "seal.pem"),
                "signer_chain": str(authority / "root.pem"),
                **self._signer(authority),
                "centre_url": self.centre_url,
                "centre_token": "local",
            },
            "requests": {"files_url": (self.folder / "files" / "requests").absolute().as_uri()},
            "notify": {
                "whatsapp_url": self.whatsapp_url,
                "whatsapp_token": "local",
                "whatsapp_sender": "628000000000",
                "whatsapp_secret": "local",
                "public_url": self.public_url,
            },
        }

    def _signer(self, authority: Path) -> dict[str, str]:
        if not self.signer_url:
            return {"signer_key": str(authority / "seal.key.pem")}
        return {
            "signer_url": self.signer_url,
            "signer_user": "dispendukcapil",
            "signer_password": "local",
            "signer_nik": "3510050101709001",
            "signer_passphrase": "local",
        }

    def variables(self, service: str, database: str | None = None) -> dict[str, str]:
        """Return the settings of one service as environment variables."""
        values = self.values(service, database)
        return {f"balai_{service}_{name}".upper(): value for name, value in values.items()}

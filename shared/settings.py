"""Settings come from the environment, once, and never change."""

import os
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AmqpDsn, AnyUrl, BaseModel, PostgresDsn, SecretStr, UrlConstraints

JwksUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["https", "http", "file"])]


class Settings(BaseModel, frozen=True, extra="forbid", hide_input_in_errors=True):
    """What every service must be told. A service adds its own fields by subclassing."""

    database_url: PostgresDsn
    rabbitmq_url: AmqpDsn
    issuer: str
    audience: str
    jwks_url: JwksUrl
    sealing_keys: SecretStr  # "2026a:base64,2025b:base64"; the first seals, all of them open
    index_key: SecretStr  # base64; changing it means recomputing every blind index
    metrics_port: int = 0  # of the worker; 0 serves no metrics

    @classmethod
    def from_env(cls, service: str, env: Mapping[str, str] = os.environ) -> Self:
        """Read fields from variables such as BALAI_REGISTRY_DATABASE_URL.

        Raises:
            pydantic.ValidationError: a variable is missing, malformed or unknown.
        """
        # Without BALAI_ a stranger's REQUESTS_CA_BUNDLE would count as a setting of ours.
        prefix = f"BALAI_{service.upper()}_"
        names = (name for name in env if name.startswith(prefix))
        return cls.model_validate({name.removeprefix(prefix).lower(): env[name] for name in names})

"""What the registry must be told beside what every service is told."""

from pathlib import Path

from pydantic import HttpUrl, SecretStr

from shared.settings import Settings as Shared


class Settings(Shared, frozen=True):
    """Where documents are kept and sealed, where anybody verifies them, and the ministry's centre."""

    files_url: str  # file:///folder or s3://bucket
    public_url: HttpUrl  # of this service as the QR code names it
    signer_key: Path  # PEM; a test authority's locally, BSrE's behind the signer port later
    signer_certificate: Path
    signer_chain: Path
    centre_url: HttpUrl  # of the ministry's centre, which judges recordings
    centre_token: SecretStr

"""What the registry must be told beside what every service is told."""

from pathlib import Path

from pydantic import HttpUrl

from shared.settings import Settings as Shared


class Settings(Shared, frozen=True):
    """Where documents are kept, who seals them, and under which address anybody can verify them."""

    files_url: str  # file:///folder or s3://bucket
    public_url: HttpUrl  # of this service as the QR code names it
    signer_key: Path  # PEM; a test authority's locally, BSrE's behind the signer port later
    signer_certificate: Path
    signer_chain: Path

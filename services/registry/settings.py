"""What the registry must be told beside what every service is told."""

from pathlib import Path

from pydantic import HttpUrl, SecretStr

from shared.settings import Settings as Shared


class Settings(Shared, frozen=True):
    """Where documents are kept and sealed, where anybody verifies them, and the ministry's centre."""

    files_url: str  # file:///folder or s3://bucket
    public_url: HttpUrl  # of this service as the QR code names it
    signer_certificate: Path  # PEM; of whose seal it is, wherever the key lies
    signer_chain: Path
    signer_key: Path | None = None  # PEM; None when a service keeps the key
    signer_url: HttpUrl | None = None  # of the signing service (BSrE); None: the key file seals
    signer_user: str = ""  # of the office at that service
    signer_password: SecretStr = SecretStr("")
    signer_nik: SecretStr = SecretStr("")  # of the officer whose seal it is
    signer_passphrase: SecretStr = SecretStr("")
    centre_url: HttpUrl  # of the ministry's centre, which judges recordings
    centre_token: SecretStr

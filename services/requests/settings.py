"""What the requests service must be told beside what every service is told."""

from shared.settings import Settings as Shared


class Settings(Shared, frozen=True):
    """Where attachments are kept; they are sealed before they get there."""

    files_url: str  # file:///folder or s3://bucket

"""Papers that belong to a case: what they are; the content itself is a sealed file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, String, func, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.requests.base import Base

STANDING = text("withdrawn_at is null")


class Attachment(Base):
    """One paper, as it was kept. The name of the file that was sent is kept nowhere."""

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case_id: Mapped[UUID]  # of the slice above; a case is never deleted while it has papers
    code: Mapped[str] = mapped_column(String(32))  # attachments.yaml
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]  # bytes, of what is kept
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the content before it is sealed
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    kept_by: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        # The same picture sent five times is one paper; it decides the race of two uploads, too.
        Index(
            "attachments_once",
            "case_id",
            "code",
            "sha256",
            unique=True,
            postgresql_where=STANDING,
        ),
        CheckConstraint("size > 0", name="attachments_not_empty"),
        CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null)", name="attachments_withdrawn_by"
        ),
    )

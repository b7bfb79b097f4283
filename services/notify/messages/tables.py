"""Messages: one row per event and recipient, from queued to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.notify.base import Base


class Message(Base):
    """Something a citizen is told; what it says is ciphertext."""

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    case_id: Mapped[UUID]
    event: Mapped[str] = mapped_column(String(60))
    event_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    channel: Mapped[str] = mapped_column(String(10))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"))
    recipient: Mapped[bytes]  # blind index of the address, or of the name where there is none
    resident_id: Mapped[UUID | None]
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    template: Mapped[str] = mapped_column(String(40))
    template_version: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(2))
    values: Mapped[str]  # sealed JSON of the template's values, to messages/<id>
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(40))  # no consent, or the provider's number
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    provider_id: Mapped[str | None] = mapped_column(String(200))
    released_by: Mapped[str | None] = mapped_column(String(300))  # who let it go at night, and why
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )

    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        # An event of a case that happens twice (returned again) differs in its time.
        UniqueConstraint("case_id", "event", "event_at", "recipient", name="told_once"),
        Index("ix_messages_due", "due_at", postgresql_where=text("state in ('QUEUED', 'SENDING')")),
        Index("ix_messages_on_the_way", "contact_id", postgresql_where=text("state = 'SENDING'")),
        Index("ix_messages_provider", "provider_id", unique=True),
        Index("ix_messages_resident", "resident_id", "id"),
        Index("ix_messages_village", "village_code", "id"),
    )

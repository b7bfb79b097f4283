"""Documents: what is printed or sent as a PDF, its seal, and what became of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Document(Base):
    """One print of one thing: copy 2 of a family card is another document than copy 1."""

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(16))  # jenis_dokumen.csv
    # The family, certificate or card it is a print of; with kind it names a series of copies.
    about_id: Mapped[UUID]
    resident_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))  # whom it names
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    case_id: Mapped[UUID | None]
    copy_number: Mapped[int] = mapped_column(SmallInteger)
    token: Mapped[str] = mapped_column(CHAR(22))  # 128 random bits in base64url, in the QR code
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what the template prints
    status: Mapped[str] = mapped_column(String(8), server_default="QUEUED")  # rules.Standing
    reason: Mapped[str | None] = mapped_column(String(16))  # of a further copy: rules.CopyReason
    ordered_by: Mapped[str | None] = mapped_column(String(200))  # who wanted the further copy
    path: Mapped[str | None] = mapped_column(String(200))
    sha256: Mapped[str | None] = mapped_column(CHAR(64))
    bytes: Mapped[int | None]
    ended_on: Mapped[date | None]  # when it was replaced or revoked
    ended_by: Mapped[UUID | None]  # the document that replaced it
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    last_error: Mapped[str | None] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    issued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("token"),
        UniqueConstraint("kind", "about_id", "copy_number"),
        # A print that ends before it is sealed is sealed all the same: a case waits for it.
        Index("ix_documents_unsealed", "due_at", postgresql_where=text("issued_at is null")),
        Index("ix_documents_residents", "resident_ids", postgresql_using="gin"),
    )


class DocumentLink(Base):
    """A way to fetch one print without logging in: whoever has the address and the PIN."""

    __tablename__ = "document_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # of 128 random bits
    pin_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # keyed: six digits are soon guessed
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # since the last right
    downloads: Mapped[int] = mapped_column(server_default="0")
    last_download_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # by a newer link
    made_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(
            "uq_document_links_open",
            "document_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        CheckConstraint("attempts >= 0", name="counts_attempts"),
    )


class SignerOutage(Base):
    """A time in which nobody can seal, as an operator declared it; at most one is open."""

    __tablename__ = "signer_outages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    reason: Mapped[str] = mapped_column(String(500))
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    declared_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        Index(
            "uq_signer_outages_open",
            text("(ended_at is null)"),
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ends_by_somebody"),
        CheckConstraint("ended_at >= declared_at", name="ends_after_it_began"),
    )

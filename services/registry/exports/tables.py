"""Files of residents that somebody ordered, and for how long they are there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Index, Integer, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Export(Base):
    """One file; who ordered it, as what and why, stays on record when the file is gone."""

    __tablename__ = "exports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    state: Mapped[str] = mapped_column(String(8))  # schemas.State
    area: Mapped[str] = mapped_column(String(13, collation="C"))
    format: Mapped[str] = mapped_column(String(4))  # XLSX or CSV
    whole: Mapped[bool]  # the whole record, not only what identifies
    numbers: Mapped[bool]  # NIK and KK number in full
    ordered_by: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String))
    areas: Mapped[list[str]] = mapped_column(ARRAY(String))
    purpose: Mapped[str] = mapped_column(String(60))
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ready_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    path: Mapped[str | None] = mapped_column(String(120))
    rows: Mapped[int] = mapped_column(Integer, server_default="0")
    total: Mapped[int] = mapped_column(Integer, server_default="0")
    downloads: Mapped[int] = mapped_column(Integer, server_default="0")
    leased_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")

    __table_args__ = (
        Index("ix_exports_orderer", "ordered_by", "id"),
        Index("ix_exports_work", "leased_until", postgresql_where=text("state = 'ORDERED'")),
        Index("ix_exports_expiry", "expires_at", postgresql_where=text("state = 'READY'")),
    )

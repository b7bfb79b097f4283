"""Cards that people hold: KIA now, KTP-el beside it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CHAR, DateTime, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Card(Base):
    """One card; of each kind a person holds at most one that is in force."""

    __tablename__ = "cards"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[str] = mapped_column(String(6))  # KIA, KTP_EL
    variant: Mapped[str | None] = mapped_column(CHAR(1))  # KIA: A under 5, B from 5
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]  # the last valid day; None for life
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (
        Index(
            "one_card_in_force",
            "resident_id",
            "kind",
            unique=True,
            postgresql_where=text("revoked_on is null"),
        ),
    )

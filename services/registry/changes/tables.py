"""Changes: what was asked of the registry, what it answered, who signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CHAR, DateTime, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.base import Base


class Change(Base):
    """The one change that a case (or an import batch) makes; applied at most once."""

    __tablename__ = "changes"

    source_id: Mapped[UUID] = mapped_column(primary_key=True)  # the case behind it
    status: Mapped[str] = mapped_column(String(8))  # APPLIED or REFUSED
    kinds: Mapped[list[str]] = mapped_column(JSONB)
    digest: Mapped[str] = mapped_column(CHAR(64))  # of the plan below
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)  # a contract Plan
    rules: Mapped[list[str]] = mapped_column(JSONB)  # why it was refused
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # to expect, as announced
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    resident_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))  # whom it names or made
    actor: Mapped[str] = mapped_column(String(200))
    # With the case it names one request: only a new signature may reopen a refusal.
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

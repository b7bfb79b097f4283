"""Pairs of records that may be of one person, and what people decided about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Suspicion(Base):
    """Two residents who may be one; the lower id stands first, so that a pair is there once."""

    __tablename__ = "duplicate_suspicions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    # Where each of them lives, for whoever works there.
    first_village: Mapped[str | None] = mapped_column(String(13, collation="C"))
    second_village: Mapped[str | None] = mapped_column(String(13, collation="C"))
    score: Mapped[float] = mapped_column(Float)  # 0 to 1
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))  # rules.alike.Reason
    state: Mapped[str] = mapped_column(String(8), server_default="OPEN")  # or the verdict
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        Index("ix_duplicate_suspicions_first", "state", "first_village", "score", "id"),
        Index("ix_duplicate_suspicions_second", "state", "second_village", "score", "id"),
        Index("ix_duplicate_suspicions_second_id", "second_id"),
    )


class DuplicateVerdict(Base):
    """What somebody decided about a pair; a later decision stands beside it, and counts."""

    __tablename__ = "duplicate_verdicts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    first_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    verdict: Mapped[str] = mapped_column(String(8))  # SAME or NOT_SAME
    reason: Mapped[str] = mapped_column(String(250))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    source_id: Mapped[UUID | None]  # the case or import batch in which it was decided

    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("verdict in ('SAME', 'NOT_SAME')", name="verdict"),
        Index("ix_duplicate_verdicts_pair", "first_id", "second_id", "decided_at"),
        Index("ix_duplicate_verdicts_second", "second_id"),
    )


class Inspection(Base):
    """On which legal day the people of a village were last compared with everybody."""

    __tablename__ = "duplicate_inspections"

    village_code: Mapped[str] = mapped_column(String(13, collation="C"), primary_key=True)
    inspected_on: Mapped[date]
    found: Mapped[int | None]  # None: it could not be inspected that day

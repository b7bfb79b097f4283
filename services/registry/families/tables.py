"""Families (KK), who belongs to them and since when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CHAR,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Family(Base):
    """A family card's family. Its number belongs to its head (UU 23/2006 art 61(3))."""

    __tablename__ = "families"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kk_number: Mapped[str] = mapped_column(CHAR(16))
    kind: Mapped[str] = mapped_column(String(11), server_default="ORDINARY")  # or INSTITUTION
    head_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    address: Mapped[str] = mapped_column(String(250))
    hamlet: Mapped[str | None] = mapped_column(String(100))  # dusun
    rt: Mapped[str] = mapped_column(CHAR(3))
    rw: Mapped[str] = mapped_column(CHAR(3))
    postal_code: Mapped[str | None] = mapped_column(CHAR(5))
    village_code: Mapped[str] = mapped_column(String(13, collation="C"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None] = mapped_column(String(20))

    version: Mapped[int] = mapped_column()
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.now(),
        onupdate=text("greatest(now(), families.recorded_at)"),
    )

    __mapper_args__ = {"version_id_col": version, "eager_defaults": True}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        UniqueConstraint("kk_number"),
        CheckConstraint("kk_number ~ '^[0-9]{16}$'", name="kk_number_format"),
        Index("ix_families_village", "village_code", "kk_number"),
        Index("ix_families_head", "head_id"),
    )


class Membership(Base):
    """A person's time in a family; the periods of one person never overlap."""

    __tablename__ = "memberships"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    relationship: Mapped[int] = mapped_column(SmallInteger)  # SHDK
    position: Mapped[int] = mapped_column(SmallInteger)  # the line on the card
    period: Mapped[Range[date]] = mapped_column(DATERANGE)  # open while the person belongs

    __table_args__ = (
        ExcludeConstraint(
            ("resident_id", "="), ("period", "&&"), name="one_family_at_a_time", using="gist"
        ),
        Index(
            "one_head_per_family",
            "family_id",
            unique=True,
            postgresql_where=text("relationship = 1 and upper_inf(period)"),
        ),
        CheckConstraint("relationship between 1 and 11", name="relationship"),
        Index("ix_memberships_family", "family_id", postgresql_where=text("upper_inf(period)")),
    )


class FamilyVersion(Base):
    """What was recorded about a family, members included, when and because of what."""

    __tablename__ = "family_versions"

    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    cause: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # its columns and its members
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")  # as for people


class KkCounter(Base):
    """The last serial of KK numbers given per twelve digits."""

    __tablename__ = "kk_counters"

    prefix: Mapped[str] = mapped_column(CHAR(12), primary_key=True)
    last: Mapped[int] = mapped_column(SmallInteger)

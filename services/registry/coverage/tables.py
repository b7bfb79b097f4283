"""Coverage: counts per neighbourhood, what must be counted anew, and the targets."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CHAR, BigInteger, DateTime, Identity, Index, Numeric, String, func
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.base import Base


class Cell(Base):
    """The counts of one RT; "000" is where the card does not name one."""

    __tablename__ = "coverage_cells"

    village_code: Mapped[str] = mapped_column(String(13, collation="C"), primary_key=True)
    rw: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    rt: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(10), primary_key=True)
    num: Mapped[int]
    den: Mapped[int]


class VillageTotal(Base):
    """The sum of a village's cells, written by the statement that writes the cells."""

    __tablename__ = "coverage_villages"

    village_code: Mapped[str] = mapped_column(String(13, collation="C"), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(10), primary_key=True)
    num: Mapped[int]
    den: Mapped[int]
    as_of: Mapped[date]  # the legal day for which ages and expiries were counted
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Mark(Base):
    """A village in which somebody changed.

    Every transaction adds marks of its own: a mark shared by two would be removed for the first
    of them before the second commits, and what the second changed would never be counted.
    """

    __tablename__ = "coverage_marks"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13, collation="C"))

    __table_args__ = (Index("ix_coverage_marks_village", "village_code"),)


class Target(Base):
    """What share is wanted; a new decision is a new version, and the old ones stay."""

    __tablename__ = "coverage_targets"

    indicator: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

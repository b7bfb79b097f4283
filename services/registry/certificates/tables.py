"""Civil registers: what was certified, under which number."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Certificate(Base):
    """An entry of a civil register; its number is unique per regency, letters and day."""

    __tablename__ = "certificates"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(16))  # jenis_akta.csv
    regency: Mapped[str] = mapped_column(CHAR(4))
    letters: Mapped[str] = mapped_column(String(2))  # LU in time, LT late ...
    registered_on: Mapped[date]
    serial: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[str] = mapped_column(String(60))  # 3510-LU-24112026-0001
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    event_date: Mapped[date]
    reported_on: Mapped[date]
    days_late: Mapped[int] = mapped_column(server_default="0")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the register's own words
    status: Mapped[str] = mapped_column(String(9), server_default="VALID")  # or CANCELLED
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        UniqueConstraint("regency", "letters", "registered_on", "serial"),
        UniqueConstraint("number"),
        Index("ix_certificates_subject", "subject_id"),
    )


class CertificateCounter(Base):
    """The last serial given per regency, letters and day."""

    __tablename__ = "certificate_counters"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)  # 3510-LU-24112026
    last: Mapped[int] = mapped_column(SmallInteger)

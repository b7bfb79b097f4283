"""Civil registers: what was certified, under which number."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
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
    # None when a death is registered of somebody who never had a NIK.
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    # The other of a couple, whose certificate it is as much; the wife, beside her husband.
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
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
        Index("ix_certificates_partner", "partner_id", postgresql_where="partner_id is not null"),
        Index(
            "ix_certificates_deaths",  # of people who are still active, as an anomaly
            "subject_id",
            postgresql_where="kind = 'KEMATIAN' and status = 'VALID'",
        ),
        CheckConstraint("status in ('VALID', 'CANCELLED')", name="status"),
        CheckConstraint("subject_id is not null or kind = 'KEMATIAN'", name="has_a_subject"),
    )


class CertificatePast(Base):
    """An entry as it was until it was changed; the database itself keeps it, once and for ever."""

    __tablename__ = "certificate_pasts"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # as of its note
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # every column


class CertificateNote(Base):
    """What was written in the margin of an entry (catatan pinggir); a note is never taken away."""

    __tablename__ = "certificate_notes"

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(SmallInteger, primary_key=True)  # from 1, per entry
    id: Mapped[UUID] = mapped_column(default=uuid7)
    kind: Mapped[str] = mapped_column(String(16))  # rules.NoteKind
    noted_on: Mapped[date]
    text_id: Mapped[str] = mapped_column(String(1000))  # as the paper says it
    text_en: Mapped[str] = mapped_column(String(1000))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (UniqueConstraint("id"),)


class Stillbirth(Base):
    """A child born dead: a letter, never a person and never counted (UU 23/2006 art 33)."""

    __tablename__ = "stillbirths"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    number: Mapped[str] = mapped_column(String(60), unique=True)  # SKLM/3510/24112026/0001
    registered_on: Mapped[date]
    mother_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    father_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    happened_on: Mapped[date]
    reported_on: Mapped[date]
    days_late: Mapped[int]
    village_code: Mapped[str] = mapped_column(String(13, collation="C"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the report
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


class CertificateCounter(Base):
    """The last serial given per regency, letters and day."""

    __tablename__ = "certificate_counters"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)  # 3510-LU-24112026
    last: Mapped[int] = mapped_column(SmallInteger)

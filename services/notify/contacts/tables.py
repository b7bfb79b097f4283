"""Addresses of citizens and what they agreed to; the address itself is ciphertext."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.notify.base import Base


class Contact(Base):
    """One address on one channel. A family may share it, so consent belongs to the address."""

    __tablename__ = "contacts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    channel: Mapped[str] = mapped_column(String(10))  # WHATSAPP
    address: Mapped[str]  # sealed to contacts/<id>
    address_index: Mapped[bytes]  # blind index: finds, reveals nothing
    resident_id: Mapped[UUID | None]
    language: Mapped[str] = mapped_column(String(2), server_default="id")
    consented: Mapped[bool]
    version: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), onupdate=func.now()
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        UniqueConstraint("channel", "address_index"),
        Index("ix_contacts_resident", "resident_id"),
    )


class Departed(Base):
    """Somebody recorded as dead: nothing is ever sent to them (suppression list)."""

    __tablename__ = "departed"

    resident_id: Mapped[UUID] = mapped_column(primary_key=True)
    died_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Consent(Base):
    """Each time somebody agreed or withdrew; never changed, for it proves what we were told."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"), index=True)
    granted: Mapped[bool]
    source: Mapped[str] = mapped_column(String(40))  # the case number, or who said so
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

"""Cards that people hold, recordings for the KTP-el, what is printed where, and digital IDs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
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


class Recording(Base):
    """One attempt to record somebody; no biometrics, only where the station keeps its file."""

    __tablename__ = "recordings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)  # the key at the centre
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    visitor: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True)
    )  # of another regency
    attempt: Mapped[int] = mapped_column(SmallInteger, server_default="1")  # 1 is the first
    status: Mapped[str] = mapped_column(String(28))  # recording.Status
    wants_card: Mapped[bool] = mapped_column(Boolean, server_default=false())  # when it is ready
    print_at: Mapped[str | None] = mapped_column(String(20))  # the service point that prints it
    card_until: Mapped[date | None]  # the last valid day of a foreigner's card
    reference: Mapped[str] = mapped_column(String(100))
    quality: Mapped[int | None] = mapped_column(SmallInteger)  # 0 to 100, as the station says
    captured_on: Mapped[date]
    case_id: Mapped[UUID | None]
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    matched_nik: Mapped[str | None] = mapped_column(CHAR(16))  # has the same biometrics already
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # since the last answer
    last_error: Mapped[str | None] = mapped_column(String(200))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # to send or to ask
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (
        UniqueConstraint("resident_id", "attempt"),
        CheckConstraint("(resident_id is null) <> (visitor is null)", name="ck_recordings_of_whom"),
        Index(
            "one_recording_under_way",
            "resident_id",
            unique=True,
            postgresql_where=text(
                "status = 'BIO_CAPTURED' or status = 'PROCESSING'"
                " or status = 'SENT_FOR_ENROLLMENT' or status = 'RECEIVED_AT_CENTRAL'"
                " or status = 'ADJUDICATE_IN_PROCESS'"
            ),
        ),
        Index("ix_recordings_due", "due_at", postgresql_where=text("due_at is not null")),
        Index(
            "ix_recordings_wanting_card",
            "resident_id",
            postgresql_where=text("wants_card and status = 'PRINT_READY_RECORD'"),
        ),
        Index("ix_recordings_case", "case_id", postgresql_where=text("case_id is not null")),
    )


class RecordingStep(Base):
    """What became of an attempt, word by word; never changed, never deleted."""

    __tablename__ = "recording_steps"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), index=True)
    status: Mapped[str] = mapped_column(String(28))
    actor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CardPrint(Base):
    """A card that a site has to print, from the order to the hand-over."""

    __tablename__ = "card_prints"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("cards.id"))  # None for a visitor
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[str] = mapped_column(String(6))
    holder_name: Mapped[str] = mapped_column(String(100))
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    point_id: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(11))  # printing.PrintState
    shipped_to: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[UUID]
    queued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
    __table_args__ = (
        Index(
            "one_print_of_a_card",
            "card_id",
            unique=True,
            postgresql_where=text("state <> 'CANCELLED'"),
        ),
        Index(
            "ix_card_prints_waiting",
            "point_id",
            "kind",
            "state",
            "id",
            postgresql_where=text("state <> 'HANDED_OVER' and state <> 'CANCELLED'"),
        ),
        Index("ix_card_prints_resident", "resident_id"),
        Index("ix_card_prints_case", "case_id", postgresql_where=text("case_id is not null")),
    )


class BlankStock(Base):
    """How many blanks a site has; a site that never counted any is not held up by them."""

    __tablename__ = "blank_stocks"

    point_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(6), primary_key=True)
    balance: Mapped[int]

    __table_args__ = (CheckConstraint("balance >= 0", name="ck_blank_stocks_balance"),)


class BlankMovement(Base):
    """Blanks that came, were printed on or were spoiled; never changed, never deleted."""

    __tablename__ = "blank_movements"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    point_id: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(6))
    change: Mapped[int]  # of the balance
    why: Mapped[str] = mapped_column(String(8))  # RECEIVED, USED, SPOILED
    print_id: Mapped[UUID | None] = mapped_column(ForeignKey("card_prints.id"))
    actor: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (Index("ix_blank_movements_point", "point_id", "id"),)


class DigitalId(Base):
    """The digital form of a KTP-el (IKD) on one device; at most one is in force."""

    __tablename__ = "digital_ids"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    device: Mapped[str] = mapped_column(String(100))  # as the app names it
    activated_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (
        Index(
            "one_digital_id_in_force",
            "resident_id",
            unique=True,
            postgresql_where=text("ended_on is null"),
        ),
    )

"""Letters of moves and their people, permits of foreigners, other letters, temporary stays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base

_AREA = String(13, collation="C")


class Move(Base):
    """One letter: of ours for who leaves, of another regency for who arrives. Never deleted."""

    __tablename__ = "moves"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    direction: Mapped[str] = mapped_column(String(11))  # rules.Direction
    status: Mapped[str] = mapped_column(String(10))  # rules.Status
    number: Mapped[str | None] = mapped_column(String(60))  # None: came from abroad without any
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]  # the last valid day
    people: Mapped[int] = mapped_column(SmallInteger)  # whom it names, also those still to come
    reason: Mapped[int | None] = mapped_column(SmallInteger)  # alasan_pindah.csv
    village_code: Mapped[str] = mapped_column(_AREA)  # here: where they lived, or live now
    elsewhere_code: Mapped[str | None] = mapped_column(_AREA)  # the district there
    country: Mapped[str | None] = mapped_column(String(100))
    family_id: Mapped[UUID | None] = mapped_column(ForeignKey("families.id"))  # that they left
    stayers_family_id: Mapped[UUID | None] = mapped_column(ForeignKey("families.id"))
    # The form's own words: addresses, codes, the lines of the family as it was.
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    closed_on: Mapped[date | None]
    case_id: Mapped[UUID]  # that opened it
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
    __table_args__ = (
        Index(
            "uq_moves_number",
            "number",
            unique=True,
            postgresql_where=text("number is not null"),
        ),
        Index(
            "ix_moves_running_out",
            "valid_until",
            postgresql_where=text("status = 'IN_TRANSIT' and valid_until is not null"),
        ),
        Index("ix_moves_village", "village_code", "id"),
        Index("ix_moves_case", "case_id"),
        CheckConstraint("people between 1 and 1000", name="ck_moves_people"),
    )


class Arrival(Base):
    """Some people of a letter came here on one day, into one family."""

    __tablename__ = "arrivals"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    move_id: Mapped[UUID] = mapped_column(ForeignKey("moves.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(60), unique=True)  # of SKDWNI or SKDLN
    arrived_on: Mapped[date]
    family_id: Mapped[UUID] = mapped_column(ForeignKey("families.id"))
    case_id: Mapped[UUID]


class Mover(Base):
    """One of the people of a letter; nobody is on the way with two letters at once."""

    __tablename__ = "movers"

    move_id: Mapped[UUID] = mapped_column(ForeignKey("moves.id"), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    relationship: Mapped[int | None] = mapped_column(SmallInteger)  # in the family left or joined
    status: Mapped[str] = mapped_column(String(10))  # rules.Travel
    arrival_id: Mapped[UUID | None] = mapped_column(ForeignKey("arrivals.id"))
    closed_on: Mapped[date | None]

    __table_args__ = (
        Index(
            "one_move_at_a_time",
            "resident_id",
            unique=True,
            postgresql_where=text("status = 'IN_TRANSIT'"),
        ),
        Index("ix_movers_resident", "resident_id"),
    )


class LetterCounter(Base):
    """The last serial given per kind of letter, office and day."""

    __tablename__ = "letter_counters"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Permit(Base):
    """A foreigner's permit to stay; of one person at most one is in force."""

    __tablename__ = "permits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[str] = mapped_column(CHAR(4))  # ITAS or ITAP
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    nationality: Mapped[str] = mapped_column(String(100))
    passport_number: Mapped[str] = mapped_column(String(60))
    passport_until: Mapped[date | None]
    sponsor_name: Mapped[str | None] = mapped_column(String(100))
    home: Mapped[dict[str, Any]] = mapped_column(JSONB)  # where an ITAS holder lives
    ended_on: Mapped[date | None]
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (
        Index(
            "one_permit_in_force",
            "resident_id",
            unique=True,
            postgresql_where=text("ended_on is null"),
        ),
        CheckConstraint("kind in ('ITAS', 'ITAP')", name="ck_permits_kind"),
    )


class Letter(Base):
    """A letter about one person: SKTT of a foreigner, or one for a vulnerable resident."""

    __tablename__ = "letters"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(String(5))  # SKTT, SKPTI, SKPS, SKOT, SKTK
    number: Mapped[str] = mapped_column(String(60), unique=True)
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"), index=True)
    permit_id: Mapped[UUID | None] = mapped_column(ForeignKey("permits.id"))
    village_code: Mapped[str] = mapped_column(_AREA)
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # what was told of the person
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))


class TemporaryStay(Base):
    """Somebody who lives here for a while and belongs elsewhere: Permendagri 74/2022."""

    __tablename__ = "temporary_stays"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    nik: Mapped[str] = mapped_column(CHAR(16))
    full_name: Mapped[str] = mapped_column(String(100))
    sex: Mapped[str] = mapped_column(CHAR(1))
    birth_date: Mapped[date]
    home_code: Mapped[str] = mapped_column(_AREA)  # the district where they belong
    village_code: Mapped[str] = mapped_column(_AREA)
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    since: Mapped[date]
    until: Mapped[date]  # the last day
    reason: Mapped[int] = mapped_column(SmallInteger)
    source_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )

    __table_args__ = (
        Index("ix_temporary_stays_village", "village_code", "until"),
        Index("ix_temporary_stays_nik", "nik", "until"),
        CheckConstraint("until > since and until <= since + 366", name="ck_temporary_stays_year"),
    )

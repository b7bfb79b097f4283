"""People: as they are now, as they were, the numbers they had, and who looked at them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CHAR,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Resident(Base):
    """A person as the registry knows them today. Address and status follow the family."""

    __tablename__ = "residents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    nik: Mapped[str] = mapped_column(CHAR(16))
    full_name: Mapped[str] = mapped_column(String(100))
    title_before: Mapped[str | None] = mapped_column(String(100))
    title_after: Mapped[str | None] = mapped_column(String(100))
    words: Mapped[list[str]] = mapped_column(ARRAY(Text))  # folded words of the name, for search
    sex: Mapped[str] = mapped_column(CHAR(1))
    birth_place: Mapped[str] = mapped_column(String(100))
    birth_place_code: Mapped[str | None] = mapped_column(String(13))
    birth_date: Mapped[date]
    birth_date_precision: Mapped[str] = mapped_column(String(7), server_default="DAY")
    religion: Mapped[int] = mapped_column(SmallInteger)
    belief_organisation: Mapped[str | None] = mapped_column(String(100))
    blood_type: Mapped[int] = mapped_column(SmallInteger, server_default="13")
    marital_status: Mapped[int] = mapped_column(SmallInteger)
    marriage_number: Mapped[str | None] = mapped_column(String(60))
    marriage_date: Mapped[date | None]
    spouse_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    education: Mapped[int] = mapped_column(SmallInteger)
    occupation: Mapped[int] = mapped_column(SmallInteger)
    citizenship: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    permit: Mapped[str | None] = mapped_column(String(4))  # ITAS or ITAP, of a foreigner
    disability: Mapped[int | None] = mapped_column(SmallInteger)
    mother_name: Mapped[str] = mapped_column(String(100))
    mother_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    father_name: Mapped[str | None] = mapped_column(String(100))
    father_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    # Of who was adopted, whose natural parents only few may read from then on.
    adoptive_mother_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))
    adoptive_father_id: Mapped[UUID | None] = mapped_column(ForeignKey("residents.id"))

    status: Mapped[str] = mapped_column(String(13), server_default="HIDUP")
    death_date: Mapped[date | None]
    # Where the person lives: copies of the open family's, kept in the same transaction.
    family_id: Mapped[UUID | None]
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    rw: Mapped[str | None] = mapped_column(CHAR(3))
    rt: Mapped[str | None] = mapped_column(CHAR(3))
    # What the coverage indicators count, kept by cards and certificates.
    recording_status: Mapped[str] = mapped_column(String(28), server_default="BELUM_WAJIB")
    birth_certificate_number: Mapped[str | None] = mapped_column(String(60))
    kia_valid_until: Mapped[date | None]  # of the child card in force; the last valid day

    version: Mapped[int] = mapped_column()
    valid_from: Mapped[date]  # since when this version is so
    # Never earlier than the version before, even if this transaction began before that one.
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.now(),
        onupdate=text("greatest(now(), residents.recorded_at)"),
    )

    @property
    def is_adopted(self) -> bool:
        """Tell whether a court gave this person other parents."""
        return self.adoptive_mother_id is not None or self.adoptive_father_id is not None

    __mapper_args__ = {"version_id_col": version, "eager_defaults": True}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        UniqueConstraint("nik"),
        CheckConstraint("nik ~ '^[0-9]{16}$'", name="nik_format"),
        CheckConstraint("sex in ('L', 'P')", name="sex"),
        Index("ix_residents_village_name", "village_code", "full_name", "id"),
        Index("ix_residents_birth_date", "birth_date"),
        Index("ix_residents_words", "village_code", "words", postgresql_using="gin"),
        Index("ix_residents_family", "family_id"),
        Index("ix_residents_mother", "mother_id", postgresql_where="mother_id is not null"),
        Index("ix_residents_father", "father_id", postgresql_where="father_id is not null"),
        Index("ix_residents_spouse", "spouse_id", postgresql_where="spouse_id is not null"),
        CheckConstraint("death_date is null or status = 'MATI'", name="dead_on_a_day"),
        CheckConstraint(
            "status not in ('PINDAH', 'PINDAH_PROSES') or family_id is null", name="moved_out_alone"
        ),
        Index(
            "ix_residents_coverage",
            "village_code",
            "rw",
            "rt",
            postgresql_include=[
                "birth_date",
                "marital_status",
                "citizenship",
                "permit",
                "status",
                "recording_status",
                "birth_certificate_number",
                "kia_valid_until",
            ],
        ),
    )


class ResidentVersion(Base):
    """What was recorded about a person, when, and because of what; nothing is overwritten."""

    __tablename__ = "resident_versions"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    cause: Mapped[str] = mapped_column(String(40))  # a kind of change, or an import
    source_id: Mapped[UUID]  # the case or import batch behind it
    actor: Mapped[str] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)  # every column of the person at that time
    # What this version says; empty says everything, as the first does. History is made of these.
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")

    __table_args__ = (
        # What a case did to people, to take it back; first records come in by the million.
        Index("ix_resident_versions_source", "source_id", postgresql_where="version > 1"),
    )


class Alias(Base):
    """A NIK that was given up for another; it resolves to its person for ever."""

    __tablename__ = "nik_aliases"

    nik: Mapped[str] = mapped_column(CHAR(16), primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    replaced_on: Mapped[date]


class NikCounter(Base):
    """The last serial given per twelve digits; its row lock is the allocator's queue."""

    __tablename__ = "nik_counters"

    prefix: Mapped[str] = mapped_column(CHAR(12), primary_key=True)
    last: Mapped[int] = mapped_column(SmallInteger)


class NameWord(Base):
    """Every distinct folded word in a name; the one small trigram index that search needs."""

    __tablename__ = "name_words"

    word: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (
        Index(
            "ix_name_words_trigrams",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
    )


class Access(Base):
    """Somebody read a person: who, as what, for which purpose, which fields."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    sub: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String))
    purpose: Mapped[str] = mapped_column(String(60))
    operation: Mapped[str] = mapped_column(String(60))
    resident_id: Mapped[UUID]
    fields: Mapped[str] = mapped_column(String(20))  # masked, or the class of what was shown
    trace_id: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        Index("ix_access_log_resident", "resident_id", "id"),
        Index("ix_access_log_sub", "sub", "at"),
    )

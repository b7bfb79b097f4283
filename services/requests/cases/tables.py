"""Cases, their timeline, the documents they wait for, and who read them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.requests.base import Base

_AREA = String(13, collation="C")  # prefixes of region codes are found by index
_OPEN = text("closed_at is null")


class Case(Base):
    """One application by a citizen, from draft to hand-over. Whatever names a person is sealed."""

    __tablename__ = "cases"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    service_code: Mapped[str] = mapped_column(String(30))
    workflow: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(30))
    round: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # times it was planned
    steps: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # length of the timeline
    channel: Mapped[str] = mapped_column(String(20))
    point_id: Mapped[str | None] = mapped_column(String(20))
    intake_area: Mapped[str | None] = mapped_column(_AREA)  # of the point that handles it
    village_code: Mapped[str | None] = mapped_column(_AREA)  # of the subject, as the registry says

    filed_by: Mapped[str] = mapped_column(String(200))
    applicant_resident_id: Mapped[UUID | None]
    applicant: Mapped[str]  # sealed Applicant
    applicant_died_on: Mapped[date | None]  # until somebody else goes on with it
    facts: Mapped[str]  # sealed list of facts, as stated
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # blind index of the subject
    claimed: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))

    plan: Mapped[str | None]  # sealed Plan, of plan_round
    plan_round: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    plan_digest: Mapped[str | None] = mapped_column(CHAR(64))
    plan_refused: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    verified_digest: Mapped[str | None] = mapped_column(CHAR(64))  # of the plan that was verified
    related_resident_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), server_default=text("'{}'")
    )

    subject_resident_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), server_default=text("'{}'")
    )  # whose own matter it is, as the registry says

    reported_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    complete_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paused: Mapped[timedelta] = mapped_column(Interval, server_default=text("'0'"))  # office time
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outage_id: Mapped[UUID | None]  # that the clock stands still for
    applied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # ids of what it made
    move_outcome: Mapped[str | None] = mapped_column(String(10))  # how its move ended
    awaits_card: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))  # recorded
    awaited_prints: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form
    __table_args__ = (
        # Two simultaneous submissions about the same birth: the database lets one pass.
        Index("uq_cases_claimed", "fingerprint", unique=True, postgresql_where=text("claimed")),
        Index("ix_cases_fingerprint", "fingerprint", postgresql_where=_OPEN),
        Index("ix_cases_open_state", "state", "id", postgresql_where=_OPEN),
        Index("ix_cases_open_due", "due_at", "id", postgresql_where=_OPEN),
        Index("ix_cases_open_village", "village_code", "id", postgresql_where=_OPEN),
        Index("ix_cases_open_intake", "intake_area", "id", postgresql_where=_OPEN),
        Index("ix_cases_open_point", "point_id", "id", postgresql_where=_OPEN),
        Index("ix_cases_filed_by", "filed_by", "id"),
        Index("ix_cases_applicant", "applicant_resident_id", "id"),
        Index("ix_cases_outage", "outage_id", postgresql_where=text("outage_id is not null")),
        Index(
            "ix_cases_open_subjects",
            "subject_resident_ids",
            postgresql_using="gin",
            postgresql_where=_OPEN,
        ),
        CheckConstraint("plan_round <= round", name="ck_cases_plan_of_a_round"),
        CheckConstraint("paused_since is null or due_at is not null", name="ck_cases_pause"),
        CheckConstraint("outage_id is null or paused_since is not null", name="ck_cases_outage"),
        CheckConstraint("not claimed or closed_at is null", name="ck_cases_claim_ends"),
    )


class CaseStep(Base):
    """One line of the timeline: who moved the case, when and why. Never changed, never deleted."""

    __tablename__ = "case_steps"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    action: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(30))
    to_state: Mapped[str] = mapped_column(String(30))
    round: Mapped[int] = mapped_column(SmallInteger)
    actor: Mapped[str] = mapped_column(String(200))  # a `sub`, or "system"
    role: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    codes: Mapped[list[str]] = mapped_column(ARRAY(String(40)))  # of the reasons
    words: Mapped[str | None]  # sealed Words: reasons and note


class CaseDocument(Base):
    """A document that a case waits for (`expected`), has received (`issued_at`), or both."""

    __tablename__ = "case_documents"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    expected: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    issued_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    download: Mapped[str | None]  # sealed Download, until the applicant was told


class SignerOutage(Base):
    """A time in which the registry can seal no document, as its operator declared it."""

    __tablename__ = "signer_outages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CaseAccess(Base):
    """Who read what a case says about people, and why (UU 27/2022; the citizen may see it)."""

    __tablename__ = "case_accesses"

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    sub: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    purpose: Mapped[str] = mapped_column(String(60))
    fields: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    __table_args__ = (Index("ix_case_accesses_sub", "sub", "at"),)


class OfficeDay(Base):
    """A day that differs from the state's calendar: off under a name, or worked (no name)."""

    __tablename__ = "office_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(100))

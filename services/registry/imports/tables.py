"""Workbooks that were sent in, their rows as they were understood, and what is wrong with them."""

from datetime import datetime
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
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.registry.base import Base


class Batch(Base):
    """One workbook on its way into the registry; its id is the source of what it writes."""

    __tablename__ = "import_batches"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    state: Mapped[str] = mapped_column(String(14))  # schemas.State
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    path: Mapped[str] = mapped_column(String(120))  # of the sealed file
    village_code: Mapped[str | None] = mapped_column(String(13, collation="C"))  # if it names none
    whole_of: Mapped[str | None] = mapped_column(String(13, collation="C"))  # it lists everybody of
    registers: Mapped[bool] = mapped_column(server_default=false())  # people without a NIK get one
    areas: Mapped[list[str]] = mapped_column(ARRAY(String))  # in which its sender works
    dialect: Mapped[str | None] = mapped_column(String(10))
    headings: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # field: place
    ignored: Mapped[list[str]] = mapped_column(ARRAY(String), server_default="{}")
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")  # as a whole
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # by outcome
    faults: Mapped[int] = mapped_column(Integer, server_default="0")  # that keep rows out
    done: Mapped[int] = mapped_column(Integer, server_default="0")  # of the step under way
    total: Mapped[int] = mapped_column(Integer, server_default="0")
    applied: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")  # by result
    sent_by: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(60))
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    committed_by: Mapped[str | None] = mapped_column(String(200))
    committed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rolled_back_by: Mapped[str | None] = mapped_column(String(200))
    rolled_back_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(String(250))  # of the roll back
    leased_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # without progress
    trouble: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it
    __table_args__ = (
        Index("ix_import_batches_sender", "sent_by", "id"),
        Index(
            "ix_import_batches_work",
            "leased_until",
            postgresql_where=text("state in ('SENT', 'COMMITTING', 'ROLLING_BACK')"),
        ),
    )


class Row(Base):
    """One row as it was understood, and what becomes of it."""

    __tablename__ = "import_rows"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)  # as Excel shows it
    kk_number: Mapped[str | None] = mapped_column(CHAR(16))
    nik: Mapped[str | None] = mapped_column(CHAR(16))
    outcome: Mapped[str] = mapped_column(String(11))  # rules.Outcome
    held_by: Mapped[int | None] = mapped_column(Integer)  # the row of its head
    held_as: Mapped[str | None] = mapped_column(String(11))  # what it is when it is let go
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    resident_id: Mapped[UUID | None] = mapped_column(Uuid)  # whom it is, or has become
    seen_version: Mapped[int | None] = mapped_column(Integer)  # of the resident, when compared
    suspects: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    cleared_by: Mapped[str | None] = mapped_column(String(200))
    cleared_reason: Mapped[str | None] = mapped_column(String(250))
    result: Mapped[str | None] = mapped_column(String(16))  # schemas.Result
    made_version: Mapped[int | None] = mapped_column(Integer)  # of the resident, by this batch
    opened: Mapped[bool] = mapped_column(server_default=false())  # its family, by this batch

    __table_args__ = (
        Index("ix_import_rows_family", "batch_id", "kk_number", "number"),
        Index("ix_import_rows_outcome", "batch_id", "outcome", "number"),
        Index("ix_import_rows_resident", "batch_id", "resident_id"),
    )


class RowFault(Base):
    """A rule that speaks about a cell of a batch."""

    __tablename__ = "import_faults"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("import_batches.id"))
    number: Mapped[int] = mapped_column(Integer)  # the row
    column: Mapped[str] = mapped_column(String(40))  # a name of columns.yaml
    rule: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    blocks: Mapped[bool]

    __table_args__ = (
        CheckConstraint("number > 0", name="row"),
        Index("ix_import_faults_place", "batch_id", "blocks", "number", "id"),
    )

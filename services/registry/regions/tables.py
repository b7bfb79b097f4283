"""Areas of the state, with the time in which their code was valid."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.base import Base


class Region(Base):
    """A province, regency, district or village; a recoded one names its successor."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(13, collation="C"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(10))  # province, regency, district, village
    kind: Mapped[str] = mapped_column(String(20))  # provinsi, kabupaten, kota, kecamatan, desa ...
    parent_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    valid_from: Mapped[date | None]  # None: for as long as anybody remembers
    valid_to: Mapped[date | None]  # the last day on which it was valid
    successor_code: Mapped[str | None] = mapped_column(String(13, collation="C"))
    # False where only the editions of the state's list tell: the day is the first after the last
    # edition's year, not one read in a decree.
    dates_are_exact: Mapped[bool] = mapped_column(server_default="true")

    __table_args__ = (Index("ix_regions_parent", "parent_code", "code"),)

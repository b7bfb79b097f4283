"""How many records of each village have which anomaly, as last counted."""

from datetime import date

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.base import Base


class AnomalyCount(Base):
    """One figure of a village; sums of villages are the figures of larger areas."""

    __tablename__ = "anomaly_counts"

    village_code: Mapped[str] = mapped_column(String(13, collation="C"), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)  # rules.Code; "" when none
    count: Mapped[int] = mapped_column(Integer)
    counted_on: Mapped[date]

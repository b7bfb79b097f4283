"""Coverage as the API tells it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.registry.coverage.rules import Indicator
from shared.contract.facts import RegionCode

Number = Annotated[str, Field(pattern=r"^[0-9]{3}$", examples=["003"])]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2, examples=["97.70"])]
Count = Annotated[int, Field(ge=0)]


class Level(StrEnum):
    """How fine the figures are; each level is the sum of the next."""

    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"
    RW = "rw"
    RT = "rt"

    @property
    def depth(self) -> int:
        """Return 0 for a province, and one more for each level below it."""
        return list(Level).index(self)


class Area(BaseModel):
    """An area: a region, or an RW or RT of a village."""

    model_config = ConfigDict(frozen=True)

    code: RegionCode
    name: str = Field(description="Of the region; RW and RT have numbers only", max_length=100)
    level: Level
    rw: Number | None = None
    rt: Number | None = None


class AreaFigure(BaseModel):
    """How many of how many; all null where it is hidden, the percentage also where nobody counts."""

    model_config = ConfigDict(frozen=True)

    indicator: Indicator
    num: Count | None = Field(description="Reached")
    den: Count | None = Field(description="Of these")
    percent: Percent | None = Field(description="Rounded half up for display; never average it")
    target: Percent | None = Field(description="The share wanted, if one is set")
    gap: Count | None = Field(description="How many people must still be reached for the target")
    hidden: bool = Field(default=False, description="Too few people for a public figure")


class AreaFigures(BaseModel):
    """One area with what is counted in it."""

    area: Area
    figures: Annotated[list[AreaFigure], Field(max_length=len(Indicator))]


class Coverage(AreaFigures):
    """An area, and the smaller areas that it is the sum of. Operational, not the frozen DKB."""

    as_of: date | None = Field(description="The legal day that was counted; null before the first")
    level: Level | None = Field(description="Of the parts; null when there is nothing smaller")
    parts: Annotated[list[AreaFigures], Field(max_length=10_000)]


class CoverageTarget(BaseModel):
    """What share is wanted, and who decided so."""

    indicator: Indicator
    name_id: str
    name_en: str
    percent: Percent
    version: int = Field(ge=1, description="Send it as If-Match to decide anew")
    decided_at: datetime


class CoverageTargets(BaseModel):
    """Every target in force."""

    items: Annotated[list[CoverageTarget], Field(max_length=len(Indicator))]


class NewTarget(BaseModel):
    """A new decision."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"percent": "99.20"}]}
    )

    percent: Percent

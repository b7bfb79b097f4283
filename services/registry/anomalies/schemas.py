"""What the anomalies API tells."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.anomalies.rules import Code
from services.registry.residents.schemas import ListedResident, Short, Text


class AnomalyOut(BaseModel):
    """Somebody whose record says something against itself or against another."""

    code: Code
    resident: ListedResident
    other_id: UUID | None = Field(
        description="The other record: a parent, sibling, spouse, namesake"
    )


class AnomalyKind(BaseModel):
    """What an anomaly is called."""

    code: Code
    text_id: Text
    text_en: Text
    law: Text | None


class AnomalyKinds(BaseModel):
    """Every anomaly that is looked for."""

    items: list[AnomalyKind] = Field(max_length=100)


class AnomalyFigure(BaseModel):
    """How many records have an anomaly in a part of an area."""

    code: Code
    area: Short = Field(examples=["35.10.05"])
    count: int = Field(ge=0)


class AnomalyCounts(BaseModel):
    """The figures of an area by its parts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "area": "35.10",
                    "as_of": "2026-11-24",
                    "items": [{"code": "NIK_DOB_MISMATCH", "area": "35.10.05", "count": 31}],
                }
            ]
        }
    )

    area: Short
    as_of: date | None = Field(description="The oldest day of counting; null: not yet counted")
    items: list[AnomalyFigure] = Field(max_length=10_000)

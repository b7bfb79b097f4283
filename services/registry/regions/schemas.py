"""What the API says about regions."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Level(StrEnum):
    """The four levels of the state."""

    PROVINCE = "province"
    REGENCY = "regency"
    DISTRICT = "district"
    VILLAGE = "village"


class RegionOut(BaseModel):
    """An area, and the time in which its code was valid."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "code": "35.10.05.2003",
                    "name": "Tembokrejo",
                    "level": "village",
                    "kind": "desa",
                    "parent_code": "35.10.05",
                    "valid_from": None,
                    "valid_to": None,
                    "successor_code": None,
                    "dates_are_exact": True,
                }
            ]
        },
    )

    code: str = Field(max_length=13)
    name: str = Field(max_length=100)
    level: Level
    kind: str = Field(max_length=20, description="provinsi, kabupaten, kota, kecamatan, desa ...")
    parent_code: str | None = Field(max_length=13)
    valid_from: date | None = Field(description="Null: for as long as the lists go back")
    valid_to: date | None = Field(description="The last day on which the code was valid")
    successor_code: str | None = Field(
        max_length=13, description="The code that took this one's place"
    )
    dates_are_exact: bool = Field(
        description="False: the day is an assumption between two editions of the state's list"
    )

"""What the exports API reads and writes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.residents.schemas import Short, Text
from shared.contract.facts import RegionCode


class State(StrEnum):
    """How far a file is."""

    ORDERED = "ORDERED"
    READY = "READY"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class Format(StrEnum):
    """XLSX for people, CSV for programs."""

    XLSX = "XLSX"
    CSV = "CSV"


class Order(BaseModel):
    """Whose records are wanted, and as what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"area": "35.10.05.2003", "format": "XLSX"}]},
    )

    area: RegionCode
    format: Format = Format.XLSX


class ExportOut(BaseModel):
    """One file on its way."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e40",
                    "state": "READY",
                    "area": "35.10.05.2003",
                    "format": "XLSX",
                    "whole": False,
                    "numbers": False,
                    "purpose": "musyawarah desa",
                    "ordered_by": "op-muncar",
                    "ordered_at": "2026-11-24T03:00:00Z",
                    "ready_at": "2026-11-24T03:00:04Z",
                    "expires_at": "2026-11-25T03:00:04Z",
                    "rows": 8021,
                    "total": 8021,
                    "downloads": 0,
                }
            ]
        },
    )

    id: UUID
    state: State
    area: Short
    format: Format
    whole: bool = Field(description="The whole record; else only what identifies, and the address")
    numbers: bool = Field(description="NIK and KK number in full; else masked")
    purpose: Text
    ordered_by: Text
    ordered_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    rows: int = Field(ge=0, description="Written so far")
    total: int = Field(ge=0)
    downloads: int = Field(ge=0)

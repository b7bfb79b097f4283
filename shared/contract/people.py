"""Facts about people themselves."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contract.terms import (
    Citizenship,
    Line,
    MaritalStatus,
    Nik,
    PersonRef,
    Precision,
    RegionCode,
    Sex,
    Strict,
    VillageCode,
)


class RegisterResident(Strict):
    """A person who is not in the registry yet: first biodata, UU 24/2013 art 58, F-1.01."""

    kind: Literal["register_resident"] = "register_resident"
    full_name: Line
    title_before: Line | None = None
    title_after: Line | None = None
    sex: Sex
    birth_place: Line
    birth_place_code: RegionCode | None = None
    birth_date: date
    birth_date_precision: Precision = Precision.DAY
    religion: Annotated[int, Field(ge=1, le=7)]
    belief_organisation: Line | None = None
    blood_type: Annotated[int, Field(ge=1, le=13)] = 13
    marital_status: MaritalStatus
    education: Annotated[int, Field(ge=1, le=10)] = 1
    occupation: Annotated[int, Field(ge=1, le=89)] = 1
    citizenship: Citizenship = Citizenship.INDONESIAN
    mother: PersonRef | None = None
    mother_name: Line
    father: PersonRef | None = None
    father_name: Line | None = None
    village_code: VillageCode
    cleared_of: list[UUID] = Field(
        default_factory=list,
        max_length=20,
        description="Residents who look alike and were found by a person to be somebody else.",
    )


class Newcomer(Strict):
    """A person who is recorded elsewhere, or nowhere yet: the record they come with."""

    nik: Nik | None = Field(default=None, description="Of elsewhere; it stays. None: never had any")
    full_name: Line
    title_before: Line | None = None
    title_after: Line | None = None
    sex: Sex
    birth_place: Line
    birth_place_code: RegionCode | None = None
    birth_date: date
    birth_date_precision: Precision = Precision.DAY
    religion: Annotated[int, Field(ge=1, le=7)]
    belief_organisation: Line | None = None
    blood_type: Annotated[int, Field(ge=1, le=13)] = 13
    marital_status: MaritalStatus
    marriage_number: Annotated[str | None, Field(max_length=60)] = None
    marriage_date: date | None = None
    education: Annotated[int, Field(ge=1, le=10)] = 1
    occupation: Annotated[int, Field(ge=1, le=89)] = 1
    citizenship: Citizenship = Citizenship.INDONESIAN
    disability: Annotated[int | None, Field(ge=1, le=7)] = None
    mother_name: Line
    father_name: Line | None = None
    birth_certificate_number: Annotated[str | None, Field(max_length=60)] = None
    recorded: bool = Field(default=False, description="Biometrics were taken elsewhere")

"""What others hand to the residents slice, and what its API reads and writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, model_validator

from services.registry.residents.rules import nik
from shared.contract.facts import Line, Nik, RegionCode
from shared.invalid import BadValue


@dataclass(frozen=True, slots=True)
class Source:
    """Who and what stands behind a version: no change without a case (or import) and an actor."""

    id: UUID  # the case or import batch
    cause: str  # a kind of change, or "import"
    actor: str  # whose signature it bears


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentData:
    """A person who is not in the registry yet, already judged by the rules."""

    full_name: str
    sex: str  # L or P
    birth_place: str
    birth_date: date
    religion: int
    marital_status: int
    mother_name: str
    village_code: str  # where they are registered; its district begins the NIK
    title_before: str | None = None
    title_after: str | None = None
    birth_place_code: str | None = None
    birth_date_precision: str = "DAY"
    belief_organisation: str | None = None
    blood_type: int = 13
    marriage_number: str | None = None
    marriage_date: date | None = None
    spouse_id: UUID | None = None
    education: int = 1
    occupation: int = 1
    citizenship: int = 1
    permit: str | None = None  # ITAS or ITAP
    disability: int | None = None
    mother_id: UUID | None = None
    father_name: str | None = None
    father_id: UUID | None = None
    status: str = "HIDUP"
    recording_status: str = "BELUM_WAJIB"
    birth_certificate_number: str | None = None


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Somebody in the registry who may be the person about to be registered."""

    resident_id: UUID
    score: float  # 0 to 1
    same_mother: bool
    same_birth_date: bool


Text = Annotated[str, Field(max_length=250)]
Short = Annotated[str, Field(max_length=60)]
Three = Annotated[str, Field(pattern=r"^[0-9]{3}$", examples=["001"])]


class Question(BaseModel):
    """Whom to look for: by number, or by what is remembered of a name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"nik": "3510050107859001"},
                {"name": "Soekardjo", "birth_date": "1985-07-01", "area": "35.10.05", "limit": 10},
            ]
        },
    )

    nik: Nik | None = None
    name: Annotated[Line | None, Field(description="Any spelling; titles do not matter")] = None
    birth_date: Annotated[date | None, Field(description="Only those born on this day")] = None
    mother_name: Line | None = None
    area: Annotated[RegionCode | None, Field(description="Only within this area")] = None
    limit: int = Field(default=20, ge=1, le=20)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.nik is None) == (self.name is None):
            raise BadValue(
                "NIK_OR_NAME", "Isi nik atau name, salah satu.", "Give either nik or name."
            )
        return self


class Remarked(BaseModel):
    """A rule that has something to say about a record."""

    rule: str = Field(max_length=40, examples=["NIK_DOB_MISMATCH"])
    text_id: str = Field(max_length=300)
    text_en: str = Field(max_length=300)


class Biodata(BaseModel):
    """What the agency and the person see; codes are those of /v1/codes."""

    model_config = ConfigDict(from_attributes=True)

    birth_place: Text
    birth_place_code: Short | None
    blood_type: int
    marital_status: int
    marriage_number: Short | None
    marriage_date: date | None
    spouse_id: UUID | None
    education: int
    occupation: int
    citizenship: int
    permit: Short | None
    mother_name: Annotated[Text | None, Field(description="Null: sealed by an adoption")]
    mother_id: UUID | None
    father_name: Text | None
    father_id: UUID | None
    adoptive_mother_id: UUID | None = None
    adoptive_father_id: UUID | None = None
    origin_is_sealed: Annotated[
        bool, Field(description="The natural parents are on record, and not shown to the caller")
    ] = False
    recording_status: Short
    birth_certificate_number: Short | None
    kia_valid_until: date | None


ORIGINS = frozenset({"mother_name", "mother_id", "father_name", "father_id"})


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without the natural parents of somebody who was adopted: PP 54/2007."""
    return {**record, **dict.fromkeys(ORIGINS), "origin_is_sealed": True}


class Sensitive(BaseModel):
    """Specific personal data of UU 27/2022, and what people ask to be kept apart."""

    model_config = ConfigDict(from_attributes=True)

    religion: int
    belief_organisation: Text | None
    disability: int | None


class ResidentOut(BaseModel):
    """A person; `biodata` and `sensitive` are null for those who may only identify them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e10",
                    "nik": "3510**********01",
                    "nik_is_masked": True,
                    "number_was_replaced": False,
                    "full_name": "SITI AMINAH",
                    "title_before": None,
                    "title_after": None,
                    "sex": "P",
                    "birth_date": "1990-03-05",
                    "birth_date_precision": "DAY",
                    "status": "HIDUP",
                    "family_id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e11",
                    "village_code": "35.10.05.2003",
                    "rw": "002",
                    "rt": "001",
                    "version": 2,
                    "anomalies": [],
                    "biodata": None,
                    "sensitive": None,
                }
            ]
        }
    )

    id: UUID
    nik: str = Field(max_length=16, description="Masked unless role or scope shows it")
    nik_is_masked: bool
    number_was_replaced: bool = Field(
        default=False, description="True: the number asked for was given up for this one"
    )
    full_name: str = Field(max_length=100)
    title_before: Text | None
    title_after: Text | None
    sex: str = Field(max_length=1)
    birth_date: date
    birth_date_precision: str = Field(max_length=7)
    status: str = Field(max_length=12)
    family_id: UUID | None
    village_code: str | None = Field(max_length=13)
    rw: Three | None
    rt: Three | None
    version: int
    anomalies: list[Remarked] = Field(max_length=10)
    biodata: Biodata | None
    sensitive: Sensitive | None

    @classmethod
    def of(
        cls,
        record: Mapping[str, Any],
        *,
        version: int,
        whole: bool,
        numbers: bool,
        origins: bool,
        district_is_known: bool,
        replaced: bool = False,
    ) -> Self:
        """Show a record, as it is or as it was, to somebody who may see so much of it."""
        born = TypeAdapter(date).validate_python(record["birth_date"])
        found = nik.anomalies(
            record["nik"], born, record["sex"], district_is_known=district_is_known
        )
        record = record if origins else sealed(record)
        shown = {name: value for name, value in record.items() if name in cls.model_fields}
        return cls.model_validate(
            shown
            | {
                "nik": record["nik"] if numbers else nik.mask(record["nik"]),
                "nik_is_masked": not numbers,
                "number_was_replaced": replaced,
                "version": version,
                "anomalies": [each._asdict() for each in found],
                "biodata": dict(record) if whole else None,
                "sensitive": dict(record) if whole else None,
            }
        )


class Hit(BaseModel):
    """Somebody who resembles what was asked, with the number masked."""

    id: UUID
    score: float = Field(ge=0, le=1, description="1: every word is the same")
    nik: str = Field(max_length=16, examples=["3510**********01"])
    full_name: str = Field(max_length=100)
    sex: Short
    birth_date: date
    status: Short
    village_code: Short | None
    rw: Three | None
    rt: Three | None


class Hits(BaseModel):
    """Those who resemble a name, the most alike first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "019ab3f0-5a1e-7c40-8a0e-2f6d1b7c9e10",
                            "score": 0.93,
                            "nik": "3510**********01",
                            "full_name": "SOEKARDJO",
                            "sex": "L",
                            "birth_date": "1985-07-01",
                            "status": "HIDUP",
                            "village_code": "35.10.05.2003",
                            "rw": "002",
                            "rt": "001",
                        }
                    ]
                }
            ]
        }
    )

    items: list[Hit] = Field(max_length=20)


class ListedResident(BaseModel):
    """A line of a village's list, with the number masked."""

    id: UUID
    nik: str = Field(max_length=16)
    full_name: str = Field(max_length=100)
    sex: Short
    birth_date: date
    family_id: UUID | None
    rw: Three | None
    rt: Three | None


class ChangedOut(BaseModel):
    """A column that a recording set to another value, for machines and in words for people."""

    field: str = Field(max_length=60, examples=["marital_status"])
    label_id: Text = Field(examples=["Status perkawinan"])
    label_en: Text = Field(examples=["Marital status"])
    before: JsonValue
    after: JsonValue
    before_id: str = Field(examples=["BELUM KAWIN"])
    before_en: str
    after_id: str = Field(examples=["KAWIN TERCATAT"])
    after_en: str


class VersionOut(BaseModel):
    """One recording: what it changed, since when it is so, since when it is known."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    valid_from: date
    recorded_at: datetime
    cause: str = Field(max_length=40, examples=["register_birth"])
    cause_id: Text = Field(default="", examples=["Pencatatan kelahiran"])
    cause_en: Text = Field(default="", examples=["A birth is registered"])
    law: Text | None = Field(
        default=None,
        description="The articles that rule this kind of change; null: none is known",
        examples=["UU 24/2013 art 27 and 32, Perpres 96/2018 art 33"],
    )
    source_id: UUID = Field(description="The case or import behind it")
    changed: list[str] = Field(description="Empty: everything, as a first version does")
    changes: list[ChangedOut] = Field(default=[], description="Against the recording before it")


class HistoryOut(BaseModel):
    """What was so on a day as far as it was known at a moment, and the recordings known then."""

    valid_on: date
    known_at: datetime
    begins_on: date | None = Field(
        description="Before this day only what later recordings state is known; the rest of "
        "`state` is as first recorded"
    )
    state: ResidentOut | None = Field(description="Null: nothing was so, or nothing was known")
    versions: list[VersionOut]


class AccessOut(BaseModel):
    """Somebody read about a person; who it was by name is shown to the data protection officer."""

    at: datetime
    roles: list[Short] = Field(max_length=30)
    purpose: Text
    operation: Text
    fields: str = Field(description="masked, identity, whole ...")
    sub: Text | None

"""What others hand to the certificates slice, and what its API tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from services.registry.certificates.rules import CertificateKind, CertificateStatus, NoteKind
from services.registry.documents.rules import Parentage
from services.registry.residents.schemas import VersionOut
from shared.contract.facts import Line, Ruling, Sex
from shared.language import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateData:
    """An event that is to be entered in a civil register, already judged by the rules."""

    kind: CertificateKind
    subject_id: UUID | None
    event_date: date
    reported_on: date
    days_late: int
    data: dict[str, Any]  # the register's own words
    partner_id: UUID | None = None
    regency: str = "3510"


@dataclass(frozen=True, slots=True, kw_only=True)
class StillbirthData:
    """A child born dead, already judged by the rules."""

    mother_id: UUID
    father_id: UUID | None
    happened_on: date
    reported_on: date
    days_late: int
    village_code: str
    data: dict[str, Any]
    regency: str = "3510"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteData:
    """What is to be written in the margin of an entry."""

    kind: NoteKind
    words: Words
    data: dict[str, Any]


class CertificateOut(BaseModel):
    """An entry of a civil register without what it says about the parents."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: CertificateKind
    number: Annotated[str, Field(max_length=60, examples=["3510-LU-24112026-0001"])]
    registered_on: date
    subject_id: Annotated[UUID | None, Field(description="None: died without ever having a NIK")]
    partner_id: UUID | None
    event_date: date
    reported_on: date
    days_late: Annotated[int, Field(ge=0)]
    status: CertificateStatus
    recorded_at: AwareDatetime


class Certificates(BaseModel):
    """The entries about one person: few, so never in pages."""

    items: Annotated[list[CertificateOut], Field(max_length=1000)]


class BirthEntry(BaseModel):
    """What the register of births says."""

    event: Literal["birth"] = "birth"
    full_name: Line
    sex: Sex
    birth_place: Line
    birth_order: Annotated[int, Field(ge=1, le=30, description="Which child of the mother")]
    birth_kind: Annotated[int, Field(ge=1, le=5)]
    parentage: Parentage
    mother_name: Line | None
    father_name: Line | None
    wording_id: Annotated[str, Field(max_length=1000)]
    wording_en: Annotated[str, Field(max_length=1000)]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read the register's own words."""
        child = data["child"]
        told = {name: child[name] for name in ("birth_place", "birth_order", "birth_kind")}
        return cls.model_validate({**data, **told})


class DeathEntry(BaseModel):
    """What the register of deaths says; never the cause, which is for statistics alone."""

    event: Literal["death"] = "death"
    full_name: Line
    sex: Sex | None = None
    birth_date: date | None = None
    place: Annotated[Line | None, Field(description="Of the death; null: nobody knows")] = None
    spouse_name: Annotated[str | None, Field(max_length=500)] = None
    reporter_name: Line | None = None
    reporter_relationship: Line | None = None
    ruling: Ruling | None = None


class MarriageEntry(BaseModel):
    """What the register of marriages says; the two are its subject and partner."""

    event: Literal["marriage"] = "marriage"
    place: Line | None = None
    religion: Annotated[int | None, Field(ge=1, le=7)] = None
    belief_organisation: Line | None = None
    leader_name: Line | None = None
    ruling: Ruling | None = None


class MarriageEnded(BaseModel):
    """The marriage that a divorce ended, as far as it is known."""

    number: Annotated[str | None, Field(max_length=100)] = None
    married_on: date | None = None
    place: Line | None = None


class DivorceEntry(BaseModel):
    """What the register of divorces says."""

    event: Literal["divorce"] = "divorce"
    marriage: MarriageEnded | None = None
    ruling: Ruling | None = None


class Annulled(BaseModel):
    """The certificate that an annulment takes away."""

    number: Annotated[str | None, Field(max_length=100)] = None


class AnnulmentEntry(BaseModel):
    """What an annulment of a marriage or a divorce says."""

    event: Literal["annulment"] = "annulment"
    annulled: Annulled | None = None
    ruling: Ruling | None = None


class AcknowledgementEntry(BaseModel):
    """What the register of acknowledgements says; the child is its subject."""

    event: Literal["acknowledgement"] = "acknowledgement"
    father: UUID | None = None
    mother: UUID | None = None
    acknowledged_on: date | None = None
    married_on: Annotated[date | None, Field(description="By religion, unregistered")] = None
    religion: Annotated[int | None, Field(ge=1, le=7)] = None
    ruling: Ruling | None = None


class LegitimationEntry(BaseModel):
    """What the register of legitimations says; the child is its subject."""

    event: Literal["legitimation"] = "legitimation"
    father: UUID | None = None
    mother: UUID | None = None
    married_on: date | None = None
    marriage_number: Annotated[str | None, Field(max_length=100)] = None
    registered_at: Line | None = None
    religious_marriage_on: date | None = None
    ruling: Ruling | None = None


AnyEntry = Annotated[
    BirthEntry
    | DeathEntry
    | MarriageEntry
    | DivorceEntry
    | AnnulmentEntry
    | AcknowledgementEntry
    | LegitimationEntry,
    Field(discriminator="event"),
]
_ENTRY: TypeAdapter[AnyEntry] = TypeAdapter(AnyEntry)
_EVENTS = {
    CertificateKind.DEATH: "death",
    CertificateKind.MARRIAGE: "marriage",
    CertificateKind.MARRIAGE_ANNULMENT: "annulment",
    CertificateKind.DIVORCE: "divorce",
    CertificateKind.DIVORCE_ANNULMENT: "annulment",
    CertificateKind.ACKNOWLEDGEMENT: "acknowledgement",
    CertificateKind.LEGITIMATION: "legitimation",
}


def entry_of(kind: str, data: Mapping[str, Any]) -> AnyEntry:
    """Return what an entry says, as its register has it."""
    event = _EVENTS.get(CertificateKind(kind))
    if event is None:
        return BirthEntry.of(data)
    return _ENTRY.validate_python({**data, "event": event})


class NoteThen(BaseModel):
    """A note in the margin of an entry."""

    model_config = ConfigDict(from_attributes=True)

    serial: int
    kind: str = Field(max_length=16)
    noted_on: date
    text_id: str = Field(max_length=1000)
    text_en: str = Field(max_length=1000)


class EntryThen(BaseModel):
    """An entry as it was; `words` are the register's own, for those who see whole records."""

    status: CertificateStatus
    subject_id: UUID | None
    partner_id: UUID | None
    event_date: date
    notes: list[NoteThen]
    words: dict[str, JsonValue] | None


class CertificateHistoryOut(BaseModel):
    """What an entry said on a day as far as it was known at a moment, and how it came to be so."""

    valid_on: date
    known_at: AwareDatetime
    begins_on: date | None = Field(description="The day of the entry")
    state: EntryThen | None = Field(description="Null: there was no entry, or nobody knew it")
    versions: list[VersionOut]


class CertificateDetail(CertificateOut):
    """An entry with what it says and what is in its margin, for those who see whole records."""

    entry: AnyEntry | None
    notes: Annotated[
        list[NoteThen] | None,
        Field(max_length=999, description="The margin from the top; null: not for the caller"),
    ]
    cancelled_on: date | None

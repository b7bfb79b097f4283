"""Facts about cards that people hold, and about the recording that a KTP-el needs."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import Line, Nik, PersonRef, RegionCode, Strict
from shared.invalid import BadValue

PointId = Annotated[
    str, Field(pattern=r"^SP-[0-9-]{6,12}$", max_length=20, examples=["SP-3510-001"])
]


class CardKind(StrEnum):
    """Which card a person holds."""

    KIA = "KIA"
    KTP_EL = "KTP_EL"


class IssueCard(Strict):
    """A card: KIA (Permendagri 2/2016) or KTP-el (UU 24/2013 art 63-64), first or in place of one.

    A KTP-el is printed at a site; a foreigner's ends with the permit.
    """

    kind: Literal["issue_card"] = "issue_card"
    person: PersonRef
    card: CardKind = CardKind.KIA
    reason: Literal["NEW", "RENEWED", "LOST", "DAMAGED", "CHANGED", "MOVED"] = "NEW"
    print_at: PointId | None = Field(default=None, description="Site that prints a KTP-el")
    permit_until: date | None = Field(default=None, description="Of a foreigner's ITAP")


class RenewCard(Strict):
    """A foreigner's KTP-el after the permit was extended: UU 24/2013 art 63(4)."""

    kind: Literal["renew_card"] = "renew_card"
    person: PersonRef
    permit_until: date
    print_at: PointId | None = None


class RevokeCard(Strict):
    """A card is taken back and no other given in its place."""

    kind: Literal["revoke_card"] = "revoke_card"
    person: PersonRef
    card: CardKind
    reason: Literal["SURRENDERED", "FOUND", "INVALID", "MISUSED"]


class Visitor(Strict):
    """Somebody of another regency who is recorded here: Perpres 96/2018 art 22."""

    nik: Nik
    full_name: Line
    birth_date: date
    region_code: RegionCode


class RecordBiometrics(Strict):
    """Photo, fingers, eyes and signature were taken. The station keeps the file, this its reference.

    `reference` and `quality` are known when it is done; a case states them when that step is taken.
    """

    kind: Literal["record_biometrics"] = "record_biometrics"
    person: PersonRef | None = None
    visitor: Visitor | None = None
    reference: Line | None = None
    quality: Annotated[int, Field(ge=0, le=100)] | None = None
    captured_on: date | None = Field(default=None, description="The day of the change if absent")
    print_at: PointId | None = None
    permit_until: date | None = Field(default=None, description="Of a foreigner's ITAP")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.person is None) == (self.visitor is None):
            raise BadValue(
                "RECORDED_PERSON",
                "Sebutkan tepat satu: person (penduduk di sini) atau visitor (luar domisili).",
                "Name exactly one: person (a resident here) or visitor (from elsewhere).",
            )
        return self


class AdvanceRecording(Strict):
    """What the ministry's centre said of a recording, entered by a person or a feed."""

    kind: Literal["advance_recording"] = "advance_recording"
    person: PersonRef
    status: Literal[
        "RECEIVED_AT_CENTRAL",
        "ENROLL_FAILURE_AT_CENTRAL",
        "ENROLL_FAILURE_AT_REGIONAL",
        "SEARCH_FAILURE_AT_CENTRAL",
        "ADJUDICATE_IN_PROCESS",
        "DUPLICATE_RECORD",
        "PRINT_READY_RECORD",
    ]
    duplicate_of: PersonRef | None = Field(
        default=None, description="Who has the same biometrics, if they live here"
    )


class ActivateDigitalId(Strict):
    """The digital form of a KTP-el (IKD) on a device: Permendagri 72/2022 art 13-15."""

    kind: Literal["activate_digital_id"] = "activate_digital_id"
    person: PersonRef
    action: Literal["ACTIVATE", "RESET", "REVOKE"] = "ACTIVATE"
    device: Line | None = Field(default=None, description="As the app names it; not to revoke")

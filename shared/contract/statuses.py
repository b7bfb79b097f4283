"""Facts that decide who somebody is: name, citizenship, other vital events, one record per person."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import (
    FamilyRef,
    Line,
    LongLine,
    PersonRef,
    Relationship,
    Ruling,
    Sex,
    Strict,
)
from shared.invalid import BadValue


class ChangeName(Strict):
    """A court gives somebody another name: UU 23/2006 art 52, Perpres 96/2018 art 53, F-2.01."""

    kind: Literal["change_name"] = "change_name"
    person: PersonRef
    full_name: Line
    ruling: Ruling
    name_counselled: bool = Field(
        default=False, description="The officer advised on the name (Permendagri 73/2022 art 4)."
    )


class VitalEvent(StrEnum):
    """Vital events that have no register of their own."""

    SEX_CHANGE = "SEX_CHANGE"
    OTHER = "OTHER"


class NoteVitalEvent(Strict):
    """Another vital event by ruling of a court: UU 24/2013 art 56, Perpres 96/2018 art 58."""

    kind: Literal["note_vital_event"] = "note_vital_event"
    person: PersonRef
    event: VitalEvent
    sex: Sex | None = Field(default=None, description="The new one, of a change of sex only")
    words: LongLine | None = Field(default=None, description="What the court found, if no sex")
    ruling: Ruling

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        changes_sex = self.event is VitalEvent.SEX_CHANGE
        if changes_sex != (self.sex is not None) or changes_sex == (self.words is not None):
            raise BadValue(
                "VITAL_EVENT_SAID",
                "Perubahan jenis kelamin menyebut sex; peristiwa lain menyebut words.",
                "A change of sex names sex; any other event says its words.",
            )
        return self


class CitizenshipEvent(StrEnum):
    """How a citizenship comes or goes: UU 12/2006."""

    GAINED = "GAINED"  # a foreigner took the oath
    REGAINED = "REGAINED"  # a former citizen took it again
    LOST = "LOST"
    DUAL = "DUAL"  # a child has two, by affidavit, until it chooses
    CHOSEN = "CHOSEN"  # a child of two chose this one, by 18 + 3 years


class CitizenshipDecree(Strict):
    """The decree, oath record or affidavit behind it."""

    number: Annotated[Line, Field(max_length=60)] = Field(examples=["AHU-12.AH.10.01/2026"])
    authority: Line = Field(examples=["Kementerian Hukum"])
    dated: date


class SetCitizenship(Strict):
    """A change of citizenship: UU 24/2013 art 53-55, Perpres 96/2018 art 54-57."""

    kind: Literal["set_citizenship"] = "set_citizenship"
    person: PersonRef
    event: CitizenshipEvent
    decree: CitizenshipDecree
    happened_on: date = Field(description="The day of the oath, or since when the decree holds")
    permit: Literal["ITAS", "ITAP"] | None = Field(
        default=None, description="Of whom loses it and stays; none lives abroad from then on"
    )
    family: FamilyRef | None = Field(
        default=None, description="Whose card a new citizen joins who was in none"
    )
    relationship: Relationship = Relationship.OTHER_RELATIVE


class DuplicateProof(StrEnum):
    """What shows that two records are of one person."""

    BIOMETRICS = "BIOMETRICS"  # the ministry's centre found the same fingers and eyes
    PAPERS = "PAPERS"  # certificates and diplomas, weighed by an officer


class ResolveDuplicate(Strict):
    """Two NIKs of one person: one is kept, the other resolves to it for ever (PP 40/2019 art 33)."""

    kind: Literal["resolve_duplicate"] = "resolve_duplicate"
    keep: PersonRef
    end: PersonRef
    proof: DuplicateProof
    letter: Annotated[Line, Field(max_length=60)] | None = Field(
        default=None, description="Number of the ministry's answer"
    )
    family: FamilyRef | None = Field(
        default=None, description="Where the person lives; the family of `keep` when absent"
    )


class ConfirmData(Strict):
    """The record is sent to the centre anew for another agency; nothing in it changes."""

    kind: Literal["confirm_data"] = "confirm_data"
    person: PersonRef
    agency: Line = Field(description="Who does not find the NIK", examples=["BPJS Kesehatan"])

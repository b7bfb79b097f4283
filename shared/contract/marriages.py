"""Facts about marriages and divorces."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import Line, PersonRef, Strict, Witness
from shared.invalid import BadValue


class MarriageEvent(StrEnum):
    """What another office registered, or what the couple itself states on F-1.05."""

    MARRIAGE = "MARRIAGE"
    CONFIRMATION = "CONFIRMATION"  # isbat nikah: a court confirms an unregistered marriage
    DIVORCE = "DIVORCE"
    UNREGISTERED = "UNREGISTERED"


class NoteMarriageElsewhere(Strict):
    """A marriage or divorce of which no certificate is kept here: UU 23/2006 art 8(2), 34(4)."""

    kind: Literal["note_marriage_elsewhere"] = "note_marriage_elsewhere"
    event: MarriageEvent
    husband: PersonRef
    wife: PersonRef
    happened_on: date = Field(
        description="The day of the marriage, or on which the ruling is final"
    )
    number: Annotated[Line, Field(max_length=60)] | None = Field(
        default=None, description="Of the book, certificate or ruling; none on F-1.05"
    )
    authority: Line | None = Field(default=None, examples=["KUA Kecamatan Muncar"])
    court_permission: Line | None = Field(
        default=None, description="Ruling that lets the husband take a further wife"
    )
    witnesses: list[Witness] = Field(default_factory=list, max_length=2)

    @model_validator(mode="after")
    def _proved(self) -> Self:
        if self.event is MarriageEvent.UNREGISTERED:
            if len(self.witnesses) != 2:  # noqa: PLR2004 - the form has two lines
                raise BadValue(
                    "TWO_WITNESSES",
                    "Formulir F-1.05 menyebut dua saksi.",
                    "Form F-1.05 names two witnesses.",
                )
        elif self.number is None or self.authority is None:
            raise BadValue(
                "PROOF_NAMED",
                "Sebutkan nomor buku, akta atau putusan dan instansi yang menerbitkannya.",
                "Name the number of the book, certificate or ruling and who issued it.",
            )
        return self

"""Facts about marriages and divorces."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from shared.contract.terms import Line, MaritalStatus, PersonRef, Ruling, Strict, Witness
from shared.invalid import BadValue

BELIEF = 7  # agama.csv: belief in God Almighty outside the six religions


def _is_final(ruling: Ruling) -> Ruling:
    if ruling.final_on is None:
        raise BadValue(
            "RULING_NOT_FINAL",
            "Sebutkan tanggal putusan berkekuatan hukum tetap.",
            "State the day on which the ruling became final.",
        )
    return ruling


# Nothing is registered on a ruling that can still be appealed.
FinalRuling = Annotated[Ruling, AfterValidator(_is_final)]


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


class RegisterMarriage(Strict):
    """A marriage by the rites of a religion or belief other than Islam, or set by a court.

    UU 23/2006 art 34 and 36, Perpres 96/2018 art 37. Where the couple lives is told by other facts.
    """

    kind: Literal["register_marriage"] = "register_marriage"
    husband: PersonRef
    wife: PersonRef
    married_on: date = Field(description="Before the leader of the religion or belief")
    place: Line
    religion: Annotated[int, Field(ge=1, le=7, description="By whose rites: agama.csv")]
    belief_organisation: Line | None = None
    leader_name: Line | None = Field(default=None, description="Pemuka agama or pemuka penghayat")
    witnesses: list[Witness] = Field(min_length=2, max_length=2)
    dispensation: Ruling | None = Field(default=None, description="Of who was under age")
    court_permission: Ruling | None = Field(default=None, description="For a further wife")
    ruling: Ruling | None = Field(default=None, description="That sets the marriage itself")

    @model_validator(mode="after")
    def _solemnised(self) -> Self:
        if self.leader_name is None and self.ruling is None:
            raise BadValue(
                "LEADER_NAMED",
                "Sebutkan pemuka agama atau pemuka penghayat, atau penetapan pengadilan.",
                "Name the leader of the religion or belief, or the ruling of a court.",
            )
        if (self.religion == BELIEF) != (self.belief_organisation is not None):
            raise BadValue(
                "BELIEF_ORGANISATION",
                "Sebutkan organisasi penghayat kepercayaan, dan hanya untuk perkawinan penghayat.",
                "Name the organisation of the belief, and only for a marriage of believers.",
            )
        return self


class StatusesBefore(Strict):
    """What the two were before a marriage that no register of this regency holds."""

    husband: MaritalStatus
    wife: MaritalStatus


class AnnulMarriage(Strict):
    """A court finds that a marriage never was: UU 23/2006 art 39, UU 1/1974 art 22 to 28."""

    kind: Literal["annul_marriage"] = "annul_marriage"
    husband: PersonRef
    wife: PersonRef
    ruling: FinalRuling
    before: StatusesBefore | None = Field(
        default=None, description="Needed only when the marriage was registered elsewhere"
    )


class RegisterDivorce(Strict):
    """A civil court ended a marriage: UU 23/2006 art 40, Perpres 96/2018 art 42."""

    kind: Literal["register_divorce"] = "register_divorce"
    husband: PersonRef
    wife: PersonRef
    ruling: FinalRuling
    marriage_number: Annotated[Line, Field(max_length=60)] | None = Field(
        default=None, description="Of a marriage that was registered elsewhere"
    )


class AnnulDivorce(Strict):
    """A court finds that a divorce never was, so that the marriage goes on: UU 23/2006 art 43."""

    kind: Literal["annul_divorce"] = "annul_divorce"
    husband: PersonRef
    wife: PersonRef
    ruling: FinalRuling

"""Facts about who moves where."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.people import Newcomer
from shared.contract.terms import (
    FamilyRef,
    Line,
    LongLine,
    MemberPosition,
    Nik,
    PersonRef,
    Relationship,
    Sex,
    Strict,
    VillageCode,
)
from shared.invalid import BadValue

Three = Annotated[str, Field(pattern=r"^[0-9]{3}$", examples=["001"])]
MoveReason = Annotated[int, Field(ge=1, le=7, description="Code of alasan_pindah")]
LetterNumber = Annotated[
    str,
    Field(min_length=3, max_length=60, pattern=r"^\P{C}+$", examples=["SKPWNI/3510/24112026/0001"]),
]


class Home(Strict):
    """An address inside the regency, as a family card shows it."""

    address: LongLine
    hamlet: Line | None = None
    rt: Three
    rw: Three
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None
    village_code: VillageCode


class Elsewhere(Strict):
    """An address in another regency; of places there the registry knows the districts."""

    address: LongLine
    rt: Three
    rw: Three
    village: Line = Field(description="Its name", examples=["Balecatur"])
    district_code: Annotated[
        str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$", examples=["34.04.01"])
    ]
    postal_code: Annotated[str | None, Field(pattern=r"^[0-9]{5}$")] = None


class Mover(Strict):
    """Somebody who moves, and what they are to the head of the family that takes them in."""

    person: PersonRef
    relationship: Relationship | None = Field(
        default=None, description="To the head; proposed from the parents when absent."
    )


class MoveWithin(Strict):
    """A move inside the regency, without a letter: Perpres 96/2018 art 25, F-1.03.

    A whole family moves to another address and keeps its number, for its head moves along; or some
    of it moves into another family (`joins`), or opens one of its own at the address `to`.
    """

    kind: Literal["move_within"] = "move_within"
    family: FamilyRef
    reason: MoveReason
    to: Home | None = Field(default=None, description="Where the family, or the movers, move to.")
    movers: list[Mover] = Field(
        default_factory=list,
        max_length=30,
        description="Who moves, when not all; with `to` the first is head of the new family.",
    )
    joins: FamilyRef | None = None
    stayers_head: PersonRef | None = Field(
        default=None, description="Of those who stay, when their head leaves; proposed when absent."
    )
    positions: list[MemberPosition] = Field(
        default_factory=list, max_length=500, description="Of those who stay, to their new head."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.to is None) == (self.joins is None) or (self.joins and not self.movers):
            raise BadValue(
                "MOVE_ONE_WAY",
                "Isi to bila pindah ke alamat lain, atau movers dan joins bila menumpang KK lain.",
                "Give `to` for a move to another address, or movers and joins to join a family.",
            )
        return self


class _Leaving(Strict):
    """Who leaves the regency, and what becomes of those who stay."""

    family: FamilyRef | None = Field(
        default=None, description="That they leave; none of a foreigner with a limited stay permit."
    )
    movers: Annotated[list[PersonRef], Field(min_length=1, max_length=500)]
    reason: MoveReason
    reason_text: Line | None = None
    planned_on: date | None = Field(default=None, description="The day of the change when absent")
    stayers_head: PersonRef | None = Field(
        default=None, description="Of those who stay, when their head leaves; proposed when absent."
    )
    positions: list[MemberPosition] = Field(
        default_factory=list, max_length=500, description="Of those who stay, to their new head."
    )


class MoveOut(_Leaving):
    """A move to another regency with a letter (SKPWNI): UU 24/2013 art 15, Perpres 96/2018 art 25."""

    kind: Literal["move_out"] = "move_out"
    to: Elsewhere
    movers_card: Annotated[int, Field(ge=1, le=3, description="Of status_kk_pindah")] = 2
    programme: Literal["TRANSMIGRATION"] | None = None


class MoveAbroad(_Leaving):
    """A move out of the country for a year or longer (SKPLN): UU 24/2013 art 18."""

    kind: Literal["move_abroad"] = "move_abroad"
    country: Line
    address_abroad: LongLine | None = None


class ConfirmArrivalElsewhere(Strict):
    """The destination has registered who moved out; they are no residents of ours any more."""

    kind: Literal["confirm_arrival_elsewhere"] = "confirm_arrival_elsewhere"
    letter: LetterNumber
    arrived_on: date
    movers: list[PersonRef] = Field(
        default_factory=list, max_length=500, description="Who arrived; everybody when empty."
    )


class CancelMove(Strict):
    """Who has not arrived anywhere comes back as they were: MOV-CANCEL."""

    kind: Literal["cancel_move"] = "cancel_move"
    letter: LetterNumber
    joins: FamilyRef | None = Field(
        default=None, description="Who takes them in, where their family is no more."
    )


class IncomingLetter(Strict):
    """The letter of another regency; the first arrival with it fixes what it says."""

    number: LetterNumber
    issued_on: date
    valid_until: date | None = None
    origin: Elsewhere
    people: Annotated[int, Field(ge=1, le=500, description="How many it names")]


class Arriving(Strict):
    """Somebody who comes: known here from before, or with the record they have elsewhere."""

    person: PersonRef | None = None
    newcomer: Newcomer | None = None
    relationship: Relationship | None = Field(
        default=None, description="To the head; the first of a new family is its head."
    )
    passport_number: Annotated[str | None, Field(min_length=3, max_length=60)] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.person is None) == (self.newcomer is None):
            raise BadValue(
                "ARRIVING_ONCE",
                "Isi tepat satu: person (pernah tercatat di sini) atau newcomer.",
                "Give exactly one: person (recorded here before) or newcomer.",
            )
        return self


class _Arriving(Strict):
    """Who comes to live here, and in which family."""

    arrivals: Annotated[list[Arriving], Field(min_length=1, max_length=500)]
    to: Home | None = Field(default=None, description="Where they open a family of their own.")
    joins: FamilyRef | None = Field(default=None, description="The family that takes them in.")
    arrived_on: date | None = Field(default=None, description="The day of the report when absent")
    cleared_of: list[PersonRef] = Field(
        default_factory=list,
        max_length=20,
        description="Residents who look alike and were found by a person to be somebody else.",
    )

    @model_validator(mode="after")
    def _one_home(self) -> Self:
        if (self.to is None) == (self.joins is None):
            raise BadValue(
                "ARRIVE_ONE_HOME",
                "Isi tepat satu: to (KK baru) atau joins (menumpang KK).",
                "Give exactly one: to (a new family) or joins (an existing one).",
            )
        return self


class Arrive(_Arriving):
    """An arrival from another regency, of all or some whom the letter names: UU 24/2013 art 15."""

    kind: Literal["arrive"] = "arrive"
    letter: IncomingLetter
    reason: MoveReason | None = None
    with_letter: bool = Field(default=False, description="Print an SKDWNI as well")


class ArriveFromAbroad(_Arriving):
    """A citizen comes from abroad to live here (SKDLN): UU 24/2013 art 18, Perpres 96/2018 art 5."""

    kind: Literal["arrive_from_abroad"] = "arrive_from_abroad"
    country: Line
    letter: LetterNumber | None = Field(default=None, description="Of the SKPLN, when issued")


class NoteTemporaryStay(Strict):
    """Somebody stays here for a while and belongs elsewhere: Permendagri 74/2022, F-1.15."""

    kind: Literal["note_temporary_stay"] = "note_temporary_stay"
    nik: Nik
    full_name: Line
    sex: Sex
    birth_date: date
    home: Elsewhere = Field(description="Where they belong")
    at: Home
    since: date
    until: date = Field(description="The last day; at most a year")
    reason: MoveReason

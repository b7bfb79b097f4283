"""Facts about deaths, and about children who were born dead."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contract.terms import (
    Citizenship,
    FamilyRef,
    Line,
    MemberPosition,
    PersonRef,
    RegionCode,
    Ruling,
    Sex,
    Strict,
    VillageCode,
    Witness,
)
from shared.invalid import BadValue


class DeathProof(StrEnum):
    """What proves a death: Perpres 96/2018 art 45, Permendagri 108/2019 art 64-65."""

    LETTER = "LETTER"  # of a doctor, a facility or the village head
    POLICE = "POLICE"  # of somebody whom nobody knows
    STATEMENT = "STATEMENT"  # old papers and a statement of liability (SPTJM)
    COURT = "COURT"
    AIRLINE = "AIRLINE"  # of who was aboard and is not found
    MISSION = "MISSION"  # an Indonesian mission abroad


class Deceased(Strict):
    """Somebody who died and is in no register; what is not known is absent."""

    full_name: Line | None = Field(default=None, description="Absent: nobody knows who it was")
    sex: Sex
    birth_place: Line | None = None
    birth_date: date | None = None
    citizenship: Citizenship = Citizenship.INDONESIAN
    father_name: Line | None = None
    mother_name: Line | None = None
    spouse_name: Line | None = None
    village_code: VillageCode = Field(description="Where they lived last, or were found")


class Succession(Strict):
    """How a family goes on without its head, where what the registry proposes is not so.

    Either somebody becomes head, or those who stay go into the family of relatives.
    """

    head: PersonRef | None = Field(
        default=None,
        description="A member; an adult relative from elsewhere where only minors are left.",
    )
    host: FamilyRef | None = Field(
        default=None, description="Who takes in the minors that are left, with a guardian's word."
    )
    positions: list[MemberPosition] = Field(
        default_factory=list, max_length=500, description="To the new head, or to the host."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.head is not None and self.host is not None:
            raise BadValue(
                "SUCCESSION_STATED_TWICE",
                "Sebutkan kepala keluarga baru atau keluarga yang menampung, bukan keduanya.",
                "Name a new head or a family that takes them in, not both.",
            )
        return self


class RegisterDeath(Strict):
    """A death: UU 24/2013 art 44, Perpres 96/2018 art 45, F-2.01."""

    kind: Literal["register_death"] = "register_death"
    person: PersonRef | None = None
    unregistered: Deceased | None = Field(
        default=None, description="In place of person: died without ever having a NIK."
    )
    died_on: date
    died_at: time | None = None
    place: Line | None = Field(default=None, description="Absent where nobody knows it")
    place_code: RegionCode | None = None
    cause: Annotated[int, Field(ge=1, le=6, description="Code of sebab_kematian")] = 1
    declared_by: Annotated[int, Field(ge=1, le=4, description="yang_menerangkan_kematian")] = 1
    proof: DeathProof = DeathProof.LETTER
    ruling: Ruling | None = Field(default=None, description="Where a court says so")
    reporter_name: Line
    reporter_relationship: Line
    witnesses: list[Witness] = Field(min_length=2, max_length=2)
    reported_on: date | None = Field(
        default=None, description="The legal day of the report; the day of submission when absent."
    )
    succession: Succession = Succession()

    @model_validator(mode="after")
    def _one_dead(self) -> Self:
        if (self.person is None) == (self.unregistered is None):
            raise BadValue(
                "DECEASED_NAMED_ONCE",
                "Sebutkan tepat satu: person (penduduk terdaftar) atau unregistered (tanpa NIK).",
                "Name exactly one: person (a resident) or unregistered (without a NIK).",
            )
        return self


class RemovalReason(StrEnum):
    """Why a line of a family card is struck, by a paper of another office."""

    DIED = "DIED"
    MOVED = "MOVED"


class RemoveMember(Strict):
    """A member is taken off their card by what another office certified: Perpres 96/2018 art 11.

    A death that is certified here is `register_death`, and a move from here `move_out`.
    """

    kind: Literal["remove_member"] = "remove_member"
    person: PersonRef
    reason: RemovalReason
    happened_on: date
    paper_number: Line = Field(description="Of the death certificate, or of the letter of the move")
    authority: Line = Field(description="The office that gave it")
    succession: Succession = Succession()


class RegisterStillbirth(Strict):
    """A child born dead after 28 weeks or more: a letter, no person. UU 23/2006 art 33, F-2.01."""

    kind: Literal["register_stillbirth"] = "register_stillbirth"
    mother: PersonRef
    father: PersonRef | None = None
    full_name: Line | None = Field(default=None, description="Many are given none")
    sex: Sex
    happened_on: date
    happened_at: time | None = None
    place: Line
    weeks: Annotated[int | None, Field(ge=1, le=45, description="Of pregnancy")] = None
    birth_order: Annotated[int | None, Field(ge=1, le=30)] = None
    attendant: Annotated[int, Field(ge=1, le=4, description="penolong_kelahiran")] = 2
    reporter_name: Line
    reporter_relationship: Line
    witnesses: list[Witness] = Field(min_length=2, max_length=2)
    reported_on: date | None = None

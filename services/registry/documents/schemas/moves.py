"""Letters about who leaves and who arrives."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.registry.documents.schemas.terms import (
    Address,
    Heading,
    Listed,
    PrintedName,
    Serial,
)
from shared.contract.facts import KkNumber, Line, LongLine, Nik, Strict

MoveReason = Annotated[int, Field(ge=1, le=7)]  # alasan_pindah.csv
People = Annotated[tuple[Listed, ...], Field(min_length=1, max_length=1000)]


class MoveLetterContent(Strict):
    """Who moves to another regency (SKPWNI): Perpres 96/2018 art 25; numbers of both offices."""

    number: Serial
    applicant_nik: Nik
    applicant_name: PrintedName
    kk_number: KkNumber | None = None  # None of foreigners in no family
    head_name: PrintedName | None = None
    origin: Address
    destination: Address
    reason: MoveReason
    reason_text: Line | None = None  # with LAINNYA
    classification: Annotated[int, Field(ge=1, le=6)]  # klasifikasi_pindah.csv
    move_kind: Annotated[int, Field(ge=1, le=4)]  # jenis_kepindahan.csv
    movers_card: Annotated[int | None, Field(ge=1, le=3)] = None  # status_kk_pindah.csv
    stayers_card: Annotated[int | None, Field(ge=1, le=4)] = None  # status_kk_tidak_pindah.csv
    planned_on: date
    valid_until: date  # the last valid day
    movers: People
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.applicant_name, self.regency)


class ArrivalLetterContent(Strict):
    """Who came from another regency (SKDWNI)."""

    number: Serial
    applicant_nik: Nik
    applicant_name: PrintedName
    letter_number: Serial  # of the SKPWNI
    letter_date: date | None = None
    origin: Address
    kk_number: KkNumber  # the family that they are in now
    head_name: PrintedName
    address: Address
    reason: MoveReason | None = None
    arrived_on: date
    arrivals: People
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.applicant_name, self.regency)


class DepartureAbroadContent(Strict):
    """Who leaves the country for a year or longer (SKPLN)."""

    number: Serial
    applicant_nik: Nik
    applicant_name: PrintedName
    kk_number: KkNumber
    head_name: PrintedName
    origin: Address
    country: Line
    address_abroad: LongLine | None = None
    reason: MoveReason
    reason_text: Line | None = None
    planned_on: date
    movers: People
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.applicant_name, self.regency)


class ArrivalFromAbroadContent(Strict):
    """Who came from abroad to live here (SKDLN)."""

    number: Serial
    applicant_nik: Nik | None = None
    applicant_name: PrintedName
    country: Line  # where they lived
    arrived_on: date
    kk_number: KkNumber | None = None
    head_name: PrintedName | None = None
    address: Address
    permit_number: Serial | None = None  # of foreigners
    permit_until: date | None = None
    sponsor_name: PrintedName | None = None
    arrivals: People
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.applicant_name, self.regency)

"""Papers about the beginning of a life: birth, stillbirth."""

from datetime import date, time
from typing import Annotated

from pydantic import Field

from services.registry.documents.rules import Parentage
from services.registry.documents.schemas.terms import (
    Address,
    Annotations,
    Heading,
    Party,
    PrintedName,
    Serial,
)
from shared.contract.facts import Citizenship, Line, Nik, Sex, Strict

BirthOrder = Annotated[int, Field(ge=1, le=30)]  # "anak ke-"


class BirthCertificateContent(Strict):
    """The quotation from the register of births: Perpres 96/2018 art 33."""

    number: Serial
    nik: Nik
    full_name: PrintedName
    sex: Sex
    birth_place: Line
    birth_date: date
    birth_order: BirthOrder
    citizenship: Citizenship = Citizenship.INDONESIAN
    parentage: Parentage
    mother_name: PrintedName | None = None  # None only of a foundling
    father_name: PrintedName | None = None
    registered_on: date
    regency: Line  # without "Kabupaten"
    annotations: Annotations = ()  # adoption, acknowledgement, new name ...

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.full_name, self.regency)


class StillbirthLetterContent(Strict):
    """A letter, never a certificate, and no NIK: UU 23/2006 art 33."""

    number: Serial
    full_name: PrintedName | None = None  # many are given none
    sex: Sex
    place: Line
    happened_on: date
    happened_at: time | None = None
    weeks: Annotated[int | None, Field(ge=1, le=45)] = None  # of pregnancy
    birth_order: BirthOrder | None = None
    mother: Party
    father: Party | None = None
    mother_address: Address | None = None
    registered_on: date
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.mother.full_name, self.regency)

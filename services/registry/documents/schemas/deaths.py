"""The certificate of death. What somebody died of is nobody's business but the statistician's."""

from datetime import date

from services.registry.documents.schemas.terms import (
    Annotations,
    Heading,
    PrintedName,
    Ruling,
    Serial,
)
from shared.contract.facts import Citizenship, Line, Nik, Sex, Strict


class DeathCertificateContent(Strict):
    """The quotation from the register of deaths: UU 24/2013 art 44, Perpres 96/2018 art 45."""

    number: Serial
    nik: Nik | None = None  # None of somebody who died before there was a register
    full_name: PrintedName  # "TIDAK DIKENAL" of a body that nobody knows
    sex: Sex
    birth_place: Line | None = None
    birth_date: date | None = None
    citizenship: Citizenship = Citizenship.INDONESIAN
    death_place: Line | None = None  # None where it is not known, as of the missing
    death_date: date
    father_name: PrintedName | None = None
    mother_name: PrintedName | None = None
    spouse_name: PrintedName | None = None
    ruling: Ruling | None = None  # of the missing and of the unknown: by a court alone
    registered_on: date
    regency: Line
    annotations: Annotations = ()

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.full_name, self.regency)

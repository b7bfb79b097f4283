"""The marginal note as a sheet of its own, kept with register and quotation."""

from datetime import date
from typing import Annotated

from pydantic import Field

from services.registry.documents.schemas.terms import (
    Annotation,
    Heading,
    PrintedName,
    Ruling,
    Serial,
)
from shared.contract.facts import Line, Nik, Strict


class MarginalNoteContent(Strict):
    """One note on one certificate: Perpres 96/2018 art 52 to 56."""

    certificate_kind: Annotated[str, Field(pattern=r"^[A-Z_]{4,16}$")]  # jenis_akta.csv
    certificate_number: Serial
    registered_on: date  # the certificate
    full_name: PrintedName  # of its subject, or of both spouses
    nik: Nik | None = None
    annotation: Annotation
    ruling: Ruling | None = None
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.certificate_number, self.full_name, self.regency)

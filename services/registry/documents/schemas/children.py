"""Papers about whose child somebody is."""

from datetime import date

from services.registry.documents.schemas.terms import (
    Annotations,
    Heading,
    Party,
    PrintedName,
    Religion,
    Ruling,
    Serial,
)
from shared.contract.facts import Line, Strict


class AcknowledgementCertificateContent(Strict):
    """A father acknowledges his child, with the mother's consent: UU 24/2013 art 49."""

    number: Serial
    child: Party
    birth_certificate_number: Serial | None = None
    birth_certified_on: date | None = None
    father: Party
    mother: Party
    acknowledged_on: date  # of his letter
    religion: Religion | None = None  # by whose rites the parents are married
    ruling: Ruling | None = None  # where a court had to decide
    registered_on: date
    regency: Line
    annotations: Annotations = ()

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.child.full_name, self.regency)


class LegitimationCertificateContent(Strict):
    """The parents' registered marriage makes the child theirs by law: UU 24/2013 art 50."""

    number: Serial
    child: Party
    birth_certificate_number: Serial | None = None
    birth_certified_on: date | None = None
    father: Party
    mother: Party
    marriage_number: Serial
    married_on: date
    marriage_registered_at: Line | None = None
    religion: Religion | None = None
    leader_name: PrintedName | None = None
    ruling: Ruling | None = None
    registered_on: date
    regency: Line
    annotations: Annotations = ()

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, self.child.full_name, self.regency)

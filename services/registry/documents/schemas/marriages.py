"""Papers about a couple: marriage, divorce, and the annulment of either."""

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


def _couple(husband: Party, wife: Party) -> str:
    return f"{husband.full_name} / {wife.full_name}"


class MarriageCertificateContent(Strict):
    """The quotation from the register of marriages: UU 23/2006 art 34, Perpres 96/2018 art 37."""

    number: Serial
    husband: Party
    wife: Party
    married_on: date  # before the leader of their religion or belief
    place: Line  # of the ceremony
    religion: Religion  # by whose rites
    belief_organisation: Line | None = None
    leader_name: PrintedName | None = None  # pemuka agama or pemuka penghayat
    ruling: Ruling | None = None  # a marriage found valid by a court
    registered_on: date
    regency: Line
    annotations: Annotations = ()

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, _couple(self.husband, self.wife), self.regency)


class DivorceCertificateContent(Strict):
    """The quotation from the register of divorces: UU 23/2006 art 40."""

    number: Serial
    husband: Party
    wife: Party
    marriage_number: Serial | None = None
    married_on: date | None = None
    marriage_place: Line | None = None  # or the office that registered it
    ruling: Ruling
    divorced_on: date  # from when it holds
    registered_on: date
    regency: Line
    annotations: Annotations = ()

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, _couple(self.husband, self.wife), self.regency)


class AnnulmentLetterContent(Strict):
    """The letter that a marriage, or a divorce, is annulled: UU 23/2006 art 39 and 43."""

    number: Serial
    husband: Party
    wife: Party
    certificate_number: Serial | None = None  # of the marriage, or of the divorce
    certified_on: date | None = None
    ruling: Ruling
    registered_on: date
    regency: Line

    @property
    def heading(self) -> Heading:
        """By what a stranger recognises it."""
        return Heading(self.number, _couple(self.husband, self.wife), self.regency)


class MarriageAnnulmentContent(AnnulmentLetterContent):
    """The marriage is annulled."""


class DivorceAnnulmentContent(AnnulmentLetterContent):
    """The divorce is annulled; the marriage goes on."""

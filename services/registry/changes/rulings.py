"""What is asked of a court's ruling before the registry follows it, and who may be changed here."""

from datetime import date

from services.registry.changes.state import Person
from services.registry.changes.steps import Context, Findings
from shared.auth import covers
from shared.contract.facts import Ruling

DAYS_TO_REPORT = 30  # after the ruling was received: UU 23/2006 art 52, UU 24/2013 art 56


def check_ruling(
    found: Findings, ruling: Ruling, born_on: date | None, context: Context, place: str
) -> None:
    """Refuse a ruling of another day than one that was; a late report is only noted.

    It may be of long ago: what it says holds since then, and is recorded today.
    """
    if ruling.dated > context.today:
        found.refuse("COURT_RULING_IN_FUTURE", f"{place}/dated")
    elif ruling.holds_from > context.today:
        found.refuse("COURT_RULING_NOT_FINAL", f"{place}/final_on")
    elif (late := (context.reported_on - ruling.holds_from).days - DAYS_TO_REPORT) > 0:
        found.warn("COURT_RULING_LATE", place, days=late)
    if born_on is not None and ruling.dated < born_on:
        found.refuse("COURT_RULING_BEFORE_BIRTH", f"{place}/dated")


def check_regency(found: Findings, person: Person, context: Context, place: str) -> None:
    """Refuse whoever lives in another regency: their own one records it (asas domisili)."""
    if person.village_code and not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", place)

"""What is asked of a report of death: its days, its proof and its place.

UU 24/2013 art 44, Perpres 96/2018 art 45-46, Permendagri 108/2019 art 64-65, letter of the Director
General of 7 October 2024 on old deaths.
"""

from datetime import date

from services.registry.certificates.rules import DAYS_TO_REPORT_A_DEATH, days_late
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings
from shared.auth import covers
from shared.contract.facts import DeathProof, RegisterDeath

_OF_NOBODY_KNOWN = frozenset({DeathProof.POLICE, DeathProof.COURT})
_OF_NO_RECORD = frozenset({DeathProof.STATEMENT, DeathProof.COURT})


def check_village(
    found: Findings, state: State, fact: RegisterDeath, village: str | None, context: Context
) -> None:
    """Refuse who lived elsewhere: a death is registered where the dead lived, or was found."""
    place = "/unregistered/village_code" if fact.unregistered else "/person"
    if village is None:
        return
    if not covers([context.regency], village):
        found.refuse("NOT_IN_JURISDICTION", place)
    elif fact.unregistered is not None and village not in state.villages:
        found.refuse("VILLAGE_UNKNOWN", place)


def check_days(
    found: Findings, fact: RegisterDeath, person: Person | None, reported_on: date, today: date
) -> None:
    """Refuse a death before the birth or after its report; note how late it is told."""
    if reported_on > today:
        found.refuse("REPORTED_IN_FUTURE", "/reported_on")
    if fact.died_on > min(reported_on, today):
        found.refuse("DEATH_IN_FUTURE", "/died_on")
    dead = fact.unregistered
    born_on = person.birth_date if person else dead.birth_date if dead else None
    if born_on is not None and fact.died_on < born_on:
        found.refuse("DEATH_BEFORE_BIRTH", "/died_on")
    late = days_late(fact.died_on, reported_on, DAYS_TO_REPORT_A_DEATH)
    if late:
        found.warn("DEATH_REPORTED_LATE", "/died_on", days=late)


def check_proof(found: Findings, fact: RegisterDeath, person: Person | None, today: date) -> None:
    """Refuse what does not prove this kind of death."""
    if (fact.ruling is None) == (fact.proof is DeathProof.COURT):
        found.refuse("RULING_WITH_COURT", "/ruling")
    if fact.ruling is not None and fact.ruling.holds_from > today:
        found.refuse("RULING_IN_FUTURE", "/ruling")
    if person is not None and person.status == "HILANG" and fact.proof is not DeathProof.COURT:
        found.refuse("MISSING_NEEDS_COURT", "/proof")
    dead = fact.unregistered
    if dead is not None and dead.full_name is None and fact.proof not in _OF_NOBODY_KNOWN:
        found.refuse("UNKNOWN_NEEDS_POLICE", "/proof")
    if dead is not None and dead.full_name is not None and fact.proof not in _OF_NO_RECORD:
        found.refuse("UNREGISTERED_NEEDS_STATEMENT", "/proof")


def weigh_family(found: Findings, state: State, person: Person, died_on: date, place: str) -> None:
    """Note a child whom the dead would have borne after the death, and a wedding after it."""
    for child in state.children_of(person):
        if child.birth_date > died_on:
            found.warn("CHILD_BORN_AFTER_DEATH", place, name=child.full_name)
    wedding = person.particulars.marriage_date
    if person.is_married and wedding is not None and wedding > died_on:
        found.warn("MARRIED_AFTER_DEATH", place, day=wedding.isoformat())

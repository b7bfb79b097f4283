"""By what a person who is about to be registered would be found if they were registered already."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.changes.births import SAME_BIRTH_DAYS
from services.registry.changes.naming import UNKNOWN_MOTHER
from services.registry.changes.state import Person
from services.registry.residents.rules.ages import is_conventional
from shared.contract.facts import Newborn, Precision, RegisterResident


@dataclass(frozen=True, slots=True)
class Sought:
    """A name, days of birth (both inclusive) and the mother; no mother means any."""

    full_name: str
    born_from: date
    born_to: date
    mother_name: str | None


def first_biodata(fact: RegisterResident) -> Sought:
    """Return whom to look for before a first biodata.

    Many share 1 July or 31 December, because their day is not known: there the mother must be
    alike too, and where only the year is known any day of it will do.
    """
    born = fact.birth_date
    if fact.birth_date_precision is Precision.DAY and not is_conventional(born, "DAY"):
        return Sought(fact.full_name, born, born, None)
    if fact.birth_date_precision is Precision.DAY:
        return Sought(fact.full_name, born, born, fact.mother_name)
    first, last = born.replace(month=1, day=1), born.replace(month=12, day=31)
    return Sought(fact.full_name, first, last, fact.mother_name)


def newborn(child: Newborn, mother: Person | None) -> Sought:
    """Return whom to look for before a birth: a child of that day whose mother is not linked."""
    around = timedelta(days=SAME_BIRTH_DAYS)
    name = mother.full_name if mother else UNKNOWN_MOTHER
    return Sought(child.full_name, child.birth_date - around, child.birth_date + around, name)

"""What is asked of two people before a marriage or divorce of theirs is recorded."""

from datetime import date

from services.registry.changes.state import Key, Person
from services.registry.changes.steps import Context, Findings
from services.registry.residents.rules.ages import age
from shared.auth import covers
from shared.contract.facts import MaritalStatus, Sex

# Years: UU 1/1974 art 7(1), and since UU 16/2019 19 for both.
MARRIAGEABLE = 19
MARRIAGEABLE_WIFE_BEFORE = 16
SAME_AGE_SINCE = date(2019, 10, 15)


def check_couple(found: Findings, husband: Person, wife: Person, context: Context) -> None:
    """Refuse two who cannot be a couple, or of whom neither lives in the regency."""
    if husband.key == wife.key:
        found.refuse("SAME_PERSON_TWICE", "/wife")
    if husband.sex is not Sex.MALE:
        found.refuse("HUSBAND_NOT_MALE", "/husband")
    if wife.sex is not Sex.FEMALE:
        found.refuse("WIFE_NOT_FEMALE", "/wife")
    villages = [each.village_code for each in (husband, wife) if each.family and each.village_code]
    if not any(covers([context.regency], each) for each in villages):
        found.refuse("COUPLE_NOT_FROM_HERE", "/husband")


def check_day(
    found: Findings,
    husband: Person,
    wife: Person,
    happened_on: date,
    context: Context,
    place: str = "/happened_on",
) -> None:
    """Refuse a day that has not come, or on which one of the two was not born yet or had died."""
    if happened_on > context.today:
        found.refuse("MARRIAGE_IN_FUTURE", place)
    if happened_on < max(husband.birth_date, wife.birth_date):
        found.refuse("MARRIAGE_BEFORE_BIRTH", place)
    died = [each.death_date for each in (husband, wife) if each.death_date]
    if died and happened_on > min(died):
        found.refuse("MARRIAGE_AFTER_DEATH", place)


def too_young(husband: Person, wife: Person, married_on: date) -> list[tuple[str, Person]]:
    """Return who of the two, and their place in the fact, was too young to marry on that day."""
    hers = MARRIAGEABLE if married_on >= SAME_AGE_SINCE else MARRIAGEABLE_WIFE_BEFORE
    least = (("/husband", husband, MARRIAGEABLE), ("/wife", wife, hers))
    return [(at, who) for at, who, years in least if age(who.birth_date, married_on) < years]


def are_close_kin(one: Person, other: Person) -> bool:
    """Tell whether two are parent and child, or have a parent in common: UU 1/1974 art 8."""
    parents = ({one.mother, one.father} - {None}, {other.mother, other.father} - {None})
    return one.key in parents[1] or other.key in parents[0] or bool(parents[0] & parents[1])


def weigh_ages(found: Findings, husband: Person, wife: Person, married_on: date) -> None:
    """Note who was too young: what another office registered is true all the same."""
    for place, person in too_young(husband, wife, married_on):
        found.warn("MARRIED_UNDER_AGE", place, name=person.full_name)


def check_free(found: Findings, husband: Person, wife: Person, permission: object) -> None:
    """Refuse who is bound to somebody else; only a husband may be, by permission of a court.

    UU 1/1974 art 3 and 4. Old records do not say to whom: a person has to look.
    """
    if _is_bound(wife, husband.key):
        found.refuse("WIFE_ALREADY_MARRIED", "/wife")
    if _is_bound(husband, wife.key):
        if permission is None:
            found.refuse("FURTHER_WIFE_NEEDS_PERMISSION", "/court_permission")
        else:
            found.warn("FURTHER_WIFE", "/court_permission")
    warn_of_unlinked(found, husband, wife)


def warn_of_unlinked(found: Findings, husband: Person, wife: Person) -> None:
    """Note who is recorded as married without saying to whom."""
    for person, place in ((husband, "/husband"), (wife, "/wife")):
        if person.is_married and person.spouse is None:
            found.warn("SPOUSE_NOT_LINKED", place, name=person.full_name)


def are_married(husband: Person, wife: Person, status: MaritalStatus) -> bool:
    """Tell whether two are recorded as married to each other, and both in this way."""
    return wife.spouse == husband.key and {husband.marital_status, wife.marital_status} == {status}


def may_be_married(husband: Person, wife: Person) -> bool:
    """Tell whether nothing on record says that these two are not husband and wife.

    A husband of several wives is linked to one of them; each of his wives is linked to him.
    """
    linked = wife.spouse in {husband.key, None}
    return husband.is_married and wife.is_married and linked


def _is_bound(person: Person, other: Key) -> bool:
    return person.is_married and person.spouse not in {other, None}

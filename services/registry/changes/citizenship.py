"""What the law says about a citizenship that comes or goes: UU 12/2006, UU 24/2013 art 53-55."""

from datetime import date, timedelta

from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.changes.succession import heads_others
from services.registry.residents.rules.ages import age, birthday
from shared.codes import find
from shared.contract.facts import (
    Citizenship,
    CitizenshipEvent,
    Relationship,
    SetCitizenship,
)

OF_AGE = 18  # years, and below it a child may have two citizenships
CHOOSE_WITHIN = 3  # years after that
DAYS_TO_REPORT = 60  # after the oath or decree
LOST = "WNI_HILANG"  # status_penduduk.csv

BECOMES = {
    CitizenshipEvent.GAINED: Citizenship.INDONESIAN,
    CitizenshipEvent.REGAINED: Citizenship.INDONESIAN,
    CitizenshipEvent.CHOSEN: Citizenship.INDONESIAN,
    CitizenshipEvent.DUAL: Citizenship.DUAL,
    CitizenshipEvent.LOST: Citizenship.FOREIGN,
}
_WAS = {
    CitizenshipEvent.GAINED: {Citizenship.FOREIGN},
    CitizenshipEvent.REGAINED: {Citizenship.FOREIGN},
    CitizenshipEvent.CHOSEN: {Citizenship.DUAL},
    CitizenshipEvent.DUAL: {Citizenship.INDONESIAN, Citizenship.FOREIGN},
    CitizenshipEvent.LOST: {Citizenship.INDONESIAN, Citizenship.DUAL},
}


def choose_by(person: Person) -> date:
    """Return the last day to choose one of two citizenships: before the 21st birthday is over."""
    return birthday(person.birth_date, person.birth_date.year + OF_AGE + CHOOSE_WITHIN)


def leaves_family(fact: SetCitizenship) -> bool:
    """Tell whether somebody is on no family card from then on: only ITAP foreigners are."""
    return fact.event is CitizenshipEvent.LOST and fact.permit != "ITAP"


def check(
    found: Findings, state: State, fact: SetCitizenship, person: Person, context: Context
) -> None:
    """Judge everything about a change of citizenship but the person's own standing."""
    if person.citizenship not in _WAS[fact.event]:
        now = find("kewarganegaraan", int(person.citizenship)).name
        found.refuse("CITIZENSHIP_IS_OTHER", "/event", now_id=now.id, now_en=now.en)
    _check_days(found, fact, person, context)
    if fact.permit is not None and fact.event is not CitizenshipEvent.LOST:
        found.refuse("PERMIT_OF_LOST_ONLY", "/permit")
    _check_choice(found, fact, person)
    if leaves_family(fact) and heads_others(state, person):
        found.refuse("HEAD_LEAVES_OTHERS", "/person", name=person.full_name)


def _check_days(found: Findings, fact: SetCitizenship, person: Person, context: Context) -> None:
    for day, place in ((fact.happened_on, "/happened_on"), (fact.decree.dated, "/decree/dated")):
        if day > context.today:
            found.refuse("CITIZENSHIP_IN_FUTURE", place)
        if day < person.birth_date:
            found.refuse("CITIZENSHIP_BEFORE_BIRTH", place)
    due = fact.happened_on + timedelta(days=DAYS_TO_REPORT)
    if (late := (context.reported_on - due).days) > 0:
        found.warn("CITIZENSHIP_LATE", "/happened_on", days=late)


def _check_choice(found: Findings, fact: SetCitizenship, person: Person) -> None:
    of_age = age(person.birth_date, fact.happened_on) >= OF_AGE or person.ever_married
    if fact.event is CitizenshipEvent.DUAL and of_age:
        found.refuse("DUAL_IS_FOR_CHILDREN", "/event")
    if fact.event is CitizenshipEvent.CHOSEN and fact.happened_on > choose_by(person):
        found.warn("CHOSEN_TOO_LATE", "/happened_on", day=choose_by(person).isoformat())


def check_joining(
    found: Findings, state: State, fact: SetCitizenship, index: int, context: Context
) -> None:
    """Ask into whose family somebody comes who was in none: every citizen is in one."""
    if fact.family is None:
        found.refuse("CITIZEN_NEEDS_FAMILY", "/family")
        return
    found.check_family(state.family(fact.family, index), "/family", context)
    if fact.relationship is Relationship.HEAD:
        found.refuse("HEAD_RELATIONSHIP", "/relationship")

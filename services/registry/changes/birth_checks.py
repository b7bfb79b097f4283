"""What is looked at when a birth is reported: days, parents, siblings, the proof of marriage."""

from datetime import date

from services.registry.certificates.rules import CertificateKind, days_late
from services.registry.changes import births
from services.registry.changes.correcting import is_typing_error
from services.registry.changes.naming import looks_alike, recorded
from services.registry.changes.state import Family, Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.documents.rules import Parentage
from services.registry.residents.rules.ages import age
from shared.auth import covers
from shared.contract.facts import BirthReport, Citizenship, Sex

BIRTHS = frozenset({CertificateKind.BIRTH.value, CertificateKind.LATE_BIRTH.value})


def check_days(found: Findings, fact: BirthReport, reported_on: date, today: date) -> None:
    """Judge the days of birth and report; a late report is only noted."""
    born_on = fact.child.birth_date
    if reported_on > today:
        found.refuse("REPORTED_IN_FUTURE", "/reported_on")
    if born_on > min(reported_on, today):
        found.refuse("BIRTH_IN_FUTURE", "/child/birth_date")
    elif late := days_late(born_on, reported_on):
        found.warn("REPORTED_LATE", "/child/birth_date", days=late)


def check_parents(
    found: Findings, fact: BirthReport, mother: Person | None, father: Person | None
) -> None:
    """Judge who the parents are said to be; neither is known of a foundling."""
    if fact.mother is None:
        if fact.father is None:
            found.warn("PARENTS_UNKNOWN", "/mother")
        else:
            found.refuse("MOTHER_REQUIRED", "/mother")
    else:
        _check_parent(found, mother, "/mother", "MOTHER_DECEASED")
    if fact.father is not None:
        _check_parent(found, father, "/father", "FATHER_DECEASED")
    check_ages(found, fact.child.birth_date, mother, father)
    if mother and father and mother.religion != father.religion:
        found.warn("RELIGION_DIFFERS", "/child")
    if births.citizenship(mother, father) is Citizenship.DUAL:
        found.warn("DUAL_CITIZENSHIP", "/child")


def _check_parent(found: Findings, parent: Person | None, place: str, deceased: str) -> None:
    # A parent may die before the birth is reported, so death is no obstacle here.
    if parent is not None and not parent.is_alive:
        found.warn(deceased, place)
    else:
        found.check_person(parent, place)


def check_ages(
    found: Findings, born_on: date, mother: Person | None, father: Person | None
) -> None:
    """Weigh the parents' sex and age at a birth; only the sex blocks."""
    if mother is not None:
        if mother.sex is not Sex.FEMALE:
            found.refuse("MOTHER_NOT_FEMALE", "/mother")
        years = age(mother.birth_date, born_on)
        if years < births.YOUNGEST_MOTHER:
            found.warn("MOTHER_TOO_YOUNG", "/mother")
        elif years > births.OLDEST_MOTHER:
            found.warn("MOTHER_TOO_OLD", "/mother")
    if father is not None:
        if father.sex is not Sex.MALE:
            found.refuse("FATHER_NOT_MALE", "/father")
        if age(father.birth_date, born_on) < births.YOUNGEST_FATHER:
            found.warn("FATHER_TOO_YOUNG", "/father")


def check_siblings(
    found: Findings,
    state: State,
    fact: BirthReport,
    mother: Person | None,
    index: int,
    existing: Person | None = None,
) -> None:
    """Look for this very birth, and for births too close to it, among the mother's children.

    Records without a linked mother, such as old ones, are looked at when they seem to be this child.
    """
    cleared = {str(each) for each in fact.cleared_of}
    siblings = list(state.children_of(mother)) if mother else []
    unlinked = [state.persons[key] for key in state.similar.get(index, ())]
    for other in (*siblings, *(each for each in unlinked if each.mother is None)):
        if existing is not None and other.key == existing.key:
            continue  # the child itself
        alike = looks_alike(fact.child.full_name, other.full_name)
        if not births.is_same_birth(fact.child, other, alike=alike):
            _check_distance(found, fact, other)
        elif other.key in cleared:
            found.warn("BIRTH_CLEARED", "/cleared_of", name=other.full_name)
        else:
            found.refuse("BIRTH_ALREADY_REGISTERED", "/child", name=other.full_name)


def check_existing(
    found: Findings,
    state: State,
    fact: BirthReport,
    existing: Person | None,
    mother: Person | None,
) -> None:
    """Refuse a child who is somebody else, or has a certificate; the NIK is kept, whatever it says."""
    found.check_person(existing, "/existing")
    if existing is None:
        return
    if existing.has_birth_certificate or state.entry(BIRTHS, existing.key):
        found.refuse("CHILD_HAS_CERTIFICATE", "/existing", name=existing.full_name)
    child = fact.child
    same = (child.birth_date, child.sex) == (existing.birth_date, existing.sex)
    name = recorded(child.full_name)
    if not same or not (name == existing.full_name or is_typing_error(existing.full_name, name)):
        found.refuse("CHILD_DIFFERS", "/existing", name=existing.full_name)
    if mother is not None and existing.mother not in {None, mother.key}:
        found.refuse("CHILD_OF_ANOTHER", "/mother", name=existing.full_name)


def lodging(
    found: Findings, mother: Person | None, father: Person | None, context: Context
) -> Person | None:
    """Return the parent by whose permit to stay a child lives here without a family card.

    Foreigners with a limited permit (ITAS) are in no card, and so are their children: Perpres
    96/2018 art 34. Who stays in another regency reports there.
    """
    foreign = (each for each in (mother, father) if each and each.is_temporary)
    lodger = next((each for each in foreign if each.village_code), None)
    if lodger is not None and not covers([context.regency], lodger.village_code or ""):
        found.refuse("NOT_IN_JURISDICTION", "/mother" if lodger is mother else "/father")
    return lodger


def _check_distance(found: Findings, fact: BirthReport, sibling: Person) -> None:
    days = abs((fact.child.birth_date - sibling.birth_date).days)
    if days <= births.SAME_BIRTH_DAYS:
        if fact.child.birth_kind == 1:
            found.warn("TWIN_NOT_STATED", "/child/birth_kind", name=sibling.full_name)
    elif births.months_apart(fact.child.birth_date, sibling.birth_date) < births.CLOSEST_SIBLINGS:
        found.warn("SIBLING_TOO_CLOSE", "/child/birth_date", name=sibling.full_name)


def named_father(
    found: Findings,
    fact: BirthReport,
    mother: Person | None,
    father: Person | None,
    family: Family | None,
) -> Person | None:
    """Return the father whom the certificate names: only one whose marriage is proved or shown."""
    if mother is None or father is None:
        return None
    proved = births.parentage(mother, father, fact.marriage_evidence, family)
    if proved is Parentage.MOTHER:
        found.warn("FATHER_NOT_RECORDED", "/marriage_evidence")
        return None
    if proved is Parentage.UNREGISTERED_MARRIAGE:
        found.warn("MARRIAGE_UNRECORDED", "/marriage_evidence")
    elif not births.marriage_is_known(mother, father):
        found.warn("MARRIAGE_NOT_IN_REGISTRY", "/marriage_evidence")
    return father

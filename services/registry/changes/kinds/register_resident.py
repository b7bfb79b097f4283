"""A person who is not in the registry yet: first biodata, UU 24/2013 art 58, F-1.01."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.birth_checks import check_ages
from services.registry.changes.naming import recorded
from services.registry.changes.papers import queued
from services.registry.changes.state import Person, State, new_key
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.duplicates import actions as duplicates
from services.registry.residents import actions as residents
from services.registry.residents.rules.alike import Known, in_words, reasons
from services.registry.residents.schemas import ResidentData
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.facts import RegisterResident
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Entry:
    """A person to be entered, as judged."""

    person: Person
    fact: RegisterResident
    mother_name: str
    father_name: str | None


def plan(state: State, fact: RegisterResident, index: int, context: Context) -> Step[Entry]:
    """Judge a first biodata, and look for somebody who is the same person already."""
    found = Findings(index)
    mother, father = state.person(fact.mother, index), state.person(fact.father, index)
    found.check_name(fact.full_name, "/full_name")
    if fact.birth_date > context.today:
        found.refuse("BIRTH_IN_FUTURE", "/birth_date")
    _check_home(found, state, fact, context)
    _check_parents(found, fact, mother, father)
    _check_duplicates(found, state, fact, index)
    entry = Entry(
        person=_person(fact, mother, father, index),
        fact=fact,
        mother_name=mother.full_name if mother else recorded(fact.mother_name),
        father_name=_father_name(fact, father),
    )
    person = entry.person
    return found.step(
        state.with_person(person),
        entry,
        _effect(entry),
        queued(IssuedKind.BIODATA, person.key, person.full_name),
        village_code=fact.village_code,
    )


async def apply(session: AsyncSession, entry: Entry, made: Made) -> None:
    """Enter the person and give them a NIK."""
    resident = await residents.register(
        session, _biodata(entry, made), source=made.source("register_resident"), today=made.today
    )
    made.people[entry.person.key] = resident.id
    made.print(IssuedKind.BIODATA, resident.id)
    await duplicates.clear(
        session, resident.id, entry.fact.cleared_of, made.source(entry.fact.kind)
    )


def _check_home(found: Findings, state: State, fact: RegisterResident, context: Context) -> None:
    if not covers([context.regency], fact.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/village_code")
    elif fact.village_code not in state.villages:
        found.refuse("VILLAGE_UNKNOWN", "/village_code")


def _check_parents(
    found: Findings, fact: RegisterResident, mother: Person | None, father: Person | None
) -> None:
    if fact.mother is not None and mother is None:
        found.refuse("PERSON_NOT_FOUND", "/mother")
    if fact.father is not None and father is None:
        found.refuse("PERSON_NOT_FOUND", "/father")
    check_ages(found, fact.birth_date, mother, father)


def _check_duplicates(found: Findings, state: State, fact: RegisterResident, index: int) -> None:
    cleared = {str(each) for each in fact.cleared_of}
    for key in state.similar.get(index, ()):
        other = state.persons[key]
        if key in cleared:
            found.warn("DUPLICATE_CLEARED", "/cleared_of", name=other.full_name)
        else:
            born = other.birth_date.isoformat()
            reasons_id, reasons_en = _reasons(state, fact, other, index)
            found.refuse(
                "DUPLICATE_SUSPECT",
                "",
                name=other.full_name,
                born=born,
                reasons_id=reasons_id,
                reasons_en=reasons_en,
            )


def _reasons(state: State, fact: RegisterResident, other: Person, index: int) -> tuple[str, str]:
    mother = state.person(fact.mother, index)
    same_mother = mother is not None and mother.key == other.mother
    one = Known(
        fact.full_name, fact.sex, fact.birth_date, fact.birth_date_precision, fact.mother_name
    )
    details = other.particulars
    two = Known(
        other.full_name,
        other.sex,
        other.birth_date,
        details.birth_date_precision,
        details.mother_name,
    )
    return in_words(reasons(one, two, same_mother=same_mother))


def _father_name(fact: RegisterResident, father: Person | None) -> str | None:
    if father is not None:
        return father.full_name
    return recorded(fact.father_name) if fact.father_name else None


def _person(
    fact: RegisterResident, mother: Person | None, father: Person | None, index: int
) -> Person:
    return Person(
        key=new_key(index),
        full_name=recorded(fact.full_name),
        sex=fact.sex,
        birth_date=fact.birth_date,
        religion=fact.religion,
        marital_status=fact.marital_status,
        citizenship=fact.citizenship,
        mother=mother.key if mother else None,
        father=father.key if father else None,
        village_code=fact.village_code,
    )


def _effect(entry: Entry) -> Effect:
    person = entry.person
    return Effect(
        effect="resident.registered",
        subject=person.key,
        after={
            **entry.fact.model_dump(
                mode="json", exclude={"kind", "mother", "father", "cleared_of", "full_name"}
            ),
            "full_name": person.full_name,
            "mother_id": person.mother,
            "mother_name": entry.mother_name,
            "father_id": person.father,
            "father_name": entry.father_name,
            "nik_district": entry.fact.village_code[:8],
        },
        text_id=f"{person.full_name} didaftarkan sebagai penduduk dan mendapat NIK.",
        text_en=f"{person.full_name} is registered as a resident and gets a NIK.",
    )


def _biodata(entry: Entry, made: Made) -> ResidentData:
    person, fact = entry.person, entry.fact
    return ResidentData(
        full_name=person.full_name,
        title_before=fact.title_before,
        title_after=fact.title_after,
        sex=fact.sex,
        birth_place=recorded(fact.birth_place),
        birth_place_code=fact.birth_place_code,
        birth_date=fact.birth_date,
        birth_date_precision=fact.birth_date_precision,
        religion=fact.religion,
        belief_organisation=fact.belief_organisation,
        blood_type=fact.blood_type,
        marital_status=fact.marital_status,
        education=fact.education,
        occupation=fact.occupation,
        citizenship=fact.citizenship,
        mother_name=entry.mother_name,
        mother_id=made.parent(person.mother),
        father_name=entry.father_name,
        father_id=made.parent(person.father),
        village_code=fact.village_code,
    )

"""A small registry in memory for plans: a couple, their parents' families, a foreigner."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.changes.planning import Planned, make_plan
from services.registry.changes.state import Entry, Family, Member, Person, State
from services.registry.changes.steps import Context
from shared.contract.facts import MaritalStatus, Relationship, Sex
from tests.registry.make import facts

TODAY = date(2026, 11, 24)
MUNCAR, JEMBER = "35.10.05.2003", "35.09.01.2001"


def key(number: int) -> str:
    return str(UUID(int=number))


FATHER, MOTHER, GRANDFATHER, GRANDMOTHER, LONER = (key(each) for each in range(1, 6))
HOME, OLD_HOME, ALONE = key(101), key(102), key(103)

PEOPLE = (
    Person(FATHER, "BUDI SANTOSO", Sex.MALE, date(1990, 5, 6), 1, family=HOME),
    Person(MOTHER, "SITI AMINAH", Sex.FEMALE, date(1994, 3, 5), 1, family=HOME),
    Person(GRANDFATHER, "KARTO", Sex.MALE, date(1960, 1, 2), 1, family=OLD_HOME),
    Person(GRANDMOTHER, "SUMINI", Sex.FEMALE, date(1962, 3, 4), 1, family=OLD_HOME),
    Person(LONER, "AGUS", Sex.MALE, date(1991, 8, 9), 1, family=ALONE),
)


def family(name: str, head: str, *others: tuple[str, Relationship], **changes: Any) -> Family:  # noqa: ANN401
    members = ((head, Relationship.HEAD), *others)
    made = Family(
        key=name,
        head=head,
        village_code=MUNCAR,
        address="DUSUN KRAJAN",
        rt="001",
        rw="002",
        members=tuple(Member(*each) for each in members),
    )
    return replace(made, **changes)


def state(**people: Mapping[str, Any]) -> State:
    """Return the small registry; keyword arguments change people: `mother={"status": "MATI"}`."""
    names = {
        "father": FATHER,
        "mother": MOTHER,
        "grandfather": GRANDFATHER,
        "grandmother": GRANDMOTHER,
        "loner": LONER,
    }
    married: dict[str, Any] = {
        "marital_status": MaritalStatus.MARRIED_REGISTERED,
        "village_code": MUNCAR,
    }
    persons = {each.key: replace(each, **married) for each in PEOPLE}
    for name, changes in people.items():
        persons[names[name]] = replace(persons[names[name]], **changes)
    families = (
        family(HOME, FATHER, (MOTHER, Relationship.WIFE)),
        family(OLD_HOME, GRANDFATHER, (GRANDMOTHER, Relationship.WIFE)),
        family(ALONE, LONER),
    )
    return State(
        persons=persons,
        families={each.key: each for each in families},
        villages={MUNCAR: "Tembokrejo"},
    )


def with_family(known: State, changed: Family) -> State:
    """Return a state in which a family is so, its members included."""
    homes = {each.person: changed.key for each in changed.members}
    persons = {
        name: replace(each, family=homes.get(name, each.family))
        for name, each in known.persons.items()
    }
    return replace(known, families={**known.families, changed.key: changed}, persons=persons)


def with_people(known: State, *people: Person) -> State:
    """Return a state that knows these people as well, as children in the families they are in."""
    for each in people:
        home = known.families.get(each.family or "")
        joined = home and known.with_member(home, each, Relationship.CHILD)
        known = (joined or known).with_person(each)
    return known


def child(number: int = 50, **changes: Any) -> Person:  # noqa: ANN401
    """Return a child of the couple who is in their family's record, two years old."""
    made = Person(
        key=key(number),
        full_name="RINA SANTOSO",
        sex=Sex.FEMALE,
        birth_date=date(2024, 11, 1),
        religion=1,
        mother=MOTHER,
        father=FATHER,
        family=HOME,
        village_code=MUNCAR,
        has_birth_certificate=True,
    )
    return replace(made, **changes)


def entry(number: int = 200, subject: str | None = None, **changes: Any) -> Entry:  # noqa: ANN401
    """Return the birth certificate of the child, or another entry."""
    made = Entry(
        key=key(number),
        kind="LAHIR_UMUM",
        number=f"3510-LU-05112024-0{number}",
        subject=subject or key(50),
        partner=None,
        event_date=date(2024, 11, 1),
        cancelled=False,
        data={},
    )
    return replace(made, **changes)


def birth(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a birth to the couple three weeks ago; `child` changes the newborn."""
    newborn = {
        "full_name": "Bayu Santoso",
        "sex": "L",
        "birth_date": "2026-11-03",
        "birth_place": "Banyuwangi",
    } | changes.pop("child", {})
    return {
        "kind": "register_birth",
        "child": newborn,
        "mother": {"resident_id": MOTHER},
        "father": {"resident_id": FATHER},
        "reporter_name": "Budi Santoso",
        "reporter_relationship": "Ayah",
        "witnesses": [{"full_name": "Slamet"}, {"full_name": "Sri"}],
    } | changes


def add(person: object = 0, home: str = HOME, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return that somebody joins a family: by index of the fact, or by id."""
    ref = {"created_by": person} if isinstance(person, int) else {"resident_id": person}
    return {"kind": "add_member", "person": ref, "family": {"family_id": home}} | changes


def reissue(home: str = HOME) -> dict[str, Any]:
    return {"kind": "reissue_family_card", "family": {"family_id": home}}


def card(person: object = 0, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    ref = {"created_by": person} if isinstance(person, int) else {"resident_id": person}
    return {"kind": "issue_card", "person": ref} | changes


def planned(
    known: State, *stated: Mapping[str, Any], today: date = TODAY, reported_on: date | None = None
) -> Planned:
    return make_plan(known, facts(*stated), Context(today, reported_on or today))


def refusals(plan: Planned) -> list[tuple[str, str]]:
    return [(each.rule, each.pointer) for each in plan.plan.refusals]


def warnings(plan: Planned) -> list[tuple[str, str]]:
    return [(each.rule, each.pointer) for each in plan.plan.warnings]


def effects(plan: Planned) -> list[str]:
    return [each.effect for each in plan.plan.effects]

"""A person joins a family: UU 23/2006 art 61, Permendagri 108/2019 art 10."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.state import Family, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.families import actions as families
from services.registry.families import store as family_store
from services.registry.residents import store as resident_store
from shared.codes import find
from shared.contract.facts import AddMember, Relationship, Sex
from shared.contract.plan import Effect
from shared.language import Words

_SPOUSES = {Relationship.WIFE, Relationship.HUSBAND}
_CHILDREN = {Relationship.CHILD, Relationship.CHILD_IN_LAW}


@dataclass(frozen=True, slots=True)
class Joining:
    """Who joins which family as what."""

    person: Key
    family: Key
    relationship: Relationship


def plan(state: State, fact: AddMember, index: int, context: Context) -> Step[Joining]:
    """Judge a new member and propose the relationship to the head."""
    found = Findings(index)
    person, family = state.person(fact.person, index), state.family(fact.family, index)
    found.check_person(person, "/person")
    found.check_family(family, "/family", context)
    if person is None or family is None:
        return found.step(state)
    return place(found, state, person, family, fact.relationship)


def place(
    found: Findings,
    state: State,
    person: Person,
    family: Family,
    asked: Relationship | None,
    pointer: str = "",
) -> Step[Joining]:
    """Judge whether somebody may join a family as what is asked, else as the parents suggest."""
    _check_membership(found, person, family, pointer)
    position = _position(found, asked, person, family, pointer)
    _check_position(found, state, person, family, position, pointer)
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    return found.step(
        state.with_member(family, person, position),
        Joining(person.key, family.key, position),
        _effect(person, family, position),
        village_code=family.village_code,
    )


async def apply(session: AsyncSession, joining: Joining, made: Made) -> None:
    """Put the person on the last line of the family's card, from today."""
    resident_id, family_id = made.person(joining.person), made.touch(joining.family)
    people = await resident_store.load(session, [resident_id])
    homes = await family_store.load(session, [family_id])
    await families.add_member(
        session,
        homes[family_id],
        people[resident_id],
        joining.relationship,
        source=made.source("add_member"),
        valid_from=made.today,
    )


def proposed(person: Person, family: Family) -> Relationship:
    """Return the relationship that the parents suggest; it is relative to the head.

    A child of the head, or of the head's spouse, is ANAK; a grandchild CUCU; anybody else FAMILI
    LAIN, in an institution LAINNYA.
    """
    parents = {family.relationship_of(each) for each in _parents(person)}
    if parents & {Relationship.HEAD, *_SPOUSES}:
        return Relationship.CHILD
    if parents & _CHILDREN:
        return Relationship.GRANDCHILD
    return Relationship.OTHER if family.institution else Relationship.OTHER_RELATIVE


def _parents(person: Person) -> list[Key]:
    return [each for each in (person.mother, person.father, *person.adopters) if each]


def _check_membership(found: Findings, person: Person, family: Family, pointer: str) -> None:
    if person.family == family.key:
        found.refuse("ALREADY_MEMBER", f"{pointer}/person")
    elif person.family is not None:
        found.refuse("ALREADY_MEMBER_ELSEWHERE", f"{pointer}/person")
    if person.joins is not None and person.joins != family.key:
        found.refuse("OTHER_FAMILY_THAN_STATED", f"{pointer}/family")
    if person.is_temporary:
        found.refuse("FOREIGNER_IN_NO_FAMILY", f"{pointer}/person")


def _position(
    found: Findings, asked: Relationship | None, person: Person, family: Family, pointer: str
) -> Relationship:
    suggested = proposed(person, family)
    if asked is None:
        return suggested
    parents_are_members = suggested in {Relationship.CHILD, Relationship.GRANDCHILD}
    if asked != suggested and (parents_are_members or asked in _EXPECTS_PARENTS):
        names = {"asked": _label(asked).id, "proposed": _label(suggested).id}
        found.warn("RELATIONSHIP_DIFFERS", f"{pointer}/relationship", **names)
    return asked


_EXPECTS_PARENTS = {Relationship.CHILD, Relationship.GRANDCHILD}


def _check_position(
    found: Findings,
    state: State,
    person: Person,
    family: Family,
    position: Relationship,
    pointer: str,
) -> None:
    if position is Relationship.HEAD:
        found.refuse("HEAD_RELATIONSHIP", f"{pointer}/relationship")
    if position not in _SPOUSES:
        return
    head = state.persons.get(family.head)
    sexes = (head.sex if head else None, person.sex)
    fits = (Sex.MALE, Sex.FEMALE) if position is Relationship.WIFE else (Sex.FEMALE, Sex.MALE)
    if sexes != fits:
        found.refuse("SPOUSE_SEX", f"{pointer}/relationship")
    if not person.is_married or not (head and head.is_married):
        found.refuse("SPOUSE_NOT_MARRIED", f"{pointer}/relationship")
    if any(each.relationship is position for each in family.members):
        if position is Relationship.WIFE:
            found.warn("SEVERAL_WIVES", f"{pointer}/relationship")
        else:
            found.refuse("SECOND_HUSBAND", f"{pointer}/relationship")


def _label(position: Relationship) -> Words:
    return find("shdk", int(position)).name


def _effect(person: Person, family: Family, position: Relationship) -> Effect:
    label = _label(position)
    line = len(family.members) + 1
    return Effect(
        effect="family.member_added",
        subject=family.key,
        after={
            "person": person.key,
            "full_name": person.full_name,
            "relationship": int(position),
            "line": line,
        },
        text_id=f"{person.full_name} masuk Kartu Keluarga pada baris {line} sebagai {label.id}.",
        text_en=f"{person.full_name} joins the family card on line {line} as {label.en}.",
    )

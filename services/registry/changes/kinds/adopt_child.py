"""A court gives a child to adoptive parents: PP 54/2007, UU 23/2006 art 47, Perpres 96/2018 art 47.

The birth certificate gets a note and keeps the natural parents, whom from then on only few may read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import NoteKind
from services.registry.changes import entries, margins, parenthood, rulings, turns
from services.registry.changes.homes import rearrange
from services.registry.changes.kinds import add_member
from services.registry.changes.margins import Margin
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Family, Key, Member, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.families import actions as families
from services.registry.families import store as family_store
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.rules.ages import age
from shared.contract.events import IssuedKind
from shared.contract.facts import AdoptChild, Relationship, Sex
from shared.contract.plan import Effect
from shared.language import Words

CAUSE = "adopt_child"
ADOPTABLE = 18  # years, exclusive: PP 54/2007 art 12


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adoption that may be recorded."""

    fact: AdoptChild
    child: Key
    mother: Key | None
    father: Key | None
    margins: tuple[Margin, ...]
    birth: Key | None  # the entry whose quotation is printed again
    homes: Rearrangement
    stays_in: Key | None  # the family, if it is the adopters' already
    position: Relationship


def plan(state: State, fact: AdoptChild, index: int, context: Context) -> Step[Adoption]:
    """Judge an adoption, and foresee the note and where the child belongs."""
    found = Findings(index)
    child = state.person(fact.child, index)
    parenthood.check_child(found, state, child, context)
    adopters = [state.person(each, index) for each in fact.adopters]
    for number, each in enumerate(adopters):
        found.check_person(each, f"/adopters/{number}")
    people = [each for each in adopters if each is not None]
    if child is None or len(people) < len(adopters):
        return found.step(state)
    _check_adopters(found, child, people)
    _check_child(found, state, fact, child, context)
    home = state.family_of(people[0])
    found.check_family(home, "/adopters/0", context)
    if found.refusals or home is None:
        return found.step(state, village_code=child.village_code)
    adopted = replace(child, adopters=tuple(each.key for each in people))
    known = state.with_person(adopted)
    position = add_member.proposed(adopted, home)
    moving = Rearranging(known)
    told = list(_move(moving, adopted, home, position))
    noted = parenthood.margin(
        state, child, NoteKind.ADOPTION, _note(fact, people), _data(fact, people)
    )
    birth = parenthood.birth_of(state, child)
    adoption = Adoption(
        fact,
        child.key,
        next((each.key for each in people if each.sex is Sex.FEMALE), None),
        next((each.key for each in people if each.sex is Sex.MALE), None),
        noted,
        birth.key if birth else None,
        moving.made,
        home.key if child.family == home.key else None,
        position,
    )
    return found.step(
        moving.state,
        adoption,
        *_adopted(child, people),
        *margins.effects(state, noted),
        *parenthood.birth_reissued(state, child),
        *told,
        village_code=home.village_code,
    )


async def apply(session: AsyncSession, adoption: Adoption, made: Made) -> None:
    """Record the adoptive parents from the day of the ruling; the family follows from today."""
    source, resident_id = made.source(CAUSE), made.person(adoption.child)
    child = (await resident_store.load(session, [resident_id]))[resident_id]
    parents = {
        "adoptive_mother_id": made.parent(adoption.mother),
        "adoptive_father_id": made.parent(adoption.father),
    }
    since = adoption.fact.ruling.holds_from
    await residents.change(session, child, parents, source=source, valid_from=since)
    await margins.write(session, adoption.margins, made, CAUSE)
    await rearrange(session, adoption.homes, made, CAUSE)
    if adoption.stays_in is not None:
        home_id = made.touch(adoption.stays_in)
        home = (await family_store.load(session, [home_id]))[home_id]
        position = {resident_id: int(adoption.position)}
        await families.reposition(session, home, position, source=source, valid_from=made.today)
        made.print(IssuedKind.FAMILY_CARD, home_id)
    if adoption.birth is not None:
        entry = await margins.entry_of(session, adoption.birth)
        made.print(IssuedKind.BIRTH_CERTIFICATE, entry.id)


def _check_adopters(found: Findings, child: Person, adopters: list[Person]) -> None:
    for number, each in enumerate(adopters):
        place = f"/adopters/{number}"
        if each.key in {child.key, child.mother, child.father}:
            found.refuse("ADOPTER_IS_PARENT", place, name=each.full_name)
        if each.religion != child.religion:
            found.warn("ADOPTER_OF_OTHER_RELIGION", place, name=each.full_name)
        if each.birth_date >= child.birth_date:
            found.refuse("ADOPTER_TOO_YOUNG", place, name=each.full_name)
    if len({each.key for each in adopters}) < len(adopters):
        found.refuse("NAMED_TWICE", "/adopters/1")
    elif len(adopters) > 1 and adopters[0].sex is adopters[1].sex:
        found.refuse("ADOPTERS_NOT_A_COUPLE", "/adopters/1")
    elif len(adopters) > 1 and adopters[0].family != adopters[1].family:
        found.warn("ADOPTERS_APART", "/adopters/1")


def _check_child(
    found: Findings, state: State, fact: AdoptChild, child: Person, context: Context
) -> None:
    if child.adopters:
        found.refuse("ALREADY_ADOPTED", "/child", name=child.full_name)
    if child.is_married or age(child.birth_date, fact.ruling.dated) >= ADOPTABLE:
        found.warn("ADOPTED_ADULT", "/child", name=child.full_name)
    rulings.check_ruling(found, fact.ruling, child.birth_date, context, "/ruling")
    home = state.family_of(child)
    if home is not None and home.head == child.key:
        found.refuse("HEAD_LEAVES_OTHERS", "/child", name=child.full_name)


def _move(
    moving: Rearranging, child: Person, home: Family, position: Relationship
) -> Iterator[Effect]:
    if child.family == home.key:
        members = tuple(
            Member(each.person, position if each.person == child.key else each.relationship)
            for each in home.members
        )
        moving.state = moving.state.with_family(replace(home, members=members))
        yield from turns.printed(moving.state, [home.key])
        return
    left = child.family
    moving.leave(child.key)
    if left is not None:
        moving.close_or_reprint(left)
    moving.join(child.key, home.key, position)
    moving.reprint(home.key)
    yield from moving.effects


def _adopted(child: Person, adopters: list[Person]) -> Iterator[Effect]:
    names = _names(adopters)
    yield Effect(
        effect="resident.adopted",
        subject=child.key,
        after={"adopters": [each.key for each in adopters]},
        text_id=f"{child.full_name} menjadi anak angkat dari {names.id}.",
        text_en=f"{child.full_name} becomes the adopted child of {names.en}.",
    )
    yield Effect(
        effect="resident.origin_sealed",
        subject=child.key,
        text_id=f"Orang tua kandung {child.full_name} tetap tercatat, tetapi hanya dapat dibaca oleh "
        "yang bersangkutan dan pejabat pencatatan sipil.",
        text_en=f"The natural parents of {child.full_name} stay on record, to be read only by the "
        "person and the civil registrars.",
    )


def _names(adopters: list[Person]) -> Words:
    names = [each.full_name for each in adopters]
    return Words(" dan ".join(names), " and ".join(names))


def _note(fact: AdoptChild, adopters: list[Person]) -> Words:
    names, ruling = _names(adopters), entries.cited(fact.ruling)
    return Words(
        f"Anak ini diangkat oleh {names.id} berdasarkan penetapan {ruling.id}.",
        f"This child was adopted by {names.en} under the ruling of {ruling.en}.",
    )


def _data(fact: AdoptChild, adopters: list[Person]) -> dict[str, Any]:
    return {
        "ruling": fact.ruling.model_dump(mode="json"),
        "adopters": [each.full_name for each in adopters],
    }

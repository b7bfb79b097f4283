"""Some of a family leave it together: who may, who follows a head, and how the others go on.

A number belongs to its head: where the head stays it stays, where the head leaves those who stay get
another (UU 23/2006 art 61(3), Perpres 96/2018 art 25).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.registry.changes.heads import check_positions, check_relative
from services.registry.changes.rearranging import Closing, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.changes.succession import succeed, successor
from services.registry.residents.rules.ages import ADULT, age
from shared.contract.facts import MemberPosition, PersonRef, Relationship
from shared.contract.plan import Effect


class Leaver(NamedTuple):
    """Somebody who leaves, and what they were to the head."""

    person: Person
    relationship: Relationship | None


@dataclass(frozen=True, slots=True)
class Staying:
    """What is said of those who stay."""

    head: PersonRef | None
    positions: Sequence[MemberPosition]


def check_leavers(
    found: Findings,
    state: State,
    family: Family | None,
    refs: Sequence[PersonRef],
    index: int,
    places: Sequence[str],
) -> list[Leaver]:
    """Return who leaves a family; refuse who is not in it, and who is named twice."""
    leavers: dict[Key, Leaver] = {}
    for ref, place in zip(refs, places, strict=True):
        person = state.person(ref, index)
        found.check_person(person, place)
        if person is None or not person.is_active:
            continue
        if person.key in leavers:
            found.refuse("NAMED_TWICE", place)
        elif family is None and not person.is_temporary:
            found.refuse("MOVE_FAMILY_MISSING", place)
        elif family is not None and family.relationship_of(person.key) is None:
            found.refuse("NOT_A_MEMBER", place)
        position = family.relationship_of(person.key) if family else None
        leavers.setdefault(person.key, Leaver(person, position))
    return list(leavers.values())


def warn_of_minors(
    found: Findings, leavers: Sequence[Leaver], places: Sequence[str], context: Context
) -> None:
    """Warn of every child who moves without a parent: somebody must be entrusted with their care."""
    moving = {each.person.key for each in leavers}
    for (person, _), place in zip(leavers, places, strict=False):
        is_minor = not person.ever_married and age(person.birth_date, context.today) < ADULT
        if is_minor and not moving & {person.mother, person.father}:
            found.warn("MOVE_MINOR_ALONE", place, name=person.full_name)


def depart(
    found: Findings,
    moving: Rearranging,
    family: Family,
    leavers: Collection[Key],
    staying: Staying,
    index: int,
    context: Context,
) -> Key | None:
    """Take people out of a family; return in which the others go on, None if nobody is left."""
    stayed = tuple(each for each in family.members if each.person not in leavers)
    rest = replace(family, members=stayed)
    head = head_of_rest(found, moving.state, family, rest, staying.head, index, context)
    if found.refusals:
        return None
    asked = (
        check_positions(found, moving.state, rest, head, staying.positions, index) if head else {}
    )
    if found.refusals:
        return None
    for each in family.members:
        if each.person in leavers:
            moving.leave(each.person)
    if head is not None:
        succeed(moving, moving.state.families[family.key], head, asked, stayers_home(index))
        return stayers_home(index)
    if stayed:
        moving.reprint(family.key)
        return family.key
    moving.close(family.key, Closing.EMPTY)
    return None


def stayers_home(index: int) -> Key:
    """Return the key of the family in which those go on whose head leaves by this fact."""
    return f"home/{index}/stayers"


def head_of_rest(
    found: Findings,
    state: State,
    family: Family,
    rest: Family,
    ref: PersonRef | None,
    index: int,
    context: Context,
) -> Person | None:
    """Return who becomes head of those who stay; None where none is needed, or refused."""
    head_stays = rest.relationship_of(family.head) is not None
    if not rest.members or head_stays:
        if ref is not None:
            found.refuse("STAYERS_NEED_NO_HEAD", "/stayers_head")
        return None
    if ref is not None:
        return _named_head(found, state, family, rest, state.person(ref, index), context)
    key = successor(state, rest, family.head, context.today)
    if key is None:
        found.refuse("MOVE_LEAVES_MINORS", "/stayers_head")
        return None
    return state.persons[key]


def _named_head(
    found: Findings,
    state: State,
    family: Family,
    rest: Family,
    head: Person | None,
    context: Context,
) -> Person | None:
    """Judge who was named to follow the head; a relative from outside only where minors stay."""
    place = "/stayers_head"
    found.check_person(head, place)
    if head is None:
        return None
    if family.relationship_of(head.key) and not rest.relationship_of(head.key):
        found.refuse("STAYERS_HEAD_LEAVES", place)
    elif head.is_active and not may_be_head(head, context.today):
        found.refuse("HEAD_NOT_FIT", place)
    elif rest.relationship_of(head.key) is None:
        check_relative(found, state, rest, head, context, place)
    return head


def gone(state: State, leavers: Sequence[Leaver], status: str) -> State:
    """Return the state in which these people live here no more."""
    for each in leavers:
        person = state.persons[each.person.key]
        state = state.with_person(replace(person, status=status, village_code=None))
    return state


def no_longer_counted(leavers: Sequence[Leaver], status: str) -> Iterator[Effect]:
    """Yield what becomes of each of those who leave."""
    abroad = status == "PINDAH"
    for person, _ in leavers:
        name = person.full_name
        yield Effect(
            effect="resident.moved_out",
            subject=person.key,
            before={"status": person.status},
            after={"status": status},
            text_id=f"{name} tidak lagi dihitung sebagai penduduk di sini"
            + (
                ": tercatat pindah ke luar negeri; NIK tetap."
                if abroad
                else " sampai kedatangannya dicatat di daerah tujuan; NIK tetap."
            ),
            text_en=f"{name} is no longer counted as a resident here"
            + (
                ": recorded as moved abroad; the NIK stays."
                if abroad
                else " until the destination records the arrival; the NIK stays."
            ),
        )

"""A move inside the regency: no letter, one request. Perpres 96/2018 art 25, UU 23/2006 art 61."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.kinds import add_member
from services.registry.changes.state import Family, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.families import actions as families
from services.registry.families import store as family_store
from services.registry.residents import store as resident_store
from services.registry.residents.rules.ages import ADULT, age
from shared.auth import covers
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import Home, MoveWithin, Relationship
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Moving:
    """Which family moves to another address, or who leaves it to join which other family."""

    family: Key
    to: Home | None = None
    joined: tuple[add_member.Joining, ...] = ()


def plan(state: State, fact: MoveWithin, index: int, context: Context) -> Step[Moving]:
    """Judge a move of a whole family, or of some members into another family."""
    found = Findings(index)
    family = state.family(fact.family, index)
    found.check_family(family, "/family", context)
    if fact.to is not None:
        _check_destination(found, state, fact.to, context)
    if family is None or found.refusals:
        return found.step(state, village_code=family.village_code if family else None)
    if fact.to is not None:
        return _whole_family(found, state, fact, family, fact.to)
    return _some_members(found, state, fact, family, index, context)


async def apply(session: AsyncSession, moving: Moving, made: Made) -> None:
    """Move people from today on, and have the cards printed that show it."""
    source = made.source("move_within")
    left_id = made.touch(moving.family)
    left = (await family_store.load(session, [left_id]))[left_id]
    if moving.to is not None:
        home = moving.to.model_dump()
        await families.change(session, left, home, source=source, valid_from=made.today)
    for each in moving.joined:
        resident_id, joined_id = made.person(each.person), made.touch(each.family)
        resident = (await resident_store.load(session, [resident_id]))[resident_id]
        await families.remove_member(session, left, resident, source=source, left_on=made.today)
        await add_member.apply(session, each, made)
        made.print(IssuedKind.FAMILY_CARD, joined_id)
    made.print(IssuedKind.FAMILY_CARD, left_id)


def _check_destination(found: Findings, state: State, to: Home, context: Context) -> None:
    if not covers([context.regency], to.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/to/village_code")
    elif to.village_code not in state.villages:
        found.refuse("VILLAGE_UNKNOWN", "/to/village_code")


def _whole_family(
    found: Findings, state: State, fact: MoveWithin, family: Family, to: Home
) -> Step[Moving]:
    moved = replace(family, address=to.address, rt=to.rt, rw=to.rw, village_code=to.village_code)
    if moved == family:
        found.refuse("MOVE_SAME_ADDRESS", "/to")
        return found.step(state, village_code=family.village_code)
    keys = {each.person for each in family.members}
    persons = {
        key: replace(each, village_code=to.village_code) if key in keys else each
        for key, each in state.persons.items()
    }
    after = replace(state, persons=persons, families={**state.families, family.key: moved})
    return found.step(
        after,
        Moving(family.key, to),
        _moved(state, fact, family, to),
        _printed(family.key),
        village_code=family.village_code,
    )


def _some_members(
    found: Findings, state: State, fact: MoveWithin, family: Family, index: int, context: Context
) -> Step[Moving]:
    host = state.family(fact.joins, index) if fact.joins else None
    found.check_family(host, "/joins", context)
    if host is not None and host.key == family.key:
        found.refuse("MOVE_SAME_FAMILY", "/joins")
    movers = list(_movers(found, state, fact, family, index))
    if host is None or found.refusals:
        return found.step(state, village_code=family.village_code)
    _check_minors(found, movers, context)
    steps: list[Step[add_member.Joining]] = []
    after = _left(state, family, {person.key for _, person, _ in movers})
    for pointer, person, asked in movers:
        mover, home = after.persons[person.key], after.families[host.key]
        step = add_member.place(found, after, mover, home, asked, pointer)
        steps.append(step)
        after = step.state
    effects = [effect for step in steps for effect in step.effects]
    joined = tuple(step.decision for step in steps if step.decision)
    return found.step(
        after,
        Moving(family.key, joined=joined),
        *(_leaves(fact, family, person) for _, person, _ in movers),
        *effects,
        _printed(family.key),
        _printed(host.key),
        village_code=family.village_code,
    )


def _movers(
    found: Findings, state: State, fact: MoveWithin, family: Family, index: int
) -> Iterator[tuple[str, Person, Relationship | None]]:
    seen: set[Key] = set()
    for number, mover in enumerate(fact.movers):
        place = f"/movers/{number}"
        person = state.person(mover.person, index)
        found.check_person(person, f"{place}/person")
        if person is None:
            continue
        if person.key in seen:
            found.refuse("NAMED_TWICE", f"{place}/person")
        elif person.family != family.key:
            found.refuse("NOT_A_MEMBER", f"{place}/person")
        elif person.key == family.head:
            found.refuse("HEAD_LEAVES_OTHERS", f"{place}/person", name=person.full_name)
        seen.add(person.key)
        yield place, person, mover.relationship


def _check_minors(
    found: Findings, movers: list[tuple[str, Person, Relationship | None]], context: Context
) -> None:
    moving = {person.key for _, person, _ in movers}
    for place, person, _ in movers:
        is_minor = not person.ever_married and age(person.birth_date, context.today) < ADULT
        if is_minor and not moving & {person.mother, person.father}:
            found.warn("MOVE_MINOR_ALONE", place, name=person.full_name)


def _left(state: State, family: Family, gone: set[Key]) -> State:
    stayed = tuple(each for each in family.members if each.person not in gone)
    persons = {
        key: replace(each, family=None) if key in gone else each
        for key, each in state.persons.items()
    }
    families = {**state.families, family.key: replace(family, members=stayed)}
    return replace(state, persons=persons, families=families)


def _moved(state: State, fact: MoveWithin, family: Family, to: Home) -> Effect:
    village = state.villages[to.village_code]
    people = len(family.members)
    return Effect(
        effect="family.moved",
        subject=family.key,
        before=_address(family.address, family.rt, family.rw, family.village_code),
        after=_address(to.address, to.rt, to.rw, to.village_code)
        | {
            "hamlet": to.hamlet,
            "postal_code": to.postal_code,
            "reason": fact.reason,
            "members": [each.person for each in family.members],
        },
        text_id=f"Seluruh keluarga ({people} orang) pindah ke {to.address}, RT {to.rt} RW {to.rw}, "
        f"{village}; nomor Kartu Keluarga tetap.",
        text_en=f"The whole family ({people} people) moves to {to.address}, RT {to.rt} RW {to.rw}, "
        f"{village}; the number of the family card stays.",
    )


def _address(address: str, rt: str, rw: str, village_code: str) -> dict[str, Any]:
    return {"address": address, "rt": rt, "rw": rw, "village_code": village_code}


def _leaves(fact: MoveWithin, family: Family, person: Person) -> Effect:
    reason = find("alasan_pindah", fact.reason).name
    return Effect(
        effect="family.member_left",
        subject=family.key,
        before={"person": person.key, "full_name": person.full_name},
        after={"reason": fact.reason},
        text_id=f"{person.full_name} keluar dari Kartu Keluarga karena pindah ({reason.id}).",
        text_en=f"{person.full_name} leaves the family card by a move ({reason.en}).",
    )


def _printed(family: Key) -> Effect:
    return Effect(
        effect="document.queued",
        subject=family,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga diterbitkan.",
        text_en="The family card is issued.",
    )

"""What a death does to those who stay: widows, cards, the family and its head.

UU 23/2006 art 61, UU 24/2013 art 44 and 61, Permendagri 108/2019 art 10. The same for a member who
is gone for another reason, where only the family is concerned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.changes import relations
from services.registry.changes.heads import check_positions, check_relative
from services.registry.changes.homes import rearrange
from services.registry.changes.rearranging import Closing, Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, Person, State, new_home
from services.registry.changes.steps import Context, Findings, Made
from services.registry.changes.succession import succeed, successor
from services.registry.changes.turns import marriage_of
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from shared import outbox
from shared.auth import covers
from shared.codes import find
from shared.contract.events import ResidentDied
from shared.contract.facts import MaritalStatus, MemberPosition, Relationship, Succession
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of somebody who was married to the dead."""

    person: Key
    status: MaritalStatus
    spouse: Key | None  # another wife, to whom the record of a husband of several links now


@dataclass(frozen=True, slots=True)
class Passing:
    """What a death changes beside the register."""

    person: Key
    died_on: date
    turns: tuple[Turn, ...]
    moved: Rearrangement


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A death and the state that it leaves, with what to tell about it."""

    passing: Passing
    state: State
    effects: tuple[Effect, ...]


def foresee(
    found: Findings,
    state: State,
    person: Person,
    died_on: date,
    succession: Succession,
    index: int,
    context: Context,
) -> Foreseen:
    """Foresee who is widowed, which cards end, and how the family goes on."""
    turns = tuple(_turns(state, person))
    after = state
    for turn in turns:
        widowed = after.persons[turn.person]
        after = after.with_person(replace(widowed, marital_status=turn.status, spouse=turn.spouse))
    moving = Rearranging(after)
    leave_for_good(found, moving, person, succession, index, context)
    _reprint_widows(moving, turns, context)
    dead = replace(
        moving.state.persons[person.key],
        status="MATI",
        death_date=died_on,
        spouse=None,
        cards=(),
        has_digital_id=False,
    )
    return Foreseen(
        Passing(person.key, died_on, turns, moving.made),
        moving.state.with_person(dead),
        (*_turned(state, turns, died_on), *_revoked(person), *moving.effects),
    )


async def carry_out(session: AsyncSession, passing: Passing, made: Made, cause: str) -> None:
    """Let the dead leave their family, mark the record, and change those who stay; tell of it."""
    await rearrange(session, passing.moved, made, cause)
    source = made.source(cause)
    ids = [made.person(each.person) for each in passing.turns]
    people = await resident_store.load(session, [*ids, made.person(passing.person)])
    for turn, resident_id in zip(passing.turns, ids, strict=True):
        spouse = made.parent(turn.spouse)
        news: dict[str, Any] = {"marital_status": int(turn.status), "spouse_id": spouse}
        if spouse is not None:
            news |= await marriage_of(session, spouse)
        await residents.change(
            session, people[resident_id], news, source=source, valid_from=passing.died_on
        )
    dead = people[made.person(passing.person)]
    await cards.revoke_everything(session, dead, "DIED", source=source, today=made.today)
    gone: dict[str, Any] = {"status": "MATI", "death_date": passing.died_on, "spouse_id": None}
    await residents.change(session, dead, gone, source=source, valid_from=passing.died_on)
    news_of_it = ResidentDied(
        resident_id=dead.id, died_on=passing.died_on, village_code=dead.village_code
    )
    await outbox.add(session, news_of_it)


def leave_for_good(
    found: Findings,
    moving: Rearranging,
    person: Person,
    succession: Succession,
    index: int,
    context: Context,
) -> None:
    """Take somebody out of their family, which gets another head, closes or goes on as it is."""
    family = moving.state.family_of(person)
    if family is not None:
        moving.leave(person.key)
    if family is None or family.head != person.key:
        _check_not_needed(found, succession)
    if family is None:
        return
    left = moving.state.families[family.key]
    if family.head != person.key or not left.members:
        moving.close_or_reprint(family.key)
    elif succession.host is not None:
        _be_taken_in(found, moving, left, succession, index, context)
    else:
        _be_succeeded(found, moving, left, person.key, succession, index, context)


def _check_not_needed(found: Findings, succession: Succession) -> None:
    if succession != Succession():
        found.refuse("SUCCESSION_NOT_NEEDED", "/succession")


def _be_succeeded(
    found: Findings,
    moving: Rearranging,
    left: Family,
    gone: Key,
    succession: Succession,
    index: int,
    context: Context,
) -> None:
    head = _heir(found, moving.state, left, gone, succession, index, context)
    if head is None:
        return
    stated, place = succession.positions, "/succession/positions"
    asked = check_positions(found, moving.state, left, head, stated, index, place)
    if not found.refusals:
        succeed(moving, left, head, asked, new_home(index))


def _heir(
    found: Findings,
    state: State,
    left: Family,
    gone: Key,
    succession: Succession,
    index: int,
    context: Context,
) -> Person | None:
    place = "/succession/head"
    if succession.head is None:
        key = successor(state, left, gone, context.today)
        if key is None:
            found.refuse("ONLY_MINORS_REMAIN", "/succession")
        return state.persons[key] if key else None
    head = state.person(succession.head, index)
    found.check_person(head, place)
    if head is None or not head.is_active:
        return None
    if head.key == gone or not may_be_head(head, context.today):
        found.refuse("HEAD_NOT_FIT", place)
        return None
    if left.relationship_of(head.key) is None:
        check_relative(found, state, left, head, context, place)
    return head


def _be_taken_in(
    found: Findings,
    moving: Rearranging,
    left: Family,
    succession: Succession,
    index: int,
    context: Context,
) -> None:
    host = moving.state.family(succession.host, index) if succession.host else None
    found.check_family(host, "/succession/host", context)
    if host is not None and host.key == left.key:
        found.refuse("MOVE_SAME_FAMILY", "/succession/host")
    if successor(moving.state, left, left.head, context.today) is not None:
        found.refuse("HOST_FOR_MINORS_ONLY", "/succession/host")
    asked = _asked(found, moving.state, left, succession.positions, index)
    if host is None or found.refusals:
        return
    for each in left.members:
        moving.leave(each.person)
    moving.close(left.key, Closing.EMPTY)
    for each in left.members:
        position = asked.get(each.person) or _to_host(moving.state, host, each.person)
        moving.join(each.person, host.key, position)
    moving.reprint(host.key)


def _asked(
    found: Findings, state: State, left: Family, stated: Sequence[MemberPosition], index: int
) -> Mapping[Key, Relationship]:
    said: dict[Key, Relationship] = {}
    for number, each in enumerate(stated):
        person, where = state.person(each.person, index), f"/succession/positions/{number}"
        if person is None or left.relationship_of(person.key) is None:
            found.refuse("NOT_A_MEMBER", where)
        elif each.relationship in {Relationship.HEAD, *relations.SPOUSES}:
            found.refuse("HEAD_RELATIONSHIP", where)
        else:
            said[person.key] = each.relationship
    return said


def _to_host(state: State, host: Family, key: Key) -> Relationship:
    """Propose what a child is to the head who takes it in: a grandchild of theirs, or a relative."""
    child = state.persons[key]
    parents = [state.persons.get(each or "") for each in (child.mother, child.father)]
    if any(each and host.head in {each.mother, each.father} for each in parents):
        return Relationship.GRANDCHILD
    return Relationship.OTHER if host.institution else Relationship.OTHER_RELATIVE


def _turns(state: State, dead: Person) -> Iterator[Turn]:
    linked = [each for each in state.persons.values() if each.spouse == dead.key]
    own = state.persons.get(dead.spouse or "")
    close = {each.key: each for each in (*linked, own) if each is not None}
    for key in sorted(close):
        person = close[key]
        if not (person.is_alive and person.is_married):
            continue
        other = _other_wife(state, person, dead)
        if other is None:
            yield Turn(key, MaritalStatus.WIDOWED, None)
        elif person.spouse != other:
            yield Turn(key, state.persons[other].marital_status, other)


def _other_wife(state: State, husband: Person, dead: Person) -> Key | None:
    """Return to whom a widower is married still; a wife has no other husband."""
    if husband.spouse not in {dead.key, None}:
        return husband.spouse
    others = (
        each.key
        for each in state.persons.values()
        if each.spouse == husband.key and each.key != dead.key and each.is_married and each.is_alive
    )
    return min(others, default=None)


def _reprint_widows(moving: Rearranging, turns: Sequence[Turn], context: Context) -> None:
    for turn in turns:
        home = moving.state.family_of(moving.state.persons[turn.person])
        if home is not None and not home.closed and covers([context.regency], home.village_code):
            moving.reprint(home.key)


def _turned(state: State, turns: Sequence[Turn], died_on: date) -> Iterator[Effect]:
    for turn in turns:
        person = state.persons[turn.person]
        label = find("status_kawin", int(turn.status)).name
        name, day = person.full_name, died_on.isoformat()
        yield Effect(
            effect="resident.marital_status_changed",
            subject=person.key,
            before={"marital_status": int(person.marital_status), "spouse": person.spouse},
            after={"marital_status": int(turn.status), "spouse": turn.spouse, "since": day},
            text_id=f"{name} berstatus {label.id} sejak {day}.",
            text_en=f"The marital status of {name} is {label.en} since {day}.",
        )


def _revoked(person: Person) -> Iterator[Effect]:
    held = [each.kind.value for each in person.cards]
    held += ["IKD"] if person.has_digital_id else []
    for kind in held:
        name = {"KTP_EL": "KTP-el"}.get(kind, kind)
        yield Effect(
            effect="card.revoked",
            subject=person.key,
            before={"kind": kind},
            after={"reason": "DIED"},
            text_id=f"{name} {person.full_name} ditarik karena meninggal dunia.",
            text_en=f"The {name} of {person.full_name} ends with the death.",
        )

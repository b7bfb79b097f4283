"""Residents who may be the very people that a list of facts registers."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import references, rows
from services.registry.changes.naming import UNKNOWN_MOTHER
from services.registry.changes.state import (
    Key,
    Person,
    State,
)
from services.registry.residents.alike import Newcomer as Stranger
from services.registry.residents.alike import similar as find_similar
from shared.contract.facts import (
    BirthReport,
    Fact,
    Newcomer,
    RegisterResident,
)


async def with_lookalikes(session: AsyncSession, state: State, facts: Sequence[Fact]) -> State:
    """Return the state with residents who may be the very people that the facts register."""
    similar = {}
    for index, fact in enumerate(facts):
        if (newcomer := _newcomer(state, fact, index)) is not None:
            alike = await find_similar(session, newcomer)
            similar[index] = tuple(sorted(str(each.resident_id) for each in alike))
    strangers = {
        (index, line): await _alike(session, newcomer)
        for index, fact in enumerate(facts)
        for line, newcomer in enumerate(references.newcomers(fact))
    }
    seen = {UUID(key) for keys in (*similar.values(), *strangers.values()) for key in keys}
    found = seen - _ids(state)
    people = await rows.people(session, found, mothers=()) if found else {}
    persons = {**state.persons, **people}
    return replace(state, persons=persons, similar=similar, alike=strangers)


async def _alike(session: AsyncSession, newcomer: Newcomer) -> tuple[Key, ...]:
    stranger = Stranger(
        full_name=newcomer.full_name,
        sex=newcomer.sex,
        birth_date=newcomer.birth_date,
        mother_name=newcomer.mother_name,
        precision=newcomer.birth_date_precision,
    )
    return tuple(sorted(str(each.resident_id) for each in await find_similar(session, stranger)))


def _ids(state: State) -> set[UUID]:
    return {UUID(key) for key in state.persons}


def _newcomer(state: State, fact: Fact, index: int) -> Stranger | None:
    if isinstance(fact, RegisterResident):
        return Stranger(
            full_name=fact.full_name,
            sex=fact.sex,
            birth_date=fact.birth_date,
            mother_name=fact.mother_name,
            precision=fact.birth_date_precision,
            mother_id=_id(state.person(fact.mother, index)),
        )
    if isinstance(fact, BirthReport):
        mother = state.person(fact.mother, index)
        return Stranger(
            full_name=fact.child.full_name,
            sex=fact.child.sex,
            birth_date=fact.child.birth_date,
            mother_name=mother.full_name if mother else UNKNOWN_MOTHER,
            mother_id=_id(mother),
            twins=fact.child.birth_kind > 1,
        )
    return None


def _id(person: Person | None) -> UUID | None:
    return UUID(person.key) if person else None

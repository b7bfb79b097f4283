"""A member is taken off the card by what another office certified: Permendagri 108/2019 art 10.

A death that was certified elsewhere has all that follows from a death, but no certificate of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import passing
from services.registry.changes.death_checks import weigh_family
from services.registry.changes.homes import rearrange
from services.registry.changes.passing import Passing
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from shared.contract.facts import RemovalReason, RemoveMember
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Removal:
    """Who is taken off a card: one who died, or one who moved and what becomes of the family."""

    fact: RemoveMember
    person: Person
    passing: Passing | None = None
    moved: Rearrangement | None = None


def plan(state: State, fact: RemoveMember, index: int, context: Context) -> Step[Removal]:
    """Judge whether somebody is gone, and foresee how their family goes on."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    _check(found, state, fact, person, context)
    if fact.reason is RemovalReason.DIED:
        return _died(found, state, fact, person, index, context)
    moving = Rearranging(state)
    passing.leave_for_good(found, moving, person, fact.succession, index, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    gone = replace(moving.state.persons[person.key], status="PINDAH", village_code=None)
    return found.step(
        moving.state.with_person(gone),
        Removal(fact, person, moved=moving.made),
        *_effects(fact, person, *moving.effects),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, removal: Removal, made: Made) -> None:
    """Take the member off the card, and mark the record."""
    if removal.passing is not None:
        await passing.carry_out(session, removal.passing, made, "remove_member")
    if removal.moved is not None:
        await rearrange(session, removal.moved, made, "remove_member")
        resident_id = made.person(removal.person.key)
        resident = (await resident_store.load(session, [resident_id]))[resident_id]
        source = made.source("remove_member")
        gone, since = {"status": "PINDAH", "village_code": None}, removal.fact.happened_on
        await residents.change(session, resident, gone, source=source, valid_from=since)


def _died(
    found: Findings,
    state: State,
    fact: RemoveMember,
    person: Person,
    index: int,
    context: Context,
) -> Step[Removal]:
    weigh_family(found, state, person, fact.happened_on, "/happened_on")
    foreseen = passing.foresee(
        found, state, person, fact.happened_on, fact.succession, index, context
    )
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    return found.step(
        foreseen.state,
        Removal(fact, person, passing=foreseen.passing),
        *_effects(fact, person, *foreseen.effects),
        village_code=person.village_code,
    )


def _check(
    found: Findings, state: State, fact: RemoveMember, person: Person, context: Context
) -> None:
    home = state.family_of(person)
    if home is None:
        found.refuse("PERSON_IN_NO_FAMILY", "/person")
    else:
        found.check_family(home, "/person", context)
    died = fact.reason is RemovalReason.DIED
    if fact.happened_on > context.today:
        found.refuse("DEATH_IN_FUTURE" if died else "REMOVAL_IN_FUTURE", "/happened_on")
    if fact.happened_on < person.birth_date:
        found.refuse("DEATH_BEFORE_BIRTH" if died else "REMOVAL_BEFORE_BIRTH", "/happened_on")
    if died and person.status == "HILANG":
        found.refuse("MISSING_NEEDS_COURT", "/person")


def _effects(fact: RemoveMember, person: Person, *more: Effect) -> Iterator[Effect]:
    name, day = person.full_name, fact.happened_on.isoformat()
    paper = {"paper_number": fact.paper_number, "authority": fact.authority}
    if fact.reason is RemovalReason.DIED:
        yield Effect(
            effect="resident.died",
            subject=person.key,
            before={"status": person.status},
            after={"status": "MATI", "died_on": day} | paper,
            text_id=f"{name} dicatat meninggal dunia pada {day} menurut akta {fact.authority}.",
            text_en=f"{name} is recorded as having died on {day}, as certified by {fact.authority}.",
        )
    else:
        yield Effect(
            effect="resident.moved_out",
            subject=person.key,
            before={"status": person.status},
            after={"status": "PINDAH", "moved_on": day} | paper,
            text_id=f"{name} dicatat pindah keluar pada {day} menurut surat {fact.authority}.",
            text_en=f"{name} is recorded as having moved out on {day}, by a letter of "
            f"{fact.authority}.",
        )
    yield from more

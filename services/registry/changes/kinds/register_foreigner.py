"""A foreigner with a permit to stay: UU 24/2013 art 20-21, Perpres 96/2018 art 28.

With a limited permit (ITAS) they are counted here but are in no family, and the residence letter says
where they live until the permit ends. With a permanent one (ITAP) they are in a family like anybody.
"""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.changes.homes import check_destination, rearrange
from services.registry.changes.kinds import arriving, entering
from services.registry.changes.kinds.arriving import Comer
from services.registry.changes.papers import queued
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.documents import actions as documents
from services.registry.moves import actions as moves
from services.registry.moves import store
from services.registry.moves.tables import Permit
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from shared.contract.events import IssuedKind
from shared.contract.facts import Citizenship, PermitKind, RegisterForeigner
from shared.contract.plan import Effect

REPORT_DAYS = 14  # from the issue of the permit


@dataclass(frozen=True, slots=True)
class Staying:
    """Who stays on which permit, and where."""

    person: Key
    fact: RegisterForeigner
    village_code: str
    wanted: Rearrangement


def plan(state: State, fact: RegisterForeigner, index: int, context: Context) -> Step[Staying]:
    """Judge a permit and its holder, and find where they live."""
    found = Findings(index)
    _check_permit(found, fact, context)
    here, person = _who(found, state, fact, index)
    if person is None:
        return found.step(state)
    if person.citizenship is not Citizenship.FOREIGN:
        found.refuse("STAY_PERMIT_OF_CITIZEN", "/permit")
    limited = fact.permit.kind is PermitKind.LIMITED
    after = here.with_person(replace(person, permit=fact.permit.kind.value))
    if limited:
        _check_residence(found, state, fact, person, context)
        moving = Rearranging(after)
    else:
        moving = _home(found, after, fact, person, index, context)
    if found.refusals:
        return found.step(state)
    village = _village(moving.state, fact, person)
    settled = replace(moving.state.persons[person.key], village_code=village)
    return found.step(
        moving.state.with_person(settled),
        Staying(person.key, fact, village, moving.made),
        *([arriving.effect(person, fact.newcomer)] if fact.newcomer else []),
        _permitted(fact, person),
        *moving.effects,
        queued(
            IssuedKind.RESIDENCE_LETTER if limited else IssuedKind.BIODATA,
            person.key,
            person.full_name,
        ),
        village_code=village,
    )


async def apply(session: AsyncSession, staying: Staying, made: Made) -> None:
    """Enter the holder if they are new, and let the permit take the place of the one before."""
    fact, cause = staying.fact, "register_foreigner"
    source = made.source(cause)
    said, village, kind = fact.newcomer, staying.village_code, fact.permit.kind.value
    if said is not None:
        entered = await entering.register(session, said, village, made, cause, permit=kind)
        made.people[staying.person] = entered.id
    resident_id = made.person(staying.person)
    resident = (await resident_store.load(session, [resident_id]))[resident_id]
    news = {"permit": kind, "village_code": village}
    await residents.change(session, resident, news, source=source, valid_from=made.today)
    await rearrange(session, staying.wanted, made, cause)
    for former in await store.letters_of(session, resident_id, IssuedKind.RESIDENCE_LETTER):
        await documents.revoke(session, former.id, today=made.today)
    permit = Permit(
        id=uuid7(),
        resident_id=resident_id,
        home=fact.at.model_dump(mode="json") if fact.at else {},
        source_id=source.id,
        actor=source.actor,
        **fact.permit.model_dump(),
    )
    await moves.permit(session, permit, made.today)
    if fact.permit.kind is PermitKind.PERMANENT:
        made.print(IssuedKind.BIODATA, resident_id)
        return
    letter = await moves.write_letter(
        session,
        IssuedKind.RESIDENCE_LETTER.value,
        resident_id=resident_id,
        village_code=village,
        data={},
        source=source,
        today=made.today,
        permit_id=permit.id,
        valid_until=permit.valid_until,
    )
    made.print(IssuedKind.RESIDENCE_LETTER, letter.id)


def _check_permit(found: Findings, fact: RegisterForeigner, context: Context) -> None:
    permit = fact.permit
    if permit.issued_on > context.today:
        found.refuse("PERMIT_IN_FUTURE", "/permit/issued_on")
    if permit.valid_until < max(context.today, permit.issued_on):
        found.refuse("PERMIT_RUN_OUT", "/permit/valid_until")
    late = (context.reported_on - permit.issued_on).days - REPORT_DAYS
    if late > 0:
        found.warn("PERMIT_REPORTED_LATE", "/permit/issued_on", days=late)


def _who(
    found: Findings, state: State, fact: RegisterForeigner, index: int
) -> tuple[State, Person | None]:
    if fact.newcomer is None:
        person = state.person(fact.person, index)
        found.check_person(person, "/person")
        return state, person
    after, key = arriving.newcomer(
        found, state, fact.newcomer, fact.cleared_of, (index, 0), "/newcomer", from_abroad=True
    )
    return after, after.persons[key] if key else None


def _check_residence(
    found: Findings, state: State, fact: RegisterForeigner, person: Person, context: Context
) -> None:
    if fact.joins is not None or person.family is not None:
        found.refuse("FOREIGNER_IN_NO_FAMILY", "/joins")
    if fact.at is None:
        found.refuse("RESIDENCE_MISSING", "/at")
    else:
        check_destination(found, state, fact.at, context, "/at/village_code")


def _home(
    found: Findings,
    state: State,
    fact: RegisterForeigner,
    person: Person,
    index: int,
    context: Context,
) -> Rearranging:
    """Put the holder of a permanent permit into a family; one who is in a family stays there."""
    asked = fact.at is not None or fact.joins is not None
    if person.family is not None:
        if asked:
            found.refuse("ALREADY_MEMBER_ELSEWHERE", "/joins" if fact.joins else "/at")
        moving = Rearranging(state)
        moving.reprint(person.family)  # the family card names the permit
        return moving
    if (fact.at is None) == (fact.joins is None):
        found.refuse("RESIDENCE_MISSING", "/at")
        return Rearranging(state)
    comer = Comer(person.key, fact.newcomer, fact.relationship)
    moving, _ = arriving.settle(found, state, [comer], fact.at, fact.joins, index, context, "/at")
    return moving


def _village(state: State, fact: RegisterForeigner, person: Person) -> str:
    home = state.family_of(state.persons[person.key])
    if home is not None:
        return home.village_code
    assert fact.at is not None  # noqa: S101 - refused above
    return fact.at.village_code


def _permitted(fact: RegisterForeigner, person: Person) -> Effect:
    permit, name = fact.permit, person.full_name
    until = permit.valid_until.isoformat()
    return Effect(
        effect="resident.permitted",
        subject=person.key,
        before={"permit": person.permit},
        after=permit.model_dump(mode="json")
        | {"at": fact.at.model_dump(mode="json") if fact.at else None},
        text_id=f"Izin tinggal {name} dicatat: {permit.kind} {permit.number}, sampai {until}.",
        text_en=f"The permit of {name} is recorded: {permit.kind} {permit.number}, until {until}.",
    )

"""A citizenship that is gained, lost, regained, doubled or chosen: UU 24/2013 art 53-55.

The NIK stays with the person, whatever their passport (PP 40/2019 art 30).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.certificates.rules import NoteKind
from services.registry.changes import amending, citizenship, homes, margins, records, rulings
from services.registry.changes.amending import Amendment
from services.registry.changes.correcting import Value
from services.registry.changes.margins import Margin
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.codes import find
from shared.contract.facts import Citizenship, CitizenshipEvent, SetCitizenship
from shared.contract.plan import Effect
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Naturalised:
    """What is written, who joins or leaves a family, and what goes in the margins."""

    amendment: Amendment
    rearrangement: Rearrangement
    margins: tuple[Margin, ...]
    ends_digital_id: bool


def plan(state: State, fact: SetCitizenship, index: int, context: Context) -> Step[Naturalised]:
    """Judge a change of citizenship, and foresee record, family, cards and notes."""
    found = Findings(index)
    person = state.person(fact.person, index)
    returns = person is not None and person.status == citizenship.LOST
    if not (returns and fact.event is CitizenshipEvent.REGAINED):
        found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    rulings.check_regency(found, person, context, "/person")
    citizenship.check(found, state, fact, person, context)
    joins = person.family is None and not _stays_out(fact)
    if joins:
        citizenship.check_joining(found, state, fact, index, context)
    notes = _margins(found, state, fact, person)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    amendment = _amendment(state, fact, person, context)
    moving = _moving(amending.left(state, person, amendment), fact, person, index, joins=joins)
    ends = person.has_digital_id and amendment.ends != ()
    decided = Naturalised(amendment, moving.made, notes, ends)
    return found.step(
        moving.state,
        decided,
        *amending.effects(state, amendment, context.today),
        *_effects(fact, person, decided),
        *moving.effects,
        *margins.effects(state, notes),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, decided: Naturalised, made: Made) -> None:
    """Write the record since the day of the oath or decree, and whatever follows from it."""
    cause = "set_citizenship"
    resident = await records.write(session, decided.amendment, made, cause)
    if decided.ends_digital_id:
        await cards.end_digital_id(session, resident, amending.DATA_CHANGED, today=made.today)
    await homes.rearrange(session, decided.rearrangement, made, cause)
    await margins.write(session, decided.margins, made, cause)


def _stays_out(fact: SetCitizenship) -> bool:
    return fact.event in {CitizenshipEvent.LOST, CitizenshipEvent.DUAL}


def _amendment(state: State, fact: SetCitizenship, person: Person, context: Context) -> Amendment:
    values: dict[str, Value] = {"citizenship": citizenship.BECOMES[fact.event]}
    if fact.permit != person.permit:
        values["permit"] = fact.permit
    if fact.event is CitizenshipEvent.LOST and fact.permit is None:
        values["status"] = citizenship.LOST
    if person.status == citizenship.LOST:
        values["status"] = "HIDUP"
    amendment = amending.amend(
        state,
        person,
        values,
        since=fact.happened_on,
        today=context.today,
        withdraw=Citizenship.FOREIGN in {person.citizenship, values["citizenship"]},
    )
    return replace(amendment, family=None) if citizenship.leaves_family(fact) else amendment


def _moving(
    state: State, fact: SetCitizenship, person: Person, index: int, *, joins: bool
) -> Rearranging:
    moving = Rearranging(state)
    home = state.families.get(person.family or "")
    if citizenship.leaves_family(fact) and home is not None:
        moving.leave(person.key)
        moving.close_or_reprint(home.key)
    host = state.family(fact.family, index) if joins and fact.family else None
    if host is not None:
        moving.join(person.key, host.key, fact.relationship)
        moving.reprint(host.key)
    return moving


def _effects(fact: SetCitizenship, person: Person, decided: Naturalised) -> Iterator[Effect]:
    status = decided.amendment.values.get("status")
    if status is not None:
        name = find("status_penduduk", str(status)).name
        yield Effect(
            effect="resident.status_changed",
            subject=person.key,
            before={"status": person.status},
            after={"status": str(status)},
            text_id=f"Status penduduk {person.full_name} menjadi {name.id}.",
            text_en=f"The status of {person.full_name} becomes: {name.en}.",
        )
    if decided.ends_digital_id:
        yield Effect(
            effect="digital_id.ended",
            subject=person.key,
            text_id=f"IKD {person.full_name} dicabut.",
            text_en=f"The digital ID of {person.full_name} ends.",
        )
    if fact.event is CitizenshipEvent.DUAL:
        day = citizenship.choose_by(person).isoformat()
        yield Effect(
            effect="resident.citizenship_choice_due",
            subject=person.key,
            after={"choose_by": day},
            text_id=f"{person.full_name} harus memilih satu kewarganegaraan paling lambat {day}.",
            text_en=f"{person.full_name} has to choose one citizenship by {day}.",
        )


def _margins(
    found: Findings, state: State, fact: SetCitizenship, person: Person
) -> tuple[Margin, ...]:
    after = citizenship.BECOMES[fact.event]
    data = {
        "event": fact.event.value,
        "before": int(person.citizenship),
        "after": int(after),
        "decree": fact.decree.model_dump(mode="json"),
    }
    old = find("kewarganegaraan", int(person.citizenship)).name
    new = find("kewarganegaraan", int(after)).name
    decree = fact.decree
    words = Words(
        f"Kewarganegaraan {person.full_name} berubah dari {old.id} menjadi {new.id} sejak "
        f"{fact.happened_on.isoformat()}, menurut {decree.authority} nomor {decree.number}.",
        f"The citizenship of {person.full_name} changes from {old.en} to {new.en} since "
        f"{fact.happened_on.isoformat()}, by {decree.authority} no. {decree.number}.",
    )
    return margins.on_all(found, state, person, NoteKind.CITIZENSHIP, words, data)

"""A record is sent to the centre anew, for an agency that does not find it: no content changes.

UU 24/2013 art 58 (4): other services use the ministry's data, which follow the registry's.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import rulings
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from services.registry.residents.rules import nik
from shared import outbox
from shared.contract.events import ResidentConfirmed
from shared.contract.facts import ConfirmData
from shared.contract.plan import Effect, Remark


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whose record is sent."""

    person: Key


def plan(state: State, fact: ConfirmData, index: int, context: Context) -> Step[Confirmed]:
    """Judge whether a record can be sent, and note what another agency may stumble over."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    rulings.check_regency(found, person, context, "/person")
    number = person.particulars.nik
    for each in nik.anomalies(number, person.birth_date, person.sex) if number else ():
        found.warnings.append(
            Remark(
                rule=each.rule,
                pointer=found.pointer("/person"),
                text_id=each.text_id,
                text_en=each.text_en,
                law="PP 40/2019 art 30",
            )
        )
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    sent = Effect(
        effect="resident.confirmed",
        subject=person.key,
        after={"agency": fact.agency},
        text_id=f"Data {person.full_name} dikirim ulang ke pusat untuk {fact.agency}; isinya tetap.",
        text_en=f"The record of {person.full_name} is sent to the centre for {fact.agency}; "
        "nothing in it changes.",
    )
    return found.step(state, Confirmed(person.key), sent, village_code=person.village_code)


async def apply(session: AsyncSession, confirmed: Confirmed, made: Made) -> None:
    """Tell whoever keeps the centre up to date that this record, in this version, is the true one."""
    resident_id: UUID = made.person(confirmed.person)
    resident = (await resident_store.load(session, [resident_id]))[resident_id]
    await outbox.add(session, ResidentConfirmed(resident_id=resident.id, version=resident.version))

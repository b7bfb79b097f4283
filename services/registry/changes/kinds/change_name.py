"""Another name by ruling of a court: UU 23/2006 art 52, Perpres 96/2018 art 53."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import NoteKind
from services.registry.changes import amending, margins, records, rulings
from services.registry.changes.amending import Amendment
from services.registry.changes.margins import Margin
from services.registry.changes.naming import recorded
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.facts import ChangeName, Ruling
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Renaming:
    """The new name with what follows, and the notes on the certificates."""

    amendment: Amendment
    margins: tuple[Margin, ...]


def plan(state: State, fact: ChangeName, index: int, context: Context) -> Step[Renaming]:
    """Judge a change of name, and foresee it on every record that names the person."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    rulings.check_regency(found, person, context, "/person")
    rulings.check_ruling(found, fact.ruling, person.birth_date, context, "/ruling")
    found.check_name(fact.full_name, "/full_name")
    name = recorded(fact.full_name)
    if name == person.full_name:
        found.refuse("NOTHING_TO_CHANGE", "/full_name")
    for child in amending.unlike(state, person):
        found.warn("PARENT_NAMED_OTHERWISE", "/person", name=child.full_name)
    renaming = _renaming(found, state, fact, person, name, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    return found.step(
        amending.left(state, person, renaming.amendment),
        renaming,
        *amending.effects(state, renaming.amendment, context.today),
        *margins.effects(state, renaming.margins),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, renaming: Renaming, made: Made) -> None:
    """Write the name since the ruling holds, on the record, in the margins and on relatives'."""
    await records.write(session, renaming.amendment, made, "change_name")
    await margins.write(session, renaming.margins, made, "change_name")


def _renaming(
    found: Findings, state: State, fact: ChangeName, person: Person, name: str, context: Context
) -> Renaming:
    since = fact.ruling.holds_from
    amendment = amending.amend(state, person, {"full_name": name}, since=since, today=context.today)
    data = {
        "before": person.full_name,
        "after": name,
        "ruling": fact.ruling.model_dump(mode="json"),
    }
    words = _words(person.full_name, name, fact.ruling)
    return Renaming(
        amendment, margins.on_all(found, state, person, NoteKind.NAME_CHANGE, words, data)
    )


def _words(old: str, new: str, ruling: Ruling) -> Words:
    return Words(
        f"Nama {old} diubah menjadi {new} berdasarkan penetapan {ruling.authority} "
        f"nomor {ruling.number} tanggal {ruling.dated.isoformat()}.",
        f"The name {old} is changed to {new} by ruling of {ruling.authority} "
        f"no. {ruling.number} of {ruling.dated.isoformat()}.",
    )

"""Other vital events, such as a change of sex by a court: UU 24/2013 art 56, Perpres 96/2018 art 58.

The NIK stays, though its day tells the former sex (PP 40/2019 art 30).
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import NoteKind
from services.registry.changes import amending, correcting, margins, records, rulings
from services.registry.changes.amending import Amendment
from services.registry.changes.correcting import Value
from services.registry.changes.correction_checks import check_number
from services.registry.changes.margins import Margin
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.facts import NoteVitalEvent
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Noted:
    """What is written on the record, if anything, and in the margins."""

    amendment: Amendment | None
    margins: tuple[Margin, ...]


def plan(state: State, fact: NoteVitalEvent, index: int, context: Context) -> Step[Noted]:
    """Judge a ruling, and foresee the record, the cards and the notes."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    rulings.check_regency(found, person, context, "/person")
    rulings.check_ruling(found, fact.ruling, person.birth_date, context, "/ruling")
    values: dict[str, Value] = {"sex": fact.sex} if fact.sex else {}
    _check_sex(found, fact, person)
    notes = _margins(found, state, fact, person)
    if not values and not notes:
        found.refuse("NO_CERTIFICATE_HERE", "/person")
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    amendment = None
    if values:
        since = fact.ruling.holds_from
        amendment = amending.amend(state, person, values, since=since, today=context.today)
    return found.step(
        amending.left(state, person, amendment) if amendment else state,
        Noted(amendment, notes),
        *(amending.effects(state, amendment, context.today) if amendment else ()),
        *margins.effects(state, notes),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, noted: Noted, made: Made) -> None:
    """Write the record since the ruling holds, and the notes."""
    if noted.amendment is not None:
        await records.write(session, noted.amendment, made, "note_vital_event")
    await margins.write(session, noted.margins, made, "note_vital_event")


def _check_sex(found: Findings, fact: NoteVitalEvent, person: Person) -> None:
    if fact.sex is None:
        return
    if fact.sex is person.sex:
        found.refuse("NOTHING_TO_CHANGE", "/sex")
        return
    check_number(found, amending.amended(person, {"sex": fact.sex}), {"sex": "/sex"})
    if person.is_married:
        found.warn("SEX_OF_SPOUSE", "/sex")


def _margins(
    found: Findings, state: State, fact: NoteVitalEvent, person: Person
) -> tuple[Margin, ...]:
    data = {"event": fact.event.value, "ruling": fact.ruling.model_dump(mode="json")}
    if fact.sex is not None:
        data |= {"before": person.sex.value, "after": fact.sex.value}
    words = _words(fact, person)
    return margins.on_all(found, state, person, NoteKind.OTHER_EVENT, words, data)


def _words(fact: NoteVitalEvent, person: Person) -> Words:
    ruling = fact.ruling
    by = Words(
        f"berdasarkan penetapan {ruling.authority} nomor {ruling.number} "
        f"tanggal {ruling.dated.isoformat()}.",
        f"by ruling of {ruling.authority} no. {ruling.number} of {ruling.dated.isoformat()}.",
    )
    if fact.sex is None:
        return Words(f"{fact.words} {by.id}", f"{fact.words} {by.en}")
    old, new = correcting.shown("sex", person.sex), correcting.shown("sex", fact.sex)
    return Words(
        f"Jenis kelamin {person.full_name} diubah dari {old.id} menjadi {new.id} {by.id}",
        f"The sex of {person.full_name} is changed from {old.en} to {new.en} {by.en}",
    )

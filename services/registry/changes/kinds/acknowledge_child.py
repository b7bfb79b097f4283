"""A father acknowledges his child: UU 24/2013 art 49, Perpres 96/2018 art 49 to 51.

Only parents who are married by their religion can do so without a court; the mother consents.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.certificates.schemas import CertificateData
from services.registry.changes import entries, margins, parenthood, turns
from services.registry.changes.margins import Margin
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.events import IssuedKind
from shared.contract.facts import AcknowledgeChild
from shared.language import Words

CAUSE = "acknowledge_child"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An acknowledgement that may be entered."""

    fact: AcknowledgeChild
    child: Key
    father: Key
    father_name: str
    margins: tuple[Margin, ...]
    homes: tuple[Key, ...]
    words: dict[str, Any]
    days_late: int
    reported_on: date


def plan(
    state: State, fact: AcknowledgeChild, index: int, context: Context
) -> Step[Acknowledgement]:
    """Judge an acknowledgement, and foresee the entry, the note and the father on record."""
    found = Findings(index)
    child, father = state.person(fact.child, index), state.person(fact.father, index)
    mother = state.person(fact.mother, index)
    parenthood.check_child(found, state, child, context)
    found.check_person(father, "/father")
    found.check_person(mother, "/mother")
    if child is None or father is None or mother is None:
        return found.step(state)
    parenthood.check_parents(found, child, father, mother)
    _check_right(found, fact, child, father, context)
    late = entries.check_report(
        found, CertificateKind.ACKNOWLEDGEMENT, _since(fact), context, "/acknowledged_on"
    )
    village = turns.village((child, mother, father), context)
    if found.refusals or village is None:
        return found.step(state, village_code=village)
    noted = parenthood.margin(
        state,
        child,
        NoteKind.ACKNOWLEDGEMENT,
        _note(fact, father, mother),
        parenthood.ruled(fact.ruling),
    )
    made = Acknowledgement(
        fact,
        child.key,
        father.key,
        father.full_name,
        noted,
        turns.homes(state, (child,), context),
        parenthood.words(state, fact, child, mother, village),
        late,
        context.reported_on,
    )
    seen = {"acknowledged_on": fact.acknowledged_on.isoformat(), "days_late": late}
    return found.step(
        parenthood.fathered(state, child, father),
        made,
        *parenthood.father_recorded(child, father),
        entries.registered(CertificateKind.ACKNOWLEDGEMENT, [child], seen),
        entries.queued(IssuedKind.ACKNOWLEDGEMENT, [child]),
        *margins.effects(state, noted),
        *turns.printed(state, made.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, made_so: Acknowledgement, made: Made) -> None:
    """Enter the acknowledgement, write it on the entry of the birth and on the record."""
    new = CertificateData(
        kind=CertificateKind.ACKNOWLEDGEMENT,
        subject_id=made.person(made_so.child),
        event_date=made_so.fact.acknowledged_on,
        reported_on=made_so.reported_on,
        days_late=made_so.days_late,
        data=made_so.words
        | {
            "father": str(made.person(made_so.father)),
            "mother": str(made.person(made_so.words["mother"])),
        },
    )
    await entries.register(session, new, IssuedKind.ACKNOWLEDGEMENT, made, CAUSE)
    await parenthood.record_father(
        session, made_so.child, made_so.father, made_so.father_name, made, CAUSE
    )
    await margins.write(session, made_so.margins, made, CAUSE)
    for home in made_so.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_right(
    found: Findings, fact: AcknowledgeChild, child: Person, father: Person, context: Context
) -> None:
    if child.father == father.key:
        found.refuse("FATHER_IS_RECORDED", "/father", name=child.full_name)
    if fact.acknowledged_on > context.today:
        found.refuse("LETTER_IN_FUTURE", "/acknowledged_on")
    if not fact.mother_consents and fact.ruling is None:
        found.refuse("MOTHER_MUST_CONSENT", "/mother_consents")
    if fact.ruling is None and (fact.married_on is None or fact.married_on > child.birth_date):
        found.refuse("RULING_NEEDED_TO_ACKNOWLEDGE", "/ruling")
    entries.check_ruling(found, fact.ruling, context, "/ruling")


def _since(fact: AcknowledgeChild) -> date:
    return fact.ruling.holds_from if fact.ruling else fact.acknowledged_on


def _note(fact: AcknowledgeChild, father: Person, mother: Person) -> Words:
    said = Words(
        f"Anak ini diakui oleh ayahnya {father.full_name} dengan persetujuan ibunya "
        f"{mother.full_name} pada tanggal {fact.acknowledged_on:%d-%m-%Y}",
        f"This child was acknowledged by its father {father.full_name} with the consent of its "
        f"mother {mother.full_name} on {fact.acknowledged_on.isoformat()}",
    )
    return parenthood.under(fact.ruling, said)

"""The parents' registered marriage makes the child theirs: UU 24/2013 art 50, Perpres 96/2018 art 52.

A child who was born before the parents were married by their religion needs a court.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.certificates.schemas import CertificateData
from services.registry.changes import couples, entries, margins, parenthood, turns
from services.registry.changes.margins import Margin
from services.registry.changes.state import Entry, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.events import IssuedKind
from shared.contract.facts import LegitimiseChild, MaritalStatus
from shared.language import Words

CAUSE = "legitimise_child"


@dataclass(frozen=True, slots=True)
class Marriage:
    """The parents' registered marriage: from the register here, or as its book tells."""

    married_on: date
    number: str
    registered_at: str | None
    religion: int | None
    leader_name: str | None

    @property
    def data(self) -> dict[str, Any]:
        """Return it as the register keeps it."""
        return {
            "married_on": self.married_on.isoformat(),
            "number": self.number,
            "registered_at": self.registered_at,
            "religion": self.religion,
            "leader_name": self.leader_name,
        }


@dataclass(frozen=True, slots=True)
class Legitimation:
    """A legitimation that may be entered."""

    child: Key
    father: Key
    father_name: str
    marriage: Marriage
    margins: tuple[Margin, ...]
    homes: tuple[Key, ...]
    words: dict[str, Any]
    days_late: int
    reported_on: date


def plan(state: State, fact: LegitimiseChild, index: int, context: Context) -> Step[Legitimation]:
    """Judge a legitimation, and foresee the entry, the note and the father on record."""
    found = Findings(index)
    child, father = state.person(fact.child, index), state.person(fact.father, index)
    mother = state.person(fact.mother, index)
    parenthood.check_child(found, state, child, context)
    found.check_person(father, "/father")
    found.check_person(mother, "/mother")
    if child is None or father is None or mother is None:
        return found.step(state)
    parenthood.check_parents(found, child, father, mother)
    _check_marriage(found, father, mother)
    marriage = _marriage(state, fact, father, mother)
    if marriage is None:
        found.refuse("MARRIAGE_PROOF_NAMED", "/marriage_number")
    else:
        _check_birth(found, fact, child, marriage, context)
    village = turns.village((child, mother, father), context)
    if found.refusals or marriage is None or village is None:
        return found.step(state, village_code=village)
    late = _late(found, fact, marriage, context)
    words = _note(fact, father, mother, marriage)
    noted = parenthood.margin(
        state, child, NoteKind.LEGITIMATION, words, parenthood.ruled(fact.ruling)
    )
    legitimation = Legitimation(
        child.key,
        father.key,
        father.full_name,
        marriage,
        noted,
        turns.homes(state, (child,), context),
        parenthood.words(state, fact, child, mother, village),
        late,
        context.reported_on,
    )
    seen = {"married_on": marriage.married_on.isoformat(), "days_late": late}
    return found.step(
        parenthood.fathered(state, child, father),
        legitimation,
        *parenthood.father_recorded(child, father),
        entries.registered(CertificateKind.LEGITIMATION, [child], seen),
        entries.queued(IssuedKind.LEGITIMATION, [child]),
        *margins.effects(state, noted),
        *turns.printed(state, legitimation.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, legitimation: Legitimation, made: Made) -> None:
    """Enter the legitimation, write it on the entry of the birth and on the record."""
    marriage = legitimation.marriage
    parents = {
        "father": str(made.person(legitimation.father)),
        "mother": str(made.person(legitimation.words["mother"])),
    }
    new = CertificateData(
        kind=CertificateKind.LEGITIMATION,
        subject_id=made.person(legitimation.child),
        event_date=marriage.married_on,
        reported_on=legitimation.reported_on,
        days_late=legitimation.days_late,
        data=legitimation.words | parents | {"marriage": marriage.data},
    )
    await entries.register(session, new, IssuedKind.LEGITIMATION, made, CAUSE)
    await parenthood.record_father(
        session, legitimation.child, legitimation.father, legitimation.father_name, made, CAUSE
    )
    await margins.write(session, legitimation.margins, made, CAUSE)
    for home in legitimation.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_marriage(found: Findings, father: Person, mother: Person) -> None:
    if not couples.may_be_married(father, mother):
        found.refuse("NOT_MARRIED_TO_EACH_OTHER", "/mother")
    elif mother.marital_status is not MaritalStatus.MARRIED_REGISTERED:
        found.refuse("MARRIAGE_NOT_REGISTERED", "/mother")


def _marriage(
    state: State, fact: LegitimiseChild, father: Person, mother: Person
) -> Marriage | None:
    entry = state.entry([CertificateKind.MARRIAGE], father.key, mother.key)
    if entry is not None:
        return _of_entry(entry)
    if fact.married_on is None or fact.marriage_number is None:
        return None
    return Marriage(fact.married_on, fact.marriage_number, fact.registered_at, None, None)


def _of_entry(entry: Entry) -> Marriage:
    told = entry.data
    return Marriage(
        entry.event_date,
        entry.number,
        told.get("place"),
        told.get("religion"),
        told.get("leader_name"),
    )


def _check_birth(
    found: Findings, fact: LegitimiseChild, child: Person, marriage: Marriage, context: Context
) -> None:
    entries.check_ruling(found, fact.ruling, context, "/ruling")
    if marriage.married_on > context.today:
        found.refuse("MARRIAGE_IN_FUTURE", "/married_on")
    by_religion = fact.religious_marriage_on or marriage.married_on
    if child.birth_date < by_religion and fact.ruling is None:
        found.refuse("RULING_NEEDED_TO_LEGITIMISE", "/ruling")


def _late(found: Findings, fact: LegitimiseChild, marriage: Marriage, context: Context) -> int:
    since = fact.ruling.holds_from if fact.ruling else marriage.married_on
    return entries.check_report(found, CertificateKind.LEGITIMATION, since, context, "/married_on")


def _note(fact: LegitimiseChild, father: Person, mother: Person, marriage: Marriage) -> Words:
    said = Words(
        f"Anak ini disahkan sebagai anak dari {father.full_name} dan {mother.full_name}, yang "
        f"perkawinannya tercatat dengan nomor {marriage.number} tanggal "
        f"{marriage.married_on:%d-%m-%Y}",
        f"This child was legitimised as the child of {father.full_name} and {mother.full_name}, "
        f"whose marriage is registered under no. {marriage.number} of "
        f"{marriage.married_on.isoformat()}",
    )
    return parenthood.under(fact.ruling, said)

"""What changes have in common that say whose child somebody is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import NoteKind
from services.registry.changes.birth_checks import check_ages
from services.registry.changes.entries import cited
from services.registry.changes.margins import BIRTHS, Margin
from services.registry.changes.rulings import check_regency
from services.registry.changes.state import Entry, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from shared.contract.events import IssuedKind
from shared.contract.facts import AcknowledgeChild, LegitimiseChild
from shared.contract.plan import Effect
from shared.contract.terms import Ruling
from shared.language import Words


def birth_of(state: State, child: Person) -> Entry | None:
    """Return the entry of somebody's birth in the registers here."""
    return state.entry(BIRTHS, child.key)


def check_child(
    found: Findings, state: State, child: Person | None, context: Context, place: str = "/child"
) -> None:
    """Refuse a child who is not of this regency, or whose birth nobody has certified."""
    found.check_person(child, place)
    if child is None:
        return
    check_regency(found, child, context, place)
    if birth_of(state, child) is not None:
        return
    if child.has_birth_certificate:
        found.warn("CERTIFICATE_KEPT_ELSEWHERE", place, name=child.full_name)
    else:
        found.refuse("BIRTH_NOT_CERTIFIED", place, name=child.full_name)


def check_parents(found: Findings, child: Person, father: Person, mother: Person) -> None:
    """Refuse parents other than those on record; only a father may be missing there."""
    if child.mother != mother.key:
        found.refuse("NOT_THE_MOTHER", "/mother", name=mother.full_name)
    if child.father not in {None, father.key}:
        found.refuse("FATHER_IS_RECORDED", "/father", name=child.full_name)
    check_ages(found, child.birth_date, mother, father)


def margin(
    state: State, child: Person, kind: NoteKind, words: Words, data: Mapping[str, Any]
) -> tuple[Margin, ...]:
    """Return the note on the entry of somebody's birth, if that is in a register here."""
    entry = birth_of(state, child)
    return (Margin(entry.key, kind, words, data),) if entry else ()


def ruled(ruling: Ruling | None) -> dict[str, Any]:
    """Return what a note keeps of the ruling, if a court had to decide."""
    return {"ruling": ruling.model_dump(mode="json") if ruling else None}


def under(ruling: Ruling | None, said: Words) -> Words:
    """Close the sentence of a note, citing the ruling behind it if there is one."""
    if ruling is None:
        return Words(f"{said.id}.", f"{said.en}.")
    named = cited(ruling)
    return Words(f"{said.id}, {named.id}.", f"{said.en}, under {named.en}.")


def words(
    state: State,
    fact: AcknowledgeChild | LegitimiseChild,
    child: Person,
    mother: Person,
    village_code: str,
) -> dict[str, Any]:
    """Return what the register says of an acknowledgement or a legitimation."""
    birth = birth_of(state, child)
    return fact.model_dump(mode="json", exclude={"kind", "child", "father", "mother"}) | {
        "village_code": village_code,
        "mother": mother.key,
        "birth": birth.key if birth else None,
    }


def fathered(state: State, child: Person, father: Person) -> State:
    """Return the state in which a child has this father on record."""
    return state.with_person(replace(child, father=father.key))


def father_recorded(child: Person, father: Person) -> Iterator[Effect]:
    """Tell that a father is recorded, unless he is already."""
    if child.father == father.key:
        return
    yield Effect(
        effect="resident.father_recorded",
        subject=child.key,
        before={"father": child.father},
        after={"father": father.key, "full_name": father.full_name},
        text_id=f"{father.full_name} dicatat sebagai ayah dari {child.full_name}.",
        text_en=f"{father.full_name} is recorded as the father of {child.full_name}.",
    )


def birth_reissued(state: State, child: Person) -> Iterator[Effect]:
    """Tell that the birth certificate is printed again, with what its margin now says."""
    entry = birth_of(state, child)
    if entry is not None:
        yield Effect(
            effect="document.queued",
            subject=entry.key,
            after={"kind": IssuedKind.BIRTH_CERTIFICATE},
            text_id=f"Kutipan akta kelahiran {child.full_name} diterbitkan dengan catatan pinggir.",
            text_en=f"The birth certificate of {child.full_name} is issued with the note.",
        )


async def record_father(
    session: AsyncSession, child: Key, father: Key, father_name: str, made: Made, cause: str
) -> None:
    """Write a father into a child's record, from today."""
    resident_id: UUID = made.person(child)
    resident = (await resident_store.load(session, [resident_id]))[resident_id]
    news = {"father_id": made.person(father), "father_name": father_name}
    source = made.source(cause)
    await residents.change(session, resident, news, source=source, valid_from=made.today)

"""Marginal notes (catatan pinggir) on the entries about somebody: UU 23/2006 art 52-56 and 71-72."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates import store as certificate_store
from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.certificates.schemas import NoteData
from services.registry.certificates.tables import Certificate
from services.registry.changes.state import Entry, Key, Person, State
from services.registry.changes.steps import Findings, Made
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.plan import Effect
from shared.language import Words

BIRTHS = frozenset({CertificateKind.BIRTH.value, CertificateKind.LATE_BIRTH.value})


@dataclass(frozen=True, slots=True)
class Margin:
    """What is to be written in the margin of which entry."""

    entry: Key
    kind: NoteKind
    words: Words
    data: Mapping[str, Any]


def on_all(
    found: Findings,
    state: State,
    person: Person,
    kind: NoteKind,
    words: Words,
    data: Mapping[str, Any],
) -> tuple[Margin, ...]:
    """Return a note on every entry about somebody; entries of other registers are another office's."""
    entries = state.entries_of(person)
    if not any(each.kind in BIRTHS for each in entries) and person.has_birth_certificate:
        found.warn("CERTIFICATE_KEPT_ELSEWHERE", "/person", name=person.full_name)
    return tuple(Margin(each.key, kind, words, data) for each in entries)


def effects(state: State, margins: Sequence[Margin]) -> Iterator[Effect]:
    """Tell what is written where, and that a sheet of it is issued."""
    for each in margins:
        entry = state.entries[each.entry]
        label = name_of(entry)
        yield Effect(
            effect="certificate.noted",
            subject=entry.key,
            after={"kind": each.kind, "number": entry.number, **each.data},
            text_id=f"Catatan pinggir pada {label.id} nomor {entry.number}: {each.words.id}",
            text_en=f"Marginal note on the {label.en} no. {entry.number}: {each.words.en}",
        )
        yield Effect(
            effect="document.queued",
            subject=entry.key,
            after={"kind": IssuedKind.MARGINAL_NOTE},
            text_id=f"Lembar catatan pinggir {label.id} nomor {entry.number} diterbitkan.",
            text_en=f"The sheet of the note on the {label.en} no. {entry.number} is issued.",
        )


def name_of(entry: Entry) -> Words:
    """Return what people call an entry: "akta kelahiran"."""
    name = find("jenis_akta", entry.kind).name
    return Words(f"akta {name.id.lower().removeprefix('akta ')}", f"entry of {name.en.lower()}")


async def write(
    session: AsyncSession, margins: Sequence[Margin], made: Made, cause: str
) -> list[Certificate]:
    """Write every note, have its sheet printed, and return the entries."""
    written = []
    for each in margins:
        certificate = await entry_of(session, each.entry)
        data = NoteData(kind=each.kind, words=each.words, data=dict(each.data))
        note = await certificates.note(
            session, certificate, data, source=made.source(cause), today=made.today
        )
        made.print(IssuedKind.MARGINAL_NOTE, note.id)
        written.append(certificate)
    return written


async def entry_of(session: AsyncSession, key: Key) -> Certificate:
    """Return the entry of a plan, as it is now.

    Raises:
        LookupError: there is none.
    """
    certificate = await certificate_store.get(session, UUID(key))
    if certificate is None:
        raise LookupError("no such entry")
    return certificate

"""What changes have in common that write in a civil register or in the margin of an entry."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates import store
from services.registry.certificates.rules import (
    DAYS_TO_REPORT,
    LETTERS,
    CertificateKind,
    NoteKind,
    lateness,
)
from services.registry.certificates.schemas import CertificateData, NoteData
from services.registry.certificates.tables import Certificate, CertificateNote
from services.registry.changes.state import Entry, Key, Person
from services.registry.changes.steps import Context, Findings, Made
from services.registry.documents import actions as documents
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import Ruling
from shared.contract.plan import Effect
from shared.language import Words


def check_report(
    found: Findings, kind: CertificateKind, happened_on: date, context: Context, place: str
) -> int:
    """Note a late report, and return by how many days; missing the deadline never blocks."""
    late = lateness(kind, happened_on, context.reported_on)
    if late:
        found.warn("EVENT_REPORTED_LATE", place, days=late, limit=DAYS_TO_REPORT[kind])
    return late


def check_ruling(found: Findings, ruling: Ruling | None, context: Context, place: str) -> None:
    """Refuse a ruling that is dated, or becomes final, after today."""
    if ruling is None:
        return
    if ruling.dated > context.today:
        found.refuse("COURT_RULING_IN_FUTURE", f"{place}/dated")
    elif ruling.holds_from > context.today:
        found.refuse("COURT_RULING_NOT_FINAL", f"{place}/final_on")


def cited(ruling: Ruling) -> Words:
    """Return how a note refers to a ruling."""
    said = Words(
        f"{ruling.authority} nomor {ruling.number} tanggal {ruling.dated:%d-%m-%Y}",
        f"{ruling.authority} no. {ruling.number} of {ruling.dated.isoformat()}",
    )
    if ruling.final_on is None:
        return said
    return Words(
        f"{said.id}, berkekuatan hukum tetap {ruling.final_on:%d-%m-%Y}",
        f"{said.en}, final since {ruling.final_on.isoformat()}",
    )


async def register(
    session: AsyncSession, new: CertificateData, printed: IssuedKind, made: Made, cause: str
) -> Certificate:
    """Enter an event in its register under a number of today, and have its quotation printed."""
    entry = await certificates.register(session, new, source=made.source(cause), today=made.today)
    made.certificates.append(entry.id)
    made.print(printed, entry.id)
    return entry


async def note(
    session: AsyncSession, entry: Key, new: NoteData, made: Made, cause: str
) -> CertificateNote:
    """Write in the margin of an entry that the plan was made on."""
    certificate = await _load(session, entry)
    source = made.source(cause)
    return await certificates.note(session, certificate, new, source=source, today=made.today)


async def cancel(session: AsyncSession, entry: Key, new: NoteData, made: Made, cause: str) -> None:
    """Cancel an entry and take its quotation out of force."""
    certificate = await _load(session, entry)
    source = made.source(cause)
    await certificates.cancel(session, certificate, new, source=source, today=made.today)
    await documents.revoke(session, certificate.id, today=made.today)


async def withdraw(session: AsyncSession, entry: Key, made: Made) -> None:
    """Take the quotation of an entry out of force; the entry itself stays."""
    await documents.revoke(session, UUID(entry), today=made.today)


async def _load(session: AsyncSession, entry: Key) -> Certificate:
    certificate = await store.get(session, UUID(entry))
    if certificate is None:
        raise LookupError("the plan was made on an entry that is not there")
    return certificate


def registered(kind: CertificateKind, people: list[Person], after: dict[str, Any]) -> Effect:
    """Tell that an event is entered in its register."""
    register, names = find("jenis_akta", kind).name, _names(people)
    letters = LETTERS[kind]
    return Effect(
        effect="certificate.registered",
        subject=people[0].key,
        after={"kind": kind, "letters": letters, "people": [each.key for each in people], **after},
        text_id=f"{register.id.capitalize()} ({letters}) dicatat atas nama {names}.",
        text_en=f"In the register of: {register.en} ({letters}), {names} is entered.",
    )


def noted(entry: Entry, kind: NoteKind, words: Words) -> Effect:
    """Tell what is written in the margin of an entry."""
    return Effect(
        effect="certificate.noted",
        subject=entry.key,
        after={"kind": kind, "number": entry.number},
        text_id=f"Catatan pinggir pada akta {entry.number}: {words.id}",
        text_en=f"Marginal note on certificate {entry.number}: {words.en}",
    )


def cancelled(entry: Entry, words: Words) -> Effect:
    """Tell that an entry holds no more."""
    return Effect(
        effect="certificate.cancelled",
        subject=entry.key,
        before={"number": entry.number},
        text_id=f"Akta {entry.number} dibatalkan dan kutipannya dicabut: {words.id}",
        text_en=f"Certificate {entry.number} is cancelled, its quotation withdrawn: {words.en}",
    )


def withdrawn(entry: Entry) -> Effect:
    """Tell that the quotation of an entry is taken out of force."""
    return Effect(
        effect="document.revoked",
        subject=entry.key,
        before={"number": entry.number},
        text_id=f"Kutipan akta {entry.number} dicabut.",
        text_en=f"The quotation of certificate {entry.number} is withdrawn.",
    )


def queued(kind: IssuedKind, people: list[Person]) -> Effect:
    """Tell that a paper about these people is printed."""
    paper, names = find("jenis_dokumen", kind).name, _names(people)
    return Effect(
        effect="document.queued",
        subject=people[0].key,
        after={"kind": kind},
        text_id=f"{paper.id} atas nama {names} diterbitkan.",
        text_en=f"{paper.en} of {names} is issued.",
    )


def _names(people: list[Person]) -> str:
    return " / ".join(each.full_name for each in people)

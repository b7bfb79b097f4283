"""What can happen to a civil certificate."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.certificates import rules, store
from services.registry.certificates.rules import CertificateStatus
from services.registry.certificates.schemas import CertificateData, NoteData, StillbirthData
from services.registry.certificates.tables import Certificate, CertificateNote, Stillbirth
from services.registry.residents.schemas import Source


async def register(
    session: AsyncSession, new: CertificateData, *, source: Source, today: date
) -> Certificate:
    """Enter an event in its register, under the next number of today.

    The regency's counter of the day is locked until the transaction ends: no number is given twice.
    A number given in a transaction that rolls back was never given.

    Raises:
        ValueError: more than 9999 entries in one day.
    """
    series = rules.series(new.regency, new.kind, today)
    serial = await store.next_serial(session, series)
    certificate = Certificate(
        id=uuid7(),
        kind=new.kind,
        regency=new.regency,
        letters=rules.LETTERS[new.kind],
        registered_on=today,
        serial=serial,
        number=rules.number(series, serial),
        subject_id=new.subject_id,
        partner_id=new.partner_id,
        event_date=new.event_date,
        reported_on=new.reported_on,
        days_late=new.days_late,
        data=new.data,
        source_id=source.id,
        actor=source.actor,
    )
    session.add(certificate)
    await session.flush()
    return certificate


async def register_stillbirth(
    session: AsyncSession, new: StillbirthData, *, source: Source, today: date
) -> Stillbirth:
    """Keep what the letter about a child born dead says, under the next number of today."""
    series = rules.letter_series("SKLM", new.regency, today)
    kept = asdict(new)
    del kept["regency"]
    letter = Stillbirth(
        id=uuid7(),
        number=rules.letter_number(series, await store.next_serial(session, series)),
        registered_on=today,
        source_id=source.id,
        actor=source.actor,
        **kept,
    )
    session.add(letter)
    await session.flush()
    return letter


async def note(
    session: AsyncSession, certificate: Certificate, new: NoteData, *, source: Source, today: date
) -> CertificateNote:
    """Write in the margin of an entry, below what was written there before.

    The entry is locked until the transaction ends, so that no two notes take the same place.
    """
    await store.lock(session, certificate.id)
    written = CertificateNote(
        certificate_id=certificate.id,
        serial=await store.next_note(session, certificate.id),
        id=uuid7(),
        kind=new.kind,
        noted_on=today,
        text_id=new.words.id,
        text_en=new.words.en,
        data=new.data,
        source_id=source.id,
        actor=source.actor,
    )
    session.add(written)
    await session.flush()
    return written


async def rewrite(
    session: AsyncSession, certificate: Certificate, words: Mapping[str, Any]
) -> None:
    """Let an entry say what a correction found; the note of it keeps what it said before.

    Raises:
        StaleDataError: somebody changed the entry after it was loaded.
    """
    certificate.data = dict(words)
    await session.flush()


async def follow(session: AsyncSession, certificate: Certificate, ended: UUID, kept: UUID) -> None:
    """Let an entry be about the record that is kept of somebody who had two."""
    if certificate.subject_id == ended:
        certificate.subject_id = kept
    if certificate.partner_id == ended:
        certificate.partner_id = kept
    await session.flush()


async def cancel(
    session: AsyncSession, certificate: Certificate, new: NoteData, *, source: Source, today: date
) -> CertificateNote:
    """Cancel an entry, and write why in its margin; its number stays used for ever.

    Raises:
        ValueError: it is cancelled already.
    """
    await store.lock(session, certificate.id)
    if certificate.status == CertificateStatus.CANCELLED:
        raise ValueError("a certificate is cancelled once")
    certificate.status = CertificateStatus.CANCELLED
    return await note(session, certificate, new, source=source, today=today)

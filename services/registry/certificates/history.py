"""The history of an entry: what it said, and what was written in its margin, in two times.

An entry says something since the day it was made; what changes it is noted in its margin, and is so
since that day. Of every change there is the picture from before it (`CertificatePast`), so that the
entry of any moment can be read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.certificates.tables import Certificate, CertificateNote, CertificatePast
from shared.clock import OFFICE

SAYS = ("status", "subject_id", "partner_id", "event_date", "data")  # what of it may change


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """An entry as it stood after something was recorded about it."""

    version: int
    valid_from: date
    recorded_at: datetime
    cause: str
    source_id: UUID
    changed: list[str]
    data: dict[str, Any]


def versions(
    certificate: Certificate,
    pasts: Sequence[CertificatePast],
    notes: Sequence[CertificateNote],
) -> list[EntryVersion]:
    """Return everything that was recorded about an entry, oldest first."""
    pictures = [each.data for each in pasts] + [_picture(certificate)]
    made = [_first(certificate, pictures[0])]
    ended = [each.ended_at for each in pasts]
    for moment in sorted({*ended, *(each.recorded_at for each in notes)}):
        written = [each for each in notes if each.recorded_at == moment]
        now = pictures[sum(each <= moment for each in ended)]
        made.append(_later(made[-1], moment, now, written, notes))
    return made


def _picture(certificate: Certificate) -> dict[str, Any]:
    return {
        "status": certificate.status,
        "subject_id": _text(certificate.subject_id),
        "partner_id": _text(certificate.partner_id),
        "event_date": certificate.event_date.isoformat(),
        "data": certificate.data,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _first(certificate: Certificate, picture: dict[str, Any]) -> EntryVersion:
    data = {name: picture[name] for name in SAYS} | {"notes": []}
    return EntryVersion(
        version=1,
        valid_from=certificate.registered_on,
        recorded_at=certificate.recorded_at,
        cause=certificate.kind,
        source_id=certificate.source_id,
        changed=[],
        data=data,
    )


def _later(
    before: EntryVersion,
    moment: datetime,
    picture: dict[str, Any],
    written: Sequence[CertificateNote],
    notes: Sequence[CertificateNote],
) -> EntryVersion:
    margin = [_line(each) for each in notes if each.recorded_at <= moment]
    data = {name: picture[name] for name in SAYS} | {"notes": margin}
    last = written[-1] if written else None
    return EntryVersion(
        version=before.version + 1,
        valid_from=last.noted_on if last else moment.astimezone(OFFICE).date(),
        recorded_at=moment,
        cause=last.kind if last else before.cause,
        source_id=last.source_id if last else before.source_id,
        changed=[name for name in data if data[name] != before.data[name]],
        data=data,
    )


def _line(note: CertificateNote) -> dict[str, Any]:
    return {
        "serial": note.serial,
        "kind": note.kind,
        "noted_on": note.noted_on.isoformat(),
        "text_id": note.text_id,
        "text_en": note.text_en,
    }

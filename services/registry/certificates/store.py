"""All SQL about civil certificates."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind, CertificateStatus
from services.registry.certificates.tables import (
    Certificate,
    CertificateCounter,
    CertificateNote,
    CertificatePast,
    Stillbirth,
)


async def next_serial(session: AsyncSession, series: str) -> int:
    """Give the next serial of a series; waits for whoever is giving one just now."""
    statement = (
        insert(CertificateCounter)
        .values(series=series, last=1)
        .on_conflict_do_update(
            index_elements=["series"], set_={"last": CertificateCounter.last + 1}
        )
        .returning(CertificateCounter.last)
    )
    return (await session.execute(statement)).scalar_one()


async def get(session: AsyncSession, certificate_id: UUID) -> Certificate | None:
    """Return one entry."""
    return await session.get(Certificate, certificate_id)


async def lock(session: AsyncSession, certificate_id: UUID) -> None:
    """Keep an entry and its margin as they are until the transaction ends."""
    statement = select(Certificate).where(Certificate.id == certificate_id).with_for_update()
    await session.execute(statement.execution_options(populate_existing=True))


async def next_note(session: AsyncSession, certificate_id: UUID) -> int:
    """Return the next place in the margin of an entry that is locked."""
    last = select(func.max(CertificateNote.serial)).where(
        CertificateNote.certificate_id == certificate_id
    )
    return (await session.scalar(last) or 0) + 1


async def notes(session: AsyncSession, certificate_id: UUID) -> Sequence[CertificateNote]:
    """Return what is written in the margin of an entry, from the top."""
    statement = select(CertificateNote).where(CertificateNote.certificate_id == certificate_id)
    return (await session.scalars(statement.order_by(CertificateNote.serial))).all()


async def pasts(session: AsyncSession, certificate_id: UUID) -> Sequence[CertificatePast]:
    """Return what an entry was until each of its changes, oldest first."""
    statement = select(CertificatePast).where(CertificatePast.certificate_id == certificate_id)
    return (await session.scalars(statement.order_by(CertificatePast.version))).all()


async def of_resident(session: AsyncSession, resident_id: UUID) -> Sequence[Certificate]:
    """Return every entry about somebody, alone or as one of a couple, oldest first."""
    theirs = or_(Certificate.subject_id == resident_id, Certificate.partner_id == resident_id)
    statement = select(Certificate).where(theirs)
    ordered = statement.order_by(Certificate.registered_on, Certificate.id)
    return (await session.scalars(ordered)).all()


async def about(
    session: AsyncSession, resident_ids: Iterable[UUID], *, lock: bool = False
) -> Sequence[Certificate]:
    """Return every entry about any of these people, locked in order of id if asked."""
    ids = set(resident_ids)
    theirs = or_(Certificate.subject_id.in_(ids), Certificate.partner_id.in_(ids))
    statement = select(Certificate).where(theirs).order_by(Certificate.id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(statement)).all()


async def note_by_id(session: AsyncSession, note_id: UUID) -> CertificateNote | None:
    """Return one note."""
    return await session.scalar(select(CertificateNote).where(CertificateNote.id == note_id))


async def birth_orders(session: AsyncSession, resident_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return which child of their mother these people are by their certificates, if they tell."""
    order = Certificate.data["child_order"].as_integer()
    statement = select(Certificate.subject_id, order).where(
        Certificate.subject_id.in_(set(resident_ids)),
        Certificate.status == CertificateStatus.VALID,
        Certificate.kind.in_([CertificateKind.BIRTH, CertificateKind.LATE_BIRTH]),
    )
    rows = await session.execute(statement)
    return {subject: found for subject, found in rows if subject and found}


async def get_stillbirth(session: AsyncSession, letter_id: UUID) -> Stillbirth | None:
    """Return what a letter about a child born dead says."""
    return await session.get(Stillbirth, letter_id)

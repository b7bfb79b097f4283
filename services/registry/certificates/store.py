"""All SQL about civil certificates."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind
from services.registry.certificates.tables import Certificate, CertificateCounter

VALID = "VALID"


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


async def of_resident(session: AsyncSession, resident_id: UUID) -> Sequence[Certificate]:
    """Return every entry about somebody, oldest first."""
    statement = select(Certificate).where(Certificate.subject_id == resident_id)
    ordered = statement.order_by(Certificate.registered_on, Certificate.id)
    return (await session.scalars(ordered)).all()


async def birth_orders(session: AsyncSession, resident_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return which child of their mother these people are by their certificates, if they tell."""
    order = Certificate.data["child_order"].as_integer()
    statement = select(Certificate.subject_id, order).where(
        Certificate.subject_id.in_(set(resident_ids)),
        Certificate.status == VALID,
        Certificate.kind.in_([CertificateKind.BIRTH, CertificateKind.LATE_BIRTH]),
    )
    return {subject: found for subject, found in await session.execute(statement) if found}

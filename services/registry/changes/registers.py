"""Reads what the entries of civil registers in a list of facts are about, and what they caused."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.certificates.rules import CertificateKind
from services.registry.certificates.tables import Certificate
from services.registry.changes import references
from services.registry.changes.state import Trace
from services.registry.families.tables import Membership
from services.registry.residents.tables import ResidentVersion
from shared.contract.facts import CancelCertificate, CertificateRef, Fact, Relationship

Traces = Mapping[UUID, tuple[Trace, ...]]  # by certificate

CAUSES = {  # the kind of change that makes an entry, as history names it
    CertificateKind.BIRTH: "register_birth",
    CertificateKind.LATE_BIRTH: "register_birth",
    CertificateKind.DEATH: "register_death",
    CertificateKind.MARRIAGE: "register_marriage",
    CertificateKind.MARRIAGE_ANNULMENT: "annul_marriage",
    CertificateKind.DIVORCE: "register_divorce",
    CertificateKind.DIVORCE_ANNULMENT: "annul_divorce",
    CertificateKind.ACKNOWLEDGEMENT: "acknowledge_child",
    CertificateKind.LEGITIMATION: "legitimise_child",
}
# Where somebody lives, and what their cards are, is told by families and cards.
_NOT_UNDONE = frozenset(
    {"family_id", "village_code", "rt", "rw", "kia_valid_until", "recording_status"}
)
_MARRIAGE = frozenset({"marriage_date", "marriage_number"})


async def subjects(session: AsyncSession, facts: Sequence[Fact]) -> set[UUID]:
    """Return everybody whom the entries in these facts are about."""
    found = await _entries(session, list(references.certificates(facts)))
    ids = {person for each in found for person in (each.subject_id, each.partner_id)}
    return {each for each in ids if each}


async def named(session: AsyncSession, facts: Sequence[BaseModel]) -> Sequence[Certificate]:
    """Return the entries that these facts name, those about nobody with a NIK too."""
    return await _entries(session, list(references.certificates(facts)))


async def _entries(session: AsyncSession, refs: Sequence[CertificateRef]) -> Sequence[Certificate]:
    if not refs:
        return []
    named = or_(
        Certificate.id.in_([each.certificate_id for each in refs if each.certificate_id]),
        Certificate.number.in_([each.number for each in refs if each.number]),
    )
    return (await session.scalars(select(Certificate).where(named).order_by(Certificate.id))).all()


async def traces(session: AsyncSession, facts: Sequence[BaseModel]) -> Traces:
    """Return what the entries that are to be cancelled caused, person by person."""
    cancelled = [each.certificate for each in facts if isinstance(each, CancelCertificate)]
    found = await _entries(session, cancelled)
    return {each.id: tuple(await _traces(session, each)) for each in found}


def traced(found: Traces) -> set[UUID]:
    """Return whose records these entries changed."""
    return {UUID(each.person) for group in found.values() for each in group}


def homes(found: Traces) -> set[UUID]:
    """Return the families in which these people were before."""
    were = (each.before.get("family_id") for group in found.values() for each in group)
    return {UUID(each) for each in were if each}


async def _traces(session: AsyncSession, certificate: Certificate) -> list[Trace]:
    cause = CAUSES[CertificateKind(certificate.kind)]
    of_it = (
        ResidentVersion.source_id == certificate.source_id,
        ResidentVersion.cause == cause,
        ResidentVersion.version > 1,  # who came to be by it was nobody before
    )
    statement = select(ResidentVersion).where(*of_it)
    ordered = statement.order_by(ResidentVersion.resident_id, ResidentVersion.version)
    versions: dict[UUID, list[ResidentVersion]] = {}
    for each in await session.scalars(ordered):
        versions.setdefault(each.resident_id, []).append(each)
    found = [await _trace(session, each) for each in versions.values()]
    return [each for each in found if each is not None]


async def _trace(session: AsyncSession, versions: Sequence[ResidentVersion]) -> Trace | None:
    first, last = versions[0], versions[-1]
    before = await _version(session, first.resident_id, ResidentVersion.version < first.version)
    now = await _version(session, first.resident_id, ResidentVersion.version >= last.version)
    if before is None or now is None:
        return None
    said = {name for each in versions for name in each.changed} - _NOT_UNDONE
    if "marital_status" in said:  # who married and parted since has the same status again
        said |= _MARRIAGE
        said |= {"status"} if now.data["status"] == "TIDAK_VALID" else set()  # merged
    return Trace(
        person=str(first.resident_id),
        before=before.data,
        after={name: last.data[name] for name in sorted(said)},
        now=now.data,
        relationship=await _position(session, first.resident_id, before.data.get("family_id")),
    )


async def _version(
    session: AsyncSession, resident_id: UUID, when: ColumnElement[bool]
) -> ResidentVersion | None:
    latest = aliased(ResidentVersion)
    newest = select(func.max(ResidentVersion.version)).where(
        ResidentVersion.resident_id == resident_id, when
    )
    statement = select(latest).where(
        latest.resident_id == resident_id, latest.version == newest.scalar_subquery()
    )
    return await session.scalar(statement)


async def _position(
    session: AsyncSession, resident_id: UUID, family_id: str | None
) -> Relationship | None:
    if family_id is None:
        return None
    statement = (
        select(Membership.relationship)
        .where(Membership.resident_id == resident_id, Membership.family_id == UUID(family_id))
        .order_by(func.lower(Membership.period).desc(), Membership.id.desc())
        .limit(1)
    )
    found = await session.scalar(statement)
    return Relationship(found) if found else None

"""What the documents of a change say, taken from the registry as the change leaves it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store as cards
from services.registry.certificates import store as certificates
from services.registry.changes.steps import Made
from services.registry.documents import actions as documents
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import (
    Address,
    BirthCertificateContent,
    ChildCardContent,
    Content,
    FamilyCardContent,
    FamilyMember,
)
from services.registry.families import store as families
from services.registry.families.schemas import Member
from services.registry.families.tables import Family
from services.registry.regions import store as regions
from services.registry.regions.rules import parent
from services.registry.residents import store as residents
from services.registry.residents.tables import Resident
from shared.contract.events import ExpectedDocument, IssuedKind


class Paper(NamedTuple):
    """What a document says, whom it names, and in which village it is wanted."""

    content: Content
    resident_ids: list[UUID]
    village_code: str


async def queue_all(session: AsyncSession, made: Made) -> list[ExpectedDocument]:
    """Queue everything that the facts asked to be printed; return what will come."""
    expected = []
    for kind, about_id in made.prints:
        paper = await _WRITERS[kind](session, about_id)
        document = await documents.queue(
            session,
            kind,
            about_id=about_id,
            resident_ids=paper.resident_ids,
            village_code=paper.village_code,
            case_id=made.source_id,
            content=paper.content,
            today=made.today,
        )
        expected.append(ExpectedDocument(document_id=document.id, kind=kind))
    return expected


async def _birth_certificate(session: AsyncSession, certificate_id: UUID) -> Paper:
    certificate = await certificates.get(session, certificate_id)
    assert certificate is not None  # noqa: S101 - it was registered a moment ago
    child = await _resident(session, certificate.subject_id)
    village = certificate.data["village_code"]  # where the birth was registered, for ever
    content = BirthCertificateContent(
        number=certificate.number,
        nik=child.nik,
        full_name=child.full_name,
        sex=child.sex,
        birth_place=child.birth_place,
        birth_date=child.birth_date,
        birth_order=certificate.data["child_order"],
        citizenship=child.citizenship,
        parentage=Parentage(certificate.data["parentage"]),
        mother_name=certificate.data["mother_name"],
        father_name=certificate.data["father_name"],
        registered_on=certificate.registered_on,
        regency=await _regency(session, village),
    )
    return Paper(content, _with_parents(child), village)


async def _family_card(session: AsyncSession, family_id: UUID) -> Paper:
    family, members = await _family(session, family_id)
    content = FamilyCardContent(
        kk_number=family.kk_number,
        head_name=_head(members),
        address=await _address(session, family),
        members=[_line(each) for each in members],
    )
    return Paper(content, [each.resident.id for each in members], family.village_code)


async def _child_card(session: AsyncSession, card_id: UUID) -> Paper:
    card = await cards.get(session, card_id)
    assert card is not None  # noqa: S101 - it was issued a moment ago
    child = await _resident(session, card.resident_id)
    assert child.family_id is not None  # noqa: S101 - who is in no family gets no card
    family, members = await _family(session, child.family_id)
    content = ChildCardContent(
        nik=child.nik,
        full_name=printed_name(child),
        sex=child.sex,
        birth_place=child.birth_place,
        birth_date=child.birth_date,
        blood_type=child.blood_type,
        religion=child.religion,
        citizenship=child.citizenship,
        birth_certificate_number=child.birth_certificate_number,
        kk_number=family.kk_number,
        head_name=_head(members),
        address=await _address(session, family),
        variant=card.variant,
        valid_until=card.valid_until,
    )
    return Paper(content, _with_parents(child), family.village_code)


_WRITERS: dict[IssuedKind, Callable[[AsyncSession, UUID], Awaitable[Paper]]] = {
    IssuedKind.BIRTH_CERTIFICATE: _birth_certificate,
    IssuedKind.FAMILY_CARD: _family_card,
    IssuedKind.CHILD_CARD: _child_card,
}


async def _resident(session: AsyncSession, resident_id: UUID) -> Resident:
    return (await residents.load(session, [resident_id]))[resident_id]


async def _family(session: AsyncSession, family_id: UUID) -> tuple[Family, list[Member]]:
    family = (await families.load(session, [family_id]))[family_id]
    return family, await families.members(session, family_id)


def printed_name(person: Resident) -> str:
    """Return a name with its titles, as family card and child card show it."""
    before = f"{person.title_before} " if person.title_before else ""
    after = f", {person.title_after}" if person.title_after else ""
    return f"{before}{person.full_name}{after}"


def _with_parents(child: Resident) -> list[UUID]:
    """A child's papers are their parents' to fetch."""
    return [child.id, *(each for each in (child.mother_id, child.father_id) if each)]


def _head(members: list[Member]) -> str:
    return next(printed_name(each.resident) for each in members if each.relationship == 1)


def _line(member: Member) -> FamilyMember:
    person = member.resident
    return FamilyMember(
        full_name=printed_name(person),
        nik=person.nik,
        sex=person.sex,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        religion=person.religion,
        belief_organisation=person.belief_organisation,
        education=person.education,
        occupation=person.occupation,
        blood_type=person.blood_type,
        marital_status=person.marital_status,
        marriage_date=person.marriage_date,
        relationship=member.relationship,
        citizenship=person.citizenship,
        father_name=person.father_name,
        mother_name=person.mother_name,
    )


async def _address(session: AsyncSession, family: Family) -> Address:
    village = family.village_code
    district = parent(village) or ""
    return Address(
        street=family.address,
        rt=family.rt,
        rw=family.rw,
        village=await _name(session, village),
        district=await _name(session, district),
        regency=await _regency(session, village),
        province=await _name(session, village[:2]),
        postal_code=family.postal_code,
    )


async def _regency(session: AsyncSession, village_code: str) -> str:
    name = await _name(session, village_code[:5])
    return name.removeprefix("Kabupaten ").removeprefix("Kota ")


async def _name(session: AsyncSession, code: str) -> str:
    region = await regions.get(session, code)
    return region.name if region else code

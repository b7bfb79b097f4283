"""Synthetic people (serials 9001 and up) on papers of every kind."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import actions
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import (
    Address,
    BirthCertificateContent,
    ChildCardContent,
    Content,
    FamilyCardContent,
    FamilyMember,
)
from services.registry.documents.tables import Document
from shared import clock
from shared.contract.events import IssuedKind
from shared.contract.facts import MaritalStatus, Relationship, Sex

VILLAGE = "35.10.05.2003"
ADDRESS = Address(
    street="Dusun Krajan, Jalan Raya Muncar 12",
    rt="003",
    rw="011",
    village="Tembokrejo",
    district="Muncar",
    regency="Banyuwangi",
    province="Jawa Timur",
    postal_code="68472",
)
BIRTH = BirthCertificateContent(
    number="3510-LU-24112026-0001",
    nik="3510052011269001",
    full_name="Bima Arya Wicaksana",
    sex=Sex.MALE,
    birth_place="Banyuwangi",
    birth_date=date(2026, 11, 20),
    birth_order=1,
    parentage=Parentage.MARRIED,
    mother_name="Siti Aminah",
    father_name="Ahmad Subekti",
    registered_on=date(2026, 11, 24),
    regency="Banyuwangi",
)
CHILD = ChildCardContent(
    nik=BIRTH.nik,
    full_name=BIRTH.full_name,
    sex=BIRTH.sex,
    birth_place=BIRTH.birth_place,
    birth_date=BIRTH.birth_date,
    religion=1,
    birth_certificate_number=BIRTH.number,
    kk_number="3510051203109001",
    head_name="Ahmad Subekti",
    address=ADDRESS,
    variant="A",
    valid_until=date(2031, 11, 19),
)


def member(number: int, name: str = "Siti Aminah") -> FamilyMember:
    return FamilyMember(
        full_name=name,
        nik=f"351005410790{9000 + number}",
        sex=Sex.FEMALE,
        birth_place="Banyuwangi",
        birth_date=date(1990, 7, 1),
        religion=1,
        education=5,
        occupation=2,
        blood_type=13,
        marital_status=MaritalStatus.MARRIED_REGISTERED,
        marriage_date=date(2015, 5, 1),
        relationship=Relationship.HEAD if number == 1 else Relationship.OTHER,
        father_name="Sukirman",
        mother_name="Sumiyati",
    )


def family(size: int, name: str = "Siti Aminah") -> FamilyCardContent:
    return FamilyCardContent(
        kk_number="3510051203109001",
        head_name=name,
        address=ADDRESS,
        members=[member(number, name) for number in range(1, size + 1)],
    )


CONTENTS: dict[IssuedKind, Content] = {
    IssuedKind.BIRTH_CERTIFICATE: BIRTH,
    IssuedKind.FAMILY_CARD: family(4),
    IssuedKind.CHILD_CARD: CHILD,
}


async def queue(
    session: AsyncSession,
    kind: IssuedKind = IssuedKind.BIRTH_CERTIFICATE,
    *,
    about_id: UUID | None = None,
    resident_ids: tuple[UUID, ...] = (),
    case_id: UUID | None = None,
    content: Content | None = None,
) -> Document:
    return await actions.queue(
        session,
        kind,
        about_id=about_id or uuid7(),
        resident_ids=resident_ids,
        village_code=VILLAGE,
        case_id=case_id,
        content=content or CONTENTS[kind],
        today=clock.today(),
    )

"""What writers of documents have in common: the paper, and what most papers name."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.documents.schemas import (
    Address,
    Content,
    Party,
)
from services.registry.families import store as families
from services.registry.families.schemas import Member
from services.registry.families.tables import Family
from services.registry.regions import store as regions
from services.registry.regions.rules import parent
from services.registry.residents import store as residents
from services.registry.residents.tables import Resident
from shared.contract.facts import Citizenship, Sex


class Paper(NamedTuple):
    """What a document says, whom it names, and in which village it is wanted."""

    content: Content
    resident_ids: list[UUID]
    village_code: str


async def load_resident(session: AsyncSession, resident_id: UUID) -> Resident:
    """Return somebody as the change leaves them."""
    return (await residents.load(session, [resident_id]))[resident_id]


async def load_family(session: AsyncSession, family_id: UUID) -> tuple[Family, list[Member]]:
    """Return a family and its members, in the order of its lines."""
    family = (await families.load(session, [family_id]))[family_id]
    return family, await families.members(session, family_id)


def printed_name(person: Resident) -> str:
    """Return a name with its titles, as family card and child card show it."""
    before = f"{person.title_before} " if person.title_before else ""
    after = f", {person.title_after}" if person.title_after else ""
    return f"{before}{person.full_name}{after}"


def party(person: Resident) -> Party:
    """Return somebody as certificates about two people, or a child and its parents, name them."""
    return Party(
        full_name=person.full_name,  # no titles: Permendagri 73/2022 art 5(3)
        nik=person.nik,
        sex=Sex(person.sex),
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        citizenship=Citizenship(person.citizenship),
        religion=person.religion,
        father_name=person.father_name,
        mother_name=person.mother_name,
    )


def with_parents(child: Resident) -> list[UUID]:
    """A child's papers are their parents' to fetch: of who was adopted, those of the court."""
    adopters = [each for each in (child.adoptive_mother_id, child.adoptive_father_id) if each]
    natural = [each for each in (child.mother_id, child.father_id) if each]
    return [child.id, *(adopters or natural)]


def head_name(members: list[Member]) -> str:
    """Return the printed name of the head."""
    return next(printed_name(each.resident) for each in members if each.relationship == 1)


async def address_of(session: AsyncSession, family: Family) -> Address:
    """Return where a family lives, in names."""
    village = family.village_code
    district = parent(village) or ""
    return Address(
        street=family.address,
        rt=family.rt,
        rw=family.rw,
        village=await region_name(session, village),
        district=await region_name(session, district),
        regency=await regency_name(session, village),
        province=await region_name(session, village[:2]),
        postal_code=family.postal_code,
    )


async def regency_name(session: AsyncSession, village_code: str) -> str:
    """Return the regency of a village, without "Kabupaten" or "Kota"."""
    name = await region_name(session, village_code[:5])
    return name.removeprefix("Kabupaten ").removeprefix("Kota ")


async def region_name(session: AsyncSession, code: str) -> str:
    """Return the name of a region; the code itself if no such region is known."""
    region = await regions.get(session, code)
    return region.name if region else code

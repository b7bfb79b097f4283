"""Synthetic people for tests."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import httpx2
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.families import actions as families
from services.registry.families.schemas import FamilyData
from services.registry.families.tables import Family
from services.registry.residents import actions as residents
from services.registry.residents.schemas import ResidentData, Source
from services.registry.residents.tables import Resident
from shared.db import Sessions

Clients = dict[str, httpx2.AsyncClient]  # by service
Databases = dict[str, Sessions]

TODAY = date(2026, 11, 24)
MUNCAR = "35.10.05.2003"
GENTENG = "35.10.10.2003"
SOURCE = Source(UUID(int=1), "import", "seed")

SITI = ResidentData(
    full_name="SITI AMINAH",
    sex="P",
    birth_place="BANYUWANGI",
    birth_date=date(1990, 3, 5),
    religion=1,
    marital_status=2,
    mother_name="SUMARNI",
    village_code=MUNCAR,
)


def person(full_name: str = SITI.full_name, **changes: object) -> ResidentData:
    """Return the data of somebody like Siti, with changes."""
    return replace(SITI, full_name=full_name, **changes)  # type: ignore[arg-type]


async def register(
    session: AsyncSession, data: ResidentData = SITI, source: Source = SOURCE
) -> Resident:
    """Register somebody today."""
    return await residents.register(session, data, source=source, today=TODAY)


async def household(
    session: AsyncSession, *people: tuple[ResidentData, int], village_code: str = MUNCAR
) -> tuple[Family, list[Resident]]:
    """Register people and open their family today."""
    members = [(await register(session, data), relation) for data, relation in people]
    home = FamilyData(address="DUSUN KRAJAN", rt="001", rw="002", village_code=village_code)
    source = Source(uuid4(), "import", "seed")
    family = await families.open_family(session, home, members, source=source, today=TODAY)
    return family, [resident for resident, _ in members]

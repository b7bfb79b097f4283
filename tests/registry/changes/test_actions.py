"""Changes on a real database: all of it, or nothing but the answer."""

import pytest
from sqlalchemy import func, select

from services.registry.cards.tables import Card
from services.registry.certificates.tables import Certificate
from services.registry.documents.tables import Document
from services.registry.families.tables import FamilyVersion, Membership
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied
from shared.db import Sessions
from tests.registry import make

pytestmark = pytest.mark.anyio

TABLES = (Resident, Certificate, Card, Document, Membership, FamilyVersion)


@pytest.fixture
def registry(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


async def count(registry: Sessions) -> list[int]:
    async with registry() as session:
        return [
            await session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES
        ]


async def test_the_birth_bundle_registers_the_child_everywhere_at_once(registry: Sessions) -> None:
    couple = await make.make_couple(registry)

    answer = await make.apply(registry, make.make_bundle(couple))

    assert isinstance(answer, ChangeApplied)
    [child_id] = answer.outcome.resident_ids
    async with registry() as session:
        child = await session.get_one(Resident, child_id)
        [certificate] = await session.scalars(select(Certificate))
        [card] = await session.scalars(select(Card))
        [membership] = await session.scalars(
            select(Membership).where(Membership.resident_id == child_id)
        )
    today = clock.today()
    assert child.full_name == "BAYU SANTOSO"
    assert child.nik.startswith(f"351005{today:%d%m%y}9")
    assert (child.mother_id, child.father_id) == (couple.mother.id, couple.father.id)
    assert (child.family_id, child.village_code) == (couple.family_id, answer.village_code)
    assert certificate.number == f"3510-LU-{today:%d%m%Y}-0001"
    assert child.birth_certificate_number == certificate.number
    assert (card.variant, card.valid_until) == ("A", child.kia_valid_until)
    assert (membership.relationship, membership.position) == (4, 3)
    assert answer.outcome.family_ids == [couple.family_id]

import asyncio
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.registry.families import actions, store
from services.registry.families.rules import KkExhausted
from services.registry.families.schemas import FamilyData
from services.registry.families.tables import Family, FamilyVersion, KkCounter
from shared.contract.facts import FamilyRef, PersonRef
from tests.registry.people import (
    MUNCAR,
    SOURCE,
    TODAY,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio

HOME = FamilyData(address="DUSUN KRAJAN", rt="001", rw="002", village_code=MUNCAR)
WIFE, CHILD = 3, 4


async def test_a_family_gets_a_number_of_its_day_and_its_members_a_home(
    sessions: Databases,
) -> None:
    async with sessions["registry"].begin() as session:
        family, (budi, siti) = await household(
            session, (person("BUDI", sex="L"), 1), (person("SITI"), WIFE)
        )
        members = await store.members(session, family.id)

    assert family.kk_number == "3510052411269001"
    assert family.head_id == budi.id
    assert [(m.resident.id, m.relationship, m.position) for m in members] == [
        (budi.id, 1, 1),
        (siti.id, WIFE, 2),
    ]
    assert (siti.family_id, siti.village_code, siti.rw, siti.rt) == (
        family.id,
        MUNCAR,
        "002",
        "001",
    )
    async with sessions["registry"]() as session:
        version = (await session.scalars(select(FamilyVersion))).one()
    assert [each["relationship"] for each in version.data["members"]] == [1, WIFE]


async def test_a_member_added_is_a_version_that_says_so(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        family, _ = await household(session, (person("SITI"), 1))
        child = await register(session, person("ADI", sex="L", birth_date=date(2026, 11, 1)))
        await actions.add_member(
            session, family, child, CHILD, source=SOURCE, valid_from=date(2026, 11, 1)
        )

    assert family.version == 2
    assert child.family_id == family.id
    async with sessions["registry"]() as session:
        second = await session.get_one(FamilyVersion, (family.id, 2))
    assert second.changed == ["members"]
    assert second.valid_from == date(2026, 11, 1)
    assert second.data["members"][1]["resident_id"] == str(child.id)


async def test_nobody_is_in_two_families_at_a_time(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        _, (siti,) = await household(session, (person("SITI"), 1))
        other, _ = await household(session, (person("BUDI", sex="L"), 1))
    async with sessions["registry"]() as session:
        family = await session.get_one(Family, other.id)
        with pytest.raises(IntegrityError, match="one_family_at_a_time"):
            await actions.add_member(session, family, siti, WIFE, source=SOURCE, valid_from=TODAY)


async def test_a_family_has_one_head(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        family, _ = await household(session, (person("SITI"), 1))
        second = await register(session, person("BUDI", sex="L"))
    async with sessions["registry"]() as session:
        family = await session.get_one(Family, family.id)
        with pytest.raises(IntegrityError, match="one_head_per_family"):
            await actions.add_member(session, family, second, 1, source=SOURCE, valid_from=TODAY)


async def test_a_family_is_opened_with_exactly_one_head(sessions: Databases) -> None:
    async with sessions["registry"]() as session:
        siti = await register(session)
        for members in ([], [(siti, CHILD)]):
            with pytest.raises(ValueError, match="unpack"):
                await actions.open_family(session, HOME, members, source=SOURCE, today=TODAY)


async def test_who_leaves_may_join_another_family_on_the_same_day(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        old, (_, siti) = await household(
            session, (person("BUDI", sex="L"), 1), (person("SITI"), WIFE)
        )
        new, _ = await household(session, (person("ANI"), 1))
        left = date(2026, 12, 1)
        await actions.remove_member(session, old, siti, source=SOURCE, left_on=left)
        assert siti.family_id is None
        await actions.add_member(session, new, siti, 9, source=SOURCE, valid_from=left)

        then = await store.members(session, old.id, on=TODAY)
        now = await store.members(session, old.id)
        with pytest.raises(LookupError):
            await actions.remove_member(session, old, siti, source=SOURCE, left_on=left)

    assert [each.resident.full_name for each in then] == ["BUDI", "SITI"]
    assert [each.resident.full_name for each in now] == ["BUDI"]
    assert siti.family_id == new.id


async def test_a_new_address_is_everybodys(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        family, (_, siti) = await household(
            session, (person("BUDI", sex="L"), 1), (person("SITI"), WIFE)
        )
        await actions.change(
            session,
            family,
            {"rt": "009", "address": "JL. MAWAR 1"},
            source=SOURCE,
            valid_from=TODAY,
        )
        with pytest.raises(KeyError, match="kk_number"):
            await actions.change(
                session, family, {"kk_number": "1"}, source=SOURCE, valid_from=TODAY
            )

    assert siti.rt == "009"
    assert (family.version, siti.version) == (2, 3)


async def test_a_family_is_closed_when_the_last_has_left(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        family, (siti,) = await household(session, (person("SITI"), 1))
        with pytest.raises(ValueError, match="no members"):
            await actions.close(session, family, "EMPTY", source=SOURCE, closed_on=TODAY)
        await actions.remove_member(session, family, siti, source=SOURCE, left_on=TODAY)
        await actions.close(session, family, "EMPTY", source=SOURCE, closed_on=TODAY)

    assert (family.closed_on, family.close_reason) == (TODAY, "EMPTY")


async def test_ten_families_at_once_get_ten_numbers(sessions: Databases) -> None:
    async def one() -> str:
        async with sessions["registry"].begin() as session:
            family, _ = await household(session, (person("SITI"), 1))
            return family.kk_number

    numbers = await asyncio.gather(*(one() for _ in range(10)))

    assert sorted(numbers) == [f"351005241126{serial}" for serial in range(9001, 9011)]


async def test_family_numbers_run_out_loudly(sessions: Databases) -> None:
    async with sessions["registry"]() as session:
        session.add(KkCounter(prefix="351005241126", last=9999))
        siti = await register(session)
        with pytest.raises(KkExhausted):
            await actions.open_family(session, HOME, [(siti, 1)], source=SOURCE, today=TODAY)


async def test_a_family_is_found_by_number_id_or_member(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        family, (siti,) = await household(session, (person("SITI"), 1))
        alone = await register(session)
        refs = [
            FamilyRef(family_id=family.id),
            FamilyRef(kk_number=family.kk_number),
            FamilyRef(of=PersonRef(nik=siti.nik)),
            FamilyRef(of=PersonRef(resident_id=siti.id)),
        ]
        found = [await store.find(session, ref) for ref in refs]
        none = await store.find(session, FamilyRef(of=PersonRef(resident_id=alone.id)))

    assert [each and each.id for each in found] == [family.id] * 4
    assert none is None

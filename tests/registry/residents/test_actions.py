import asyncio
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.registry.residents import actions, store
from services.registry.residents.rules.nik import NikExhausted
from services.registry.residents.tables import NikCounter, Resident, ResidentVersion
from tests.registry.people import MUNCAR, SOURCE, TODAY, Databases, household, person, register

pytestmark = pytest.mark.anyio


async def test_a_resident_gets_a_number_words_and_a_first_version(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        siti = await register(session, person("SITI AMINAH"))

    assert siti.nik == "3510054503909001"
    assert siti.version == 1
    assert siti.village_code == MUNCAR
    async with sessions["registry"]() as session:
        version = (await session.scalars(select(ResidentVersion))).one()
    assert (version.version, version.cause, version.changed) == (1, "import", [])
    assert version.data["full_name"] == "SITI AMINAH"
    assert version.data["birth_date"] == "1990-03-05"
    assert not {"words", "version", "recorded_at"} & version.data.keys()


async def test_a_change_says_what_it_changed_and_never_the_number(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        siti = await register(session)
        married = {"marital_status": 4, "education": 1}
        await actions.change(session, siti, married, source=SOURCE, valid_from=date(2026, 5, 1))
        with pytest.raises(KeyError, match="nik"):
            await actions.change(session, siti, {"nik": "1"}, source=SOURCE, valid_from=TODAY)

    assert siti.version == 2
    async with sessions["registry"]() as session:
        second = await session.get(ResidentVersion, (siti.id, 2))
    assert second is not None
    assert second.changed == ["marital_status"]
    assert second.valid_from == date(2026, 5, 1)
    assert second.recorded_at == siti.recorded_at


async def test_twenty_at_once_get_twenty_numbers(sessions: Databases) -> None:
    async def one() -> str:
        async with sessions["registry"].begin() as session:
            return (await register(session)).nik

    numbers = await asyncio.gather(*(one() for _ in range(20)))

    assert sorted(numbers) == [f"351005450390{serial}" for serial in range(9001, 9021)]


async def test_a_number_that_came_by_import_or_was_given_up_is_skipped(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        first = await register(session)
        second = await register(session)
        await actions.replace_number(session, second, first, source=SOURCE, today=TODAY)
        (await session.get_one(NikCounter, "351005450390")).last = 9000
        third = await register(session)

    assert third.nik.endswith("9003")


async def test_the_allocator_fails_loudly_at_the_last_serial(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        session.add(NikCounter(prefix="351005450390", last=9998))
        assert (await register(session)).nik.endswith("9999")
        with pytest.raises(NikExhausted):
            await register(session)


async def test_the_database_refuses_the_same_number_twice(sessions: Databases) -> None:
    async def always(_session: object, _prefix: str) -> str:
        return "3510054503909001"

    async with sessions["registry"]() as session:
        await actions.register(session, person(), source=SOURCE, today=TODAY, allocate=always)
        with pytest.raises(IntegrityError, match="residents_nik_key"):
            await actions.register(session, person(), source=SOURCE, today=TODAY, allocate=always)


async def test_a_number_given_up_finds_its_person(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        winner, loser = await register(session), await register(session)
        await actions.replace_number(session, loser, winner, source=SOURCE, today=TODAY)
        found = await store.find_by_nik(session, loser.nik)

    assert found is not None
    assert found.id == winner.id
    assert loser.status == "TIDAK_VALID"


async def test_numbers_given_up_before_follow_the_last_winner(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        first, second, third = [await register(session) for _ in range(3)]
        await actions.replace_number(session, first, second, source=SOURCE, today=TODAY)
        await actions.replace_number(session, second, third, source=SOURCE, today=TODAY)
        found = [await store.find_by_nik(session, each.nik) for each in (first, second, third)]

    assert found == [third] * 3


async def test_a_record_in_a_family_is_not_ended(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        winner = await register(session)
        _, (loser,) = await household(session, (person(), 1))
        for other in (loser, winner):
            with pytest.raises(ValueError, match="family"):
                await actions.replace_number(session, other, winner, source=SOURCE, today=TODAY)


async def test_two_changes_of_one_version_have_one_winner(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        siti = await register(session)
    outcomes = []
    async with sessions["registry"]() as one, sessions["registry"]() as two:
        first = await one.get_one(Resident, siti.id)
        second = await two.get_one(Resident, siti.id)
        for session, resident, education in ((one, first, 5), (two, second, 6)):
            try:
                news = {"education": education}
                await actions.change(session, resident, news, source=SOURCE, valid_from=TODAY)
                await session.commit()
                outcomes.append("changed")
            except Exception as error:  # noqa: BLE001 - its name is the outcome
                outcomes.append(type(error).__name__)

    assert outcomes == ["changed", "StaleDataError"]

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, text

from services.registry.residents import actions
from services.registry.residents.tables import NameWord
from tests.conftest import Bearer
from tests.registry.people import (
    GENTENG,
    MUNCAR,
    SOURCE,
    TODAY,
    Clients,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio

Ask = Callable[..., Awaitable[list[str]]]


@pytest.fixture
async def ask(clients: Clients, bearer: Bearer) -> Ask:
    """Search as an officer of some areas; of the agency when none is named."""

    async def found(*areas: str, **question: object) -> list[str]:
        role = "OP_KEC" if areas else "VERIFIKATOR"
        headers = bearer("officer", role, areas=areas) | {"X-Purpose": "case BWI-1"}
        answer = await clients["registry"].post(
            "/v1/residents/search", json=question, headers=headers
        )
        assert answer.status_code == 200, answer.text
        return [each["full_name"] for each in answer.json()["items"]]

    return found


@pytest.fixture
async def people(sessions: Databases) -> None:
    names = [
        ("SOEKARDJO", MUNCAR), ("MOCH. RIZKY PRATAMA", MUNCAR), ("SITI NUR HAYATI", MUNCAR),
        ("ACHMAD CHOIRUL ANAM", MUNCAR), ("DJOKO SUSILO", MUNCAR), ("MA'RUF", MUNCAR),
        ("NURHAYATI", GENTENG), ("BUDI SANTOSO", GENTENG), ("BUDI SETIAWAN", GENTENG),
        ("SUKARNI", GENTENG), ("I WAYAN SUDIRTA", GENTENG), ("H. SLAMET RIYADI", GENTENG),
    ]  # fmt: skip
    async with sessions["registry"].begin() as session:
        for name, village in names:
            data = person(name, village_code=village, mother_name=f"IBU {name.split()[0]}")
            await household(session, (data, 1), village_code=village)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Sukarjo", "SOEKARDJO"),
        ("muhammad rizki pratama", "MOCH. RIZKY PRATAMA"),
        ("M. Rizqi Pratama", "MOCH. RIZKY PRATAMA"),
        ("Ahmad Khoirul Anam", "ACHMAD CHOIRUL ANAM"),
        ("Joko Soesilo", "DJOKO SUSILO"),
        ("Ma\u2019ruf", "MA'RUF"),
        ("Siti Nurhayati", "SITI NUR HAYATI"),
        ("Nur Hayati", "NURHAYATI"),
        ("Budi Santosa", "BUDI SANTOSO"),
        ("Santoso Budi", "BUDI SANTOSO"),
        ("Wayan Sudirta", "I WAYAN SUDIRTA"),
        ("Slamet Rijadi", "H. SLAMET RIYADI"),
        ("Ahmad Khoirul Zzzz", "ACHMAD CHOIRUL ANAM"),
    ],
)
async def test_spellings_find_their_person_first(
    people: None, ask: Ask, asked: str, expected: str
) -> None:
    found = await ask(name=asked)

    assert found[0] == expected


async def test_nobody_is_found_for_what_resembles_nothing(people: None, ask: Ask) -> None:
    assert await ask(name="Xqzwv") == []


async def test_an_operator_finds_only_the_people_of_their_areas(people: None, ask: Ask) -> None:
    assert await ask("35.10.05", name="Nurhayati") == ["SITI NUR HAYATI"]
    assert await ask(GENTENG, name="Nurhayati") == ["NURHAYATI"]
    assert await ask("35.10.05", name="Budi Santoso") == []
    assert await ask("35.10.05", GENTENG, name="Budi Santoso") == ["BUDI SANTOSO"]
    assert await ask("35.10", name="Budi Santoso") == ["BUDI SANTOSO"]


async def test_an_area_narrows_and_never_widens(people: None, ask: Ask) -> None:
    assert await ask(name="Nurhayati", area="35.10.10") == ["NURHAYATI"]
    assert await ask("35.10.05", name="Nurhayati", area="35.10.10") == []
    assert await ask("35.10.05", name="Nurhayati", area="35.10") == ["SITI NUR HAYATI"]


async def test_birth_date_and_mother_narrow(people: None, ask: Ask) -> None:
    assert await ask(name="Budi", birth_date="1990-03-05", mother_name="Ibu Budi")
    assert await ask(name="Budi", birth_date="1990-03-06") == []
    assert await ask(name="Sukardjo", mother_name="Wulandari") == []


async def test_no_more_than_asked_are_answered(people: None, ask: Ask) -> None:
    assert len(await ask(name="Budi", limit=1)) == 1


async def test_a_changed_name_is_found_at_once_and_a_lost_record_never(
    sessions: Databases, ask: Ask
) -> None:
    async with sessions["registry"].begin() as session:
        _, (siti,) = await household(session, (person("SITI AMINAH"), 1))
        double = await register(session, person("KARTINI"))
        await actions.change(
            session, siti, {"full_name": "ZULAIKHA"}, source=SOURCE, valid_from=TODAY
        )
        await actions.replace_number(session, double, siti, source=SOURCE, today=TODAY)

    assert await ask(name="Zulaiha") == ["ZULAIKHA"]
    assert await ask(name="Siti Aminah") == []
    assert await ask(name="Kartini") == []


async def test_words_are_learnt_by_whatever_writes_people(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        await household(session, (person("SITI AMINAH"), 1))
        await session.execute(text("update residents set words = array['KARTINI']"))
        words = set(await session.scalars(select(NameWord.word)))

    assert words == {"SITI", "AMINA", "KARTINI"}

from collections.abc import Awaitable, Callable
from datetime import date

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
        ("Djokosoesilo", "DJOKO SUSILO"),
        ("Budi Satnoso", "BUDI SANTOSO"),
        ("Bdui Setiawan", "BUDI SETIAWAN"),
        ("Soekardjo bin Misdi", "SOEKARDJO"),
        ("Hj. Siti Nur Hayati binti Ma'ruf", "SITI NUR HAYATI"),
        ("Slamet Riyadi, S.Pd", "H. SLAMET RIYADI"),
        ("Slamet Riyadi S.H.", "H. SLAMET RIYADI"),
    ],
)
async def test_spellings_find_their_person_first(
    people: None, ask: Ask, asked: str, expected: str
) -> None:
    found = await ask(name=asked)

    assert found[0] == expected


async def test_edge_01_a_single_name_is_found_alone_and_among_others(
    people: None, ask: Ask
) -> None:
    assert (await ask(name="Soekarni"))[0] == "SUKARNI"
    assert await ask("35.10.10", name="Wayan") == ["I WAYAN SUDIRTA"]


async def test_edge_02_an_old_name_with_dots_and_apostrophes_is_found_as_it_is(
    people: None, ask: Ask
) -> None:
    assert (await ask(name="MOCH. RIZKY PRATAMA"))[0] == "MOCH. RIZKY PRATAMA"
    assert (await ask(name="MA'RUF"))[0] == "MA'RUF"


async def test_edge_03_a_name_finds_its_own_among_forty_of_the_first_of_july(
    sessions: Databases, ask: Ask
) -> None:
    async with sessions["registry"].begin() as session:
        for number in range(40):
            data = person(
                "SUMIATI",
                birth_date=date(1955, 7, 1),
                mother_name="TUKIYEM" if number == 20 else f"{'ABCDEFGH'[number % 8]}IRAH",
            )
            await register(session, data)

    found = await ask(name="Soemiati", birth_date="1955-07-01", mother_name="Tukijem")
    assert found == ["SUMIATI"]


async def test_edge_04_the_sex_in_a_number_does_not_hide_anybody(
    sessions: Databases, ask: Ask
) -> None:
    async with sessions["registry"].begin() as session:
        changed = await register(session, person("ARI WIBOWO", sex="L"))
        await actions.change(session, changed, {"sex": "P"}, source=SOURCE, valid_from=TODAY)

    assert await ask(name="Ari Wibowo") == ["ARI WIBOWO"]


async def test_edge_11_and_12_whoever_has_a_number_of_another_district_is_found_where_they_live(
    sessions: Databases, ask: Ask
) -> None:
    async def of_rogojampi(_session: object, _prefix: str) -> str:
        return "3510134503909001"  # before Blimbingsari was split off

    async def of_east_timor(_session: object, _prefix: str) -> str:
        return "5401024503909001"  # a province that is no more

    async with sessions["registry"].begin() as session:
        for name, allocate in (("SUTINI", of_rogojampi), ("DOMINGGAS", of_east_timor)):
            data = person(name, village_code="35.10.25.2001")
            await actions.register(session, data, source=SOURCE, today=TODAY, allocate=allocate)

    assert await ask("35.10.25", name="Soetini") == ["SUTINI"]
    assert await ask("35.10.13", name="Soetini") == []
    assert await ask("35.10.25", name="Dominggas") == ["DOMINGGAS"]


async def test_the_name_of_the_father_ranks_and_never_hides(sessions: Databases, ask: Ask) -> None:
    async with sessions["registry"].begin() as session:
        for father in ("SUKARDI", "MISDI", None):
            name = "ABDUL KADIR" if father == "MISDI" else "ABDUL QADIR"
            await register(session, person(name, father_name=father, sex="L"))

    found = await ask(name="Abdul Qadir bin Misdi")
    assert found == ["ABDUL KADIR", "ABDUL QADIR", "ABDUL QADIR"]


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


@pytest.mark.parametrize(
    ("written", "asked"),
    [("TUKIYEM", "TOEKIJEM"), ("TOEKIJEM", "TUKIYEM"), ("DJOEMINEM", "Juminem")],
)
async def test_the_name_of_the_mother_is_found_in_any_spelling(
    sessions: Databases, ask: Ask, written: str, asked: str
) -> None:
    async with sessions["registry"].begin() as session:
        await register(session, person("SUMIATI", mother_name=written))
        await register(session, person("SUMIATI", mother_name="WULANDARI"))

    assert await ask(name="Sumiati", mother_name=asked) == ["SUMIATI"]


async def test_nobody_who_was_adopted_is_found_by_their_natural_mother(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    async with sessions["registry"].begin() as session:
        parent = await register(session, person("WAGINI"))
        adopted = await register(session, person("SUMIATI", mother_name="TUKIYEM"))
        given = {"adoptive_mother_id": parent.id}
        await actions.change(session, adopted, given, source=SOURCE, valid_from=TODAY)

    async def found(role: str) -> list[str]:
        question = {"name": "Sumiati", "mother_name": "Tukiyem"}
        headers = bearer("officer", role) | {"X-Purpose": "case BWI-1"}
        answer = await clients["registry"].post(
            "/v1/residents/search", json=question, headers=headers
        )
        return [each["full_name"] for each in answer.json()["items"]]

    assert await found("VERIFIKATOR") == []
    assert await found("PPS") == ["SUMIATI"]

"""A regency of 20,000 people, loaded once and looked at from every side."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import TextClause, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local import migrate
from deploy.local.environment import Place
from deploy.seed import check
from deploy.seed.load import TABLES, load
from deploy.seed.seed import couple, seed
from services.registry.certificates.schemas import BirthEntry
from services.registry.certificates.tables import Certificate
from services.registry.coverage import actions
from services.registry.families import store as families
from services.registry.residents import store as residents
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared import clock
from shared.db import Sessions, make_sessions

pytestmark = pytest.mark.anyio
RESIDENTS = 20_000
MUNCAR = "35.10.05.2003"


@pytest.fixture(scope="module")
async def url(place: Place) -> AsyncIterator[str]:
    name = f"registry_{uuid4().hex}"
    await migrate.run_sql(place.database_url, f"create database {name} template registry")
    filled = place.database_url.format(name)
    assert await seed(filled, RESIDENTS, clock.today())
    yield filled
    await migrate.run_sql(place.database_url, f"drop database {name} with (force)")


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    engine = create_async_engine(url)
    yield make_sessions(engine)
    await engine.dispose()


async def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def test_no_invariant_is_broken(url: str) -> None:
    assert {name: count for name, count in (await check.violations(url)).items() if count} == {}


async def test_the_checks_see_what_is_broken(url: str) -> None:
    """Each of them finds the harm that is done to it here."""
    harm = {
        "I1 a resident lives": "delete from memberships where id = (select id from memberships limit 1)",
        "I2 an open family": "update families set head_id = (select id from residents limit 1)",
        "I2 a head is grown": "update residents set birth_date = now() - interval '16 years'",
        "I3": "update families set closed_on = now()",
        "I5": "update residents set birth_date = now() + interval '2 days'",
        "I6": "update residents set spouse_id = null where sex = 'L'",
        "I8": "update residents set birth_date = birth_date + (ascii(full_name) - 75)",
        "I9": "update cards set kind = 'OTHER'; insert into cards (id, resident_id, kind, issued_on,"
        " source_id) select gen_random_uuid(), resident_id, 'KIA', now(), source_id from cards",
        "I10": "update residents set marital_status = 2",
        "I11": "update certificates set number = number || 'X'",
        "I12": "update residents set version = 2",
        "I13": "alter table residents drop constraint moved_out_alone;"
        " update residents set status = 'PINDAH_PROSES'",
        "I14": "update residents set village_code = '35.10.99.0001'",
        "a recording": "update recordings set status = 'RECEIVED_AT_CENTRAL'"
        " where status = 'PRINT_READY_RECORD'",
        "an identity card": "update residents set recording_status = 'UNREGISTERED'",
        "a card on its way": "update card_prints set state = 'NO_BLANK'",
        "NIK": "update residents set nik = left(nik, 12) || '0001' where nik like '%9001'"
        " and nik in (select min(nik) from residents)",
    }
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for names, statement in harm.items():
            queries = [query for name, query in check.CHECKS.items() if name.startswith(names)]
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute(statement)
            assert queries
            assert sum([await connection.fetchval(query) for query in queries]) > 0, names
            await transaction.rollback()
    finally:
        await connection.close()


async def test_whoever_is_recorded_has_a_recording_and_whoever_has_a_card_holds_it(
    url: str,
) -> None:
    cards = "('SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED', 'CARD_ISSUED')"
    [found] = await ask(
        url,
        f"""
        select
            count(*) filter (where recording_status not in ('BELUM_WAJIB', 'UNREGISTERED')),
            (select count(*) from recordings),
            count(*) filter (where recording_status in {cards}),
            (select count(*) from cards where kind = 'KTP_EL'),
            count(*) filter (where recording_status in {cards} and recording_status <> 'CARD_ISSUED'),
            (select count(*) from card_prints),
            (select count(*) from recordings where wants_card)
        from residents
        """,
    )
    assert found[0] == found[1] > 1000
    assert found[2] == found[3] > 1000
    assert found[4] == found[5] > 0
    assert 0 < found[6] < 100  # of those recorded at 16: their cards come by themselves


async def test_the_headline_figures_come_out(url: str) -> None:
    found = await ask(
        url,
        "select indicator, round(100.0 * sum(num) / sum(den), 2)::text"
        " from coverage_villages group by 1 order by 1",
    )

    assert dict(found) | {"KIA_EVER": ""} == {
        "AKL_0_18": "97.00",
        "KIA_EVER": "",
        "KIA_OWN": "54.10",
        "KTP_REC": "97.70",
    }


async def test_plantations_lag_behind_towns(url: str) -> None:
    rows = await ask(
        url,
        "select left(village_code, 8), sum(num)::float / sum(den) from coverage_villages"
        " where indicator = 'KTP_REC' group by 1 order by 2",
    )

    assert {row[0] for row in rows[:5]} == {
        "35.10.01", "35.10.10", "35.10.11", "35.10.18", "35.10.22",
    }  # fmt: skip


async def test_the_figures_are_what_a_recount_finds(sessions: Sessions) -> None:
    assert await actions.count_waiting(sessions, clock.today()) == 0
    assert await actions.differences(sessions, clock.today()) == 0


async def test_a_full_registry_is_left_alone(url: str) -> None:
    assert await seed(url, RESIDENTS, clock.today()) is None


async def test_keys_indexes_and_triggers_are_as_migrated(url: str, place: Place) -> None:
    described = """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text
        from pg_constraint where connamespace = 'public'::regnamespace
        union all select tablename, indexname, indexdef, '' from pg_indexes
            where schemaname = 'public'
        union all select tgrelid::regclass::text, tgname, tgenabled::text, '' from pg_trigger
            where not tgisinternal
        order by 1, 2, 3
    """
    assert await ask(url, described) == await ask(place.database_url.format("registry"), described)


async def test_history_is_written_as_the_registry_writes_it(sessions: Sessions) -> None:
    source = Source(id=uuid4(), cause="test", actor="test")
    async with sessions() as session:
        person = (
            await session.scalars(select(Resident).where(Resident.family_id.is_not(None)))
        ).first()
        assert person
        assert person.family_id
        await session.execute(_bump("residents", person.id))
        await session.execute(_bump("families", person.family_id))
        await residents.record(session, [person.id], source, changed=())
        await families.record(
            session, person.family_id, source, changed=(), valid_from=clock.today()
        )
        for table, key, value in (
            ("resident_versions", "resident_id", person.id),
            ("family_versions", "family_id", person.family_id),
        ):
            rows = await session.execute(_versions(table, key, value))
            (seeded, seeded_changed), (written, changed) = rows.all()
            assert seeded == written
            assert seeded_changed == changed
        await session.rollback()


def _bump(table: str, key: object) -> TextClause:
    return text(f"update {table} set version = 2 where id = :key").bindparams(key=key)


def _versions(table: str, key: str, value: object) -> TextClause:
    return text(
        f"select data, changed from {table} where {key} = :value order by version"
    ).bindparams(value=value)


async def test_every_certificate_can_be_read(sessions: Sessions) -> None:
    async with sessions() as session:
        births = select(Certificate.data).where(Certificate.letters.in_(["LU", "LT"]))
        entries = [BirthEntry.of(each) for each in await session.scalars(births)]

    assert len(entries) > RESIDENTS / 5
    assert max(each.birth_order for each in entries) > 2


async def test_most_rows_need_no_vacuum_to_be_read_from_the_index(url: str) -> None:
    rows = await ask(
        url,
        "select relallvisible::float / relpages from pg_class where relname = 'residents'",
    )

    assert rows[0][0] > 0.9


async def test_an_interrupted_load_leaves_nothing_and_is_done_again(place: Place) -> None:
    name = f"registry_{uuid4().hex}"
    await migrate.run_sql(place.database_url, f"create database {name} template registry")
    empty = place.database_url.format(name)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "indexes" and done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await load(empty, 2_000, clock.today(), stop)
    for table in TABLES:
        assert await ask(empty, f"select count(*) from {table}") == [(0,)]
    loaded = await asyncio.gather(*(load(empty, 2_000, clock.today()) for _ in range(2)))
    assert sorted(each.people if each else 0 for each in loaded) == [0, 2_000]  # one of two fills
    await migrate.run_sql(place.database_url, f"drop database {name} with (force)")


async def test_a_second_process_makes_the_same_people(
    place: Place, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"registry_{uuid4().hex}"
    await migrate.run_sql(place.database_url, f"create database {name} template registry")
    monkeypatch.setattr("deploy.seed.load.SERIAL_UP_TO", 0)
    assert await load(place.database_url.format(name), RESIDENTS, clock.today())
    digest = "select md5(string_agg(md5(residents::text), '' order by id)) from residents"

    assert await ask(place.database_url.format(name), digest) == await ask(url, digest)
    await migrate.run_sql(place.database_url, f"drop database {name} with (force)")


async def test_the_shape_of_the_regency(url: str) -> None:
    ((elsewhere, july, islam, size, generations, institutions, itas, itap),) = await ask(
        url,
        """
        select
            (select avg((left(nik, 4) <> '3510')::int)::float from residents),
            (select avg((to_char(birth_date, 'DDMM') = '0107')::int)::float from residents),
            (select avg((religion = 1)::int)::float from residents),
            (select count(*)::float from residents) / (select count(*) from families),
            (select count(distinct family_id) from memberships where relationship = 6),
            (select count(*) from families where kind = 'INSTITUTION'),
            (select count(*) from residents where permit = 'ITAS'),
            (select count(*) from residents where permit = 'ITAP')
        """,
    )
    assert 0.08 < elsewhere < 0.10
    assert 0.05 < july < 0.07
    assert 0.94 < islam < 0.97
    assert 2.7 < size < 3.1
    assert generations > 100
    assert (institutions, itas, itap) == (1, 3, 1)


async def test_some_records_are_as_faulty_as_in_life(url: str) -> None:
    """NIK mismatches 0.5 %, two of a thousand recorded twice, one of a hundred dead on paper."""
    ((mismatched, dead),) = await ask(
        url,
        """
        select
            (select avg((substr(nik, 9, 4) <> to_char(birth_date, 'MMYY')
                or substr(nik, 7, 2)::int % 40 <> extract(day from birth_date))::int)::float
                from residents),
            (select count(*) from certificates c join residents r on r.id = c.subject_id
                where c.letters = 'KM' and r.status = 'HIDUP')
        """,
    )
    doubles = await ask(
        url,
        """
        select count(*) from residents a join residents b
            on b.birth_date = a.birth_date and b.sex = a.sex and b.mother_name = a.mother_name
            and b.words = a.words and b.id > a.id
        """,
    )
    assert 0.003 < mismatched < 0.007
    assert dead == RESIDENTS // 100
    assert RESIDENTS * 0.0006 < doubles[0][0] < RESIDENTS * 0.0015


async def test_the_story_finds_its_couple(url: str) -> None:
    found = await couple(url, MUNCAR, clock.today())

    assert found is not None
    assert found.village_code == MUNCAR
    assert found.wife_nik[6:8] >= "41"
    assert await couple(url, "35.10.99.0001", clock.today()) is None

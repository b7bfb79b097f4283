"""Suggestions for people: found by one set of rules, decided once, and never decided by a machine."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.duplicates import actions, store
from services.registry.duplicates.store import Wanted
from services.registry.duplicates.tables import DuplicateVerdict, Inspection, Suspicion
from services.registry.residents import actions as residents
from services.registry.residents.rules.alike import (
    Known,
    are_twins,
    is_listed,
    likeness,
    reasons,
)
from services.registry.residents.tables import Access, Resident
from shared import clock
from tests.registry.make import apply
from tests.registry.people import (
    GENTENG,
    MUNCAR,
    SOURCE,
    Clients,
    Databases,
    household,
    person,
    register,
)

pytestmark = pytest.mark.anyio
Bearer = Callable[..., dict[str, str]]
BORN = date(1987, 3, 9)
WHY = {"X-Purpose": "data ganda"}


async def pair(sessions: Databases, **second: Any) -> list[UUID]:  # noqa: ANN401 - columns
    """Register two who may be one, and inspect every village."""
    one = {"sex": "L", "birth_date": BORN, "mother_name": "SUMIATI"}
    async with sessions["registry"].begin() as session:
        first = await register(session, person("SUKARDJO HADI", **one))
        two = one | {"full_name": "SOEKARDJO HADI"} | second
        other = await register(session, person(str(two.pop("full_name")), **two))
    await inspect(sessions)
    return [first.id, other.id]


async def inspect(sessions: Databases) -> None:
    while await actions.inspect_next(sessions["registry"], clock.today()):
        pass


async def suspicions(sessions: Databases) -> list[Suspicion]:
    async with sessions["registry"]() as session:
        return list(await session.scalars(select(Suspicion).order_by(Suspicion.id)))


async def test_two_spellings_of_one_person_are_suspected_once(sessions: Databases) -> None:
    ids = await pair(sessions, village_code=GENTENG)

    [found] = await suspicions(sessions)
    assert sorted(ids) == [found.first_id, found.second_id]
    assert found.score == 1
    assert found.reasons == ["SAME_NAME", "SAME_BIRTH_DATE", "SAME_MOTHER"]
    assert {found.first_village, found.second_village} == {MUNCAR, GENTENG}


async def test_a_village_that_cannot_be_inspected_holds_up_no_other(
    sessions: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sessions["registry"].begin() as session:
        await register(session, person("SUKARDJO HADI"))
        await register(session, person("BUDI HARTONO", village_code=GENTENG))
    whole = store.pairs

    async def broken(session: AsyncSession, village: str, since: date, before: date) -> Any:  # noqa: ANN401 - as it is
        if village == MUNCAR:
            await session.execute(text("select 1 / 0"))
        return await whole(session, village, since, before)

    monkeypatch.setattr(store, "pairs", broken)
    await inspect(sessions)

    async with sessions["registry"]() as session:
        rows = await session.scalars(select(Inspection).order_by(Inspection.village_code))
        assert [(each.village_code, each.found) for each in rows] == [(MUNCAR, None), (GENTENG, 0)]


async def test_edge_06_twins_are_never_suspected(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        mother = await register(session)
        twin = {
            "sex": "L",
            "birth_date": BORN,
            "mother_id": mother.id,
            "mother_name": "SITI AMINAH",
        }
        await register(session, person("HASAN BASRI", **twin))
        await register(session, person("HUSEN BASRI", **twin))
    await inspect(sessions)

    assert await suspicions(sessions) == []


async def test_edge_03_the_first_of_july_does_not_drown_the_list(sessions: Databases) -> None:
    july = {"sex": "L", "birth_date": date(1950, 7, 1), "birth_date_precision": "YEAR"}
    names = ["PARMAN", "PAIMAN", "SARMAN", "TUKIMAN", "WAGIMAN", "SUPARMAN", "NGATIMAN", "LEGIMAN"]
    mothers = ["SARMI", "PONIYEM", "TUMINAH", "KASIATUN", "RUBIYAH"]
    async with sessions["registry"].begin() as session:
        for number in range(40):
            mother = mothers[number // 8]  # five of each name, all of different mothers
            await register(session, person(names[number % 8], mother_name=mother, **july))
        again = person("PARMAN HADI", mother_name="SARMI", **july)
        await register(session, again)
        await register(session, again)
    await inspect(sessions)

    [found] = await suspicions(sessions)
    assert found.reasons == ["SAME_NAME", "CONVENTIONAL_BIRTH_DATE", "SAME_MOTHER"]


async def test_edge_08_a_suspicion_merges_nobody(sessions: Databases) -> None:
    await pair(sessions)

    async with sessions["registry"]() as session:
        people = list(await session.scalars(select(Resident)))
    assert [(each.status, each.version) for each in people] == [("HIDUP", 1), ("HIDUP", 1)]


async def test_once_judged_not_the_same_they_are_never_shown_again(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    await pair(sessions)
    verifier = bearer("v", "VERIFIKATOR") | WHY
    listed = await clients["registry"].get(
        "/v1/duplicates", params={"village_code": MUNCAR}, headers=verifier
    )
    [found] = listed.json()["items"]
    url = f"/v1/duplicates/{found['id']}"
    decision = {"verdict": "NOT_SAME", "reason": "Sepupu; ibu dan akta berbeda."}
    without = await clients["registry"].post(f"{url}/verdict", json=decision, headers=verifier)
    judged = await clients["registry"].post(
        f"{url}/verdict", json=decision, headers=verifier | {"If-Match": f'"{found["version"]}"'}
    )
    again = await clients["registry"].post(
        f"{url}/verdict", json=decision, headers=verifier | {"If-Match": f'"{found["version"]}"'}
    )
    await inspect(sessions)

    assert [each["nik"][4:14] for each in found["people"]] == ["*" * 10] * 2
    assert found["reasons"][0]["text_en"] == "the same name"
    assert without.status_code == 428
    assert judged.status_code == 200, judged.text
    assert (judged.json()["state"], judged.json()["decisions"][0]["decided_by"]) == (
        "NOT_SAME",
        "v",
    )
    assert again.status_code == 412
    for state, count in (("OPEN", 0), ("NOT_SAME", 1)):
        asked = {"village_code": MUNCAR, "state": state}
        shown = await clients["registry"].get("/v1/duplicates", params=asked, headers=verifier)
        assert len(shown.json()["items"]) == count
    async with sessions["registry"]() as session:
        noted = await session.scalar(
            select(func.count()).where(Access.operation == "duplicates.list")
        )
        ids = (found["people"][0]["id"], found["people"][1]["id"])
        settled = await store.not_the_same(session, [UUID(each) for each in ids])
    assert noted == 4  # twice a list of two people; an empty list notes nobody
    assert settled == {frozenset(UUID(each) for each in ids)}


async def test_whom_the_caller_may_not_see_is_not_suspected_to_them(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    await pair(sessions, village_code=GENTENG)
    [found] = await suspicions(sessions)
    village = bearer("op", "OP_DESA", areas=(MUNCAR,)) | WHY
    regency = bearer("op", "OP_KEC", areas=("35.10",)) | WHY
    asked = {"village_code": MUNCAR}

    own = await clients["registry"].get("/v1/duplicates", params=asked, headers=village)
    one = await clients["registry"].get(f"/v1/duplicates/{found.id}", headers=village)
    both = await clients["registry"].get("/v1/duplicates", params=asked, headers=regency)
    judging = await clients["registry"].post(
        f"/v1/duplicates/{found.id}/verdict",
        json={"verdict": "SAME", "reason": "Orang yang sama."},
        headers=regency | {"If-Match": '"1"'},
    )
    citizen = await clients["registry"].get(
        "/v1/duplicates", params=asked, headers=bearer("w", "WARGA", resident_id=str(uuid4())) | WHY
    )

    assert own.json()["items"] == []
    assert one.status_code == 404
    assert len(both.json()["items"]) == 1
    assert (judging.status_code, citizen.status_code) == (403, 403)


async def test_nobody_decides_about_their_own_family(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    ids = await pair(sessions)
    [found] = await suspicions(sessions)
    answer = await clients["registry"].post(
        f"/v1/duplicates/{found.id}/verdict",
        json={"verdict": "SAME", "reason": "Orang yang sama."},
        headers=bearer("v", "VERIFIKATOR", resident_id=str(ids[0])) | WHY | {"If-Match": '"1"'},
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/decider-is-close")


async def test_a_list_is_paged_by_likeness(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    one = {"sex": "L", "birth_date": BORN, "mother_name": "SUMIATI"}
    async with sessions["registry"].begin() as session:
        for name in ("SUKARDJO HADI", "SUKARJO HADI", "SUKARJO HADY", "SUKARYO HADI"):
            await register(session, person(name, **one))
    await inspect(sessions)
    header = bearer("v", "VERIFIKATOR") | WHY
    seen: list[str] = []
    asked: dict[str, Any] = {"village_code": MUNCAR, "limit": 2}
    while True:
        page = (
            await clients["registry"].get("/v1/duplicates", params=asked, headers=header)
        ).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        asked["after"] = page["next"]

    everything = await suspicions(sessions)
    assert len(seen) == len(set(seen)) == len(everything) > 2


async def test_who_was_cleared_at_registration_is_remembered(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        twin_of_nobody = {"sex": "L", "birth_date": BORN, "mother_name": "SUMIATI"}
        _, [known] = await household(session, (person("SUKARJO HADI", **twin_of_nobody), 1))
    fact = {
        "kind": "register_resident",
        "full_name": "Sukarjo Hadi",
        "sex": "L",
        "birth_place": "Jember",
        "birth_date": BORN.isoformat(),
        "religion": 1,
        "marital_status": 1,
        "mother_name": "Sumiati",
        "village_code": MUNCAR,
        "citizenship": 2,
        "cleared_of": [str(known.id), str(uuid4())],
    }
    await apply(sessions["registry"], [fact])
    await inspect(sessions)

    async with sessions["registry"]() as session:
        [verdict] = list(await session.scalars(select(DuplicateVerdict)))
        [other] = list(await session.scalars(select(Resident).where(Resident.id != known.id)))
    assert {verdict.first_id, verdict.second_id} == {known.id, other.id}
    assert (verdict.verdict, verdict.decided_by) == ("NOT_SAME", "registrar-1")
    assert await suspicions(sessions) == []


async def test_a_load_finds_who_is_registered_already(sessions: Databases) -> None:
    async with sessions["registry"].begin() as session:
        known = await register(
            session, person("SUKARJO HADI", sex="L", birth_date=BORN, mother_name="SUMIATI")
        )
        await register(session, person("SUKARJO HADI", sex="L", birth_date=date(1999, 1, 1)))
        wanted = [
            Wanted(7, Known("SOEKARDJO HADI", "L", BORN, "DAY", "SUMIYATI")),
            Wanted(8, Known("BAGAS PRATAMA", "L", BORN, "DAY", "SUMIATI")),
        ]
        found = await actions.close_to(session, wanted)

    assert {key: [each[0] for each in value] for key, value in found.items()} == {7: [known.id]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["SAME_NAME", "SAME_BIRTH_DATE", "SAME_MOTHER"]),
        ({"full_name": "ADI PUTERA"}, ["NAMES_ALIKE", "SAME_BIRTH_DATE", "SAME_MOTHER"]),
        ({"birth_date": date(1987, 3, 10)}, ["SAME_NAME", "BIRTH_A_DAY_APART", "SAME_MOTHER"]),
        ({"precision": "YEAR"}, ["SAME_NAME", "CONVENTIONAL_BIRTH_DATE", "SAME_MOTHER"]),
        ({"mother_name": "SUMIYATI"}, ["SAME_NAME", "SAME_BIRTH_DATE", "MOTHERS_ALIKE"]),
        ({"sex": "P"}, ["SAME_NAME", "SAME_BIRTH_DATE", "SAME_MOTHER", "OTHER_SEX"]),
    ],
)
def test_reasons_are_told_in_words(changes: dict[str, Any], expected: list[str]) -> None:
    one = Known("ADI PUTRA", "L", BORN, "DAY", "SUMIATI")
    told = reasons(one, one._replace(**changes), same_mother=False)

    assert [each.rule for each in told] == expected
    assert all(each.text_id and each.text_en for each in told)


def test_one_name_of_one_mother_on_one_day_is_no_twin() -> None:
    one = Known("ADI PUTRA", "L", BORN, "DAY", "SUMIATI")

    assert not are_twins(one, one, same_mother=True)
    assert are_twins(one, one._replace(full_name="ADE PUTRA"), same_mother=True)
    assert not are_twins(one, one._replace(full_name="ADE PUTRA"), same_mother=False)


def test_chance_is_not_listed_and_the_same_name_and_mother_always_is() -> None:
    one = Known("ADI PUTRA", "L", BORN, "DAY", "SUMIATI")
    vague = one._replace(birth_date=date(1950, 7, 1), precision="YEAR")
    chance = one._replace(full_name="ADI SAPUTRA", mother_name="KASIATUN")

    def listed(first: Known, second: Known) -> bool:
        score = likeness(first, second, same_mother=False, twins=False)
        return is_listed(score, reasons(first, second, same_mother=False))

    assert listed(one, one._replace(full_name="ADI POETRA"))
    assert listed(vague, vague)
    assert not listed(one, chance)
    assert not listed(vague, vague._replace(mother_name="KASIATUN"))


async def test_a_pair_says_nothing_of_the_natural_mother_of_who_was_adopted(
    sessions: Databases, clients: Clients, bearer: Bearer
) -> None:
    first, _ = await pair(sessions)
    async with sessions["registry"].begin() as session:
        adopted = await session.get_one(Resident, first)
        parent = await register(session, person("WAGINI"))
        given = {"adoptive_mother_id": parent.id}
        await residents.change(session, adopted, given, source=SOURCE, valid_from=clock.today())

    async def told(role: str) -> tuple[set[str | None], set[str]]:
        answer = await clients["registry"].get(
            "/v1/duplicates",
            params={"village_code": MUNCAR},
            headers=bearer("officer", role, areas=("35.10",)) | WHY,
        )
        [shown] = answer.json()["items"]
        mothers = {each["mother_name"] for each in shown["people"] if each["id"] == str(first)}
        return mothers, {each["rule"] for each in shown["reasons"]}

    assert await told("VERIFIKATOR") == ({None}, {"SAME_NAME", "SAME_BIRTH_DATE"})
    assert await told("PPS") == ({"SUMIATI"}, {"SAME_NAME", "SAME_BIRTH_DATE", "SAME_MOTHER"})

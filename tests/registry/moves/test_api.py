"""Letters of moves over HTTP, and what recoded villages and old numbers mean for areas."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from services.registry.changes.actions import hear_of_arrival
from services.registry.families.tables import Family
from services.registry.moves.tables import Move
from services.registry.residents.tables import Access, Resident
from shared import clock
from shared.contract.events import ArrivalReported, ChangeApplied, MoveClosed
from shared.contract.facts import PersonRef
from tests.conftest import Bearer
from tests.registry import make
from tests.registry.people import MUNCAR, Clients, Databases, household, person

pytestmark = pytest.mark.anyio

PURPOSE = {"X-Purpose": "case BWI-1"}
Headers = dict[str, str]
THERE = {
    "address": "JALAN MELATI 1",
    "rt": "001",
    "rw": "004",
    "village": "Balecatur",
    "district_code": "34.04.01",
}
OLD_CODE, NEW_CODE = "35.10.13.2003", "35.10.25.2007"  # Kaligung, in Blimbingsari since 2018


@pytest.fixture
def as_(bearer: Bearer) -> Callable[..., Headers]:
    def headers(role: str, *areas: str, **claims: object) -> Headers:
        return bearer(role.lower(), role, areas=areas, **claims) | PURPOSE

    return headers


@pytest.fixture
async def couple(sessions: Databases) -> make.Couple:
    return await make.make_couple(sessions["registry"])


async def _move_out(sessions: Databases, couple: make.Couple, *movers: Resident) -> Move:
    registry = sessions["registry"]
    stated = {
        "kind": "move_out",
        "family": {"kk_number": couple.kk_number},
        "movers": [{"nik": each.nik} for each in movers],
        "reason": 1,
        "to": THERE,
    }
    planned = await make.plan(registry, [stated])
    await make.receive(registry, make.make_request([stated], planned.digest))
    async with registry() as session:
        return (await session.scalars(select(Move))).one()


async def test_a_letter_is_listed_where_its_people_lived(
    clients: Clients, sessions: Databases, couple: make.Couple, as_: Callable[..., Headers]
) -> None:
    move = await _move_out(sessions, couple, couple.mother)
    registry = clients["registry"]
    listed = await registry.get("/v1/moves", headers=as_("OP_DESA", MUNCAR))
    assert listed.status_code == 200, listed.text
    [item] = listed.json()["items"]
    assert (item["number"], item["status"], item["people"]) == (move.number, "IN_TRANSIT", 1)
    elsewhere = await registry.get("/v1/moves", headers=as_("OP_DESA", "35.10.10"))
    assert elsewhere.json()["items"] == []
    narrowed = await registry.get(
        "/v1/moves",
        params={"area": "35.10.05", "status": "EXPIRED"},
        headers=as_("VERIFIKATOR", "35.10"),
    )
    assert narrowed.json()["items"] == []
    forbidden = await registry.get("/v1/moves", headers=as_("BUPATI", "35.10"))
    assert forbidden.status_code == 403


async def test_who_moved_out_is_no_longer_the_village_s_to_see(
    clients: Clients, sessions: Databases, couple: make.Couple, as_: Callable[..., Headers]
) -> None:
    move = await _move_out(sessions, couple, couple.mother)
    path = f"/v1/moves/{move.id}"
    seen = await clients["registry"].get(path, headers=as_("OP_DESA", MUNCAR))
    assert seen.status_code == 200
    assert seen.json()["movers"] == []
    whole = await clients["registry"].get(path, headers=as_("VERIFIKATOR", "35.10"))
    [mover] = whole.json()["movers"]
    assert (mover["resident_id"], mover["status"]) == (str(couple.mother.id), "IN_TRANSIT")
    assert mover["nik"] == f"3510{'*' * 10}{couple.mother.nik[-2:]}"
    hidden = await clients["registry"].get(path, headers=as_("OP_DESA", "35.10.10"))
    unknown = await clients["registry"].get(f"/v1/moves/{uuid4()}", headers=as_("KASI", "35.10"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    async with sessions["registry"]() as session:
        noted = select(func.count()).where(Access.operation == "moves.read")
        assert await session.scalar(noted) == 1  # of the one person who was shown


async def test_who_may_be_seen_is_asked_for_by_name(
    clients: Clients, sessions: Databases, couple: make.Couple, as_: Callable[..., Headers]
) -> None:
    await _move_out(sessions, couple, couple.mother)
    registry, narrowed = clients["registry"], {"resident_id": str(couple.mother.id)}
    village, agency = [
        await registry.get("/v1/moves", params=narrowed, headers=as_(role, area))
        for role, area in (("OP_DESA", MUNCAR), ("VERIFIKATOR", "35.10"))
    ]
    assert (len(village.json()["items"]), len(agency.json()["items"])) == (0, 1)
    async with sessions["registry"]() as session:
        noted = select(Access.resident_id).where(Access.operation == "moves.read")
        assert list(await session.scalars(noted)) == [couple.mother.id]


async def test_a_mover_follows_their_own_letter(
    clients: Clients, sessions: Databases, couple: make.Couple, as_: Callable[..., Headers]
) -> None:
    move = await _move_out(sessions, couple, couple.mother)
    own = as_("WARGA", resident_id=str(couple.mother.id))
    answer = await clients["registry"].get(f"/v1/moves/{move.id}", headers=own)
    assert answer.status_code == 200
    stranger = as_("WARGA", resident_id=str(uuid4()))
    hidden = await clients["registry"].get(f"/v1/moves/{move.id}", headers=stranger)
    assert hidden.status_code == 404


async def test_a_reported_arrival_settles_the_move_once(
    sessions: Databases, couple: make.Couple
) -> None:
    registry = sessions["registry"]
    move = await _move_out(sessions, couple, couple.father, couple.mother)
    report = ArrivalReported(
        case_id=move.case_id,
        report_id=uuid4(),
        arrived_on=clock.today(),
        actor="verifier-1",
        reported_at=clock.now(),
    )
    for _ in range(2):
        async with registry.begin() as session:
            await hear_of_arrival(session, report)
    told = await make.answers(registry)
    assert [each.outcome for each in told if isinstance(each, MoveClosed)] == ["ARRIVED"]
    async with registry() as session:
        statuses = (await session.scalars(select(Resident.status))).all()
    assert statuses == ["PINDAH", "PINDAH"]


async def test_a_reported_arrival_of_one_leaves_the_other_on_the_way(
    sessions: Databases, couple: make.Couple
) -> None:
    registry = sessions["registry"]
    move = await _move_out(sessions, couple, couple.father, couple.mother)
    report = ArrivalReported(
        case_id=move.case_id,
        report_id=uuid4(),
        arrived_on=clock.today(),
        actor="verifier-1",
        reported_at=clock.now(),
        movers=[PersonRef(resident_id=couple.mother.id)],
    )
    async with registry.begin() as session:
        await hear_of_arrival(session, report)

    assert not [each for each in await make.answers(registry) if isinstance(each, MoveClosed)]
    async with registry() as session:
        she = await session.get_one(Resident, couple.mother.id)
        he = await session.get_one(Resident, couple.father.id)
    assert (she.status, he.status) == ("PINDAH", "PINDAH_PROSES")


def _arrival(nik: str, name: str, born: str) -> dict[str, Any]:
    today = clock.today()
    return {
        "kind": "arrive",
        "letter": {
            "number": "SKPWNI/3404/01112026/0007",
            "issued_on": (today - timedelta(days=3)).isoformat(),
            "origin": THERE,
            "people": 1,
        },
        "arrivals": [
            {
                "newcomer": {
                    "nik": nik,
                    "full_name": name,
                    "sex": "P",
                    "birth_place": "Sleman",
                    "birth_date": born,
                    "religion": 1,
                    "marital_status": 1,
                    "mother_name": "Suminah",
                }
            }
        ],
        "to": {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": MUNCAR},
    }


async def test_edge_35_two_desks_use_one_letter_at_the_same_time(sessions: Databases) -> None:
    registry = sessions["registry"]
    both = [
        [_arrival("3404014504909001", "Dewi Lestari", "1990-04-05")],
        [_arrival("3404015003929001", "Ratna Wati", "1992-03-10")],
    ]
    plans = [await make.plan(registry, each) for each in both]
    requests = [
        make.make_request(stated, planned.digest)
        for stated, planned in zip(both, plans, strict=True)
    ]
    answers = [
        each
        for told in await asyncio.gather(*(make.receive(registry, each) for each in requests))
        for each in told
    ]
    assert len([each for each in answers if isinstance(each, ChangeApplied)]) == 1
    async with registry() as session:
        assert await session.scalar(select(func.count()).select_from(Move)) == 1
        assert await session.scalar(select(func.count()).select_from(Resident)) == 1


async def test_edge_12_the_area_is_that_of_the_family_never_of_the_number(
    clients: Clients, sessions: Databases, as_: Callable[..., Headers]
) -> None:
    """Whoever was registered in Rogojampi lives in Blimbingsari since it was split off."""
    async with sessions["registry"].begin() as session:
        home = replace(person("SITI AMINAH", marital_status=1), village_code=NEW_CODE)
        _, (siti,) = await household(session, (home, 1), village_code=NEW_CODE)
        number = f"351013{siti.nik[6:]}"
        await session.execute(update(Resident).where(Resident.id == siti.id).values(nik=number))
    path = f"/v1/residents/{siti.id}"
    new = await clients["registry"].get(path, headers=as_("OP_KEC", "35.10.25"))
    old = await clients["registry"].get(path, headers=as_("OP_KEC", "35.10.13"))
    assert (new.status_code, old.status_code) == (200, 404)


async def test_edge_62_a_village_is_recoded_while_the_case_is_under_way(
    sessions: Databases, couple: make.Couple
) -> None:
    registry = sessions["registry"]
    to = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": OLD_CODE}
    stated = {
        "kind": "move_within",
        "family": {"kk_number": couple.kk_number},
        "reason": 5,
        "to": to,
    }
    answer = await make.apply(registry, [stated])
    assert isinstance(answer, ChangeApplied), answer
    async with registry() as session:
        family = await session.get_one(Family, couple.family_id)
    assert family.village_code == NEW_CODE

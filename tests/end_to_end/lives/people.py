"""Synthetic people whom nobody resembles, and what is done to them before a case is filed."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import ChangeApplied
from shared.db import Sessions
from tests.end_to_end.walking import Filing
from tests.registry.make import Couple, apply, make_birth, make_couple
from tests.registry.people import household, person

Life = Callable[[Sessions], Awaitable[Filing]]


_SERIAL = count(1)


_CHANCE = Random(3510)


def serial() -> int:
    """Return a number that nobody else in a test has."""
    return next(_SERIAL)


def unique() -> str:
    """Return a name that nobody else in a test resembles."""
    syllables = (_CHANCE.choice("BCDGHJKLMNPRSTWY") + _CHANCE.choice("AEIOU") for _ in range(5))
    return "".join(syllables)


async def couple(sessions: Sessions, **changes: Any) -> Couple:  # noqa: ANN401 - of a fact or a person
    """Register a married couple whom nobody resembles."""
    number = serial()
    born = date(1960, 2, 1) + timedelta(days=37 * number)
    he = {"full_name": f"{unique()} SANTOSO", "birth_date": born} | changes.pop("father", {})
    she = {
        "full_name": f"{unique()} LESTARI",
        "birth_date": born + timedelta(days=3),
        "mother_name": f"{unique()} RAHAYU",
    } | changes.pop("mother", {})
    return await make_couple(sessions, father=he, mother=she, **changes)


async def alone(sessions: Sessions, **changes: Any) -> Resident:  # noqa: ANN401 - of a fact or a person
    """Register somebody who lives alone."""
    number = serial()
    data: dict[str, Any] = {
        "full_name": f"{unique()} WIBOWO",
        "sex": "L",
        "birth_date": date(1970, 3, 1) + timedelta(days=29 * number),
        "marital_status": 1,
        "mother_name": f"{unique()} RAHAYU",
    } | changes
    async with sessions.begin() as session:
        _, [resident] = await household(session, (person(**data), 1))
    return resident


async def family(sessions: Sessions, *children: date) -> tuple[Couple, list[Resident]]:
    """Register a couple with children born on these days, whom the family card names."""
    number = serial()
    born = date(1975, 2, 1) + timedelta(days=11 * number)
    father = person(f"{unique()} SANTOSO", sex="L", birth_date=born)
    mother = person(f"{unique()} LESTARI", birth_date=born, mother_name=f"{unique()} RAHAYU")
    theirs = [
        person(
            f"{unique()} SANTOSO",
            sex="L",
            birth_date=each,
            marital_status=1,
            mother_name=mother.full_name,
            father_name=father.full_name,
        )
        for each in children
    ]
    async with sessions.begin() as session:
        home, (he, she, *rest) = await household(
            session, (father, 1), (mother, 3), *((each, 4) for each in theirs)
        )
    return Couple(home.id, home.kk_number, he, she), rest


def who(resident: Resident) -> dict[str, str]:
    """Return a reference to somebody."""
    return {"nik": resident.nik}


def of(resident: Resident) -> dict[str, Any]:
    """Return a reference to somebody's family."""
    return {"of": who(resident)}


def years_ago(years: int, days: int = 0) -> date:
    """Return a day that many years and days before today."""
    today = clock.today()
    day = min(today.day, 28)
    return today.replace(year=today.year - years, day=day) - timedelta(days=days)


HOME = {"address": "DUSUN KRAJAN", "rt": "001", "rw": "002", "village_code": "35.10.05.2004"}


THERE = {
    "address": "JALAN MELATI 1",
    "rt": "001",
    "rw": "004",
    "village": "Balecatur",
    "district_code": "34.04.01",
}


RULING = {
    "paper": "COURT_RULING",
    "number": "12/Pdt.P/2026/PN Byw",
    "issuer": "PN BANYUWANGI",
    "issued_on": "2026-10-01",
}


COURT = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "12/Pdt.P/2026/PN Byw",
    "dated": "2026-09-01",
    "final_on": "2026-09-15",
}


WITNESSES = [{"full_name": "SAKSI SATU"}, {"full_name": "SAKSI DUA"}]


REPORTED = {
    "reporter_name": "PELAPOR",
    "reporter_relationship": "keluarga",
    "witnesses": WITNESSES,
}


async def made(sessions: Sessions, *facts: dict[str, Any]) -> ChangeApplied:
    """Have facts applied beforehand, while no worker runs."""
    answer = await apply(sessions, facts)
    assert isinstance(answer, ChangeApplied), answer
    return answer


async def born(sessions: Sessions, years: int = 0, **changes: Any) -> tuple[Couple, Resident, str]:  # noqa: ANN401 - of a fact or a person
    """Register a couple's child; return them, the child and the certificate's id."""
    they = await couple(sessions, mother={"birth_date": years_ago(45)})
    child = {
        "full_name": f"{unique()} PUTRA",
        "sex": "L",
        "birth_date": years_ago(years, 3).isoformat(),
        "birth_place": "BANYUWANGI",
    }
    facts = [
        make_birth(they, child=child, **changes),
        {"kind": "add_member", "person": {"created_by": 0}, "family": of(they.mother)},
    ]
    answer = await made(sessions, *facts)
    async with sessions() as session:
        [child_id] = answer.outcome.resident_ids
        resident = await session.get_one(Resident, child_id)
    return they, resident, str(answer.outcome.certificate_ids[0])


def newcomer(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of a fact or a person
    return {
        "nik": f"340401{10 + serial() % 20:02d}0185{9000 + serial()}",
        "full_name": f"{unique()} WIBOWO",
        "sex": "L",
        "birth_place": "SLEMAN",
        "birth_date": "1985-01-10",
        "religion": 1,
        "marital_status": 1,
        "mother_name": f"{unique()} RAHAYU",
    } | changes

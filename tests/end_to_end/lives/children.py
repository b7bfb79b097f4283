"""Whose child somebody is."""

from services.registry.residents.tables import Resident
from shared.db import Sessions
from tests.end_to_end.lives.marriages import wedding
from tests.end_to_end.lives.people import (
    COURT,
    alone,
    born,
    couple,
    made,
    of,
    unique,
    who,
    years_ago,
)
from tests.end_to_end.walking import Filing
from tests.registry.make import make_birth


async def adopted(sessions: Sessions) -> Filing:
    _, child, _ = await born(sessions, 4)
    host = await couple(sessions)
    adopters = [who(host.father), who(host.mother)]
    fact = {"kind": "adopt_child", "child": who(child), "adopters": adopters, "ruling": COURT}
    return Filing("adoptive_parent", [fact])


async def fatherless(sessions: Sessions) -> tuple[Resident, Resident]:
    """Register a mother's child that has no father on record; return both."""
    mother = await alone(sessions, sex="P", birth_date=years_ago(30), religion=2)
    child = {
        "full_name": f"{unique()} PUTRA",
        "sex": "L",
        "birth_date": years_ago(1).isoformat(),
        "birth_place": "BANYUWANGI",
    }
    birth_fact = make_birth(child=child, mother=who(mother), marriage_evidence="NONE")
    joins = {"kind": "add_member", "person": {"created_by": 0}, "family": of(mother)}
    answer = await made(sessions, birth_fact, joins)
    async with sessions() as session:
        return mother, await session.get_one(Resident, answer.outcome.resident_ids[0])


async def acknowledged(sessions: Sessions) -> Filing:
    mother, child = await fatherless(sessions)
    father = await alone(sessions, religion=2, birth_date=years_ago(33))
    fact = {
        "kind": "acknowledge_child",
        "child": who(child),
        "father": who(father),
        "mother": who(mother),
        "acknowledged_on": years_ago(0, 5).isoformat(),
        "mother_consents": True,
        "married_on": years_ago(2).isoformat(),
        "religion": 2,
    }
    return Filing("biological_parents", [fact])


async def legitimised(sessions: Sessions) -> Filing:
    mother, child = await fatherless(sessions)
    father = await alone(sessions, religion=2, birth_date=years_ago(33))
    await made(sessions, wedding(father, mother))
    fact = {
        "kind": "legitimise_child",
        "child": who(child),
        "father": who(father),
        "mother": who(mother),
        "religious_marriage_on": years_ago(2).isoformat(),
    }
    return Filing("parents", [fact])

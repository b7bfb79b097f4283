"""Births and first records."""

from datetime import date

from shared.db import Sessions
from tests.end_to_end.lives.people import REPORTED, couple, of, unique, who, years_ago
from tests.end_to_end.walking import Filing
from tests.registry.make import make_birth
from tests.registry.people import MUNCAR


async def birth(sessions: Sessions) -> Filing:
    they = await couple(sessions, mother={"birth_date": date(1995, 4, 5)})
    child = {
        "full_name": f"{unique()} PUTRA",
        "sex": "L",
        "birth_date": years_ago(0, 3).isoformat(),
        "birth_place": "BANYUWANGI",
    }
    return Filing("parent", [make_birth(they, child=child)])


async def late_birth(sessions: Sessions) -> Filing:
    filing = await birth(sessions)
    filing.facts[0]["child"]["birth_date"] = years_ago(2).isoformat()
    return filing


async def foundling(sessions: Sessions) -> Filing:
    host = await couple(sessions)
    child = {
        "full_name": f"{unique()} PUTRA",
        "sex": "L",
        "birth_date": years_ago(0, 3).isoformat(),
        "birth_place": "BANYUWANGI",
    }
    stated = make_birth(child=child, marriage_evidence="NONE", family=of(host.father))
    return Filing("finder", [stated])


async def stillbirth(sessions: Sessions) -> Filing:
    they = await couple(sessions, mother={"birth_date": years_ago(30)})
    fact = {
        "kind": "register_stillbirth",
        "mother": who(they.mother),
        "father": who(they.father),
        "sex": "P",
        "happened_on": years_ago(0, 3).isoformat(),
        "place": "RSUD BLAMBANGAN",
        "weeks": 32,
    }
    return Filing("parent", [fact | REPORTED])


async def first_biodata(sessions: Sessions) -> Filing:
    host = await couple(sessions)
    newcomer = {
        "kind": "register_resident",
        "full_name": f"{unique()} WIBOWO",
        "sex": "L",
        "birth_place": "BANYUWANGI",
        "birth_date": years_ago(40).isoformat(),
        "religion": 1,
        "marital_status": 1,
        "mother_name": f"{unique()} RAHAYU",
        "village_code": MUNCAR,
    }
    joins = {
        "kind": "add_member",
        "person": {"created_by": 0},
        "family": of(host.father),
        "relationship": 9,
    }
    return Filing("self", [newcomer, joins])


async def birth_abroad(sessions: Sessions) -> Filing:
    filing = await birth(sessions)
    [fact] = filing.facts
    del fact["witnesses"]
    fact["child"] |= {"birth_date": years_ago(1).isoformat(), "birth_place": "DEN HAAG"}
    certificate = {
        "number": "NL-2025-1187",
        "authority": "KOTA DEN HAAG",
        "country": "BELANDA",
        "issued_on": years_ago(0, 300).isoformat(),
    }
    return Filing("parent", [fact | {"kind": "report_birth_abroad", "certificate": certificate}])

"""Deaths, and lines struck from family cards."""

from typing import Any

from services.registry.residents.tables import Resident
from shared.db import Sessions
from tests.end_to_end.lives.people import REPORTED, Life, couple, family, who, years_ago
from tests.end_to_end.walking import Filing
from tests.registry.people import MUNCAR


def dead(person: Resident, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of a fact or a person
    """Return the fact of a death some days ago."""
    fact = {
        "kind": "register_death",
        "person": who(person),
        "died_on": years_ago(0, 3).isoformat(),
        "place": "RSUD BLAMBANGAN",
    }
    return fact | REPORTED | changes


def death(**changes: Any) -> Life:  # noqa: ANN401 - of a fact or a person
    async def life(sessions: Sessions) -> Filing:
        they = await couple(sessions)
        return Filing("spouse", [dead(they.father, **changes)])

    return life


async def unknown_death(sessions: Sessions) -> Filing:
    fact = {
        "kind": "register_death",
        "unregistered": {"sex": "L", "village_code": MUNCAR},
        "died_on": years_ago(0, 3).isoformat(),
        "cause": 6,
        "proof": "POLICE",
    }
    return Filing("police", [fact | REPORTED])


async def struck_member(sessions: Sessions) -> Filing:
    _, [child] = await family(sessions, years_ago(22))
    fact = {
        "kind": "remove_member",
        "person": who(child),
        "reason": "DIED",
        "happened_on": years_ago(0, 90).isoformat(),
        "paper_number": "3578-KM-24082026-0001",
        "authority": "DISPENDUKCAPIL SURABAYA",
    }
    return Filing("head_of_family", [fact])

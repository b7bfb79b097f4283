"""Marriages and divorces."""

from dataclasses import replace
from typing import Any

from services.registry.residents.tables import Resident
from shared.db import Sessions
from tests.end_to_end.lives.people import (
    COURT,
    HOME,
    WITNESSES,
    Life,
    alone,
    made,
    of,
    who,
    years_ago,
)
from tests.end_to_end.walking import Filing


async def pair(sessions: Sessions, religion: int = 2) -> tuple[Resident, Resident]:
    he = await alone(sessions, religion=religion)
    she = await alone(sessions, religion=religion, sex="P")
    return he, she


def wedding(he: Resident, she: Resident, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - of a fact or a person
    fact = {
        "kind": "register_marriage",
        "husband": who(he),
        "wife": who(she),
        "married_on": years_ago(0, 10).isoformat(),
        "place": "GPDI GENTENG",
        "religion": 2,
        "leader_name": "PDT. DANIEL",
        "witnesses": WITNESSES,
    }
    return fact | changes


def marriage(**changes: Any) -> Life:  # noqa: ANN401 - of a fact or a person
    async def life(sessions: Sessions) -> Filing:
        return Filing("couple", [wedding(*await pair(sessions), **changes)])

    return life


async def wed(sessions: Sessions) -> tuple[Resident, Resident]:
    he, she = await pair(sessions)
    await made(sessions, wedding(he, she, married_on=years_ago(2).isoformat()))
    return he, she


def ended(kind: str, *before: str) -> Life:
    async def life(sessions: Sessions) -> Filing:
        he, she = await wed(sessions)
        earlier = COURT | {
            "number": "3/Pdt.G/2026",
            "dated": "2026-06-01",
            "final_on": "2026-06-15",
        }
        for each in before:
            await made(sessions, _ruled(each, he, she) | {"ruling": earlier})
        return Filing("party", [_ruled(kind, he, she)])

    return life


def _ruled(kind: str, he: Resident, she: Resident) -> dict[str, Any]:
    return {"kind": kind, "husband": who(he), "wife": who(she), "ruling": COURT}


async def wedding_at_court(sessions: Sessions) -> Filing:
    return await marriage(ruling=COURT)(sessions)


async def wedding_elsewhere(sessions: Sessions) -> Filing:
    he = await alone(sessions)
    she = await alone(sessions, sex="P")
    fact = {
        "kind": "note_marriage_elsewhere",
        "event": "MARRIAGE",
        "husband": who(he),
        "wife": who(she),
        "happened_on": years_ago(0, 30).isoformat(),
        "number": "123/45/X/2026",
        "authority": "KUA MUNCAR",
    }
    return Filing("self", [fact])


async def unregistered_wedding(sessions: Sessions) -> Filing:
    filing = await wedding_elsewhere(sessions)
    [fact] = filing.facts
    del fact["number"], fact["authority"]
    witnesses = [{"full_name": "SAKSI SATU"}, {"full_name": "SAKSI DUA"}]
    fact |= {"event": "UNREGISTERED", "witnesses": witnesses}
    return Filing("head_of_family", [fact])


async def asked_by(relationship: str, life: Life, sessions: Sessions) -> Filing:
    """Return the same application by somebody else."""
    return replace(await life(sessions), relationship=relationship)


async def wedding_and_home(sessions: Sessions) -> Filing:
    he, she = await pair(sessions)
    home = {"kind": "open_family", "head": who(he), "members": [{"person": who(she)}], "home": HOME}
    return Filing("couple", [wedding(he, she), home])


async def divorce_and_split(sessions: Sessions) -> Filing:
    he, she = await pair(sessions)
    home = {"kind": "open_family", "head": who(he), "members": [{"person": who(she)}], "home": HOME}
    await made(sessions, wedding(he, she, married_on=years_ago(2).isoformat()), home)
    split_up = {"kind": "split_family", "family": of(he), "head": who(she)}
    return Filing("party", [_ruled("register_divorce", he, she), split_up])

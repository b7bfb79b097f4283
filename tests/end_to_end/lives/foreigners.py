"""Foreigners who live here, and people without papers."""

from typing import Any

from services.registry.residents.tables import Resident
from shared.db import Sessions
from tests.end_to_end.lives.cards import hand_out
from tests.end_to_end.lives.people import (
    HOME,
    THERE,
    Life,
    alone,
    made,
    newcomer,
    of,
    unique,
    who,
    years_ago,
)
from tests.end_to_end.walking import Filing
from tests.registry.make import make_birth


def foreigner(kind: str, **changes: Any) -> Life:  # noqa: ANN401 - of a person
    async def life(sessions: Sessions) -> Filing:
        someone = newcomer(citizenship=2, nik=None, birth_place="AMSTERDAM") | changes
        fact = {
            "kind": "register_foreigner",
            "newcomer": someone,
            "permit": {
                "kind": kind,
                "number": "2C21JE1234-X",
                "issued_on": years_ago(0, 20).isoformat(),
                "valid_until": years_ago(-2).isoformat(),
                "nationality": "BELANDA",
                "passport_number": "NXB123456",
            },
            "at": HOME,
        }
        return Filing("self", [fact])

    return life


async def foreign(sessions: Sessions, **changes: Any) -> Resident:  # noqa: ANN401 - of a person
    """Register a foreigner with a permanent permit, in a family of their own."""
    filing = await foreigner("ITAP", **changes)(sessions)
    answer = await made(sessions, *filing.facts)
    async with sessions() as session:
        return await session.get_one(Resident, answer.outcome.resident_ids[0])


async def foreign_recording(sessions: Sessions) -> Filing:
    holder = await foreign(sessions)
    fact = {"kind": "record_biometrics", "person": who(holder)}
    return Filing("self", [fact | {"permit_until": years_ago(-2).isoformat()}])


async def foreign_renewal(sessions: Sessions) -> Filing:
    holder = await foreign(sessions)
    async with sessions.begin() as session:
        (await session.get_one(Resident, holder.id)).recording_status = "PRINT_READY_RECORD"
    card = {"kind": "issue_card", "card": "KTP_EL", "person": who(holder)}
    await made(sessions, card | {"permit_until": years_ago(-2).isoformat()})
    await hand_out(sessions, holder)
    fact = {"kind": "renew_card", "person": who(holder)}
    return Filing("self", [fact | {"permit_until": years_ago(-4).isoformat()}])


async def foreign_child_card(sessions: Sessions) -> Filing:
    host = await foreign(sessions)
    child = newcomer(citizenship=2, nik=None, birth_date=years_ago(6).isoformat())
    filing = await foreigner("ITAP")(sessions)
    fact = {name: each for name, each in filing.facts[0].items() if name != "at"}
    fact |= {"newcomer": child, "joins": of(host), "relationship": 4}
    answer = await made(sessions, fact)
    card = {"kind": "issue_card", "person": {"resident_id": str(answer.outcome.resident_ids[0])}}
    card |= {"permit_until": years_ago(-2).isoformat()}
    return Filing("parent", [card])


async def foreign_family(sessions: Sessions) -> Filing:
    host = await foreign(sessions)
    fact = {"kind": "open_family", "head": who(host), "home": HOME}
    return Filing("future_head", [fact])


async def foreign_move(sessions: Sessions) -> Filing:
    filing = await foreigner("ITAS")(sessions)
    answer = await made(sessions, *filing.facts)
    mover = {"resident_id": str(answer.outcome.resident_ids[0])}
    fact = {"kind": "move_out", "movers": [mover], "reason": 1, "to": THERE}
    return Filing("self", [fact])


async def without_papers(sessions: Sessions) -> Filing:
    someone = await alone(sessions)
    fact = {
        "kind": "issue_letter",
        "letter": "SKPTI",
        "person": who(someone),
        "at": HOME,
        "cause": "BANJIR BANDANG",
    }
    return Filing("self", [fact])


async def foreign_birth(sessions: Sessions) -> Filing:
    mother = await foreign(sessions, sex="P", birth_date=years_ago(30).isoformat())
    child = {
        "full_name": f"{unique()} VISSER",
        "sex": "P",
        "birth_date": years_ago(0, 3).isoformat(),
        "birth_place": "BANYUWANGI",
    }
    stated = make_birth(
        child=child, mother=who(mother), marriage_evidence="NONE", family=of(mother)
    )
    return Filing("parent", [stated])

"""Moves within, out, in and from abroad."""

from typing import Any

from sqlalchemy import text

from shared.db import Sessions
from tests.end_to_end.lives.people import (
    HOME,
    THERE,
    Life,
    couple,
    family,
    made,
    newcomer,
    of,
    serial,
    unique,
    who,
    years_ago,
)
from tests.end_to_end.walking import Filing


def moved(village_code: str) -> Life:
    async def life(sessions: Sessions) -> Filing:
        they = await couple(sessions)
        to = HOME | {"village_code": village_code, "address": "DUSUN SUMBEREJO"}
        fact = {"kind": "move_within", "family": of(they.father), "reason": 1, "to": to}
        return Filing("head_of_family", [fact])

    return life


def leaving(kind: str, **changes: Any) -> Life:  # noqa: ANN401 - of a fact or a person
    async def life(sessions: Sessions) -> Filing:
        they, [child] = await family(sessions, years_ago(22))
        fact = {
            "kind": kind,
            "family": of(they.father),
            "movers": [who(child)],
            "reason": 1,
        } | ({"to": THERE} if kind == "move_out" else {"country": "MALAYSIA"})
        return Filing("adult_mover", [fact | changes])

    return life


async def came_back(sessions: Sessions) -> Filing:
    filing = await leaving("move_out")(sessions)
    await made(sessions, *filing.facts)
    async with sessions() as session:
        mover = filing.facts[0]["movers"][0]["nik"]
        letter = await session.scalar(
            text(
                "select number from moves join movers on move_id = moves.id"
                " join residents on residents.id = resident_id where nik = :nik"
            ),
            {"nik": mover},
        )
    return Filing("adult_mover", [{"kind": "cancel_move", "letter": letter}])


async def arrived(sessions: Sessions) -> Filing:
    fact = {
        "kind": "arrive",
        "letter": {
            "number": f"SKPWNI/3404/24112026/{serial():04d}",
            "issued_on": years_ago(0, 5).isoformat(),
            "origin": THERE,
            "people": 1,
        },
        "arrivals": [{"newcomer": newcomer()}],
        "to": HOME,
    }
    return Filing("adult_mover", [fact])


async def from_abroad(sessions: Sessions) -> Filing:
    fact = {
        "kind": "arrive_from_abroad",
        "country": "MALAYSIA",
        "arrivals": [{"newcomer": newcomer(), "passport_number": "X1234567"}],
        "to": HOME,
    }
    return Filing("self", [fact])


async def guest(sessions: Sessions) -> Filing:
    fact = {
        "kind": "note_temporary_stay",
        "nik": newcomer()["nik"],
        "full_name": f"{unique()} WIBOWO",
        "sex": "L",
        "birth_date": "1985-01-10",
        "home": THERE,
        "at": HOME,
        "since": years_ago(0, 5).isoformat(),
        "until": years_ago(0, -180).isoformat(),
        "reason": 1,
    }
    return Filing("self", [fact])

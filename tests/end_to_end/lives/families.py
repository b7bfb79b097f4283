"""Families: heads, splits, addresses, cards."""

from shared.db import Sessions
from tests.end_to_end.lives.people import HOME, Life, couple, family, of, unique, who, years_ago
from tests.end_to_end.walking import Filing
from tests.registry.people import MUNCAR, person, register


async def new_head(sessions: Sessions) -> Filing:
    they = await couple(sessions)
    fact = {"kind": "change_head", "family": of(they.father), "head": who(they.mother)}
    return Filing("head_of_family", [fact])


async def split(sessions: Sessions) -> Filing:
    they, [child] = await family(sessions, years_ago(22))
    fact = {"kind": "split_family", "family": of(they.father), "head": who(child)}
    return Filing("head_of_family", [fact])


async def new_family(sessions: Sessions) -> Filing:
    _, [child] = await family(sessions, years_ago(22))
    fact = {"kind": "open_family", "head": who(child), "home": HOME | {"village_code": MUNCAR}}
    return Filing("future_head", [fact])


async def new_address(sessions: Sessions) -> Filing:
    they = await couple(sessions)
    return Filing(
        "head_of_family", [{"kind": "change_address", "family": of(they.father), "rt": "009"}]
    )


async def new_positions(sessions: Sessions) -> Filing:
    they, [child] = await family(sessions, years_ago(22))
    positions = [{"person": who(child), "relationship": 9}]
    fact = {"kind": "correct_positions", "family": of(they.father), "positions": positions}
    return Filing("head_of_family", [fact])


def reprint(reason: str) -> Life:
    async def life(sessions: Sessions) -> Filing:
        they = await couple(sessions)
        return Filing(
            "head_of_family",
            [{"kind": "reissue_family_card", "family": of(they.father), "reason": reason}],
        )

    return life


async def joined(sessions: Sessions) -> Filing:
    host = await couple(sessions)
    async with sessions.begin() as session:
        guest = await register(
            session,
            person(f"{unique()} WIBOWO", birth_date=years_ago(30), marital_status=1),
        )
    fact = {
        "kind": "add_member",
        "person": who(guest),
        "family": of(host.father),
        "relationship": 9,
    }
    return Filing("head_of_family", [fact])

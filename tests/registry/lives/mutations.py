"""Lawful facts made wrong: other people, other days, parts missing or twice."""

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.registry.lives.making import Facts
from tests.registry.lives.world import World

Place = tuple[dict[str, Any], str]


def spoil(world: World, facts: Facts) -> Facts:
    """Return facts with one thing changed that may or may not be unlawful."""
    spoilt = copy.deepcopy(facts)
    places = list(_places(spoilt))
    ways = [_other_person, _other_home, _other_day, _part_missing, _part_twice]
    world.rng.choice(ways)(world, spoilt, places)
    return spoilt


def _places(value: object) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from _places(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _places(inner)


def _other_person(world: World, facts: Facts, places: list[Place]) -> None:
    named = [each for each in places if each[1] in {"nik", "created_by", "resident_id"}]
    if named:
        holder, key = world.rng.choice(named)
        del holder[key]
        holder["nik"] = world.pick(world.people.values()).nik


def _other_home(world: World, facts: Facts, places: list[Place]) -> None:
    named = [each for each in places if each[1] in {"kk_number", "village_code"}]
    if named:
        holder, key = world.rng.choice(named)
        home = world.home()
        holder[key] = home.village_code if key == "village_code" else _number(world)


def _number(world: World) -> str:
    """Return the number of any family, which may be dead."""
    return str(world.pick(world.rows["families"])["kk_number"])


def _other_day(world: World, facts: Facts, places: list[Place]) -> None:
    days = [each for each in places if isinstance(each[0][each[1]], str) and _is_day(*each)]
    if days:
        holder, key = world.rng.choice(days)
        shift = timedelta(days=world.rng.choice((-40_000, -7_000, -1, 1, 400)))
        holder[key] = (date.fromisoformat(holder[key]) + shift).isoformat()


def _is_day(holder: dict[str, Any], key: str) -> bool:
    return key.endswith(("_on", "_date", "_until")) and "-" in holder[key]


def _part_missing(world: World, facts: Facts, places: list[Place]) -> None:
    if len(facts) > 1:
        facts.pop()


def _part_twice(world: World, facts: Facts, places: list[Place]) -> None:
    facts.append(copy.deepcopy(world.rng.choice(facts)))

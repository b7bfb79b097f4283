"""People marry and part."""

from datetime import date
from typing import Any

from tests.registry.lives.making import (
    Facts,
    ago,
    life,
    name,
    of_bride_and_groom,
    of_couple,
    ref,
    ruling,
    witnesses,
)
from tests.registry.lives.world import Row, Someone, World


@life("note_marriage_elsewhere")
def note_marriage_elsewhere(world: World) -> Facts:
    event = world.rng.choice(("MARRIAGE", "MARRIAGE", "DIVORCE", "UNREGISTERED", "CONFIRMATION"))
    couple = of_couple if event in {"DIVORCE", "CONFIRMATION"} else of_bride_and_groom
    husband, wife = couple(world)
    fact: dict[str, Any] = {
        "kind": "note_marriage_elsewhere",
        "event": event,
        "husband": ref(husband),
        "wife": ref(wife),
        "happened_on": ago(world, 900).isoformat(),
    }
    if event == "UNREGISTERED":
        return [fact | {"witnesses": witnesses(world)}]
    return [fact | {"number": f"{world.rng.randint(1, 999)}/2026", "authority": "KUA MUNCAR"}]


@life("register_marriage")
def register_marriage(world: World) -> Facts:
    groom, bride = of_bride_and_groom(world)
    fact: dict[str, Any] = {
        "kind": "register_marriage",
        "husband": ref(groom),
        "wife": ref(bride),
        "married_on": ago(world, 50).isoformat(),
        "place": "Gereja Muncar",
        "religion": world.rng.choice((2, 3, 4, 5, groom.religion)),
        "leader_name": name(world),
        "witnesses": witnesses(world),
    }
    if fact["religion"] == 7:
        fact["belief_organisation"] = "PENGHAYAT"
    return [fact | {"ruling": ruling(world)} if world.chance(0.3) else fact]


def _of_couple_and_court(world: World, kind: str) -> Facts:
    husband, wife = of_couple(world)
    return [{"kind": kind, "husband": ref(husband), "wife": ref(wife), "ruling": ruling(world)}]


@life("annul_marriage")
def annul_marriage(world: World) -> Facts:
    [fact] = _of_couple_and_court(world, "annul_marriage")
    if world.chance(0.6):
        fact["before"] = {"husband": world.rng.choice((1, 4)), "wife": 1}
    return [fact]


@life("register_divorce")
def register_divorce(world: World) -> Facts:
    [fact] = _of_couple_and_court(world, "register_divorce")
    return [fact | {"marriage_number": "12/2015"} if world.chance(0.7) else fact]


@life("annul_divorce")
def annul_divorce(world: World) -> Facts:
    divorces = [
        each
        for each in world.rows["certificates"]
        if each["kind"] == "PERCERAIAN" and each["status"] == "VALID"
    ]
    single = [each for each in divorces if all(_is_single(each) for each in _of(world, each))]
    parted = date.min
    if divorces and world.chance(0.9):
        entry = world.pick(single or divorces)
        two, parted = _of(world, entry), entry["event_date"]
    else:
        two = of_bride_and_groom(world)
    husband, wife = sorted(two, key=lambda each: each.sex)
    fact = {"husband": ref(husband), "wife": ref(wife), "ruling": ruling(world, after=parted)}
    return [{"kind": "annul_divorce"} | fact]


def _of(world: World, entry: Row) -> tuple[Someone, Someone]:
    return world.people[entry["subject_id"]], world.people[entry["partner_id"]]


def _is_single(someone: Someone) -> bool:
    return someone.at_home and not someone.married

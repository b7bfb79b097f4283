"""What the makers of lives have in common: how each kind of change befalls somebody.

A maker returns the facts of one case, or raises `Impossible` where nobody is there to whom it could
happen. What is unlawful is made of these by `mutations`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.registry.lives.world import Household, Someone, World

Facts = list[dict[str, Any]]
Maker = Callable[[World], Facts]

MAKERS: dict[str, Maker] = {}
VILLAGES = ("35.10.05.2003", "35.10.05.2001", "35.10.10.2003", "35.10.25.2001")
ELSEWHERE = ("35.09.01.2001", "51.71.01.1001", "31.71.01.1001")
POINT = "SP-3510-001"
FIRST = ("SITI", "BUDI", "AGUS", "SRI", "WAYAN", "MOCH RIZKI", "NUR", "DEWI", "JOKO", "ENDAH")
LAST = ("SANTOSO", "AMINAH", "HIDAYAT", "WULANDARI", "SUDIRTA", "ANAM", "LESTARI", "PRATAMA")


def life(kind: str) -> Callable[[Maker], Maker]:
    """Register the maker of a kind."""

    def registered(maker: Maker) -> Maker:
        MAKERS[kind] = maker
        return maker

    return registered


def ref(someone: Someone) -> dict[str, str]:
    return {"nik": someone.nik}


def of(home: Household) -> dict[str, str]:
    return {"kk_number": home.kk_number}


def name(world: World) -> str:
    return f"{world.rng.choice(FIRST)} {world.rng.choice(LAST)} {world.rng.choice(LAST)}"


def ago(world: World, most_days: int) -> date:
    return world.today - timedelta(days=world.rng.randint(0, most_days))


def witnesses(world: World) -> list[dict[str, str]]:
    return [{"full_name": name(world)} for _ in range(2)]


def address(world: World, village: str | None = None) -> dict[str, str]:
    return {
        "address": f"DUSUN {world.rng.choice(LAST)}",
        "rt": f"{world.rng.randint(1, 9):03}",
        "rw": f"{world.rng.randint(1, 9):03}",
        "village_code": village or world.rng.choice(VILLAGES),
    }


def of_couple(world: World) -> tuple[Someone, Someone]:
    """Return a husband and a wife who name each other."""
    wife = world.anybody(
        lambda each: (
            each.at_home
            and each.sex == "P"
            and each.married
            and each.spouse_id is not None
            and world.people[each.spouse_id].at_home
        )
    )
    assert wife.spouse_id is not None
    return world.people[wife.spouse_id], wife


def of_bride_and_groom(world: World) -> tuple[Someone, Someone]:
    """Return a man and a woman who are free to marry."""

    def free(sex: str) -> Callable[[Someone], bool]:
        return lambda each: each.sex == sex and world.grown(each) and not each.married

    further = world.chance(0.1)  # wife of somebody who has one
    groom = world.anybody(
        lambda each: (
            free("L")(each) or (further and each.sex == "L" and each.married and each.at_home)
        )
    )
    kin = {groom.mother_id, groom.father_id}
    bride = world.anybody(lambda each: free("P")(each) and each.id not in kin)
    return groom, bride


def ruling(world: World, after: date = date.min) -> dict[str, str]:
    """Return a ruling that is mostly not dated before the day of which it speaks."""
    dated = ago(world, 700)
    if dated < after and world.chance(0.9):
        dated = after
    final = min(world.today, dated + timedelta(days=14))
    return {
        "authority": "Pengadilan Negeri Banyuwangi",
        "number": f"{world.rng.randint(1, 400)}/Pdt.P/{dated.year}/PN Byw",
        "dated": dated.isoformat(),
        "final_on": final.isoformat(),
    }

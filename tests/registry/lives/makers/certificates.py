"""Entries of the civil registers are corrected, cancelled and quoted again."""

from typing import Any

from tests.registry.lives.making import Facts, ago, life, name, ruling
from tests.registry.lives.world import Row, World


def _entry(world: World) -> Row:
    return world.pick(world.rows["certificates"], lambda each: each["status"] == "VALID")


def _basis(world: World, entry: Row, court: float = 0.5) -> dict[str, Any]:
    why = {"why": "KEKELIRUAN TULIS"}
    if not world.chance(court):
        return {"basis": "OFFICER"} | why
    return {"basis": "COURT", "ruling": ruling(world, after=entry["registered_on"])} | why


@life("correct_certificate")
def correct_certificate(world: World) -> Facts:
    words: tuple[dict[str, Any], ...] = (
        {"full_name": name(world)},
        {"birth_place": "GENTENG"},
        {"birth_date": ago(world, 3000).isoformat()},
        {"mother_name": name(world)},
        {"birth_order": world.rng.randint(1, 5)},
    )
    entry = _entry(world)
    if entry["letters"] not in {"LU", "LT"} and world.chance(0.8):
        words = tuple(each for each in words if entry["data"].keys() & each.keys()) or words
    stated = {"certificate": {"number": entry["number"]}, "to": world.rng.choice(words)}
    return [{"kind": "correct_certificate"} | stated | _basis(world, entry, court=0.75)]


@life("cancel_certificate")
def cancel_certificate(world: World) -> Facts:
    entry = _entry(world)
    number = {"number": entry["number"]}
    return [{"kind": "cancel_certificate", "certificate": number} | _basis(world, entry)]


@life("reissue_certificate")
def reissue_certificate(world: World) -> Facts:
    entry = {"number": _entry(world)["number"]}
    reason = world.rng.choice(("LOST", "DAMAGED", "FORMAT"))
    return [{"kind": "reissue_certificate", "certificate": entry, "reason": reason}]

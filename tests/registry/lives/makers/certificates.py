"""Entries of the civil registers are corrected, cancelled and quoted again."""

from typing import Any

from tests.registry.lives.making import Facts, ago, life, name, ruling
from tests.registry.lives.world import Row, World


def _entry(world: World) -> Row:
    return world.pick(world.rows["certificates"], lambda each: each["status"] == "VALID")


def _basis(world: World) -> dict[str, Any]:
    why = {"why": "KEKELIRUAN TULIS"}
    if world.chance(0.5):
        return {"basis": "OFFICER"} | why
    return {"basis": "COURT", "ruling": ruling(world)} | why


@life("correct_certificate")
def correct_certificate(world: World) -> Facts:
    to = world.rng.choice(
        (
            {"full_name": name(world)},
            {"birth_place": "GENTENG"},
            {"birth_date": ago(world, 3000).isoformat()},
            {"mother_name": name(world)},
            {"birth_order": world.rng.randint(1, 5)},
        )
    )
    entry = {"number": _entry(world)["number"]}
    return [{"kind": "correct_certificate", "certificate": entry, "to": to} | _basis(world)]


@life("cancel_certificate")
def cancel_certificate(world: World) -> Facts:
    entry = {"number": _entry(world)["number"]}
    return [{"kind": "cancel_certificate", "certificate": entry} | _basis(world)]


@life("reissue_certificate")
def reissue_certificate(world: World) -> Facts:
    entry = {"number": _entry(world)["number"]}
    reason = world.rng.choice(("LOST", "DAMAGED", "FORMAT"))
    return [{"kind": "reissue_certificate", "certificate": entry, "reason": reason}]

"""People marry and part."""

from typing import Any

from tests.registry.lives.making import (
    Facts,
    ago,
    life,
    of_bride_and_groom,
    of_couple,
    ref,
    witnesses,
)
from tests.registry.lives.world import World


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

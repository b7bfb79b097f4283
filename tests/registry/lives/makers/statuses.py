"""Courts and the state change who somebody is."""

from collections.abc import Callable
from typing import Any

from tests.registry.lives.making import Facts, ago, life, name, of, ref, ruling
from tests.registry.lives.world import Someone, World


@life("change_name")
def change_name(world: World) -> Facts:
    person = world.anybody(lambda each: each.alive)
    new = {"full_name": name(world), "ruling": ruling(world), "name_counselled": True}
    return [{"kind": "change_name", "person": ref(person)} | new]


@life("note_vital_event")
def note_vital_event(world: World) -> Facts:
    person = world.anybody(lambda each: each.alive)
    fact = {"kind": "note_vital_event", "person": ref(person), "ruling": ruling(world)}
    if world.chance(0.5):
        return [fact | {"event": "OTHER", "words": "PENETAPAN AHLI WARIS"}]
    return [fact | {"event": "SEX_CHANGE", "sex": "P" if person.sex == "L" else "L"}]


@life("set_citizenship")
def set_citizenship(world: World) -> Facts:
    event = world.rng.choice(("GAINED", "REGAINED", "LOST", "DUAL", "CHOSEN"))
    wanted: dict[str, Callable[[Someone], bool]] = {
        "GAINED": lambda each: each.alive and each.citizenship == 2,
        "REGAINED": lambda each: each.status == "WNI_HILANG" or each.citizenship == 2,
        "LOST": lambda each: each.at_home and each.citizenship == 1,
        "DUAL": lambda each: each.at_home and each.age(world.today) < 18,
        "CHOSEN": lambda each: each.citizenship == 3,
    }
    day = ago(world, 200).isoformat()
    fact: dict[str, Any] = {
        "kind": "set_citizenship",
        "person": ref(world.anybody(wanted[event])),
        "event": event,
        "decree": {"number": "AHU-12", "authority": "Kementerian Hukum", "dated": day},
        "happened_on": day,
    }
    if event == "LOST" and world.chance(0.5):
        fact["permit"] = world.rng.choice(("ITAS", "ITAP"))
    if event in {"GAINED", "REGAINED"} and world.chance(0.7):
        fact["family"] = of(world.home())
    return [fact]


@life("resolve_duplicate")
def resolve_duplicate(world: World) -> Facts:
    keep = world.anybody()

    def alike(each: Someone) -> bool:
        if not each.at_home or each.sex != keep.sex or each.id == keep.id or each.married:
            return False
        home = world.home_of(each)
        return home.head_id != each.id or len(home.members) == 1

    end = world.anybody(alike)
    proof = {"proof": world.rng.choice(("BIOMETRICS", "BIOMETRICS", "PAPERS")), "letter": "400/12"}
    return [{"kind": "resolve_duplicate", "keep": ref(keep), "end": ref(end)} | proof]


@life("confirm_data")
def confirm_data(world: World) -> Facts:
    person = world.anybody(lambda each: each.alive)
    return [{"kind": "confirm_data", "person": ref(person), "agency": "BPJS Kesehatan"}]

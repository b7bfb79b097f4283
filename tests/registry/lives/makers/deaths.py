"""People die."""

from typing import Any

from tests.registry.lives.making import (
    VILLAGES,
    Facts,
    ago,
    life,
    name,
    of,
    of_couple,
    ref,
    witnesses,
)
from tests.registry.lives.world import Someone, World

_REPORT = {"reporter_name": "Slamet", "reporter_relationship": "Ketua RT"}


@life("register_death")
def register_death(world: World) -> Facts:
    death: dict[str, Any] = {
        "kind": "register_death",
        "died_on": ago(world, world.rng.choice((3, 20, 500))).isoformat(),
        "place": "Muncar",
        "witnesses": witnesses(world),
        **_REPORT,
    }
    if world.chance(0.1):
        unknown = {"full_name": name(world), "sex": "L", "village_code": world.rng.choice(VILLAGES)}
        return [death | {"unregistered": unknown, "proof": "STATEMENT"}]
    person = world.anybody(lambda each: each.alive)
    if person.family_id is None or not _leaves_minors(world, person):
        return [death | {"person": ref(person)}]
    relative = world.anybody(
        lambda each: world.grown(each) and each.family_id not in {None, person.family_id}
    )
    home = world.home_of(relative)
    way: dict[str, Any] = {"host": of(home)}
    if len(home.members) == 1 or relative.id != home.head_id:
        way = world.rng.choice((way, {"head": ref(relative)}))
    return [death | {"person": ref(person), "succession": way}]


def _leaves_minors(world: World, person: Someone) -> bool:
    home = world.home_of(person)
    left = [world.people[each] for each in home.members if each != person.id]
    fit = [each for each in left if each.married or world.grown(each, 17)]
    return bool(left) and not fit and home.head_id == person.id


@life("register_stillbirth")
def register_stillbirth(world: World) -> Facts:
    father, mother = of_couple(world)
    return [
        {
            "kind": "register_stillbirth",
            "mother": ref(mother),
            "father": ref(father),
            "sex": world.rng.choice("LP"),
            "happened_on": ago(world, 30).isoformat(),
            "place": "RSUD Genteng",
            "weeks": world.rng.randint(26, 40),
            "witnesses": witnesses(world),
            **_REPORT,
        }
    ]

"""Children get parents: by acknowledgement, marriage or court."""

from typing import Any

from tests.registry.lives.making import Facts, ago, life, of_couple, ref, ruling
from tests.registry.lives.world import Someone, World


def _of_mother(world: World) -> tuple[Someone, Someone]:
    child = world.anybody(
        lambda each: (
            each.at_home
            and each.father_id is None
            and each.mother_id is not None
            and world.people[each.mother_id].alive
        )
    )
    assert child.mother_id is not None
    return child, world.people[child.mother_id]


def _father(world: World, mother: Someone) -> Someone:
    if mother.spouse_id is not None and world.chance(0.75):
        return world.people[mother.spouse_id]
    return world.anybody(lambda each: each.sex == "L" and world.grown(each, 17))


@life("acknowledge_child")
def acknowledge_child(world: World) -> Facts:
    child, mother = _of_mother(world)
    fact: dict[str, Any] = {
        "kind": "acknowledge_child",
        "child": ref(child),
        "father": ref(_father(world, mother)),
        "mother": ref(mother),
        "acknowledged_on": ago(world, 20).isoformat(),
        "mother_consents": world.chance(0.9),
        "religion": world.rng.choice((2, 3, 4)),
    }
    if world.chance(0.6):
        fact["married_on"] = ago(world, 2000).isoformat()
    return [fact | {"ruling": ruling(world)} if world.chance(0.4) else fact]


@life("legitimise_child")
def legitimise_child(world: World) -> Facts:
    child, mother = _of_mother(world)
    fact: dict[str, Any] = {
        "kind": "legitimise_child",
        "child": ref(child),
        "father": ref(_father(world, mother)),
        "mother": ref(mother),
        "ruling": ruling(world, after=child.birth_date),
    }
    if world.chance(0.7):
        fact |= {
            "married_on": ago(world, 100).isoformat(),
            "marriage_number": "77/2026",
            "registered_at": "KUA MUNCAR",
            "religious_marriage_on": ago(world, 4000).isoformat(),
        }
    return [fact]


@life("adopt_child")
def adopt_child(world: World) -> Facts:
    certified = world.chance(0.9)
    child = world.anybody(
        lambda each: (
            each.at_home
            and each.age(world.today) < 18
            and (each.birth_certificate_number is not None or not certified)
        )
    )
    husband, wife = of_couple(world)
    dated = ruling(world, after=child.birth_date)
    fact = {"kind": "adopt_child", "child": ref(child), "ruling": dated}
    return [fact | {"adopters": [ref(husband), ref(wife)]}]

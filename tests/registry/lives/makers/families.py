"""Families are opened, split, moved and written anew."""

from typing import Any

from tests.registry.lives.making import LAST, Facts, address, ago, life, of, ref
from tests.registry.lives.world import World


@life("reissue_family_card")
def reissue_family_card(world: World) -> Facts:
    reason = world.rng.choice(("DATA_CHANGED", "LOST", "DAMAGED"))
    return [{"kind": "reissue_family_card", "family": of(world.home()), "reason": reason}]


@life("change_head")
def change_head(world: World) -> Facts:
    home = world.home(lambda each: len(each.members) > 1)
    heir = world.pick(
        [world.people[each] for each in home.members],
        lambda each: each.id != home.head_id and world.grown(each, 17),
    )
    return [{"kind": "change_head", "family": of(home), "head": ref(heir)}]


@life("split_family")
def split_family(world: World) -> Facts:
    home = world.home(lambda each: len(each.members) > 1)
    members = [world.people[each] for each in home.members if each != home.head_id]
    head = world.pick(members, lambda each: world.grown(each, 17))
    along = [each for each in members if each is not head and world.chance(0.3)]
    return [
        {
            "kind": "split_family",
            "family": of(home),
            "head": ref(head),
            "members": [ref(each) for each in along],
        }
    ]


@life("move_within")
def move_within(world: World) -> Facts:
    home = world.home()
    move: dict[str, Any] = {"kind": "move_within", "family": of(home), "reason": 1}
    if world.chance(0.5):
        return [move | {"to": address(world)}]
    movers = [each for each in home.members if each != home.head_id or len(home.members) == 1]
    person = world.people[world.pick(movers)]
    joins = world.home(lambda each: each.id != home.id)
    mover = {"person": ref(person), "relationship": world.rng.choice((9, 11))}
    return [move | {"movers": [mover], "joins": of(joins)}]


@life("open_family")
def open_family(world: World) -> Facts:
    old = world.home()
    people = [world.people[each] for each in old.members]
    head = world.pick(people, lambda each: world.grown(each, 17))
    along = [each for each in people if each is not head and world.chance(0.3)]
    return [
        {
            "kind": "open_family",
            "head": ref(head),
            "members": [{"person": ref(each)} for each in along],
            "home": address(world),
        }
    ]


@life("change_address")
def change_address(world: World) -> Facts:
    new = {"address": f"JALAN {world.rng.choice(LAST)}", "rt": f"{world.rng.randint(1, 99):03}"}
    return [{"kind": "change_address", "family": of(world.home())} | new]


@life("correct_positions")
def correct_positions(world: World) -> Facts:
    home = world.home(lambda each: len(each.members) > 1)
    member = world.pick(home.members, lambda each: each != home.head_id)
    position = {
        "person": ref(world.people[member]),
        "relationship": world.rng.choice((4, 6, 7, 8, 9, 11)),
    }
    return [{"kind": "correct_positions", "family": of(home), "positions": [position]}]


@life("remove_member")
def remove_member(world: World) -> Facts:
    person = world.anybody()
    return [
        {
            "kind": "remove_member",
            "person": ref(person),
            "reason": world.rng.choice(("DIED", "MOVED")),
            "happened_on": ago(world, 60).isoformat(),
            "paper_number": f"3509-KM-{world.rng.randint(1, 999)}",
            "authority": "DISDUKCAPIL JEMBER",
        }
    ]

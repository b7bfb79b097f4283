"""People come into the registry, and their records are corrected."""

from typing import Any

from tests.registry.lives.making import Facts, ago, life, name, of, of_couple, ref, witnesses
from tests.registry.lives.world import World


@life("register_resident")
def register_resident(world: World) -> Facts:
    home = world.home()
    return [
        {
            "kind": "register_resident",
            "full_name": name(world),
            "sex": world.rng.choice("LP"),
            "birth_place": "BANYUWANGI",
            "birth_date": ago(world, 30_000).isoformat(),
            "religion": world.rng.randint(1, 7),
            "marital_status": world.rng.choice((1, 1, 4, 6)),
            "mother_name": name(world),
            "village_code": home.village_code,
        },
        {
            "kind": "add_member",
            "person": {"created_by": 0},
            "family": of(home),
            "relationship": world.rng.choice((9, 9, 11, 4)),
        },
    ]


@life("register_birth")
def register_birth(world: World) -> Facts:
    father, mother = of_couple(world)
    family = {"of": ref(mother)}
    birth: dict[str, Any] = {
        "kind": "register_birth",
        "child": {
            "full_name": name(world),
            "sex": world.rng.choice("LP"),
            "birth_date": ago(world, world.rng.choice((30, 90, 2000))).isoformat(),
            "birth_place": "Banyuwangi",
        },
        "mother": ref(mother),
        "father": ref(father),
        "reporter_name": "Budi",
        "reporter_relationship": "Ayah",
        "witnesses": witnesses(world),
    }
    if world.chance(0.45):  # of a mother alone
        del birth["father"]
        birth["marriage_evidence"] = "NONE"
    rest: Facts = [
        {"kind": "add_member", "person": {"created_by": 0}, "family": family},
        {"kind": "reissue_family_card", "family": family, "reason": "MEMBER_ADDED"},
        {"kind": "issue_card", "person": {"created_by": 0}},
    ]
    return [birth, *rest[: world.rng.randint(1, 3)]]


@life("add_member")
def add_member(world: World) -> Facts:
    return register_resident(world)


@life("correct_resident")
def correct_resident(world: World) -> Facts:
    person = world.anybody(lambda each: each.alive)
    to, paper = world.rng.choice(
        (
            ({"education": world.rng.randint(1, 10)}, "DIPLOMA"),
            ({"occupation": world.rng.randint(1, 88)}, "WORK_LETTER"),
            ({"blood_type": world.rng.randint(1, 12)}, "MEDICAL_LETTER"),
            ({"mother_name": name(world)}, "BIRTH_CERTIFICATE"),
            ({"full_name": name(world)}, "BIRTH_CERTIFICATE"),
            ({"birth_date": ago(world, 30_000).isoformat()}, "BIRTH_CERTIFICATE"),
            ({"religion": world.rng.randint(1, 7)}, "RELIGION_LETTER"),
        )
    )
    fact: dict[str, Any] = {
        "kind": "correct_resident",
        "person": ref(person),
        "to": to,
        "proof": {
            "paper": paper,
            "number": "12/2026",
            "issuer": "INSTANSI",
            "issued_on": ago(world, 100).isoformat(),
        },
    }
    return [fact | {"effective_on": ago(world, 4000).isoformat()} if world.chance(0.4) else fact]


@life("report_birth_abroad")
def report_birth_abroad(world: World) -> Facts:
    [birth, joins, *_] = register_birth(world)
    del birth["witnesses"]
    certificate = {
        "number": f"NL-{world.rng.randint(1000, 9999)}",
        "authority": "Kota Den Haag",
        "country": "Belanda",
        "issued_on": birth["child"]["birth_date"],
    }
    return [birth | {"kind": "report_birth_abroad", "certificate": certificate}, joins]

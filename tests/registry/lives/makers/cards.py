"""Cards and recordings."""

from datetime import timedelta
from typing import Any

from tests.registry.lives.making import POINT, Facts, life, ref
from tests.registry.lives.world import Someone, World


@life("issue_card")
def issue_card(world: World) -> Facts:
    if world.chance(0.5):
        reason = world.rng.choice(("NEW", "NEW", "LOST", "DAMAGED", "CHANGED"))
        card = {"card": "KTP_EL", "reason": reason, "print_at": POINT}
        return [{"kind": "issue_card", "person": ref(_recorded(world)), **card}]
    child = world.anybody(lambda each: each.at_home and each.age(world.today) < 18)
    reason = world.rng.choice(("NEW", "NEW", "LOST", "DAMAGED", "RENEWED"))
    return [{"kind": "issue_card", "person": ref(child), "reason": reason}]


@life("record_biometrics")
def record_biometrics(world: World) -> Facts:
    foreign = world.chance(0.8) and any(_is_settled(each) for each in _unrecorded(world))
    person = world.pick(_unrecorded(world), lambda each: _is_settled(each) or not foreign)
    fact: dict[str, Any] = {
        "kind": "record_biometrics",
        "person": ref(person),
        "reference": f"station-{world.rng.randint(1, 9999)}",
        "quality": world.rng.randint(60, 99),
    }
    if _is_settled(person) and world.chance(0.9):
        fact["permit_until"] = (
            world.today + timedelta(days=world.rng.randint(300, 900))
        ).isoformat()
    return [fact | {"print_at": POINT} if world.chance(0.5) else fact]


def _unrecorded(world: World) -> list[Someone]:
    none = {"BELUM_WAJIB", "UNREGISTERED"}
    people = world.people.values()
    return [each for each in people if world.grown(each, 16) and each.recording_status in none]


def _is_settled(someone: Someone) -> bool:
    return someone.at_home and someone.citizenship == 2 and someone.permit == "ITAP"


@life("advance_recording")
def advance_recording(world: World) -> Facts:
    under_way = {
        "BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL",
        "ADJUDICATE_IN_PROCESS",
    }  # fmt: skip
    person = world.anybody(lambda each: each.alive and each.recording_status in under_way)
    said = (*["PRINT_READY_RECORD"] * 5, "ADJUDICATE_IN_PROCESS", "DUPLICATE_RECORD",
        "ENROLL_FAILURE_AT_CENTRAL", "RECEIVED_AT_CENTRAL")  # fmt: skip
    status = world.rng.choice(said)
    return [{"kind": "advance_recording", "person": ref(person), "status": status}]


def _recorded(world: World) -> Someone:
    return world.anybody(lambda each: world.grown(each, 16) and _is_printable(each))


def _is_printable(someone: Someone) -> bool:
    return someone.recording_status.startswith(("PRINT_READY", "SENT_FOR_CARD", "CARD_"))


@life("renew_card")
def renew_card(world: World) -> Facts:
    until = world.today + timedelta(days=world.rng.randint(30, 3000))
    recorded = world.chance(0.9)
    person = world.anybody(lambda each: _is_settled(each) and (_is_printable(each) or not recorded))
    return [{"kind": "renew_card", "person": ref(person), "permit_until": until.isoformat()}]


@life("revoke_card")
def revoke_card(world: World) -> Facts:
    held = world.pick(world.rows["cards"], lambda each: each["revoked_on"] is None)
    return [
        {
            "kind": "revoke_card",
            "person": ref(world.people[held["resident_id"]]),
            "card": held["kind"],
            "reason": world.rng.choice(("SURRENDERED", "FOUND", "INVALID", "MISUSED")),
        }
    ]


@life("activate_digital_id")
def activate_digital_id(world: World) -> Facts:
    action = world.rng.choice(("ACTIVATE", "ACTIVATE", "RESET", "REVOKE"))
    fact = {"kind": "activate_digital_id", "person": ref(_recorded(world)), "action": action}
    return [fact if action == "REVOKE" else fact | {"device": f"PHONE {world.rng.randint(1, 99)}"}]

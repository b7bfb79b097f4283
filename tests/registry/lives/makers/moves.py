"""People come and go, some of them foreigners."""

from datetime import date, timedelta
from typing import Any

from tests.registry.lives.making import ELSEWHERE, Facts, address, ago, life, name, of, ref
from tests.registry.lives.world import Household, Row, Someone, World


def newcomer(world: World, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    born = ago(world, 25_000)
    sex = world.rng.choice("LP")
    return {
        "full_name": name(world),
        "sex": sex,
        "birth_place": "JEMBER",
        "birth_date": born.isoformat(),
        "religion": 1,
        "marital_status": world.rng.choice((1, 1, 4, 6)),
        "mother_name": name(world),
    } | changes


def elsewhere(world: World) -> dict[str, str]:
    home = address(world)
    del home["village_code"]
    return home | {"village": "Sukamaju", "district_code": world.rng.choice(ELSEWHERE)[:8]}


def nik_elsewhere(world: World, someone: dict[str, Any]) -> str:
    born = date.fromisoformat(someone["birth_date"])
    day = born.day + (40 if someone["sex"] == "P" else 0)
    return f"350901{day:02}{born:%m%y}{world.rng.randint(9001, 9999)}"


def of_leavers(world: World) -> tuple[Household, list[Someone]]:
    if world.chance(0.4):
        home = world.home()
        return home, [world.people[each] for each in home.members]
    home = world.home(lambda each: len(each.members) > 1)
    return home, [world.people[world.pick(home.members)]]


@life("move_out")
def move_out(world: World) -> Facts:
    home, people = of_leavers(world)
    return [
        {
            "kind": "move_out",
            "family": of(home),
            "movers": [ref(each) for each in people],
            "reason": world.rng.randint(1, 6),
            "to": elsewhere(world),
        }
    ]


@life("move_abroad")
def move_abroad(world: World) -> Facts:
    home, people = of_leavers(world)
    return [
        {
            "kind": "move_abroad",
            "family": of(home),
            "movers": [ref(each) for each in people],
            "reason": 1,
            "country": "MALAYSIA",
        }
    ]


def _letter(world: World) -> str:
    def waits(move: Row) -> bool:
        return move["direction"] == "OUT" and move["status"] in {"IN_TRANSIT", "EXPIRED"}

    return str(world.pick(world.rows["moves"], waits)["number"])


@life("confirm_arrival_elsewhere")
def confirm_arrival_elsewhere(world: World) -> Facts:
    day = ago(world, 5).isoformat()
    return [{"kind": "confirm_arrival_elsewhere", "letter": _letter(world), "arrived_on": day}]


@life("cancel_move")
def cancel_move(world: World) -> Facts:
    fact: dict[str, Any] = {"kind": "cancel_move", "letter": _letter(world)}
    return [fact | {"joins": of(world.home())} if world.chance(0.4) else fact]


def _arrivals(world: World, numbered: float) -> list[dict[str, Any]]:
    first = newcomer(world)
    if world.chance(numbered):
        first["nik"] = nik_elsewhere(world, first)
    return [{"newcomer": first}]


def _goal(world: World) -> dict[str, Any]:
    return {"to": address(world)} if world.chance(0.5) else {"joins": of(world.home())}


def _related(world: World, arrivals: list[dict[str, Any]], goal: dict[str, Any]) -> None:
    if "joins" in goal:
        for each in arrivals:
            each["relationship"] = world.rng.choice((9, 11))


@life("arrive")
def arrive(world: World) -> Facts:
    back = [each for each in world.people.values() if each.status == "PINDAH"]
    arrivals = _arrivals(world, 0.95)
    if back and world.chance(0.5):
        arrivals = [{"person": ref(world.pick(back))}]
    goal = _goal(world)
    _related(world, arrivals, goal)
    letter = {
        "number": f"SKPWNI/3509/{world.today:%d%m%Y}/{world.rng.randint(1, 9999):04}",
        "issued_on": ago(world, 20).isoformat(),
        "origin": elsewhere(world),
        "people": len(arrivals),
    }
    return [{"kind": "arrive", "arrivals": arrivals, "letter": letter, **goal}]


@life("arrive_from_abroad")
def arrive_from_abroad(world: World) -> Facts:
    arrivals, goal = _arrivals(world, 0.6), _goal(world)
    _related(world, arrivals, goal)
    arrivals[0]["passport_number"] = f"C{world.rng.randint(1_000_000, 9_999_999)}"
    return [{"kind": "arrive_from_abroad", "arrivals": arrivals, "country": "TAIWAN", **goal}]


@life("note_temporary_stay")
def note_temporary_stay(world: World) -> Facts:
    guest = newcomer(world)
    since = ago(world, 30)
    return [
        {
            "kind": "note_temporary_stay",
            "nik": nik_elsewhere(world, guest),
            "full_name": guest["full_name"],
            "sex": guest["sex"],
            "birth_date": guest["birth_date"],
            "home": elsewhere(world),
            "at": address(world),
            "since": since.isoformat(),
            "until": (since + timedelta(days=world.rng.randint(40, 360))).isoformat(),
            "reason": 1,
        }
    ]


@life("register_foreigner")
def register_foreigner(world: World) -> Facts:
    kind = world.rng.choice(("ITAS", "ITAP"))
    permit = {
        "kind": kind,
        "number": f"2C11{world.rng.randint(1000, 9999)}",
        "issued_on": ago(world, 60).isoformat(),
        "valid_until": (world.today + timedelta(days=world.rng.randint(60, 1500))).isoformat(),
        "nationality": "JEPANG",
        "passport_number": f"TK{world.rng.randint(100_000, 999_999)}",
    }
    fact: dict[str, Any] = {"kind": "register_foreigner", "permit": permit}
    known = [each for each in world.people.values() if each.alive and each.citizenship == 2]
    if known and world.chance(0.4):
        fact["person"] = ref(world.pick(known))
    else:
        fact["newcomer"] = newcomer(world, citizenship=2, birth_place="OSAKA")
    if kind == "ITAS" or world.chance(0.6):
        return [fact | {"at": address(world)}]
    return [fact | {"joins": of(world.home()), "relationship": 11}]


@life("issue_letter")
def issue_letter(world: World) -> Facts:
    fact: dict[str, Any] = {"kind": "issue_letter", "at": address(world)}
    letter = world.rng.choice(("SKPTI", "SKPS", "SKOT", "SKTK"))
    person = world.anybody(lambda each: each.alive)
    told = {
        "SKPTI": {"person": ref(person), "cause": "BANJIR"},
        "SKPS": {"person": ref(person), "cause": "KEBAKARAN", "certificate": {"event": "BIRTH"}},
        "SKOT": {
            "described": {"full_name": name(world), "sex": "L"},
            "found_at": "TERMINAL",
            "found_on": ago(world, 9).isoformat(),
        },
        "SKTK": {"person": ref(person), "community": "KEBUN KALIBARU", "elder_name": "KARTO"},
    }
    return [fact | {"letter": letter} | told[letter]]

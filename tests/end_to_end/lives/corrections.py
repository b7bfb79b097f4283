"""Corrections of records and certificates, names, citizenship, merging."""

from typing import Any

from shared.db import Sessions
from tests.end_to_end.lives.deaths import dead
from tests.end_to_end.lives.people import (
    COURT,
    RULING,
    Life,
    alone,
    born,
    couple,
    made,
    unique,
    who,
    years_ago,
)
from tests.end_to_end.walking import Filing


def corrected(paper: str, **to: Any) -> Life:  # noqa: ANN401 - of a fact or a person
    async def life(sessions: Sessions) -> Filing:
        somebody = await alone(sessions)
        proof = RULING | {"paper": paper}
        fact = {"kind": "correct_resident", "person": who(somebody), "to": to, "proof": proof}
        return Filing("self", [fact])

    return life


async def typing_error(sessions: Sessions) -> Filing:
    somebody = await alone(sessions)
    right = somebody.full_name.replace("WIBOWO", "WIBAWO")
    proof = RULING | {"paper": "BIRTH_CERTIFICATE"}
    to = {"full_name": right}
    fact = {"kind": "correct_resident", "person": who(somebody), "to": to, "proof": proof}
    return Filing("self", [fact])


async def new_name(sessions: Sessions) -> Filing:
    _, child, _ = await born(sessions, 4)
    fact = {
        "kind": "change_name",
        "person": who(child),
        "full_name": f"{unique()} PRATAMA",
        "ruling": COURT,
    }
    return Filing("parent", [fact])


DECREE = {"number": "AHU-12.AH.10.01/2026", "authority": "Kementerian Hukum", "dated": "2026-09-01"}


async def new_citizenship(sessions: Sessions) -> Filing:
    someone = await alone(sessions)
    fact = {
        "kind": "set_citizenship",
        "person": who(someone),
        "event": "LOST",
        "decree": DECREE,
        "happened_on": years_ago(0, 20).isoformat(),
        "permit": "ITAP",
    }
    return Filing("self", [fact])


async def two_citizenships(sessions: Sessions) -> Filing:
    _, child, _ = await born(sessions, 4)
    fact = {
        "kind": "set_citizenship",
        "person": who(child),
        "event": "DUAL",
        "decree": DECREE,
        "happened_on": DECREE["dated"],
    }
    return Filing("parent", [fact])


async def other_event(sessions: Sessions) -> Filing:
    someone = await alone(sessions)
    fact = {
        "kind": "note_vital_event",
        "person": who(someone),
        "event": "SEX_CHANGE",
        "sex": "P",
        "ruling": COURT,
    }
    return Filing("self", [fact])


async def right_certificate(sessions: Sessions) -> Filing:
    _, _, certificate = await born(sessions)
    fact = {
        "kind": "correct_certificate",
        "certificate": {"certificate_id": certificate},
        "basis": "OFFICER",
        "why": "Salah tulis tempat lahir",
        "to": {"birth_place": "JEMBER"},
    }
    return Filing("subject", [fact])


async def cancelled_certificate(sessions: Sessions) -> Filing:
    they = await couple(sessions)
    answer = await made(sessions, dead(they.father))
    fact = {
        "kind": "cancel_certificate",
        "certificate": {"certificate_id": str(answer.outcome.certificate_ids[0])},
        "basis": "OFFICER",
        "why": "Yang meninggal orang lain",
    }
    return Filing("registrar", [fact])


async def another_copy(sessions: Sessions) -> Filing:
    _, _, certificate = await born(sessions)
    fact = {
        "kind": "reissue_certificate",
        "certificate": {"certificate_id": certificate},
        "reason": "LOST",
    }
    return Filing("subject", [fact])


async def one_person(sessions: Sessions) -> Filing:
    kept, other = await alone(sessions), await alone(sessions)
    fact = {
        "kind": "resolve_duplicate",
        "keep": who(kept),
        "end": who(other),
        "proof": "BIOMETRICS",
        "letter": "471/12/2026",
    }
    return Filing("self", [fact])


async def confirmed(sessions: Sessions) -> Filing:
    someone = await alone(sessions)
    fact = {"kind": "confirm_data", "person": who(someone), "agency": "BPJS Kesehatan"}
    return Filing("self", [fact])

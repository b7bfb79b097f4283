"""What the facts say about who leaves, arrives, stays for a while or has no papers."""

from typing import Any

FAMILY = {"kk_number": "3510051203109001"}
MOVER = {"nik": "3510054107959001"}
HOME = {"address": "JALAN MAWAR 3", "rt": "004", "rw": "005", "village_code": "35.10.10.2003"}
ELSEWHERE = {
    "address": "JALAN MELATI 1",
    "rt": "001",
    "rw": "004",
    "village": "Balecatur",
    "district_code": "34.04.01",
}
NEWCOMER = {
    "nik": "3404014504909001",
    "full_name": "DEWI LESTARI",
    "sex": "P",
    "birth_place": "SLEMAN",
    "birth_date": "1990-04-05",
    "religion": 1,
    "marital_status": 4,
    "mother_name": "SUMINAH",
}
LETTER = {
    "number": "SKPWNI/3404/01112026/0007",
    "issued_on": "2026-11-01",
    "origin": ELSEWHERE,
    "people": 1,
}
PERMIT = {
    "kind": "ITAS",
    "number": "2C21AF0001-W",
    "issued_on": "2026-11-10",
    "valid_until": "2027-11-09",
    "nationality": "AUSTRALIA",
    "passport_number": "PA1234567",
}

ABOUT: dict[str, dict[str, Any]] = {
    "issue_card": {"person": MOVER},
    "move_out": {"family": FAMILY, "movers": [MOVER], "reason": 1, "to": ELSEWHERE},
    "move_abroad": {"family": FAMILY, "movers": [MOVER], "reason": 1, "country": "MALAYSIA"},
    "cancel_move": {"letter": "SKPWNI/3510/24112026/0001"},
    "arrive": {"letter": LETTER, "arrivals": [{"newcomer": NEWCOMER}], "to": HOME},
    "arrive_from_abroad": {
        "country": "MALAYSIA",
        "arrivals": [{"newcomer": NEWCOMER}],
        "to": HOME,
    },
    "note_temporary_stay": {
        "nik": "3404014504909001",
        "full_name": "DEWI LESTARI",
        "sex": "P",
        "birth_date": "1990-04-05",
        "home": ELSEWHERE,
        "at": HOME,
        "since": "2026-11-01",
        "until": "2027-05-01",
        "reason": 1,
    },
    "register_foreigner": {"newcomer": NEWCOMER | {"nik": None}, "permit": PERMIT, "at": HOME},
    "issue_letter": {
        "letter": "SKPTI",
        "described": {"full_name": "SUPARMAN", "sex": "L"},
        "at": HOME,
    },
}

"""People made by hand, with nothing to them but what coverage counts."""

from datetime import date
from itertools import count
from typing import Any

from services.registry.coverage.rules import Person
from services.registry.residents.tables import Resident

TODAY = date(2026, 11, 24)
VILLAGE = "35.10.05.2003"
_serials = count(1)

GROWN = Person(date(1990, 1, 1), 1, 1, None, "HIDUP", "CARD_ISSUED", None, None)
CHILD = Person(date(2018, 5, 5), 1, 1, None, "HIDUP", "BELUM_WAJIB", "3510-LU-1", None)


def resident(
    person: Person, village: str | None = VILLAGE, rw: str | None = "001", rt: str | None = "002"
) -> Resident:
    number = next(_serials)
    made: dict[str, Any] = person._asdict()
    return Resident(
        **made,
        nik=f"351005{number:06}9001",
        full_name="UJI COBA",
        words=["UJI", "COBA"],
        sex="L",
        birth_place="BANYUWANGI",
        religion=1,
        education=1,
        occupation=1,
        mother_name="IBU",
        village_code=village,
        rw=rw,
        rt=rt,
        version=1,
        valid_from=TODAY,
    )

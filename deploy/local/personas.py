"""One synthetic person for each role, to act as on a laptop."""

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

REGENCY = "35.10"
DISTRICT = "35.10.05"
VILLAGE = "35.10.05.2003"

# Where a role works, when it is not the whole regency; and the point where it sits.
_PLACES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "WARGA": ((), None),
    "KEPALA_KELUARGA": ((), None),
    "KUASA": ((), None),
    "OP_DESA": ((VILLAGE,), "SP-3510052003"),
    "OP_KEC": ((DISTRICT,), "SP-351005"),
    "OP_GERAI": ((REGENCY,), "SP-3510-001"),
    "VERIFIKATOR": ((REGENCY,), "SP-3510-000"),
    "OP_CETAK": ((REGENCY,), "SP-3510-000"),
    "CAMAT": ((DISTRICT,), None),
    "KADES": ((VILLAGE,), None),
}
_NAMES = {
    "WARGA": "Budi Santoso",
    "FASKES": "Bidan Sri Wahyuni",
    "OP_DESA": "Rini Astuti",
    "VERIFIKATOR": "Agus Prasetyo",
    "PPS": "Dewi Lestari",
    "KADIS": "Hadi Sutrisno",
}


@dataclass(frozen=True)
class Persona:
    """Somebody to act as; the id serves as client id and as subject."""

    id: str
    role: str
    name: str
    areas: tuple[str, ...]
    point: str | None

    def claims(self) -> dict[str, Any]:
        """Return what a token says about them; None is left out of it."""
        return {
            "sub": self.id,
            "roles": [self.role],
            "areas": list(self.areas),
            "point": self.point,
            "name": self.name,
        }


def personas() -> dict[str, Persona]:
    """Return every persona by id: one per role of the code list."""
    with files("shared.codes").joinpath("peran.csv").open(encoding="utf-8") as lines:
        made = [_persona(row["code"], row["name_id"]) for row in csv.DictReader(lines)]
    return {each.id: each for each in made}


def _persona(role: str, title: str) -> Persona:
    areas, point = _PLACES.get(role, ((REGENCY,), None))
    return Persona(role.lower().replace("_", "-"), role, _NAMES.get(role, title), areas, point)

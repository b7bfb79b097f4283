"""What else is on the card of somebody made up: work, schooling, origin, address. Assumptions."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from deploy.seed.people import Person
from deploy.seed.regency import VillagePlan

NULL = "\\N"
BELIEF = 7

_MUNCAR = "35.10.05"
_SCHOOL_AGES, _WORKING = range(7, 19), range(19, 70)
_HOMEMAKER, _STUDENT, _NONE, _RETIRED = 2, 3, 1, 4
_FISHER = 11

# What people of working age do: cumulative share and code of pekerjaan.csv.
_WORK = {
    "L": (
        (0.27, 9), (0.48, 15), (0.70, 88), (0.80, 19), (0.88, 20), (0.91, 13), (0.925, 5),
        (0.94, 14), (0.955, 8), (0.96, 65), (0.965, 85), (0.97, 6), (0.975, 7), (1.0, 1),
    ),
    "P": (
        (0.62, 2), (0.72, 9), (0.82, 15), (0.90, 88), (0.94, 20), (0.955, 8), (0.965, 5),
        (0.98, 65), (0.985, 74), (0.99, 73), (1.0, 1),
    ),
}  # fmt: skip
# Schooling of the grown, by the year from which they were born: cumulative, code of pendidikan.csv.
_SCHOOLING = (
    (1995, ((0.02, 1), (0.05, 2), (0.17, 3), (0.40, 4), (0.84, 5), (0.88, 7), (0.99, 8), (1.0, 9))),
    (1975, ((0.04, 1), (0.12, 2), (0.42, 3), (0.65, 4), (0.90, 5), (0.92, 7), (0.99, 8), (1.0, 9))),
    (0, ((0.24, 1), (0.48, 2), (0.80, 3), (0.88, 4), (0.96, 5), (0.97, 7), (1.0, 8))),
)
_BLOOD = ((0.62, 13), (0.77, 4), (0.87, 1), (0.96, 2), (1.0, 3))
_ELSEWHERE = (
    ("JEMBER", "35.09"), ("SITUBONDO", "35.12"), ("BONDOWOSO", "35.11"), ("LUMAJANG", "35.08"),
    ("MALANG", "35.07"), ("SURABAYA", "35.78"), ("PROBOLINGGO", "35.13"), ("JEMBRANA", "51.01"),
    ("DENPASAR", "51.71"), ("SUMENEP", "35.29"), ("BLITAR", "35.05"), ("KEDIRI", "35.06"),
)  # fmt: skip
_ABROAD = ("LONDON", "PERTH", "AMSTERDAM", "KUALA LUMPUR", "OSAKA", "LYON", "HAMBURG")
_STREETS = (
    "MELATI", "MAWAR", "KENANGA", "ANGGREK", "CEMPAKA", "DAHLIA", "MERPATI", "RAJAWALI", "KUTILANG",
    "DIPONEGORO", "SUDIRMAN", "KARTINI", "GAJAH MADA", "BRAWIJAYA", "IKAN HIU", "IKAN TONGKOL",
    "RAYA", "MASJID", "PASAR", "SAWAH", "KOPI", "KELAPA", "JATI", "MAHONI",
)  # fmt: skip
_HAMLETS = (
    "KRAJAN", "SUMBERAGUNG", "SUMBERJO", "TEGALREJO", "KALIREJO", "SIDOMULYO", "PONDOK", "CURAH",
    "TANJUNGREJO", "WRINGIN", "PANCORAN", "GUMUK", "LATENG", "SRATEN", "KEDUNG", "BULU",
)  # fmt: skip


class Story(NamedTuple):
    """The rest of one row of residents."""

    title: str
    birth_place: str
    birth_place_code: str
    belief: str
    blood_type: int
    education: int
    occupation: int
    disability: str
    status: str
    came_from_elsewhere: bool


def draw(each: Person, year: int, chance: Random, plan: VillagePlan) -> Story:
    """Draw what age, sex and place make likely."""
    random = chance.random
    elsewhere = random() < (0.112 if each.age > 16 else 0.015)  # noqa: PLR2004
    place, code = _birth_place(each, chance, elsewhere=elsewhere)
    draw_status = random()
    return Story(
        title=_title(each, random()),
        birth_place=place,
        birth_place_code=code,
        belief="PAGUYUBAN CONTOH" if each.religion == BELIEF else NULL,
        blood_type=_pick(_BLOOD, random()),
        education=_education(each.age, year, random()),
        occupation=_occupation(each, random(), plan),
        disability=str(1 + int(random() * 6)) if random() < 0.006 else NULL,  # noqa: PLR2004
        status="HILANG" if draw_status < 0.0002 else "NONAKTIF" if draw_status < 0.002 else "HIDUP",  # noqa: PLR2004
        came_from_elsewhere=elsewhere,
    )


def _pick(steps: tuple[tuple[float, int], ...], at: float) -> int:
    return next(code for bound, code in steps if at < bound)


def _birth_place(each: Person, chance: Random, *, elsewhere: bool) -> tuple[str, str]:
    if each.permit:
        return chance.choice(_ABROAD), NULL
    return chance.choice(_ELSEWHERE) if elsewhere else ("BANYUWANGI", "35.10")


def _title(each: Person, at: float) -> str:
    if each.age > 50 and each.religion == 1 and at < 0.06:  # noqa: PLR2004 - went on the hajj
        return "H." if each.sex == "L" else "HJ."
    return NULL


def _education(age: int, year: int, at: float) -> int:
    for bound, code in ((6, 1), (12, 2), (15, 3), (18, 4)):
        if age <= bound:
            return code
    steps = next(steps for since, steps in _SCHOOLING if year >= since)
    return _pick(steps, at)


def _occupation(each: Person, at: float, plan: VillagePlan) -> int:
    if each.age in _SCHOOL_AGES or (each.age in range(19, 24) and at < 0.35):  # noqa: PLR2004
        return _STUDENT
    if each.age not in _WORKING:
        return _NONE if each.age < _SCHOOL_AGES.start or at < 0.6 else _RETIRED  # noqa: PLR2004
    fishing = 0.27 if plan.code.startswith(_MUNCAR) else 0.027
    if each.sex == "L" and at < fishing:
        return _FISHER
    if each.sex == "L" and fishing > 0.1:  # noqa: PLR2004 - the others share what is left
        at = (at - fishing) / (1 - fishing)
    return _pick(_WORK[each.sex], at)


class Streets:
    """The streets and hamlets of a village: one hamlet per RW, a few streets each."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._hamlets = chance.sample(_HAMLETS, len(_HAMLETS))

    def address(self, rw: str, *, institution: bool) -> tuple[str, str]:
        """Return address and hamlet of a family."""
        hamlet = self._hamlets[int(rw) % len(self._hamlets)]
        if institution:
            return "PONDOK PESANTREN CONTOH", hamlet
        if self._chance.random() < 0.55:  # noqa: PLR2004
            return f"DUSUN {hamlet}", hamlet
        number = 1 + int(self._chance.random() * 180)
        return f"JL. {self._chance.choice(_STREETS)} NO. {number}", hamlet

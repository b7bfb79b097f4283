"""The plan of a synthetic regency: how many people of which age live where, and who is covered.

Everything that the headline figures count is decided here, in whole people, so that they come out
exactly whatever the villages make of it; a village then only decides who.
"""

import csv
import gzip
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

REGENCY_POPULATION = 1_791_789  # semester II 2024
SEED = "balai"
OLDEST = 95
RECORDED, KIA, CERTIFIED = 0.977, 0.541, 0.97  # of those who count
ITAS, ITAP = 300, 120  # foreigners in the whole regency
BRIDES = 0.01  # of the girls of sixteen are married, with a dispensation
SERIALS = range(9001, 10_000)  # of synthetic people: real ones have two digits

# Plantations, where coverage is low; towns, where it is high.
_PLANTATIONS = {"35.10.01", "35.10.10", "35.10.11", "35.10.18", "35.10.22"}
_TOWNS = {"35.10.09", "35.10.13", "35.10.16", "35.10.17"}

AgeSex = tuple[int, str]


class Quota(NamedTuple):
    """How many people of a village are covered."""

    recorded: int
    kia: int
    certified: int


@dataclass(frozen=True)
class VillagePlan:
    """One village that is to be filled."""

    index: int
    code: str
    name: str
    size: int
    full_size: int  # at the regency's real size; decides on how many RT there are
    ages: dict[AgeSex, int]
    brides: int
    itas: int
    itap: int
    quota: Quota
    # Of each district prefix that people here have, the serials which are this village's.
    serials: dict[str, range]
    old_prefix: str | None  # of the district that it belonged to before 2018
    certificate_serials: range
    elsewhere: tuple[str, ...]  # prefixes of other regencies that only this village uses

    @property
    def prefix(self) -> str:
        """Return the six digits of its district."""
        return self.code[:8].replace(".", "")


@dataclass(frozen=True)
class Place:
    """A village before anybody lives in it."""

    code: str
    name: str
    weight: float


def plan(residents: int) -> list[VillagePlan]:
    """Return the plan of every village, in the order of their codes.

    Raises:
        ValueError: fewer people than villages.
    """
    places = _places()
    if residents < 2 * len(places):
        raise ValueError(f"a regency of {len(places)} villages needs more people")
    sizes = _split(residents, [each.weight for each in places], least=1)
    full_sizes = _split(REGENCY_POPULATION, [each.weight for each in places], least=1)
    pyramid = _pyramid()
    chance = Random(f"{SEED}/plan")
    ages = [_ages(size, pyramid, chance.random()) for size in sizes]
    brides = [_rounded(BRIDES * each.get((16, "P"), 0), chance) for each in ages]
    share = residents / REGENCY_POPULATION
    itas, itap = (_split(max(1, round(each * share)), sizes) for each in (ITAS, ITAP))
    quotas = _quotas(places, ages, brides, itas, chance)
    numbers = _numbers(places, full_sizes)
    return [
        VillagePlan(
            i, place.code, place.name, sizes[i], full_sizes[i], ages[i], brides[i],
            itas[i], itap[i], quotas[i], *numbers[i],
        )
        for i, place in enumerate(places)
    ]  # fmt: skip


def _rows(path: str, package: str = "deploy.data") -> list[dict[str, str]]:
    return list(csv.DictReader(files(package).joinpath(path).read_text().splitlines()))


def _places() -> list[Place]:
    """Return the villages; inside a district they differ like real ones do (log-normal)."""
    weights = {row["code"]: float(row["weight"]) for row in _rows("synthetic-district-weights.csv")}
    villages = [
        row for row in _rows("regions-3510.csv", "services.registry.data")
        if row["level"] == "village"
    ]  # fmt: skip
    chance = Random(f"{SEED}/places")
    drawn = {row["code"]: chance.lognormvariate(0, 0.4) for row in villages}
    sums = dict.fromkeys(weights, 0.0)
    for code, size in drawn.items():
        sums[code[:8]] += size
    return [
        Place(
            row["code"],
            row["name"],
            weights[row["code"][:8]] * drawn[row["code"]] / sums[row["code"][:8]],
        )
        for row in villages
    ]


def _split(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Divide a whole number by weights, each at least so much, by largest remainders."""
    free = total - least * len(weights)
    exact = [free * each / math.fsum(weights) for each in weights]
    parts = [math.floor(each) for each in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[: free - sum(parts)]:
        parts[i] += 1
    return [each + least for each in parts]


def _pyramid() -> list[tuple[AgeSex, float]]:
    """Return the share of each year of age and sex; the sum is 1."""
    shares: list[tuple[AgeSex, float]] = []
    for row in _rows("synthetic-age-pyramid.csv"):
        first, _, last = row["age_group"].partition("-")
        years = range(int(first), int(last) + 1) if last else range(75, OLDEST + 1)
        fading = [1.0 if last else 0.85 ** (age - 75) for age in years]
        male = float(row["male_percent_in_group"]) / 100
        for age, weight in zip(years, fading, strict=True):
            part = float(row["share_percent"]) * weight / sum(fading)
            shares += [((age, "L"), part * male), ((age, "P"), part * (1 - male))]
    total = math.fsum(part for _, part in shares)
    return [(cell, part / total) for cell, part in shares]


def _ages(size: int, pyramid: list[tuple[AgeSex, float]], start: float) -> dict[AgeSex, int]:
    """Draw people along the pyramid in equal steps from a start; the sum is exactly `size`."""
    edges = [0.0, *accumulate(part for _, part in pyramid)]
    edges[-1] = 1.0
    steps = [math.floor(edge * size + start) for edge in edges]
    counts = {cell: b - a for (cell, _), (a, b) in zip(pyramid, pairwise(steps), strict=True)}
    return {cell: count for cell, count in counts.items() if count}


def _rounded(value: float, chance: Random) -> int:
    return math.floor(value + chance.random())


def _count(ages: dict[AgeSex, int], years: range) -> int:
    return sum(count for (age, _), count in ages.items() if age in years)


def _quotas(
    places: list[Place],
    ages: list[dict[AgeSex, int]],
    brides: list[int],
    itas: list[int],
    chance: Random,
) -> list[Quota]:
    """Decide how many are covered in each village, so that the regency's shares are exact."""
    grown = [
        _count(each, range(17, OLDEST + 1)) + brides[i] - itas[i] for i, each in enumerate(ages)
    ]
    children = [_count(each, range(17)) - brides[i] for i, each in enumerate(ages)]
    young = [_count(each, range(19)) for each in ages]
    lack = [_backwardness(each.code) * chance.lognormvariate(0, 0.3) for each in places]
    lacking_ktp = _allot(round(sum(grown) * (1 - RECORDED)), grown, lack)
    lacking_akta = _allot(round(sum(young) * (1 - CERTIFIED)), young, lack)
    eager = [chance.lognormvariate(0, 0.12) / each**0.25 for each in lack]
    kia = _allot(round(sum(children) * KIA), children, eager)
    return [
        Quota(grown[i] - lacking_ktp[i], kia[i], young[i] - lacking_akta[i])
        for i in range(len(places))
    ]


def _backwardness(code: str) -> float:
    if code[:8] in _PLANTATIONS:
        return 2.2
    return 0.5 if code[:8] in _TOWNS else 1.0


def _allot(total: int, room: list[int], eagerness: list[float]) -> list[int]:
    """Divide a whole number by room and eagerness; nobody gets more than there is room for."""
    parts = [0] * len(room)
    while rest := total - sum(parts):
        weights = [each * eagerness[i] if parts[i] < each else 0.0 for i, each in enumerate(room)]
        more = _split(rest, weights)
        parts = [min(room[i], each + more[i]) for i, each in enumerate(parts)]
    return parts


Numbers = tuple[dict[str, range], str | None, range, tuple[str, ...]]


def _numbers(places: list[Place], sizes: list[int]) -> list[Numbers]:
    """Give each village serials of its own, so that villages can be made apart from one another.

    Villages of Blimbingsari, split off in 2018, use the prefix of their old district as well.
    """
    recoded = {
        row["new_code"]: row["old_code"][:8].replace(".", "")
        for row in _rows("regions-3510-recoded.csv", "services.registry.data")
    }
    users: dict[str, list[int]] = {}
    for i, place in enumerate(places):
        for prefix in {place.code[:8].replace(".", ""), recoded.get(place.code)} - {None}:
            users.setdefault(str(prefix), []).append(i)
    serials: list[dict[str, range]] = [{} for _ in places]
    for prefix, members in users.items():
        for i, part in zip(members, _ranges(SERIALS, [sizes[i] for i in members]), strict=True):
            serials[i][prefix] = part
    elsewhere = _elsewhere()
    return [
        (
            serials[i],
            recoded.get(place.code),
            part,
            tuple(elsewhere[i :: len(places)]),
        )
        for i, (place, part) in enumerate(
            zip(places, _ranges(range(1, 10_000), sizes), strict=True)
        )
    ]


def _ranges(whole: range, weights: Iterable[int]) -> list[range]:
    sizes = _split(len(whole), list(weights), least=2)
    ends = list(accumulate(sizes, initial=whole.start))
    return [range(a, b) for a, b in pairwise(ends)]


def _elsewhere() -> list[str]:
    """Return the prefix of every district of other regencies, in a fixed disorder."""
    packed = files("services.registry.data").joinpath("regions-national.csv.gz").read_bytes()
    rows = csv.DictReader(gzip.decompress(packed).decode().splitlines())
    found = [
        row["code"].replace(".", "") for row in rows
        if row["level"] == "district" and not row["code"].startswith("35.10.")
    ]  # fmt: skip
    Random(f"{SEED}/elsewhere").shuffle(found)
    return found

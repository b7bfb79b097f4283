"""Names of people who do not exist, put together from parts: by era, origin, sex and religion."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

ISLAM, PROTESTANT, CATHOLIC, HINDU = 1, 2, 3, 4
OLD, MID, NEW = "old", "mid", "new"
BIRTH_ORDERS = 9  # the first parts of the Balinese list, such as WAYAN and MADE
SHORTEST_ALONE = 4  # letters of a name of one word

# How many words a name has, from one: cumulative.
_WORDS = {OLD: (0.55, 0.95, 1.0), MID: (0.12, 0.82, 1.0), NEW: (0.0, 0.42, 0.88, 1.0)}


def era(birth_year: int) -> str:
    """Return whose fashion a name follows."""
    if birth_year < 1970:  # noqa: PLR2004
        return OLD
    return MID if birth_year < 2000 else NEW  # noqa: PLR2004


@cache
def _parts() -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    text = files("deploy.data").joinpath("synthetic-name-parts.csv").read_text()
    for row in csv.DictReader(text.splitlines()):
        sex = "L" if row["sex"] == "m" else "P"
        found.setdefault((row["category"], sex, row["era"]), []).append(row["part"])
    return {key: tuple(parts) for key, parts in found.items()}


@cache
def _pools(religion: int, *, madurese: bool, sex: str, when: str) -> tuple[Sequence[str], ...]:
    """Return the parts for the first word, and those for the others; repeated for weight."""
    parts = _parts()
    java = parts["javanese_osing", sex, OLD if when == OLD else MID]
    islamic, modern = parts["islamic", sex, MID], parts["modern", sex, NEW]
    if religion == HINDU:
        bali = parts["balinese_hindu", sex, MID]
        orders = bali[:BIRTH_ORDERS]
        rest = bali[len(orders) :]
        return (orders, rest if when != NEW else rest + modern)
    if religion in {PROTESTANT, CATHOLIC}:
        return (parts["christian", sex, MID], java if when != NEW else java + modern)
    if when == OLD:
        mine = parts["madurese", sex, OLD] if madurese else java
        return (mine, islamic if madurese else mine)
    if religion != ISLAM:
        return (java, java if when == MID else modern)
    if when == MID:
        return (islamic + java if not madurese else islamic, java + islamic)
    return (islamic + modern * 2, modern)


def full_name(chance: Random, religion: int, sex: str, year: int, *, madurese: bool) -> str:
    """Make up a name such as people born in that year were given."""
    when = era(year)
    first, rest = _pools(religion, madurese=madurese, sex=sex, when=when)
    draw, random = chance.random(), chance.random
    name = [first[int(random() * len(first))]]
    for bound in _WORDS[when]:
        if draw < bound and not (len(name) == 1 and len(name[0]) < SHORTEST_ALONE):
            break
        word = rest[int(random() * len(rest))]
        if word not in name:
            name.append(word)
    return " ".join(name)

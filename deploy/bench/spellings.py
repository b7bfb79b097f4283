"""How people here write a name that is on record otherwise: one way of each kind, by chance.

None of this is taken from the product: it is what old papers, clerks and relatives write.
"""

import re
from collections.abc import Callable
from random import Random

Way = Callable[[Random, str], str | None]  # None: does not apply to this name

_OLD = (("U", "OE"), ("J", "DJ"), ("C", "TJ"), ("Y", "J"), ("SY", "SJ"), ("NY", "NJ"))
_SOUNDS = (
    ("F", "P"), ("P", "F"), ("Z", "S"), ("S", "SY"), ("K", "Q"), ("KH", "H"), ("CH", "KH"),
    ("AI", "AE"), ("I", "Y"), ("V", "F"), ("E", "I"), ("O", "U"), ("D", "DH"), ("T", "TH"),
)  # fmt: skip
_HALF = 0.5
_MUHAMMAD = ("MUHAMMAD", "MOHAMMAD", "MUHAMAD", "MOCHAMAD", "MOCH.", "MOH.", "M.", "MUH.", "MUCH")
_IS_MUHAMMAD = re.compile(r"^(M[UO]C?K?H?AM+AD|M[OU]C?H\.?|M\.)$")


def _one(chance: Random, name: str, pairs: tuple[tuple[str, str], ...]) -> str | None:
    found = [pair for pair in pairs if pair[0] in name]
    if not found:
        return None
    old, new = chance.choice(found)
    places = [each.start() for each in re.finditer(old, name)]
    place = chance.choice(places)
    return name[:place] + new + name[place + len(old) :]


def old_spelling(chance: Random, name: str) -> str | None:
    """SUKARDJO: the spelling of 1901 or 1947 in one place."""
    return _one(chance, name, _OLD)


def by_ear(chance: Random, name: str) -> str | None:
    """SAFRUDIN, SAPRUDIN: another letter of the same sound."""
    return _one(chance, name, _SOUNDS)


def doubled(chance: Random, name: str) -> str | None:
    """MUHAMAD, MUHAMMAD: a letter once or twice."""
    twice = [each.start() for each in re.finditer(r"([A-Z])\1", name)]
    if twice and chance.random() < _HALF:
        place = chance.choice(twice)
        return name[:place] + name[place + 1 :]
    places = [each.start() for each in re.finditer(r"(?<=[AIUEO])[BDKLMNRST](?=[AIUEO])", name)]
    if not places:
        return None
    place = chance.choice(places)
    return name[:place] + name[place] + name[place:]


def short_muhammad(chance: Random, name: str) -> str | None:
    """M. RIZKI: one of the ways to write the Prophet's name; none applies to other names."""
    first, _, rest = name.partition(" ")
    if not rest or not _IS_MUHAMMAD.match(first):
        return None
    return f"{chance.choice(_MUHAMMAD)} {rest}"


def slip(chance: Random, name: str) -> str | None:
    """A letter left out, put twice or exchanged with its neighbour."""
    places = [n for n in range(1, len(name) - 1) if name[n].isalpha() and name[n + 1].isalpha()]
    if len(places) < 3:  # noqa: PLR2004 - too short to be meant by it
        return None
    n = chance.choice(places)
    left_out = name[:n] + name[n + 1 :]
    exchanged = name[:n] + name[n + 1] + name[n] + name[n + 2 :]
    return chance.choice((left_out, exchanged))


def title(chance: Random, name: str) -> str | None:
    """H. SLAMET, SLAMET S.PD: what is not part of the name."""
    before, after = ("H.", "HJ.", "DR.", "DRS.", "IR.", "KH."), (", S.PD", " S.H.", ", M.SI", " SE")
    return (
        f"{chance.choice(before)} {name}"
        if chance.choice((True, False))
        else name + chance.choice(after)
    )


def son_or_daughter(chance: Random, name: str) -> str | None:
    """AHMAD BIN ALI: the name of the father behind it."""
    father = chance.choice(("SUKARDI", "ABDULLAH", "MISDI", "SLAMET"))
    return f"{name} {chance.choice(('BIN', 'BINTI', 'B.'))} {father}"


def order(chance: Random, name: str) -> str | None:
    """SANTOSO BUDI."""
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004
        return None
    chance.shuffle(words)
    return " ".join(words)


def word_left_out(chance: Random, name: str) -> str | None:
    """One of three words or more is not said."""
    words = name.split()
    if len(words) < 3:  # noqa: PLR2004
        return None
    words.pop(chance.randrange(1, len(words)))
    return " ".join(words)


def together(_chance: Random, name: str) -> str | None:
    """NURHAYATI, NUR HAYATI: two words as one."""
    return name.replace(" ", "", 1) if " " in name else None


def apostrophe(chance: Random, name: str) -> str | None:
    """MA'RUF, with or without."""
    if "'" in name:
        return name.replace("'", "")
    places = [each.end() for each in re.finditer(r"[AIU](?=[LMNR][AIU])", name)]
    if not places:
        return None
    place = chance.choice(places)
    return f"{name[:place]}'{name[place:]}"


WAYS: dict[str, Way] = {
    "as on record": lambda _chance, name: name,
    "oe, dj, tj, j, sj, nj": old_spelling,
    "by ear": by_ear,
    "doubled letters": doubled,
    "MUHAMMAD, MOCH., M.": short_muhammad,
    "slip of the pen": slip,
    "titles": title,
    "bin, binti": son_or_daughter,
    "order of words": order,
    "a word left out": word_left_out,
    "two words as one": together,
    "apostrophes": apostrophe,
}

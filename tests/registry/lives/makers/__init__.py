"""How each kind of change befalls somebody: mostly as the law wants it, by the seed's choice."""

from tests.registry.lives.makers import (
    cards,
    certificates,
    children,
    couples,
    deaths,
    families,
    moves,
    people,
    statuses,
)
from tests.registry.lives.making import MAKERS

__all__ = [
    "MAKERS",
    "cards",
    "certificates",
    "children",
    "couples",
    "deaths",
    "families",
    "moves",
    "people",
    "statuses",
]

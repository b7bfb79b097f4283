"""How each kind of change befalls somebody: mostly as the law wants it, by the seed's choice."""

from tests.registry.lives.makers import cards, couples, deaths, families, moves, people
from tests.registry.lives.making import MAKERS

__all__ = ["MAKERS", "cards", "couples", "deaths", "families", "moves", "people"]

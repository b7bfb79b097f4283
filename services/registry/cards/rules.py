"""Child cards (KIA): who may hold one, which type, until when. Permendagri 2/2016."""

from datetime import date, timedelta
from enum import StrEnum

from services.registry.residents.rules.ages import age, birthday

FIVE = 5  # years: a card of type A ends the day before
SEVENTEEN = 17  # years: a card of type B ends the day before, and the KTP-el begins


class Variant(StrEnum):
    """The two child cards: A under five without photo, B from five with one."""

    A = "A"
    B = "B"


def may_hold_child_card(born_on: date, today: date, *, ever_married: bool) -> bool:
    """Tell whether somebody is a child for this card: under 17 and never married (art 3)."""
    return not ever_married and age(born_on, today) < SEVENTEEN


def variant(born_on: date, today: date) -> Variant:
    """Return the type of card for a child's age."""
    return Variant.A if age(born_on, today) < FIVE else Variant.B


def valid_until(born_on: date, variant: Variant) -> date:
    """Return the last valid day: the day before the 5th, or the 17th, birthday (art 4)."""
    years = FIVE if variant is Variant.A else SEVENTEEN
    return birthday(born_on, born_on.year + years) - timedelta(days=1)

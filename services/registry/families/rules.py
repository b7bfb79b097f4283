"""Families (KK): their numbers and who may be their head. Pure functions."""

from datetime import date

from services.registry.regions.rules import prefix6

HEAD = 1  # the relationship (SHDK) of the head


class KkExhausted(Exception):  # noqa: N818 - named for the rule it breaks
    """Every serial of a district and day is given."""

    rule = "KK_EXHAUSTED"


def kk_prefix(village_code: str, recorded_on: date) -> str:
    """Return the twelve digits of a family card: the district of issue, the day of its record."""
    return f"{prefix6(village_code)}{recorded_on:%d%m%y}"

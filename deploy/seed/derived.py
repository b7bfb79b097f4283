"""The statements of derived.sql, by the name of their step."""

from collections.abc import Iterator
from importlib.resources import files

SOURCE = "0198d5a0-0000-7000-8000-000000000001"  # the import batch behind every row
_STEP = "-- step: "


def steps() -> Iterator[tuple[str, str]]:
    """Yield name and statement, in the order in which they build on one another."""
    text = files("deploy.seed").joinpath("derived.sql").read_text()
    for part in text.split(_STEP)[1:]:
        name, _, statement = part.partition("\n")
        yield name, statement

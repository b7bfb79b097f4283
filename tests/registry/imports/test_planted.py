"""Errors put where only the planter knows are all found, and nothing else is."""

from datetime import date

import pytest

from deploy.bench.workbook import VILLAGE, plant
from services.registry.imports.checking import Understood, understand
from services.registry.imports.rules import Terms, blocking
from services.registry.spreadsheets.columns import letter
from services.registry.spreadsheets.reading import media_type

TERMS = Terms(
    today=date(2026, 11, 24), villages={VILLAGE: VILLAGE}, prefixes={"351005"}, areas=["35.10"]
)


@pytest.mark.parametrize("seed", ["one", "two"])
def test_every_planted_error_is_found_with_row_and_column(seed: str) -> None:
    planted = plant(4_000, 400, seed)
    read = understand(planted.content, media_type(planted.content), TERMS, None)

    assert isinstance(read, Understood)
    places = {each.column.name: letter(each.place) for each in read.headings.found}
    found = {(each.row, places[each.column], each.rule) for each in blocking(read.entries)}
    assert len(planted.errors) == 400
    assert found == planted.errors
    assert len(read.entries) == planted.rows


def test_a_sheet_without_errors_has_none() -> None:
    planted = plant(400, 0)
    read = understand(planted.content, media_type(planted.content), TERMS, None)

    assert isinstance(read, Understood)
    assert list(blocking(read.entries)) == []

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.notify.messages.actions import _TEMPLATES
from services.notify.templates import rules, store

GOOD = store.FILE.read_text()


def test_every_event_that_is_told_has_words() -> None:
    for code in _TEMPLATES.values():
        assert store.newest(code, "WHATSAPP").texts


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("((number))", "((nomor))", "places", id="a place that is not listed"),
        pytest.param("((number))", "((Number))", "lower case", id="no place at all"),
        pytest.param("    en:", "    xx:", "en", id="an unknown language"),
        pytest.param("code: case_returned", "code: case_submitted", "twice", id="twice"),
        pytest.param("urgent: false", "urgency: low", "urgen", id="an unknown field"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "templates.yaml"
    path.write_text(GOOD.replace(old, new))

    with pytest.raises(ValidationError, match=message):
        store.read(path)


@given(st.text())
def test_a_value_is_never_read_as_a_place(value: str) -> None:
    assert rules.filled("a ((x)) b", {"x": value}) == f"a {value} b"


def test_a_number_of_16_digits_never_leaves() -> None:
    text = rules.without_numbers("NIK 3510050107859001, KK:3510051203109001.")

    assert not any(digits in text for digits in ("3510050107859001", "3510051203109001"))

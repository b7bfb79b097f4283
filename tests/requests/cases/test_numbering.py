from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.requests.cases.numbering import ALPHABET, check_character, draw, is_number

BODIES = st.text(ALPHABET, min_size=12, max_size=12)


def test_a_number_names_its_day_and_nothing_else() -> None:
    number = draw(date(2026, 11, 24))
    assert number.startswith("BWI-261124-")
    assert len(number) == len("BWI-261124-7KQ2MX-4")
    assert is_number(number)


def test_numbers_of_a_day_are_drawn_not_counted() -> None:
    drawn = {draw(date(2026, 11, 24)) for _ in range(500)}
    assert len(drawn) >= 499


@given(BODIES, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, position: int, wrong: str) -> None:
    changed = body[:position] + wrong + body[position + 1 :]
    assert (check_character(changed) == check_character(body)) == (changed == body)


def test_what_is_no_number_is_none() -> None:
    good = draw(date(2026, 11, 24))
    for bad in ("", "BWI", good[:-1], good + "0", good.replace("BWI", "JBR"), good.lower()):
        assert not is_number(bad)

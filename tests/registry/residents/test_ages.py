from datetime import date

import pytest

from services.registry.residents.rules import ages


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2009, 11, 24), date(2026, 11, 23), 16),
        (date(2009, 11, 24), date(2026, 11, 24), 17),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
    ],
)
def test_a_year_is_complete_on_the_birthday(born: date, today: date, years: int) -> None:
    assert ages.age(born, today) == years


@pytest.mark.parametrize(
    ("born", "marital_status", "citizenship", "permit", "obliged"),
    [
        (date(2009, 11, 24), 1, 1, None, True),
        (date(2009, 11, 25), 1, 1, None, False),
        (date(2010, 1, 1), 2, 1, None, True),  # married at 16 with dispensation
        (date(2010, 1, 1), 6, 1, None, True),  # widowed at 16
        (date(1980, 1, 1), 2, 2, "ITAS", False),
        (date(1980, 1, 1), 2, 2, "ITAP", True),
        (date(1980, 1, 1), 2, 2, None, False),
    ],
)
def test_who_must_hold_a_ktp(
    born: date, marital_status: int, citizenship: int, permit: str | None, *, obliged: bool
) -> None:
    today = date(2026, 11, 24)

    assert ages.must_hold_ktp(born, marital_status, citizenship, permit, today) is obliged


def test_an_unknown_birth_date_becomes_a_conventional_one() -> None:
    assert ages.conventional(1955) == date(1955, 7, 1)
    assert ages.conventional(1955, 3) == date(1955, 3, 15)
    assert ages.conventional(1955, 3, 5) == date(1955, 3, 5)
    with pytest.raises(ValueError, match="day"):
        ages.conventional(1955, 2, 30)


@pytest.mark.parametrize(
    ("born", "precision", "conventional"),
    [
        (date(1955, 7, 1), "DAY", True),
        (date(1955, 12, 31), "DAY", True),
        (date(1955, 3, 15), "MONTH", True),
        (date(1955, 3, 15), "DAY", False),
    ],
)
def test_which_birth_dates_say_little(born: date, precision: str, *, conventional: bool) -> None:
    assert ages.is_conventional(born, precision) is conventional

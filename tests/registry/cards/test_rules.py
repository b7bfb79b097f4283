from datetime import date

import pytest

from services.registry.cards.rules import Variant, may_hold_child_card, valid_until, variant

BORN = date(2021, 11, 24)


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2021, 11, 24), "A"), (date(2026, 11, 23), "A"), (date(2026, 11, 24), "B")],
)
def test_type_a_until_the_day_before_the_fifth_birthday(today: date, expected: str) -> None:
    assert variant(BORN, today) == expected


@pytest.mark.parametrize(
    ("today", "may"), [(date(2038, 11, 23), True), (date(2038, 11, 24), False)]
)
def test_a_child_until_the_day_before_the_seventeenth_birthday(today: date, may: bool) -> None:  # noqa: FBT001
    assert may_hold_child_card(BORN, today, ever_married=False) is may
    assert not may_hold_child_card(BORN, today, ever_married=True)


@pytest.mark.parametrize(
    ("born", "kind", "until"),
    [
        (BORN, Variant.A, date(2026, 11, 23)),
        (BORN, Variant.B, date(2038, 11, 23)),
        (date(2024, 2, 29), Variant.A, date(2029, 2, 28)),
        (date(2024, 2, 29), Variant.B, date(2041, 2, 28)),
        (date(2024, 1, 1), Variant.A, date(2028, 12, 31)),
    ],
)
def test_the_last_valid_day_is_the_one_before_the_birthday(
    born: date, kind: Variant, until: date
) -> None:
    assert valid_until(born, kind) == until

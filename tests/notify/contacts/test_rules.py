from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.contacts import rules

MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-11-24T06:59:59+07:00", "2026-11-24T07:00:00+07:00", id="dawn"),
        pytest.param("2026-11-24T07:00:00+07:00", "2026-11-24T07:00:00+07:00", id="seven sharp"),
        pytest.param("2026-11-24T19:59:59+07:00", "2026-11-24T19:59:59+07:00", id="last second"),
        pytest.param("2026-11-24T20:00:00+07:00", "2026-11-25T07:00:00+07:00", id="eight sharp"),
        pytest.param("2026-12-31T16:30:00+00:00", "2027-01-01T07:00:00+07:00", id="in UTC"),
    ],
)
def test_the_night_is_quiet(now: str, expected: str) -> None:
    wanted = datetime.fromisoformat(expected)

    assert rules.earliest(datetime.fromisoformat(now), urgent=False) == wanted


@given(MOMENTS)
def test_nothing_waits_longer_than_the_night_and_nothing_goes_back(now: datetime) -> None:
    due = rules.earliest(now, urgent=False)

    assert now <= due <= now + timedelta(hours=11)
    assert rules.earliest(due, urgent=False) == due


@given(MOMENTS)
def test_what_is_urgent_never_waits(now: datetime) -> None:
    assert rules.earliest(now, urgent=True) == now


def test_a_masked_address_shows_three_characters() -> None:
    assert rules.masked_address("+6281234567890") == "***********890"

import importlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from shared import clock


@pytest.fixture
def _restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    importlib.reload(clock)


def test_the_legal_day_begins_at_midnight_in_western_indonesia(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 16, 59, tzinfo=UTC))
    assert clock.today() == date(2026, 3, 4)

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 4, 17, tzinfo=UTC))
    assert clock.today() == date(2026, 3, 5)


@pytest.mark.usefixtures("_restored")
def test_a_demonstration_may_shift_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    before = clock.now()
    monkeypatch.setenv("BALAI_CLOCK_SHIFT", "86400")
    importlib.reload(clock)

    assert timedelta(hours=23) < clock.now() - before < timedelta(hours=25)


@pytest.mark.usefixtures("_restored")
def test_production_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALAI_CLOCK_SHIFT", "86400")
    monkeypatch.setenv("ENVIRONMENT", "production")

    with pytest.raises(RuntimeError):
        importlib.reload(clock)

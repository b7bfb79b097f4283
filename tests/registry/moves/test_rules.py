from datetime import date

import pytest

from services.registry.moves import rules
from services.registry.moves.rules import IllegalMove, Status, Travel


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (Status.IN_TRANSIT, Status.ARRIVED),
        (Status.IN_TRANSIT, Status.EXPIRED),
        (Status.IN_TRANSIT, Status.CANCELLED),
        (Status.EXPIRED, Status.ARRIVED),
        (Status.EXPIRED, Status.CANCELLED),
    ],
)
def test_a_letter_is_settled(now: Status, wanted: Status) -> None:
    assert rules.step(now, wanted) is wanted


@pytest.mark.parametrize("now", [Status.ARRIVED, Status.CANCELLED])
@pytest.mark.parametrize("wanted", list(Status))
def test_what_is_settled_stays(now: Status, wanted: Status) -> None:
    assert not rules.is_open(now)
    with pytest.raises(IllegalMove):
        rules.step(now, wanted)


@pytest.mark.parametrize(
    ("travels", "status"),
    [
        ([], None),
        ([Travel.IN_TRANSIT, Travel.ARRIVED], None),
        ([Travel.ARRIVED, Travel.RETURNED], Status.ARRIVED),
        ([Travel.RETURNED, Travel.RETURNED], Status.CANCELLED),
    ],
)
def test_a_letter_is_what_became_of_its_people(
    travels: list[Travel], status: Status | None
) -> None:
    assert rules.settled(travels) is status


def test_letters_are_numbered_by_day() -> None:
    series = rules.series("SKPWNI", "35.10", date(2026, 11, 24))
    assert rules.number(series, 7) == "SKPWNI/3510/24112026/0007"
    with pytest.raises(ValueError, match="full"):
        rules.number(series, 10000)


def test_the_day_of_issue_is_day_0() -> None:
    assert rules.last_valid_day(date(2026, 11, 24), 100) == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("destination", "code"),
    [("35.10.05.2003", 1), ("35.10.05", 2), ("35.10.10", 3), ("35.09.01", 4), ("34.04.01", 5)],
)
def test_moves_are_classified_by_how_far_they_lead(destination: str, code: int) -> None:
    assert rules.classification("35.10.05.2003", destination) == code


@pytest.mark.parametrize(
    ("head", "everybody", "several", "code"),
    [
        (True, False, False, 1),
        (True, True, True, 2),
        (True, False, True, 3),
        (False, False, True, 4),
    ],
)
def test_moves_are_of_four_kinds(head: bool, everybody: bool, several: bool, code: int) -> None:  # noqa: FBT001
    assert rules.move_kind(head=head, everybody=everybody, several=several) == code

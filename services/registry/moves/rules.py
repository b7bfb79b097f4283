"""Letters of moves: their numbers, how long they are valid, and what becomes of them.

Perpres 96/2018 art 25-29, Permendagri 108/2019 and 109/2019 (F-1.03). Who moves out belongs to
nobody's population until the destination has registered the arrival.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

OUTSIDE = frozenset({"PINDAH", "PINDAH_PROSES"})  # of status_penduduk.csv: lives here no more


class Direction(StrEnum):
    """Which way a letter leads."""

    OUT = "OUT"  # to another regency
    ABROAD = "ABROAD"
    IN = "IN"  # from another regency
    FROM_ABROAD = "FROM_ABROAD"


class Status(StrEnum):
    """Where the people of a letter are."""

    IN_TRANSIT = "IN_TRANSIT"
    ARRIVED = "ARRIVED"
    EXPIRED = "EXPIRED"  # nobody used it in time; they still belong nowhere
    CANCELLED = "CANCELLED"


class Travel(StrEnum):
    """Where one of the people of a letter is."""

    IN_TRANSIT = "IN_TRANSIT"
    ARRIVED = "ARRIVED"
    RETURNED = "RETURNED"


# An expired letter is still settled: by the cancellation, or by the late news of an arrival in time.
_NEXT: dict[Status, frozenset[Status]] = {
    Status.IN_TRANSIT: frozenset({Status.ARRIVED, Status.EXPIRED, Status.CANCELLED}),
    Status.EXPIRED: frozenset({Status.ARRIVED, Status.CANCELLED}),
    Status.ARRIVED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class IllegalMove(Exception):  # noqa: N818 - says what is wrong
    """A letter cannot become this from what it is."""


def step(now: Status, wanted: Status) -> Status:
    """Return the state a letter comes into.

    Raises:
        IllegalMove: it cannot come into that state from where it is.
    """
    if wanted not in _NEXT[now]:
        raise IllegalMove(f"{now} does not become {wanted}")
    return wanted


def is_open(status: Status) -> bool:
    """Tell whether the people of a letter are still to be settled somewhere."""
    return bool(_NEXT[status])


def settled(travels: Collection[Travel]) -> Status | None:
    """Return what a letter is when its people are here or there; None while one is on the way."""
    if not travels or Travel.IN_TRANSIT in travels:
        return None
    return Status.ARRIVED if Travel.ARRIVED in travels else Status.CANCELLED


def last_valid_day(issued_on: date, days: int) -> date:
    """Return the last day on which a letter can be used; the day of issue is day 0."""
    return issued_on + timedelta(days=days)


def series(letter: str, regency: str, issued_on: date) -> str:
    """Return what the numbers of a day have in common, such as SKPWNI/3510/24112026."""
    return f"{letter}/{regency.replace('.', '')}/{issued_on:%d%m%Y}"


def number(of_series: str, serial: int) -> str:
    """Return the number of a letter.

    Raises:
        ValueError: more than 9999 in one day.
    """
    if serial > 9999:  # noqa: PLR2004 - four digits
        raise ValueError(f"{of_series} is full")
    return f"{of_series}/{serial:04}"


def classification(origin: str, destination: str) -> int:
    """Return the code of klasifikasi_pindah.csv: of a move from a village to one, or to a district."""
    lengths = {13: 1, 8: 2, 5: 3, 2: 4}  # of what two region codes have in common
    return next((code for size, code in lengths.items() if origin[:size] == destination[:size]), 5)


def move_kind(*, head: bool, everybody: bool, several: bool) -> int:
    """Return the code of jenis_kepindahan.csv: who of a family leaves."""
    if not head:
        return 4
    if everybody:
        return 2
    return 3 if several else 1

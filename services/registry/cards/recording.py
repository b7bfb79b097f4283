"""Recording for the KTP-el: once in life, at 16 at the earliest, judged by the ministry's centre.

UU 24/2013 art 63, Permendagri 72/2022; the states are those of status_rekam_ktp.csv. No biometric
data is ever kept here: a reference to the station's file and its quality are all.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from services.registry.residents.rules.ages import ADULT, age, birthday

EARLIEST = 16  # years: schools have their pupils recorded a year before the card


class Status(StrEnum):
    """How far the recording and the card of a person are."""

    NOT_OBLIGED = "BELUM_WAJIB"
    UNRECORDED = "UNREGISTERED"
    CAPTURED = "BIO_CAPTURED"
    PACKED = "PROCESSING"
    SENT = "SENT_FOR_ENROLLMENT"
    RECEIVED = "RECEIVED_AT_CENTRAL"
    FAILED_AT_CENTRE = "ENROLL_FAILURE_AT_CENTRAL"
    FAILED_AT_REGION = "ENROLL_FAILURE_AT_REGIONAL"
    SEARCH_FAILED = "SEARCH_FAILURE_AT_CENTRAL"
    ADJUDICATED = "ADJUDICATE_IN_PROCESS"
    DUPLICATE = "DUPLICATE_RECORD"
    PRINT_READY = "PRINT_READY_RECORD"
    IN_PRINT = "SENT_FOR_CARD_PRINTING"
    PRINTED = "CARD_PRINTED"
    SHIPPED = "CARD_SHIPPED"
    ISSUED = "CARD_ISSUED"


UNDER_WAY = frozenset(
    {Status.CAPTURED, Status.PACKED, Status.SENT, Status.RECEIVED, Status.ADJUDICATED}
)
FAILED = frozenset({Status.FAILED_AT_CENTRE, Status.FAILED_AT_REGION, Status.SEARCH_FAILED})
RECORDABLE = FAILED | {Status.NOT_OBLIGED, Status.UNRECORDED}
WITH_CARD = frozenset({Status.IN_PRINT, Status.PRINTED, Status.SHIPPED, Status.ISSUED})
PRINTABLE = WITH_CARD | {Status.PRINT_READY}

_ANSWERS = frozenset(
    {
        Status.FAILED_AT_CENTRE,
        Status.SEARCH_FAILED,
        Status.ADJUDICATED,
        Status.DUPLICATE,
        Status.PRINT_READY,
    }
)
_NEXT: Mapping[Status, frozenset[Status]] = {
    Status.CAPTURED: frozenset({Status.PACKED, Status.FAILED_AT_REGION}),
    Status.PACKED: frozenset({Status.SENT, Status.RECEIVED, Status.FAILED_AT_REGION}) | _ANSWERS,
    Status.SENT: _ANSWERS | {Status.RECEIVED, Status.FAILED_AT_REGION},
    Status.RECEIVED: _ANSWERS,
    # The centre searches again by itself.
    Status.SEARCH_FAILED: _ANSWERS - {Status.SEARCH_FAILED} | {Status.RECEIVED},
    Status.ADJUDICATED: frozenset({Status.FAILED_AT_CENTRE, Status.DUPLICATE, Status.PRINT_READY}),
    # A duplicate that a person found to be none, or that was resolved for this number.
    Status.DUPLICATE: frozenset({Status.ADJUDICATED, Status.PRINT_READY}),
}
TOLD_BY_CENTRE = _ANSWERS | {Status.RECEIVED, Status.FAILED_AT_REGION}


def may_follow(before: Status, after: Status) -> bool:
    """Tell whether a recording may go on like this; a word that comes twice changes nothing.

    >>> may_follow(Status.SENT, Status.PRINT_READY)
    True
    >>> may_follow(Status.PRINT_READY, Status.SENT)
    False
    """
    return after in _NEXT.get(before, ())


def may_be_recorded(born_on: date, today: date, *, ever_married: bool) -> bool:
    """Tell whether somebody is old enough: 16, or ever married (UU 24/2013 art 63)."""
    return ever_married or age(born_on, today) >= EARLIEST


def card_from(born_on: date, *, ever_married: bool) -> date | None:
    """Return the day from which a card may be printed, the 17th birthday; None: from now on."""
    return None if ever_married else birthday(born_on, born_on.year + ADULT)


def waits_for_age(born_on: date, today: date, *, ever_married: bool) -> bool:
    """Tell whether a card still waits for its holder's 17th birthday (WAITING_AGE)."""
    day = card_from(born_on, ever_married=ever_married)
    return day is not None and day > today


def youngest_of_age(today: date) -> date:
    """Return the last birth date of those who are 17 on a day."""
    try:
        return today.replace(year=today.year - ADULT)
    except ValueError:  # 29 February
        return date(today.year - ADULT, 2, 28)


def pause(tries: int) -> timedelta:
    """Return how long to wait for the centre after so many tries: doubles to half an hour."""
    return timedelta(seconds=min(1800, 5 * 2 ** min(tries, 10)))

"""The life of a message, and what is said about which event."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import zip_longest

from shared.codes import find
from shared.contract.events import Language, Reason


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "QUEUED"  # leaves when it is due; not before 07:00 when the hour is quiet
    SENDING = "SENDING"  # handed to the provider, no answer yet
    UNCERTAIN = "UNCERTAIN"  # the answer never came; a callback may still tell
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"  # no consent, no address, nobody alive


# The provider's callbacks come late and out of order: a message only ever moves to the right.
_ORDER = (State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED, State.READ)
_TOLD = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.READ,
    "failed": State.FAILED,
}

TRIES = 8


def after_callback(current: State, told: str) -> State:
    """Return the state after the provider's word; older news changes nothing.

    >>> after_callback(State.READ, "delivered")
    <State.READ: 'READ'>
    """
    wanted = _TOLD.get(told)
    if wanted is None or current not in _ORDER:
        return current
    if wanted is State.FAILED:
        return wanted if current in {State.SENDING, State.UNCERTAIN, State.SENT} else current
    return wanted if _ORDER.index(wanted) > _ORDER.index(current) else current


def pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failed tries: doubles from 5 seconds to an hour."""
    return timedelta(seconds=min(3600, 5 * 2 ** min(attempts, 10)))


def documents_in_words(
    kinds: Sequence[StrEnum], language: Language, more: Sequence[str | None] = ()
) -> str:
    """Return the names of documents and cards as one phrase, each with what more is told of it."""
    told = zip_longest((_name(kind, language) for kind in kinds), more)
    return ", ".join(f"{name} {each}" if each else name for name, each in told)


def _name(kind: StrEnum, language: Language) -> str:
    name = find("jenis_dokumen", kind).name
    return name.en.lower() if language is Language.ENGLISH else name.id


def reasons_in_words(reasons: list[Reason], language: Language, longest: int = 600) -> str:
    """Return every reason as one phrase that fits a message; what does not fit is counted."""
    words = [r.text_en if language is Language.ENGLISH else r.text_id for r in reasons]
    phrase = ""
    for done, each in enumerate(words):
        longer = f"{phrase}; {each}" if phrase else each
        if len(longer) > longest:
            more = len(words) - done
            return f"{phrase} (+{more})" if phrase else each[:longest]
        phrase = longer
    return phrase

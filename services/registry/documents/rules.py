"""Documents: how a birth is worded, what a print is worth, what strangers may read of it."""

from datetime import datetime, timedelta
from enum import StrEnum

BELIEF = 7  # agama.csv: kepercayaan terhadap Tuhan Yang Maha Esa
SHORTEST_SHOWN = 10  # of a number like 12/1987 six characters would be nearly all


class Standing(StrEnum):
    """What a print is worth today."""

    QUEUED = "QUEUED"  # waits for its seal
    SEALED = "SEALED"
    REPLACED = "REPLACED"  # by a later print of the same thing
    REVOKED = "REVOKED"


class Verdict(StrEnum):
    """What a stranger who scans the code is told about the paper in hand."""

    VALID = "VALID"
    REPLACED = "REPLACED"
    REVOKED = "REVOKED"
    QUEUED = "QUEUED"


class CopyReason(StrEnum):
    """Why somebody wants a further copy of a paper that is in force."""

    LOST = "LOST"
    DAMAGED = "DAMAGED"
    NOT_RECEIVED = "NOT_RECEIVED"
    FURTHER_COPY = "FURTHER_COPY"


class LinkState(StrEnum):
    """Whether a link leads to its paper."""

    OPEN = "OPEN"
    BLOCKED = "BLOCKED"  # too many wrong PINs
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"  # by a newer link


MOST_WRONG_PINS = 5
PIN_DIGITS = 6


def link_state(
    now: datetime, expires_at: datetime, ended_at: datetime | None, attempts: int
) -> LinkState:
    """Return whether a link leads to its paper; from `expires_at` on it does not."""
    if ended_at is not None:
        return LinkState.ENDED
    if attempts >= MOST_WRONG_PINS:
        return LinkState.BLOCKED
    return LinkState.EXPIRED if now >= expires_at else LinkState.OPEN


def download_url(public_url: object, token: str) -> str:
    """Return the address at which a paper is fetched with its PIN."""
    return f"{str(public_url).rstrip('/')}/d/{token}"


class Legalisation(StrEnum):
    """Whether an office has to attest a paper before another takes it."""

    NOT_NEEDED = "NOT_NEEDED"
    AT_THE_COUNTER = "AT_THE_COUNTER"


def legalisation(*, is_sealed: bool) -> Legalisation:
    """Return what a paper needs: what is sealed electronically proves itself.

    Permendagri 104/2019 art 19(6). Papers signed by hand before that have no code, and are attested
    at the counter.
    """
    return Legalisation.NOT_NEEDED if is_sealed else Legalisation.AT_THE_COUNTER


def verdict(standing: Standing) -> Verdict:
    """Return the answer to "is this good?"; a former print was true once, so it is not "false"."""
    return Verdict.VALID if standing is Standing.SEALED else Verdict(standing)


class Parentage(StrEnum):
    """What the parents proved decides the wording: Perpres 96/2018 art 33, Permendagri 108/2019.

    MARRIED: child of father and mother. UNREGISTERED_MARRIAGE: the same, with the phrase that the
    marriage is not yet registered. MOTHER: child of a mother. FOUNDLING: no parents are named.
    """

    MARRIED = "MARRIED"
    UNREGISTERED_MARRIAGE = "UNREGISTERED_MARRIAGE"
    MOTHER = "MOTHER"
    FOUNDLING = "FOUNDLING"


_SMALL = (
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()  # noqa: SIM905
)


def in_words(number: int) -> str:
    """Spell a whole number from 0 to 9999 in Indonesian, as certificates do against forgery."""
    if number < 12:  # noqa: PLR2004 - the words that are not composed
        return _SMALL[number]
    for size, name, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus")):
        many, rest = divmod(number, size)
        if many:
            head = one if many == 1 else f"{in_words(many)} {name}"
            return f"{head} {in_words(rest)}" if rest else head
    tens, rest = divmod(number, 10)
    if tens == 1:
        return f"{_SMALL[rest]} belas"
    return f"{_SMALL[tens]} puluh {_SMALL[rest]}" if rest else f"{_SMALL[tens]} puluh"


def place_in_order(number: int) -> str:
    """Return an Indonesian ordinal: pertama, kedua, ketiga ..."""
    return "pertama" if number == 1 else f"ke{in_words(number)}"


_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def ordinal(number: int) -> str:
    """Return an English ordinal such as 2nd, for numbers up to 31."""
    return f"{number}{_ORDINALS.get(number, 'th')}"


def full_place(regency: str) -> str:
    """Name a regency in full; cities come as "Kota ..." already."""
    return regency if regency.startswith(("Kota ", "Kabupaten ")) else f"Kabupaten {regency}"


def office(regency: str) -> str:
    """Name the agency that issues documents in a regency or city."""
    return f"Dinas Kependudukan dan Pencatatan Sipil {full_place(regency)}"


def verification_url(public_url: object, token: str) -> str:
    """Return the short address that the QR code names."""
    return f"{str(public_url).rstrip('/')}/v/{token}"


def masked_name(name: str) -> str:
    """Show the first letter of each word: enough to recognise, too little to learn."""
    return " ".join(f"{word[0]}***" for word in name.split())


def masked_number(number: str) -> str:
    """Show the first four and last two characters: 3510**********21; nothing of a short one."""
    if len(number) < SHORTEST_SHOWN:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"


def pause(attempts: int) -> timedelta:
    """Return how long to leave a document alone after that many failures: 2 s to 5 minutes."""
    return timedelta(seconds=min(300, 2 ** min(attempts, 9)))

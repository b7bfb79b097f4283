"""Civil certificates: which letters and number, and whether a report came in time."""

from datetime import date
from enum import StrEnum

DAYS_TO_REPORT_A_BIRTH = 60  # the 60th day is still in time
DAYS_TO_REPORT_A_DEATH = 30  # also of a child born dead; the 30th day is still in time
LARGEST_SERIAL = 9999


class CertificateKind(StrEnum):
    """The civil registers that have certificates; codes of jenis_akta.csv."""

    BIRTH = "LAHIR_UMUM"
    LATE_BIRTH = "LAHIR_TERLAMBAT"
    DEATH = "KEMATIAN"
    MARRIAGE = "PERKAWINAN"
    MARRIAGE_ANNULMENT = "BATAL_KAWIN"
    DIVORCE = "PERCERAIAN"
    DIVORCE_ANNULMENT = "BATAL_CERAI"
    ACKNOWLEDGEMENT = "PENGAKUAN"
    LEGITIMATION = "PENGESAHAN"


LETTERS = {
    CertificateKind.BIRTH: "LU",
    CertificateKind.LATE_BIRTH: "LT",
    CertificateKind.DEATH: "KM",
    CertificateKind.MARRIAGE: "KW",
    CertificateKind.MARRIAGE_ANNULMENT: "BK",
    CertificateKind.DIVORCE: "CR",
    CertificateKind.DIVORCE_ANNULMENT: "BC",
    CertificateKind.ACKNOWLEDGEMENT: "PA",
    CertificateKind.LEGITIMATION: "PS",
}


class NoteKind(StrEnum):
    """What a marginal note (catatan pinggir) says; codes of jenis_akta.csv and the two repairs."""

    ADOPTION = "ANGKAT"
    NAME_CHANGE = "GANTI_NAMA"
    CITIZENSHIP = "WARGANEGARA"
    OTHER_EVENT = "PERISTIWA_LAIN"
    ACKNOWLEDGEMENT = "PENGAKUAN"
    LEGITIMATION = "PENGESAHAN"
    MARRIAGE_ANNULLED = "BATAL_KAWIN"
    DIVORCE = "PERCERAIAN"
    DIVORCE_ANNULLED = "BATAL_CERAI"
    CORRECTION = "PEMBETULAN"
    CANCELLATION = "PEMBATALAN"


class CertificateStatus(StrEnum):
    """Whether an entry still holds."""

    VALID = "VALID"
    CANCELLED = "CANCELLED"


def days_late(happened_on: date, reported_on: date, within: int = DAYS_TO_REPORT_A_BIRTH) -> int:
    """Return by how many days an event was reported late; 0 when in time.

    UU 24/2013 art 27 and 32: a birth within 60 days; after that by decision of the head of agency,
    without a court (MK 18/PUU-XI/2013). Art 44: a death within 30 days.
    """
    return max(0, (reported_on - happened_on).days - within)


DAYS_TO_REPORT = {
    CertificateKind.MARRIAGE: 60,  # from the ceremony: UU 23/2006 art 34
    CertificateKind.MARRIAGE_ANNULMENT: 90,  # from the final ruling: art 39
    CertificateKind.DIVORCE: 60,  # art 40
    CertificateKind.DIVORCE_ANNULMENT: 60,  # art 43
    CertificateKind.ACKNOWLEDGEMENT: 30,  # from the father's letter: UU 24/2013 art 49
    CertificateKind.LEGITIMATION: 30,  # from the parents' marriage: UU 24/2013 art 50
}


def lateness(kind: CertificateKind, happened_on: date, reported_on: date) -> int:
    """Return by how many days an event was reported late; 0 when in time. It never blocks.

    Raises:
        KeyError: the law counts the days of this register otherwise.
    """
    return max(0, (reported_on - happened_on).days - DAYS_TO_REPORT[kind])


def birth_kind(born_on: date, reported_on: date) -> CertificateKind:
    """Return the register of a birth by the day of its report."""
    late = days_late(born_on, reported_on) > 0
    return CertificateKind.LATE_BIRTH if late else CertificateKind.BIRTH


def series(regency: str, kind: CertificateKind, registered_on: date) -> str:
    """Return what a serial counts within: regency (4 digits), letters and day.

    >>> series("3510", CertificateKind.BIRTH, date(2026, 11, 24))
    '3510-LU-24112026'
    """
    return f"{regency}-{LETTERS[kind]}-{registered_on:%d%m%Y}"


def number(series: str, serial: int) -> str:
    """Return a certificate's number.

    Raises:
        ValueError: the day's serials are used up.
    """
    if not 1 <= serial <= LARGEST_SERIAL:
        raise ValueError("no such serial")
    return f"{series}-{serial:04d}"


def letter_series(letters: str, regency: str, registered_on: date) -> str:
    """Return what the serials of letters beside the registers count within.

    >>> letter_series("SKLM", "3510", date(2026, 11, 24))
    'SKLM/3510/24112026'
    """
    return f"{letters}/{regency}/{registered_on:%d%m%Y}"


def letter_number(series: str, serial: int) -> str:
    """Return a letter's number.

    Raises:
        ValueError: the day's serials are used up.
    """
    if not 1 <= serial <= LARGEST_SERIAL:
        raise ValueError("no such serial")
    return f"{series}/{serial:04d}"

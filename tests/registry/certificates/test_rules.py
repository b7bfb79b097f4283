from datetime import date, timedelta

import pytest

from services.registry.certificates.rules import (
    CertificateKind,
    birth_kind,
    days_late,
    number,
    series,
)

BORN = date(2026, 9, 25)


@pytest.mark.parametrize(
    ("days", "kind", "late"),
    [
        (0, CertificateKind.BIRTH, 0),
        (60, CertificateKind.BIRTH, 0),
        (61, CertificateKind.LATE_BIRTH, 1),
        (6000, CertificateKind.LATE_BIRTH, 5940),
    ],
)
def test_in_time_until_the_sixtieth_day(days: int, kind: CertificateKind, late: int) -> None:
    reported_on = BORN + timedelta(days=days)

    assert birth_kind(BORN, reported_on) is kind
    assert days_late(BORN, reported_on) == late


def test_a_number_names_regency_register_day_and_serial() -> None:
    today = date(2026, 11, 4)

    assert number(series("3510", CertificateKind.BIRTH, today), 7) == "3510-LU-04112026-0007"
    assert (
        number(series("3510", CertificateKind.LATE_BIRTH, today), 9999) == "3510-LT-04112026-9999"
    )


@pytest.mark.parametrize("serial", [0, 10000])
def test_a_serial_has_four_digits(serial: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        number("3510-LU-04112026", serial)

from datetime import date
from decimal import Decimal

import pytest

from services.registry.coverage.rules import (
    RECORDED,
    Figure,
    Formula,
    Indicator,
    gap,
    is_hidden,
    latest_birth,
    percent,
    standing,
)
from shared.codes import lists
from tests.registry.coverage.people import CHILD, GROWN, TODAY

KTP, KIA, EVER, AKL = (
    Indicator.KTP_RECORDED,
    Indicator.KIA_VALID,
    Indicator.KIA_EVER,
    Indicator.BIRTH_CERTIFICATE,
)


def test_recorded_is_what_the_code_list_says() -> None:
    listed = lists()["status_rekam_ktp"].values()

    assert {each.code for each in listed if each.more["recorded"] == "1"} == RECORDED


def test_a_grown_person_counts_for_ktp_only() -> None:
    assert standing(GROWN, TODAY, Formula()) == {KTP: True}
    failed = GROWN._replace(recording_status="ENROLL_FAILURE_AT_CENTRAL")
    assert standing(failed, TODAY, Formula()) == {KTP: False}


@pytest.mark.parametrize(
    ("birth_date", "grown"),
    [(date(2009, 11, 24), True), (date(2009, 11, 25), False)],
)
def test_seventeen_begins_on_the_birthday(birth_date: date, *, grown: bool) -> None:
    early = CHILD._replace(birth_date=birth_date, recording_status="BIO_CAPTURED")

    assert (KTP in standing(early, TODAY, Formula())) is grown
    assert (KIA in standing(early, TODAY, Formula())) is not grown


def test_who_marries_at_sixteen_changes_sides() -> None:
    bride = CHILD._replace(birth_date=date(2010, 1, 1), marital_status=2)
    found = standing(bride, TODAY, Formula())

    assert found[KTP] is False
    assert KIA not in found
    assert found[AKL] is True


@pytest.mark.parametrize(("permit", "counts"), [("ITAP", True), ("ITAS", False), (None, False)])
def test_foreigners_count_with_a_permanent_permit(permit: str | None, *, counts: bool) -> None:
    foreigner = GROWN._replace(citizenship=2, permit=permit)

    assert (KTP in standing(foreigner, TODAY, Formula())) is counts
    assert standing(foreigner, TODAY, Formula(counts_permanent_foreigners=False)) == {}


def test_dual_citizens_are_indonesian() -> None:
    assert AKL in standing(CHILD._replace(citizenship=3), TODAY, Formula())
    assert AKL not in standing(CHILD._replace(citizenship=2), TODAY, Formula())


@pytest.mark.parametrize(
    ("until", "valid", "ever"),
    [
        (date(2026, 11, 24), True, True),
        (date(2026, 11, 23), False, True),
        (None, False, False),
    ],
)
def test_an_expired_child_card_is_reported_apart(
    until: date | None, *, valid: bool, ever: bool
) -> None:
    found = standing(CHILD._replace(kia_valid_until=until), TODAY, Formula())

    assert (found[KIA], found[EVER]) == (valid, ever)


@pytest.mark.parametrize(
    ("birth_date", "counts"), [(date(2007, 11, 25), True), (date(2007, 11, 24), False)]
)
def test_eighteen_is_inclusive(birth_date: date, *, counts: bool) -> None:
    person = CHILD._replace(birth_date=birth_date)

    assert (AKL in standing(person, TODAY, Formula())) is counts
    assert AKL not in standing(person, TODAY, Formula(certificate_upper_age=17))


def test_a_certificate_without_a_number_does_not_count() -> None:
    for number in ("", None):
        person = CHILD._replace(birth_certificate_number=number)
        assert standing(person, TODAY, Formula())[AKL] is False


@pytest.mark.parametrize("status", ["MATI", "PINDAH", "PINDAH_PROSES", "TIDAK_VALID", "WNI_HILANG"])
def test_who_is_not_population_counts_nowhere(status: str) -> None:
    assert standing(GROWN._replace(status=status), TODAY, Formula()) == {}


@pytest.mark.parametrize("status", ["HIDUP", "HILANG", "NONAKTIF"])
def test_the_missing_and_the_inactive_count(status: str) -> None:
    assert standing(GROWN._replace(status=status), TODAY, Formula()) == {KTP: True}


def test_the_29th_of_february_becomes_of_age_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)

    assert born > latest_birth(date(2025, 2, 28), 17)
    assert born <= latest_birth(date(2025, 3, 1), 17)
    assert latest_birth(date(2028, 2, 29), 17) == date(2011, 2, 28)


def test_percentages_are_rounded_half_up_and_null_of_nobody() -> None:
    assert percent(Figure(1, 3)) == Decimal("33.33")
    assert percent(Figure(1, 800)) == Decimal("0.13")  # 0.125
    assert percent(Figure(2, 2)) == Decimal("100.00")
    assert percent(Figure(0, 0)) is None


def test_the_gap_is_in_people() -> None:
    assert gap(Figure(977, 1000), Decimal("99.20")) == 15
    assert gap(Figure(9919, 10_000), Decimal("99.20")) == 1
    assert gap(Figure(541, 1000), Decimal(30)) == 0


def test_small_cells_are_hidden_from_the_public() -> None:
    assert [is_hidden(Figure(0, den)) for den in (0, 1, 4, 5)] == [False, True, True, False]

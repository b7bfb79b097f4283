from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.residents.rules import nik

villages = st.from_regex(r"[1-9][0-9]\.[0-9]{2}\.[0-9]{2}\.[12][0-9]{3}", fullmatch=True)
births = st.dates(date(1900, 1, 1), date(2099, 12, 31))
serials = st.integers(1, 9999)
sexes = st.sampled_from("LP")


@given(villages, births, sexes, serials)
def test_a_number_says_what_it_was_made_of(village: str, born: date, sex: str, serial: int) -> None:
    number = f"{nik.prefix(village, born, sex)}{serial:04}"

    assert nik.is_well_formed(number)
    assert number[:6] == village[:8].replace(".", "")
    assert nik.anomalies(number, born, sex) == []
    assert "".join(part.digits for part in nik.explain(number)) == number


@given(villages, births, births, sexes)
def test_a_corrected_birth_date_is_an_anomaly_and_nothing_more(
    village: str, born: date, corrected: date, sex: str
) -> None:
    number = f"{nik.prefix(village, born, sex)}9001"
    differs = f"{born:%d%m%y}" != f"{corrected:%d%m%y}"

    assert [each.rule for each in nik.anomalies(number, corrected, sex)] == (
        ["NIK_DOB_MISMATCH"] if differs else []
    )


@given(st.text(max_size=20))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    if nik.is_well_formed(text):
        assert len(text) == 16
        assert text.isascii()
    else:
        with pytest.raises(ValueError, match="not a NIK"):
            nik.explain(text)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("3510050503909001", True),
        ("3510054503909001", True),
        ("3510057112999999", True),
        ("3510052902019001", True),  # 29 February of some year
        ("3510050503900000", False),
        ("3510053203909001", False),
        ("3510054003909001", False),
        ("3510057203909001", False),
        ("3510058103909001", False),
        ("3510053002909001", False),
        ("3510050513909001", False),
        ("351005050390900", False),
        ("35100505039090011", False),
        ("351005050390900A", False),
        ("\uff13510050503909001", False),
        ("3510050503909001\n", False),
    ],
)
def test_what_could_be_a_number(number: str, *, good: bool) -> None:
    assert nik.is_well_formed(number) is good


def test_a_court_changed_the_sex_and_the_district_is_gone() -> None:
    found = nik.anomalies("3510050503909001", date(1990, 3, 5), "P", district_is_known=False)

    assert [each.rule for each in found] == ["NIK_SEX_MISMATCH", "NIK_REGION"]


def test_the_parts_are_explained_in_both_languages() -> None:
    parts = nik.explain("3510054503909001", "Muncar")
    nameless = nik.explain("3510054503909001")

    assert parts[2].text_id == "kecamatan pendaftaran pertama: Muncar"
    assert nameless[2].text_en == "district of first registration: 35.10.05"
    assert parts[3].digits == "45"
    assert parts[3].text_en == "day of birth 5, plus 40: female"


def test_lists_show_the_regency_and_the_last_two_digits() -> None:
    assert nik.mask("3510054503909021") == "3510**********21"

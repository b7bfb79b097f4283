import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.documents import rules


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (31, "tiga puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1945, "seribu sembilan ratus empat puluh lima"),
        (2000, "dua ribu"),
        (2026, "dua ribu dua puluh enam"),
    ],
)
def test_numbers_are_spelled_as_on_certificates(number: int, words: str) -> None:
    assert rules.in_words(number) == words


def test_every_year_has_words_of_its_own() -> None:
    assert len({rules.in_words(number) for number in range(10_000)}) == 10_000


def test_english_ordinals() -> None:
    wanted = ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "31st"]
    assert [rules.ordinal(int(each[:-2])) for each in wanted] == wanted


def test_strangers_recognise_a_name_and_learn_none() -> None:
    assert rules.masked_name("Siti  Aminah") == "S*** A***"
    assert rules.masked_number("3510054107909021") == "3510**********21"


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_masking_shows_one_letter_a_word(name: str) -> None:
    assert all(word[1:] == "***" for word in rules.masked_name(name).split())


@given(st.text(min_size=1, max_size=60))
def test_a_masked_number_keeps_its_length_and_hides_its_middle(number: str) -> None:
    masked = rules.masked_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= min(len(number), max(1, len(number) - 6))


def test_pauses_grow_to_five_minutes() -> None:
    pauses = [rules.pause(attempts).total_seconds() for attempts in (1, 2, 3, 8, 9, 30_000)]
    assert pauses == [2, 4, 8, 256, 300, 300]


def test_a_city_is_not_called_a_regency() -> None:
    assert rules.office("Banyuwangi").endswith("Kabupaten Banyuwangi")
    assert rules.office("Kota Batu").endswith("Sipil Kota Batu")


def test_every_standing_has_an_answer() -> None:
    answers = [rules.verdict(each) for each in rules.Standing]
    assert answers == ["QUEUED", "VALID", "REPLACED", "REVOKED"]

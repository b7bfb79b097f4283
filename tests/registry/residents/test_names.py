import pytest

from services.registry.residents.rules import names
from services.registry.residents.rules.spelling import words


@pytest.mark.parametrize(
    ("full_name", "rules"),
    [
        ("SITI AMINAH", []),
        ("AHMAD RIZKI PRATAMA", []),
        ("RADEN AJENG KARTINI", []),
        ("NI LUH PUTU SARI", []),
        ("A" * 30 + " " + "B" * 29, []),
        ("A" * 30 + " " + "B" * 30, ["NAME_TOO_LONG"]),
        ("SITI 4MINAH", ["NAME_DIGITS"]),
        ("AHMAD MA'RUF", ["NAME_PUNCTUATION"]),
        ("AHMAD MA\u2019RUF", ["NAME_PUNCTUATION"]),
        ("SITI-AMINAH PUTRI", ["NAME_PUNCTUATION"]),
        ("MOH. RIZKI", ["NAME_PUNCTUATION", "NAME_ABBREVIATION"]),
        ("MUH RIZKI", ["NAME_ABBREVIATION"]),
        ("M RIZKI", ["NAME_ABBREVIATION"]),
        ("MOH", ["NAME_SINGLE_WORD"]),
        ("SUPARMAN", ["NAME_SINGLE_WORD"]),
        ("H AHMAD FAUZI", ["NAME_TITLE"]),
        ("DR IR AHMAD FAUZI", ["NAME_TITLE"]),
        ("AHMAD FAUZI S.PD.", ["NAME_PUNCTUATION", "NAME_TITLE"]),
        ("\u0410\u041d\u041d\u0410 PUTRI", ["NAME_NOT_LATIN"]),
        ("A" * 61 + "1.", ["NAME_TOO_LONG", "NAME_DIGITS", "NAME_PUNCTUATION", "NAME_SINGLE_WORD"]),
    ],
)
def test_everything_to_be_said_about_a_new_name_is_said_at_once(
    full_name: str, rules: list[str]
) -> None:
    found = names.findings(full_name)

    assert [each.rule for each in found] == rules
    assert all(each.blocks == (each.rule != "NAME_SINGLE_WORD") for each in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SOEKARDJO", "SUKARJO"),
        ("DJOKO WIDODO", "JOKO WIDODO"),
        ("TJOKRO", "COKRO"),
        ("JUSUF", "YUSUF"),
        ("SJARIF", "SYARIF"),
        ("SYARIF", "SARIF"),
        ("MOCH. RIZKY", "MUHAMMAD RIZKI"),
        ("M. RIZKI", "MOHAMAD RIZQI"),
        ("ACHMAD CHOIRUL", "AHMAD KHOIRUL"),
        ("MA'RUF", "MARUF"),
        ("MA\u2019RUF", "MARUF"),
        ("SITTI AMINNAH", "SITI AMINAH"),
        ("JOSÉ", "JOSE"),
        ("H. SLAMET", "SLAMET"),
        ("SLAMET, S.Pd.", "SLAMET"),
        ("DRS. H. SLAMET RIYADI", "SLAMET RIJADI"),
        ("ABD. ROHMAN", "ABDUL ROHMAN"),
    ],
)
def test_spellings_of_one_name_fold_into_one(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("SITI", "SATI"), ("SLAMET", "SELAMAT"), ("AGUS", "BAGUS")]
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_a_name_that_is_a_title_or_a_number_keeps_a_word() -> None:
    assert words("H") == ["H"]
    assert words("H. IR") == ["IR"]
    assert words("123") == ["123"]

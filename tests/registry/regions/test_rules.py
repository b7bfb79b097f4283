from collections import Counter

import pytest

from services.registry.regions import edition, rules


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("35", "province", None),
        ("35.10", "regency", "35"),
        ("35.10.05", "district", "35.10"),
        ("35.10.05.2003", "village", "35.10.05"),
    ],
)
def test_codes_nest_at_their_dots(code: str, level: str, parent: str | None) -> None:
    assert rules.level(code) == level
    assert rules.parent(code) == parent
    assert rules.contains(parent or code, code)


def test_a_longer_number_is_no_part_of_a_shorter() -> None:
    assert not rules.contains("35.1", "35.10")


def test_areas_within_others_are_left_out() -> None:
    areas = frozenset({"35.10.05", "35.10.05.2003", "35.10.10.2001"})

    assert rules.outermost(areas) == ["35.10.05", "35.10.10.2001"]


def test_numbers_are_given_per_district() -> None:
    assert rules.prefix6("35.10.05") == rules.prefix6("35.10.05.2003") == "351005"
    with pytest.raises(ValueError, match="district"):
        rules.prefix6("35.10")


def test_the_edition_has_banyuwangi_whole_and_the_country_down_to_its_districts() -> None:
    rows = edition.rows()
    present = [row for row in rows if row["valid_to"] is None]
    codes = {row["code"] for row in rows}

    assert Counter(row["level"] for row in present) == {
        "province": 38,
        "regency": 514,
        "district": 7285,
        "village": 217,
    }
    assert Counter(r["kind"] for r in present if r["level"] == "village") == {
        "desa": 189,
        "kelurahan": 28,
    }
    assert all(row["parent_code"] in codes for row in rows if row["level"] != "province")
    assert len(codes) == len(rows)

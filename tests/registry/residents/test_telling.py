from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.registry.certificates.rules import LETTERS, NoteKind
from services.registry.families.store import NOT_RECORDED as NOT_OF_FAMILIES
from services.registry.families.tables import Family
from services.registry.residents import telling
from services.registry.residents.schemas import ChangedOut
from services.registry.residents.store import NOT_RECORDED
from services.registry.residents.tables import Resident
from shared.codes import lists
from shared.contract.facts import KINDS

FIXED = {"id", "nik", "kk_number"}


@dataclass
class Said:
    version: int
    data: dict[str, Any]
    changed: list[str] = field(default_factory=list)
    valid_from: date = date(2026, 11, 24)
    recorded_at: datetime = datetime(2026, 11, 24, tzinfo=UTC)
    cause: str = "correct_resident"
    source_id: UUID = field(default_factory=uuid4)


def changed(table: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangedOut]:
    told = telling.tell_all(table, [Said(1, dict(before)), Said(2, dict(after), list(after))])
    return told[1].changes


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("residents", set(Resident.__mapper__.column_attrs.keys()) - {*NOT_RECORDED, *FIXED}),
        (
            "families",
            set(Family.__mapper__.column_attrs.keys()) - {*NOT_OF_FAMILIES, *FIXED} | {"members"},
        ),
    ],
)
def test_every_column_has_a_name_in_both_languages(table: str, columns: set[str]) -> None:
    assert telling.fields()[table].keys() == columns


def test_every_kind_of_change_and_every_note_says_why() -> None:
    stated = {*KINDS, *LETTERS, *NoteKind, "import", "card_print"}

    assert stated - telling.causes().keys() == set()


def test_history_names_the_law_of_a_change_and_the_case_behind_it() -> None:
    said = Said(1, {"full_name": "SITI"}, cause="register_birth")

    [told] = telling.tell_all("residents", [said])

    assert told.law is not None
    assert "UU 24/2013 art 27" in told.law
    assert told.source_id == said.source_id


def test_what_no_law_is_known_of_names_none() -> None:
    [told] = telling.tell_all("residents", [Said(1, {}, cause="import")])

    assert told.law is None


def test_every_code_list_that_a_column_names_exists() -> None:
    named = {each.codes for table in telling.fields().values() for each in table.values()}

    assert named - {None} <= lists().keys()


def test_codes_and_days_are_told_as_people_say_them() -> None:
    before = {"marital_status": 1, "marriage_date": None, "sex": "L", "blood_type": 13}
    after = {"marital_status": 2, "marriage_date": "2026-11-01", "sex": "P", "blood_type": 13}
    told = {each.field: each for each in changed("residents", before, after)}

    assert told.keys() == {"marital_status", "marriage_date", "sex"}
    assert told["marital_status"].label_id == "Status perkawinan"
    assert (told["marital_status"].before, told["marital_status"].after) == (1, 2)
    assert told["marital_status"].before_id == "BELUM KAWIN"
    assert told["marriage_date"].before_en == "(nothing)"
    assert told["marriage_date"].after_id == "1 November 2026"
    assert (told["sex"].before_id, told["sex"].after_en) == ("LAKI-LAKI", "Female")


def test_a_family_is_told_line_by_line() -> None:
    head, child = ({"resident_id": str(UUID(int=n)), "position": n} for n in (1, 2))
    before = {"members": [head | {"relationship": 1}]}
    after = {"members": [child | {"relationship": 4}, head | {"relationship": 1}]}
    [told] = changed("families", before, after)

    assert told.before_id == "KEPALA KELUARGA"
    assert told.after_id == "KEPALA KELUARGA; ANAK"


def test_of_a_register_only_the_words_that_differ_are_told() -> None:
    child = {"birth_place": "BANYUWANGI", "birth_order": 1}
    before = {"data": {"full_name": "ADI", "child": child}}
    after = {"data": {"full_name": "ADI SANTOSO", "child": child | {"birth_order": 2}}}
    told = {
        each.field: (each.label_id, each.after) for each in changed("certificates", before, after)
    }

    assert told == {
        "data.full_name": ("Nama lengkap", "ADI SANTOSO"),
        "data.child.birth_order": ("data.child.birth_order", 2),
    }


def test_a_column_without_words_is_told_as_it_is_stored() -> None:
    [told] = changed("residents", {"shoe_size": 1}, {"shoe_size": 2})

    assert (told.label_id, told.label_en, told.after_id) == ("shoe_size", "shoe_size", "2")


def test_a_cause_without_words_is_told_as_it_is_stored() -> None:
    [told] = telling.tell_all("residents", [Said(1, {}, cause="something_new")])

    assert (told.cause_id, told.cause_en, told.changes) == ("something_new", "something_new", [])

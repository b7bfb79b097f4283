import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from rich.console import Console

from deploy.local.environment import Place
from deploy.story.birth import explained
from deploy.story.case import birth
from deploy.story.couple import Couple, Parent, couple_of
from deploy.story.papers import photograph
from deploy.story.screen import WIDTH, Screen
from deploy.story.seals import is_sealed
from shared.contract.facts import RegisterBirth

TODAY = date(2026, 11, 24)
MOTHER = str(uuid4())


def member(
    resident_id: str, relationship: int, sex: str, born: str, **changes: object
) -> dict[str, Any]:
    return {
        "resident_id": resident_id,
        "relationship": relationship,
        "sex": sex,
        "birth_date": born,
        "full_name": "SRI REJEKI",
        "marital_status": 2,
        "status": "HIDUP",
    } | changes


def family(*members: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid4()), "village_code": "35.10.05.2003", "members": list(members)}


FATHER_LINE = member(str(uuid4()), 1, "L", "1990-01-01")
MOTHER_LINE = member(MOTHER, 3, "P", "1995-01-01")


def test_a_married_couple_can_have_a_child() -> None:
    child = member(str(uuid4()), 4, "L", "2020-01-01", marital_status=1)

    couple = couple_of(family(FATHER_LINE, MOTHER_LINE, child), MOTHER, TODAY)

    assert couple is not None
    assert (couple.children, couple.members) == (1, 3)


@pytest.mark.parametrize(
    "members",
    [
        [FATHER_LINE | {"status": "MATI"}, MOTHER_LINE],
        [FATHER_LINE | {"sex": "P"}, MOTHER_LINE],
        [FATHER_LINE, MOTHER_LINE | {"marital_status": 3}],
        [FATHER_LINE, MOTHER_LINE | {"relationship": 4}],
        [FATHER_LINE, MOTHER_LINE, member(str(uuid4()), 4, "L", "2026-11-20")],
        [MOTHER_LINE],
    ],
)
def test_others_cannot(members: list[dict[str, Any]]) -> None:
    assert couple_of(family(*members), MOTHER, TODAY) is None


@pytest.mark.parametrize("sex", ["L", "P"])
def test_the_fact_is_one_the_contract_takes(sex: str) -> None:
    parent = Parent(str(uuid4()), "SRI REJEKI", date(1995, 1, 1))
    couple = Couple(str(uuid4()), "35.10.05.2003", parent, parent, 1, 4)

    fact = RegisterBirth.model_validate(birth(couple, sex, TODAY))

    assert len(fact.child.full_name.split()) == 2
    assert fact.child.birth_order == 2
    assert fact.child.birth_date < TODAY


def test_a_number_is_explained_part_by_part() -> None:
    girl = explained("3510056311269001", date(2026, 11, 23))
    boy = explained("3510052311269001", date(2026, 11, 23))

    assert "".join(part for part, _ in girl) == "3510056311269001"
    assert girl[3] == ("631126", "born on 23-11-2026, the day plus 40 for a girl")
    assert boy[3] == ("231126", "born on 23-11-2026")


def test_a_photograph_is_a_picture_that_says_specimen() -> None:
    with Image.open(io.BytesIO(photograph("Buku nikah", "Suami"))) as picture:
        assert picture.format == "JPEG"
        assert picture.width > 1000


def test_a_pdf_without_a_seal_is_not_sealed(place: Place) -> None:
    empty = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\nxref\n0 3\n0000000000 65535 f \n"
        b"0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 3/Root 1 0 R>>\n"
        b"startxref\n96\n%%EOF\n"
    )

    assert not is_sealed(empty, place.folder / "authority" / "root.pem")


def test_a_long_line_stays_within_the_page() -> None:
    written = io.StringIO()
    screen = Screen(Console(file=written))

    screen.step("The verifier", "reads")
    screen.say("word " * 100)
    screen.rows([("a", "b " * 100)])

    assert max(map(len, written.getvalue().splitlines())) <= WIDTH
    assert "\x1b" not in written.getvalue()

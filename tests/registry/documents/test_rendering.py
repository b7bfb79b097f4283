"""What the papers say, read back from the PDF."""

import dataclasses
import io
import re
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from services.registry.documents.rendering import CannotDraw, Imprint, Press, Signatory
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import CONTENT
from shared.contract.events import IssuedKind
from tests.registry.documents.papers import BIRTH, CONTENTS, NOTE, family
from tests.registry.documents.reading import (
    PDFTOTEXT,
    fonts_of,
    names,
    outside,
    overlapping,
    squeezed,
    stretched,
    wordings,
)

LINK = "https://registry.example/v/AbCdEfGhIjKlMnOpQrStUv"
TEST = Signatory("Kepala Dinas (uji)", is_test=True)
IMPRINT = Imprint(copy_number=2, link=LINK, issued_on=date(2026, 11, 24), signatory=TEST)
REAL = Imprint(2, LINK, date(2026, 11, 24), Signatory("Drs. Contoh Pejabat", is_test=False))

KINDS = list(IssuedKind)
NOT_ON_CARDS = {(IssuedKind.CHILD_CARD, "/address/postal_code")}


def text_of(pdf: bytes) -> str:
    """The text in the order in which it is drawn, one space between words."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", " ".join(texts))


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_content_gives_the_same_bytes(press: Press, kind: IssuedKind) -> None:
    first = press.draw(kind, CONTENTS[kind], IMPRINT)
    assert first == Press().draw(kind, CONTENTS[kind], IMPRINT)
    assert first != press.draw(kind, CONTENTS[kind], REAL)


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_archived(press: Press, kind: IssuedKind) -> None:
    with pikepdf.open(io.BytesIO(press.draw(kind, CONTENTS[kind], IMPRINT))) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
        fonts = [each for each in pdf.objects if _is(each, "/FontDescriptor")]
        assert fonts
        assert all("/FontFile3" in each or "/FontFile2" in each for each in fonts)
        assert "/StructTreeRoot" in pdf.Root  # a screen reader finds its way
        assert str(pdf.Root.Lang) == "id"


def _is(thing: object, kind: str) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_on_the_paper(press: Press, kind: IssuedKind) -> None:
    text = squeezed(text_of(press.draw(kind, CONTENTS[kind], IMPRINT)))
    missing = [
        place
        for place, ways in wordings(CONTENTS[kind])
        if not any(squeezed(way) in text for way in ways) and (kind, place) not in NOT_ON_CARDS
    ]
    assert missing == []
    assert squeezed(LINK) in text


@pytest.mark.parametrize("kind", KINDS)
def test_which_copy_it_is(press: Press, kind: IssuedKind) -> None:
    third = dataclasses.replace(IMPRINT, copy_number=3)
    said = squeezed(text_of(press.draw(kind, CONTENTS[kind], third)))
    if kind is not IssuedKind.CHILD_CARD:  # a card has no room for it
        assert "ketiga" in said or "ke-3" in said


PAPERS = [kind for kind in KINDS if kind is not IssuedKind.CHILD_CARD]


@pytest.mark.parametrize("kind", PAPERS)
def test_it_fits_the_printer_s_paper(press: Press, kind: IssuedKind) -> None:
    with pikepdf.open(io.BytesIO(press.draw(kind, CONTENTS[kind], IMPRINT))) as pdf:
        boxes = {tuple(round(float(each)) for each in page.mediabox) for page in pdf.pages}
    assert boxes <= {(0, 0, 595, 842), (0, 0, 842, 595)}  # A4


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_test_seal_makes_a_specimen(press: Press, kind: IssuedKind) -> None:
    specimen = text_of(press.draw(kind, CONTENTS[kind], IMPRINT))
    assert "CONTOH" in specimen.replace(" ", "")
    assert "Segel uji, bukan dokumen resmi / test seal" in specimen
    real = text_of(press.draw(kind, CONTENTS[kind], REAL))
    assert "CONTOH" not in real
    assert "uji" not in real
    assert "Drs. Contoh Pejabat" in real


UNREGISTERED = "perkawinannya belum tercatat sesuai dengan peraturan perundang-undangan"


@pytest.mark.parametrize(
    ("parentage", "present", "absent"),
    [
        (Parentage.MARRIED, ["dari ayah", "dan ibu"], [UNREGISTERED, "seorang ibu"]),
        (Parentage.UNREGISTERED_MARRIAGE, ["dari ayah", "dan ibu", UNREGISTERED], ["seorang ibu"]),
        (Parentage.MOTHER, ["dari seorang ibu", "SITI AMINAH"], ["ayah", "AHMAD SUBEKTI"]),
        (Parentage.FOUNDLING, ["tidak diketahui"], ["ayah", "SITI AMINAH", "AHMAD SUBEKTI"]),
    ],
)
def test_the_parents_situation_decides_the_wording(
    press: Press, parentage: Parentage, present: list[str], absent: list[str]
) -> None:
    content = BIRTH.model_copy(update={"parentage": parentage})
    text = text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, content, REAL))
    assert [each for each in present if each not in text] == []
    assert [each for each in absent if each in text] == []


def test_marginal_notes_are_quoted_below_the_entry(press: Press) -> None:
    adopted = NOTE.model_copy(
        update={
            "serial": 2,
            "text_id": "Diangkat sebagai anak oleh suami istri Made Wirawan dan Ni Luh Sari.",
            "text_en": "Adopted by the couple Made Wirawan and Ni Luh Sari.",
        }
    )
    content = BIRTH.model_copy(update={"annotations": (NOTE, adopted)})
    text = text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, content, REAL))
    places = [text.index(each) for each in ("Catatan pinggir", NOTE.text_id, adopted.text_id)]
    assert places == sorted(places)
    assert "Catatan pinggir" not in text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, BIRTH, REAL))


def test_many_notes_flow_over(press: Press) -> None:
    notes = tuple(NOTE.model_copy(update={"serial": n}) for n in range(1, 41))
    content = BIRTH.model_copy(update={"annotations": notes})
    pdf = press.draw(IssuedKind.BIRTH_CERTIFICATE, content, REAL)
    assert pages(pdf) > 1
    assert text_of(pdf).count(NOTE.text_id) == 40


def test_the_birth_date_is_spelled_out(press: Press) -> None:
    text = text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, BIRTH, REAL))
    assert "DUA PULUH NOVEMBER" in text
    assert "DUA RIBU DUA PULUH ENAM" in text


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler's pdftotext is absent")
@pytest.mark.parametrize("style", ["words", "one_word"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_names_are_whole_and_cover_nothing(
    press: Press, kind: IssuedKind, style: str, tmp_path: Path
) -> None:
    content = stretched(CONTENTS[kind], style)
    pdf = press.draw(kind, content, REAL)
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf)
    assert outside(path) == []
    assert overlapping(path) == []
    text = squeezed(text_of(pdf))
    assert [w for _, ways in names(content) for w in ways if squeezed(w) not in text] == []
    if kind is IssuedKind.CHILD_CARD:
        assert pages(pdf) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_single_names_do(press: Press, kind: IssuedKind) -> None:
    pdf = press.draw(kind, stretched(CONTENTS[kind], "single"), REAL)
    assert "SUPARMAN" in text_of(pdf)


def test_what_a_paper_says_is_drawn_by_its_own_words_alone() -> None:
    kinds = list(CONTENT.values())
    assert len(set(kinds)) == len(kinds)
    assert set(CONTENT) == set(IssuedKind)


def test_a_large_family_fills_several_sheets(press: Press) -> None:
    pdf = press.draw(IssuedKind.FAMILY_CARD, family(40), IMPRINT)
    text = text_of(pdf)
    assert pages(pdf) == 5
    assert all(f"351005410790{9000 + number}" in text for number in range(1, 41))
    assert text.count("Nama Lengkap") == 5  # a sheet explains its own columns
    assert text.count("Lembar 5 dari 5") == 1
    assert text.count("electronically signed by") == 1


def test_an_institution_of_hundreds_has_its_card(press: Press) -> None:
    pdf = press.draw(IssuedKind.FAMILY_CARD, family(400), IMPRINT)
    assert pages(pdf) == 50


def test_markup_in_data_stays_text(press: Press) -> None:
    name = '#panic("x") *Bima* $x$ @a <b> \\'
    content = BIRTH.model_copy(update={"full_name": name})
    assert name.upper() in text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, content, IMPRINT))


def test_a_letter_without_a_shape_is_refused_not_dropped(press: Press) -> None:
    content = BIRTH.model_copy(update={"full_name": "Bima ꦧ"})
    with pytest.raises(CannotDraw):
        press.draw(IssuedKind.BIRTH_CERTIFICATE, content, IMPRINT)


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler is absent")
@pytest.mark.parametrize("kind", KINDS)
def test_a_second_reader_finds_whole_fonts(press: Press, kind: IssuedKind, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(press.draw(kind, CONTENTS[kind], REAL))
    fonts = fonts_of(path)
    assert fonts
    assert {embedded for _, embedded in fonts} == {"yes"}

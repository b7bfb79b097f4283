"""What the papers say, read back from the PDF."""

import io
import re
from datetime import date

import pikepdf
import pytest
from pypdf import PdfReader

from services.registry.documents.rendering import CannotDraw, Imprint, Press, Signatory
from services.registry.documents.rules import Parentage
from services.registry.documents.schemas import Content
from shared.contract.events import IssuedKind
from tests.registry.documents.samples import BIRTH, CHILD, CONTENTS, family

LINK = "https://registry.example/v/AbCdEfGhIjKlMnOpQrStUv"
TEST = Signatory("Kepala Dinas (uji)", is_test=True)
IMPRINT = Imprint(copy_number=2, link=LINK, issued_on=date(2026, 11, 24), signatory=TEST)
REAL = Imprint(2, LINK, date(2026, 11, 24), Signatory("Drs. Contoh Pejabat", is_test=False))

KINDS = list(IssuedKind)
LONG = "Raden Ayu Kusumaningtyas Wijayanti Prameswari Hadiningrat Sastrowardoyo"


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
def test_it_names_its_people_and_numbers(press: Press, kind: IssuedKind) -> None:
    content = CONTENTS[kind]
    text = text_of(press.draw(kind, content, IMPRINT))
    said = content.model_dump()
    for wanted in ("nik", "number", "kk_number", "birth_certificate_number"):
        assert str(said.get(wanted) or "") in text
    assert str(said.get("full_name") or said.get("head_name")).upper() in text
    assert "24 November 2026" in text
    assert LINK in text.replace(" ", "")


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


def test_the_birth_date_is_spelled_out(press: Press) -> None:
    text = text_of(press.draw(IssuedKind.BIRTH_CERTIFICATE, BIRTH, REAL))
    assert "DUA PULUH NOVEMBER" in text
    assert "DUA RIBU DUA PULUH ENAM" in text


@pytest.mark.parametrize(
    ("kind", "content", "wanted"),
    [
        (
            IssuedKind.BIRTH_CERTIFICATE,
            BIRTH.model_copy(
                update={
                    "full_name": f"{LONG} {LONG}",
                    "mother_name": f"{LONG} {LONG}",
                    "father_name": f"{LONG} {LONG}",
                    "birth_place": LONG,
                    "parentage": Parentage.UNREGISTERED_MARRIAGE,
                }
            ),
            1,
        ),
        (IssuedKind.FAMILY_CARD, family(8, LONG), 2),
        (IssuedKind.CHILD_CARD, CHILD.model_copy(update={"full_name": f"{LONG} {LONG}"}), 2),
    ],
)
def test_long_names_are_whole_and_break_nothing(
    press: Press, kind: IssuedKind, content: Content, wanted: int
) -> None:
    pdf = press.draw(kind, content, IMPRINT)
    assert pages(pdf) == wanted
    assert LONG.upper() in text_of(pdf)


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

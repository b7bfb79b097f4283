"""Draws documents: typed content in, PDF/A out. The same content gives the same bytes.

Only the sealer imports this: typst holds the interpreter lock while it works.
"""

import io
import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

import segno
import typst

from services.registry.documents.printed import Texts, long_date, texts
from services.registry.documents.rules import place_in_order
from services.registry.documents.schemas import Content
from shared.contract.events import IssuedKind

TEMPLATES = Path(str(files("services.registry.documents") / "templates"))

_LETTER, _CIVIL = "letter.typ", "civil.typ"
_TEMPLATE = {
    IssuedKind.BIODATA: _LETTER,
    IssuedKind.FAMILY_CARD: "family_card.typ",
    IssuedKind.CHILD_CARD: "child_card.typ",
    IssuedKind.MOVE_LETTER: _LETTER,
    IssuedKind.ARRIVAL_LETTER: _LETTER,
    IssuedKind.EMIGRATION_LETTER: _LETTER,
    IssuedKind.IMMIGRATION_LETTER: _LETTER,
    IssuedKind.RESIDENCE_LETTER: _LETTER,
    IssuedKind.INTERIM_LETTER: _LETTER,
    IssuedKind.SUBSTITUTE_IDENTITY: _LETTER,
    IssuedKind.SUBSTITUTE_CERTIFICATE: _LETTER,
    IssuedKind.DISPLACED_PERSON: _LETTER,
    IssuedKind.COMMUNITY_MEMBER: _LETTER,
    IssuedKind.BIRTH_CERTIFICATE: _CIVIL,
    IssuedKind.DEATH_CERTIFICATE: _CIVIL,
    IssuedKind.MARRIAGE_CERTIFICATE: _CIVIL,
    IssuedKind.DIVORCE_CERTIFICATE: _CIVIL,
    IssuedKind.ACKNOWLEDGEMENT: _CIVIL,
    IssuedKind.LEGITIMATION: _CIVIL,
    IssuedKind.STILLBIRTH_LETTER: _CIVIL,
    IssuedKind.MARRIAGE_ANNULMENT: _CIVIL,
    IssuedKind.DIVORCE_ANNULMENT: _CIVIL,
    IssuedKind.MARGINAL_NOTE: _CIVIL,
}


class CannotDraw(Exception):  # noqa: N818 - says what happened
    """The template does not fit the content, or a letter has no shape in our fonts."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who stands for the document, as the certificate of the seal says."""

    name: str
    is_test: bool  # a seal of the test authority: the paper must say that it is a specimen


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is on the paper beside its content."""

    copy_number: int
    link: str  # in the QR code
    issued_on: date
    signatory: Signatory


class Press:
    """Keeps the compilers, which know the fonts and the parsed templates."""

    def __init__(self) -> None:
        self._compilers = {
            name: typst.Compiler(
                str(TEMPLATES / name), root=str(TEMPLATES), ignore_system_fonts=True
            )
            for name in sorted(set(_TEMPLATE.values()))
        }

    def draw(self, kind: IssuedKind, content: Content, imprint: Imprint) -> bytes:
        """Return the document as PDF/A-2b, not sealed yet.

        Raises:
            CannotDraw: for whatever reason; the message may hold personal data, never log it.
        """
        data = texts(content) | _imprint(imprint)
        try:
            pdf, warnings = self._compilers[_TEMPLATE[kind]].compile_with_warnings(
                format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_standards=["a-2b"]
            )
        except typst.TypstError as error:
            raise CannotDraw(str(error)) from error
        if warnings:  # a missing font is only a warning, and another font is used
            raise CannotDraw(str(warnings[0]))
        assert isinstance(pdf, bytes)  # noqa: S101 - one file for a PDF, a list for pictures
        return pdf


def _imprint(imprint: Imprint) -> Texts:
    day = imprint.issued_on
    return {
        "copy": imprint.copy_number,
        "copy_name": place_in_order(imprint.copy_number),
        "link": imprint.link,
        "qr": _qr(imprint.link),
        "issued": {"year": day.year, "month": day.month, "day": day.day},
        "issued_on": long_date(day),
        "issued_on_en": long_date(day, "en"),
        "signatory": imprint.signatory.name,
        "test": imprint.signatory.is_test,
    }


def _qr(link: str) -> str:
    # A fixed mask: trying all eight takes most of the time and gains nothing on a clean print.
    out = io.BytesIO()
    code = segno.make(link, error="m", micro=False, mask=3)
    code.save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()

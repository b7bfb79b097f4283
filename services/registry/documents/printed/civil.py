"""The frame of every paper of the civil registry."""

from collections.abc import Iterable
from datetime import date

from services.registry.documents.printed.blocks import Blocks
from services.registry.documents.printed.words import CITIZENSHIP, Texts, long_date
from services.registry.documents.rules import office
from shared.contract.facts import Citizenship
from shared.language import Words

REGISTRAR = Words("Pejabat Pencatatan Sipil", "Civil registrar")
ABOUT = Words("NIK", "Population identification number")


def sheet(
    title: Words,
    basis: Words,
    number: str,
    blocks: Iterable[Texts],
    *,
    regency: str,
    registered_on: date,
    nik: str | None = None,
    citizenship: Citizenship | None = None,
    notes: Blocks | None = None,
    photo: bool = False,
    is_quotation: bool = True,
) -> Texts:
    """Put a paper together; `basis` says which entry of which register it quotes."""
    named = CITIZENSHIP[citizenship] if citizenship else Words("", "")
    return {
        "title": title.id,
        "title_en": title.en,
        "basis": basis.id,
        "basis_en": basis.en,
        "number": number,
        "nik": nik or "",
        "citizenship": named.id.upper(),
        "citizenship_en": named.en,
        "blocks": list(blocks),
        "notes": notes or [],
        "photo": photo,
        "quotation": is_quotation,
        "registered_on": long_date(registered_on),
        "registered_on_en": long_date(registered_on, "en"),
        "regency": regency,
        "office": office(regency),
        "signs": REGISTRAR.id,
        "signs_en": REGISTRAR.en,
    }

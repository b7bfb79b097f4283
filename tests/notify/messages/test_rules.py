"""How papers and cards are named to the citizen."""

from services.notify.messages.rules import documents_in_words
from shared.contract.events import IssuedKind, Language
from shared.contract.facts import CardKind


def test_papers_and_cards_are_named_in_the_language_of_the_reader() -> None:
    kinds = [IssuedKind.FAMILY_CARD, CardKind.KTP_EL]

    assert documents_in_words(kinds, Language.INDONESIAN) == (
        "Kartu Keluarga, Kartu Tanda Penduduk elektronik"
    )
    assert documents_in_words(kinds, Language.ENGLISH) == "family card, electronic id card"

"""From what a document says to the very texts on its paper. Pure; the templates only place them."""

from collections.abc import Callable
from typing import Any

from services.registry.documents import schemas
from services.registry.documents.printed import (
    births,
    children,
    deaths,
    families,
    letters,
    marriages,
    moves,
)
from services.registry.documents.printed.words import Texts, long_date
from services.registry.documents.schemas import Content

__all__ = ["Texts", "long_date", "texts"]

_TEXTS: dict[type[Content], Callable[[Any], Texts]] = {
    schemas.BirthCertificateContent: births.birth_certificate,
    schemas.StillbirthLetterContent: births.stillbirth_letter,
    schemas.DeathCertificateContent: deaths.death_certificate,
    schemas.MarriageCertificateContent: marriages.marriage_certificate,
    schemas.DivorceCertificateContent: marriages.divorce_certificate,
    schemas.MarriageAnnulmentContent: marriages.marriage_annulment,
    schemas.DivorceAnnulmentContent: marriages.divorce_annulment,
    schemas.AcknowledgementCertificateContent: children.acknowledgement,
    schemas.LegitimationCertificateContent: children.legitimation,
    schemas.MarginalNoteContent: children.marginal_note,
    schemas.FamilyCardContent: families.family_card,
    schemas.ChildCardContent: families.child_card,
    schemas.BiodataContent: families.biodata,
    schemas.MoveLetterContent: moves.move_letter,
    schemas.ArrivalLetterContent: moves.arrival_letter,
    schemas.DepartureAbroadContent: moves.departure_abroad,
    schemas.ArrivalFromAbroadContent: moves.arrival_from_abroad,
    schemas.ResidenceLetterContent: letters.residence_letter,
    schemas.InterimLetterContent: letters.interim_letter,
    schemas.SubstituteIdentityContent: letters.substitute_identity,
    schemas.SubstituteCertificateContent: letters.substitute_certificate,
    schemas.DisplacedPersonContent: letters.displaced_person,
    schemas.CommunityLetterContent: letters.community_member,
}


def texts(content: Content) -> Texts:
    """Return every text of a document."""
    return _TEXTS[type(content)](content)

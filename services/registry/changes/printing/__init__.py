"""What the documents of a change say, taken from the registry as the change leaves it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import store as certificates
from services.registry.changes.printing import (
    births,
    cards,
    children,
    deaths,
    families,
    letters,
    marriages,
    moves,
    notes,
)
from services.registry.changes.printing.paper import Paper
from services.registry.changes.printing.people import biodata
from services.registry.changes.steps import Made
from services.registry.documents import actions as documents
from services.registry.families.store import members
from shared.contract.events import ExpectedDocument, IssuedKind

__all__ = ["Paper", "biodata", "queue_all", "quote_anew"]

_WRITERS: dict[IssuedKind, Callable[[AsyncSession, UUID], Awaitable[Paper]]] = {
    IssuedKind.BIRTH_CERTIFICATE: births.birth_certificate,
    IssuedKind.BIODATA: biodata,
    IssuedKind.FAMILY_CARD: families.family_card,
    IssuedKind.CHILD_CARD: cards.child_card,
    IssuedKind.LEGITIMATION: children.legitimation,
    IssuedKind.ACKNOWLEDGEMENT: children.acknowledgement,
    IssuedKind.DIVORCE_ANNULMENT: marriages.divorce_annulment,
    IssuedKind.DIVORCE_CERTIFICATE: marriages.divorce_certificate,
    IssuedKind.MARRIAGE_ANNULMENT: marriages.marriage_annulment,
    IssuedKind.MARRIAGE_CERTIFICATE: marriages.marriage_certificate,
    IssuedKind.MARGINAL_NOTE: notes.marginal_note,
    IssuedKind.MOVE_LETTER: moves.move_letter,
    IssuedKind.ARRIVAL_LETTER: moves.arrival_letter,
    IssuedKind.EMIGRATION_LETTER: moves.emigration_letter,
    IssuedKind.IMMIGRATION_LETTER: moves.immigration_letter,
    IssuedKind.DEATH_CERTIFICATE: deaths.death_certificate,
    IssuedKind.STILLBIRTH_LETTER: deaths.stillbirth_letter,
    IssuedKind.RESIDENCE_LETTER: letters.residence_letter,
    IssuedKind.SUBSTITUTE_IDENTITY: letters.substitute_identity,
    IssuedKind.SUBSTITUTE_CERTIFICATE: letters.substitute_certificate,
    IssuedKind.DISPLACED_PERSON: letters.displaced_person,
    IssuedKind.COMMUNITY_MEMBER: letters.community_member,
}


# What these quote may have changed since they were printed: a note in the margin, a new member.
# Every other paper says how things were on its day, and stays so.
_QUOTES_CERTIFICATE = frozenset(
    {
        IssuedKind.BIRTH_CERTIFICATE,
        IssuedKind.DEATH_CERTIFICATE,
        IssuedKind.MARRIAGE_CERTIFICATE,
        IssuedKind.DIVORCE_CERTIFICATE,
        IssuedKind.ACKNOWLEDGEMENT,
        IssuedKind.LEGITIMATION,
    }
)


async def quote_anew(session: AsyncSession, kind: IssuedKind, about_id: UUID) -> Paper | None:
    """Return what a paper says today; None of a paper that goes on saying what it said."""
    if kind is IssuedKind.FAMILY_CARD:
        quotes = bool(await members(session, about_id))
    elif kind in _QUOTES_CERTIFICATE:
        quotes = await certificates.get(session, about_id) is not None
    else:
        quotes = kind is IssuedKind.BIODATA
    return await _WRITERS[kind](session, about_id) if quotes else None


async def queue_all(session: AsyncSession, made: Made) -> list[ExpectedDocument]:
    """Queue everything that the facts asked to be printed; return what will come."""
    expected = []
    for kind, about_id in made.prints:
        paper = await _WRITERS[kind](session, about_id)
        document = await documents.queue(
            session,
            kind,
            about_id=about_id,
            resident_ids=paper.resident_ids,
            village_code=paper.village_code,
            case_id=made.source_id,
            content=paper.content,
            today=made.today,
        )
        expected.append(ExpectedDocument(document_id=document.id, kind=kind))
    return expected

"""What the documents of a change say, taken from the registry as the change leaves it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.printing import births, cards, families, notes
from services.registry.changes.printing.paper import Paper
from services.registry.changes.steps import Made
from services.registry.documents import actions as documents
from shared.contract.events import ExpectedDocument, IssuedKind

_WRITERS: dict[IssuedKind, Callable[[AsyncSession, UUID], Awaitable[Paper]]] = {
    IssuedKind.BIRTH_CERTIFICATE: births.birth_certificate,
    IssuedKind.FAMILY_CARD: families.family_card,
    IssuedKind.CHILD_CARD: cards.child_card,
    IssuedKind.MARGINAL_NOTE: notes.marginal_note,
}


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

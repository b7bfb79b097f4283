"""Draws what a change had printed, as the sealer will: every writer's content fits its paper."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.documents.rendering import Imprint, Press, Signatory
from services.registry.documents.schemas import CONTENT
from services.registry.documents.tables import Document
from shared.contract.events import IssuedKind

IMPRINT = Imprint(1, "https://registry.example/v/AbC", date(2026, 11, 24), Signatory("Uji", True))  # noqa: FBT003


async def drawn(session: AsyncSession) -> set[IssuedKind]:
    """Draw every document that waits, and return which kinds these are."""
    press, kinds = Press(), set()
    for each in await session.scalars(select(Document)):
        kind = IssuedKind(each.kind)
        pdf = press.draw(kind, CONTENT[kind].model_validate(each.content), IMPRINT)
        assert pdf.startswith(b"%PDF")
        kinds.add(kind)
    return kinds

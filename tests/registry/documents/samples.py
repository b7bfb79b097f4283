"""Papers in the queue of the sealer."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import actions
from services.registry.documents.schemas import Content
from services.registry.documents.tables import Document
from shared import clock
from shared.contract.events import IssuedKind
from tests.registry.documents.papers import BIRTH, CHILD, CONTENTS, family, member

__all__ = ["BIRTH", "CHILD", "CONTENTS", "VILLAGE", "family", "member", "queue"]

VILLAGE = "35.10.05.2003"


async def queue(
    session: AsyncSession,
    kind: IssuedKind = IssuedKind.BIRTH_CERTIFICATE,
    *,
    about_id: UUID | None = None,
    resident_ids: tuple[UUID, ...] = (),
    case_id: UUID | None = None,
    content: Content | None = None,
) -> Document:
    return await actions.queue(
        session,
        kind,
        about_id=about_id or uuid7(),
        resident_ids=resident_ids,
        village_code=VILLAGE,
        case_id=case_id,
        content=content or CONTENTS[kind],
        today=clock.today(),
    )

"""What of cards waits for somebody outside: the ministry's answer, or blanks."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import store
from shared.operations import Waiting

TRIES = 4  # without an answer, over more than a minute, before it is worth a look


async def find_waiting(session: AsyncSession) -> list[Waiting]:
    """Return recordings that the centre does not answer, and cards without blanks, oldest first."""
    unanswered = [
        Waiting(kind="recording-without-answer", subject=str(each.id), since=each.recorded_at)
        for each in await store.unanswered(session, TRIES)
    ]
    without = [
        Waiting(kind="card-without-blank", subject=str(each.id), since=each.queued_at)
        for each in await store.without_blank(session)
    ]
    return [*unanswered, *without]

"""Talks with the ministry's centre: sends what was captured, asks what became of it.

An attempt is marked before it is sent and settled afterwards, each in a transaction of its own.
Where no answer came it is sent again under the same key, so the centre takes it once.
"""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import recordings, store
from services.registry.cards.centre import (
    Centre,
    Enrolment,
    HttpCentre,
    NotAccepted,
    NotReached,
    Word,
)
from services.registry.cards.recording import Status, youngest_of_age
from services.registry.cards.tables import Recording
from services.registry.residents import store as residents
from services.registry.residents.schemas import Source
from services.registry.settings import Settings
from shared import clock
from shared.db import Sessions
from shared.worker import Background, take_turns

PAUSE_SECONDS = 1.0
LEASE = timedelta(seconds=60)  # who marks an attempt and dies holds it up this long

log = logging.getLogger(__name__)
_asked = Counter("centre_requests_total", "Words with the ministry's centre", ["outcome"])
_due = Gauge("centre_due_recordings", "Recordings that wait to be sent or asked about; at most 20")


def keep_talking(settings: Settings) -> Background:
    """Return the work that a worker does until it is told to stop."""

    async def work(sessions: Sessions, stop: asyncio.Event) -> None:
        centre = HttpCentre(str(settings.centre_url), settings.centre_token)

        async def turn() -> float:
            await talk(sessions, centre)
            await print_come_of_age(sessions)
            return PAUSE_SECONDS

        failed = "recordings could not be brought forward"
        try:
            await take_turns(turn, stop, failed=failed, rest=PAUSE_SECONDS)
        finally:
            await centre.close()

    return work


async def talk(sessions: Sessions, centre: Centre) -> int:
    """Send or ask about whatever is due now; return how many attempts that were."""
    async with sessions() as session:
        due = await store.due(session, clock.now())
    _due.set(len(due))
    for recording_id in due:
        try:
            await talk_about(sessions, centre, recording_id)
        except Exception as error:
            log.warning("a recording is put off", exc_info=True)
            await _put_off(sessions, recording_id, error)
    return len(due)


async def _put_off(sessions: Sessions, recording_id: UUID, error: Exception) -> None:
    """Let one that nothing can be done about wait its turn, so that the others go on."""
    async with sessions.begin() as session:
        attempt = await store.lock_recording(session, recording_id)
        if attempt is not None:
            recordings.postpone(attempt, type(error).__name__, clock.now())


async def talk_about(sessions: Sessions, centre: Centre, recording_id: UUID) -> None:
    """Send one attempt, or ask what became of it, and note what the centre says."""
    async with sessions.begin() as session:
        enrolment, known = await _begin(session, recording_id)
    if enrolment is None:
        return
    word, error = await _exchange(centre, recording_id, enrolment, known=known)
    async with sessions.begin() as session:
        await _settle(session, recording_id, word, error)


async def _begin(session: AsyncSession, recording_id: UUID) -> tuple[Enrolment | None, bool]:
    """Mark an attempt as being packed; return what to send, and whether the centre has it."""
    attempt = await store.lock_recording(session, recording_id)
    now = clock.now()
    if attempt is None or attempt.due_at is None or attempt.due_at > now:
        return None, False
    if attempt.status == Status.CAPTURED:
        await recordings.advance(
            session, attempt, Status.PACKED, actor="worker", today=clock.today()
        )
    attempt.due_at = now + LEASE
    return await _enrolment(session, attempt), attempt.status != Status.PACKED


async def _exchange(
    centre: Centre, key: UUID, enrolment: Enrolment, *, known: bool
) -> tuple[Word | None, str | None]:
    try:
        word = await centre.ask(key) if known else None
        if word is None:
            word = await centre.enrol(key, enrolment)
    except NotReached as error:
        _asked.labels("not_reached").inc()
        return None, str(error)[:200]
    except NotAccepted as error:
        _asked.labels("not_accepted").inc()
        return Word(status=Status.FAILED_AT_REGION), str(error)[:200]
    _asked.labels("answered").inc()
    return word, None


async def _settle(
    session: AsyncSession, recording_id: UUID, word: Word | None, error: str | None
) -> None:
    attempt = await store.lock_recording(session, recording_id)
    if attempt is None or attempt.due_at is None:
        return  # answered by a person meanwhile
    news = word is not None and await recordings.advance(
        session,
        attempt,
        word.status,
        actor=recordings.CENTRE,
        today=clock.today(),
        matched_nik=word.matched_nik,
    )
    if not news or attempt.due_at is not None:
        recordings.postpone(attempt, error, clock.now())


async def _enrolment(session: AsyncSession, attempt: Recording) -> Enrolment:
    about = attempt.visitor or {}
    if attempt.resident_id is not None:
        holder = (await residents.load(session, [attempt.resident_id]))[attempt.resident_id]
        about = {
            "nik": holder.nik,
            "full_name": holder.full_name,
            "birth_date": holder.birth_date,
        }
    return Enrolment.model_validate(
        {
            **about,
            "reference": attempt.reference,
            "quality": attempt.quality,
            "captured_on": attempt.captured_on,
        }
    )


async def print_come_of_age(sessions: Sessions) -> int:
    """Have the cards printed of those who turned 17 or married since; return how many."""
    today = clock.today()
    async with sessions() as session:
        ready = await store.come_of_age(session, youngest_of_age(today), clock.now())
    for recording_id in ready:
        try:
            async with sessions.begin() as session:
                await _print_now(session, recording_id)
        except Exception as error:
            log.warning("a recording is put off", exc_info=True)
            await _put_off(sessions, recording_id, error)
    return len(ready)


async def _print_now(session: AsyncSession, recording_id: UUID) -> None:
    attempt = await store.lock_recording(session, recording_id)
    if attempt is None or not attempt.wants_card:
        return
    attempt.due_at = None
    source = Source(attempt.case_id or attempt.source_id, "advance_recording", "birthday")
    await recordings.print_if_of_age(
        session, attempt, source=source, today=clock.today(), told=True
    )

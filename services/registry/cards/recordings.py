"""What can happen to a recording: taken, sent, answered, repeated, and followed by its card."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.cards import actions, prints, recording, store
from services.registry.cards.recording import FAILED, PRINTABLE, UNDER_WAY, Status
from services.registry.cards.tables import Recording
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared import clock, outbox
from shared.contract.events import RecordingChanged, RecordingRepeated
from shared.contract.facts import CardKind

_NEVER_MARRIED, _FOREIGN = 1, 2
CENTRE = "centre"  # who speaks when the ministry answers


@dataclass(frozen=True, slots=True)
class Capture:
    """What a recording station tells about one attempt; the file itself never leaves it."""

    captured_on: date
    reference: str
    quality: int | None = None
    wants_card: bool = True
    print_at: str | None = None
    card_until: date | None = None  # the end of a foreigner's permit
    visitor: dict[str, Any] | None = None  # nik, full_name, birth_date, region_code


async def take(
    session: AsyncSession,
    holder: Resident | None,
    capture: Capture,
    *,
    source: Source,
    case_id: UUID | None,
    today: date,
) -> Recording:
    """Enter an attempt, of a resident or of somebody from elsewhere; it is due to be sent at once.

    Raises:
        IntegrityError: another attempt is under way (`one_recording_under_way`).
    """
    before = await store.latest(session, holder.id) if holder else None
    if before is not None:
        before.due_at = None  # whatever the centre still says of it is no news any more
    attempt = Recording(
        id=uuid7(),
        resident_id=holder.id if holder else None,
        visitor=capture.visitor,
        attempt=before.attempt + 1 if before else 1,
        status=Status.CAPTURED,
        wants_card=capture.wants_card,
        print_at=capture.print_at,
        card_until=capture.card_until,
        reference=capture.reference,
        quality=capture.quality,
        captured_on=capture.captured_on,
        case_id=case_id,
        source_id=source.id,
        actor=source.actor,
        due_at=clock.now(),
    )
    await store.add_recording(session, attempt)
    await _stand(session, attempt, source, today)
    await _tell(session, attempt, waits=False)
    return attempt


async def adopt(
    session: AsyncSession, holder: Resident, *, source: Source, today: date
) -> Recording:
    """Begin the story of a recording that came with an import, where it stands."""
    attempt = Recording(
        id=uuid7(),
        resident_id=holder.id,
        status=holder.recording_status,
        reference="import",
        captured_on=today,
        source_id=source.id,
        actor=source.actor,
    )
    await store.add_recording(session, attempt)
    return attempt


async def advance(
    session: AsyncSession,
    attempt: Recording,
    status: Status,
    *,
    actor: str,
    today: date,
    matched_nik: str | None = None,
) -> bool:
    """Note how far a locked attempt is; False when this is known, or does not follow.

    The centre answers late, twice and out of order: older news changes nothing.
    """
    if not recording.may_follow(Status(attempt.status), status):
        return False
    attempt.status, attempt.last_error, attempt.tries = status, None, 0
    attempt.matched_nik = matched_nik or attempt.matched_nik
    attempt.due_at = clock.now() if status in UNDER_WAY | {Status.SEARCH_FAILED} else None
    await store.note_step(session, attempt, actor)
    source = Source(attempt.case_id or attempt.source_id, "advance_recording", actor)
    await _stand(session, attempt, source, today)
    if status is Status.PRINT_READY:
        await print_if_of_age(session, attempt, source=source, today=today)
    else:
        await _tell(session, attempt, waits=False)
    return True


async def print_if_of_age(
    session: AsyncSession, attempt: Recording, *, source: Source, today: date, told: bool = False
) -> None:
    """Have the first card printed, or let it wait for its holder's 17th birthday.

    Nobody is given one who died, moved away or was found to be somebody else meanwhile.

    `told`: that the recording is ready and the card waits was said before.
    """
    holder = await _holder(session, attempt)
    married = holder is not None and holder.marital_status != _NEVER_MARRIED
    waits = holder is not None and recording.waits_for_age(
        holder.birth_date, today, ever_married=married
    )
    if not (waits and told):
        await _tell(session, attempt, waits=waits)
    gone = holder is not None and holder.status != "HIDUP"
    if waits or gone or not attempt.wants_card:
        return
    attempt.wants_card = False
    if holder is None:
        await _print_for_visitor(session, attempt, source)
        return
    held = await store.held(session, [holder.id])
    if any(each.kind == CardKind.KTP_EL for each in held.get(holder.id, ())):
        return
    await actions.issue_identity_card(
        session,
        holder,
        attempt.card_until,
        source=source,
        today=today,
        case_id=attempt.case_id,
        print_at=attempt.print_at,
        recording_id=attempt.id,
    )


async def repeat(session: AsyncSession, event: RecordingRepeated) -> None:
    """Enter another attempt of a case whose recording failed; any other is no news.

    Somebody who died or left meanwhile is not recorded again.
    """
    latest = await store.latest_of_case(session, event.case_id)
    attempt = await store.lock_recording(session, latest.id) if latest else None
    if attempt is None or Status(attempt.status) not in FAILED:
        return
    holder = await _holder(session, attempt)
    if holder is not None and holder.status != "HIDUP":
        return
    capture = Capture(
        captured_on=event.captured_on,
        reference=event.reference,
        quality=event.quality,
        wants_card=attempt.wants_card,
        print_at=attempt.print_at,
        card_until=attempt.card_until,
        visitor=attempt.visitor,
    )
    source = Source(event.case_id, "record_biometrics", event.actor)
    again = await take(
        session, holder, capture, source=source, case_id=event.case_id, today=clock.today()
    )
    again.attempt = max(again.attempt, attempt.attempt + 1)


def postpone(attempt: Recording, error: str | None, now: datetime) -> None:
    """Try, or ask, again after a pause that grows with every try without news."""
    attempt.tries = min(attempt.tries + 1, 1000)
    attempt.last_error = error
    attempt.due_at = now + recording.pause(attempt.tries)


async def _print_for_visitor(session: AsyncSession, attempt: Recording, source: Source) -> None:
    order = prints.Order(
        kind=CardKind.KTP_EL,
        holder_name=str((attempt.visitor or {})["full_name"]),
        village_code=None,
        recording_id=attempt.id,
        case_id=attempt.case_id,
        point_id=attempt.print_at,
    )
    await prints.order(session, order, source)


async def _holder(session: AsyncSession, attempt: Recording) -> Resident | None:
    if attempt.resident_id is None:
        return None
    people = await resident_store.load(session, [attempt.resident_id], lock=True)
    return people[attempt.resident_id]


async def _stand(session: AsyncSession, attempt: Recording, source: Source, today: date) -> None:
    """Keep the person's own record of it; an old attempt has no say about one with a card."""
    holder = await _holder(session, attempt)
    if holder is None or Status(holder.recording_status) in PRINTABLE:
        return
    standing = {"recording_status": Status(attempt.status).value}
    await residents.change(session, holder, standing, source=source, valid_from=today)


async def _tell(session: AsyncSession, attempt: Recording, *, waits: bool) -> None:
    event = RecordingChanged(
        recording_id=attempt.id,
        resident_id=attempt.resident_id,
        case_id=attempt.case_id,
        attempt=attempt.attempt,
        status=attempt.status,
        waits_for_age=waits,
    )
    await outbox.add(session, event)

"""What can happen to letters and their people, permits and stays. None of these commits."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.documents import actions as documents
from services.registry.moves import rules, store
from services.registry.moves.rules import Direction, Status, Travel
from services.registry.moves.schemas import Coming, Departure, Named
from services.registry.moves.tables import Arrival, Letter, Move, Mover, Permit, TemporaryStay
from services.registry.residents import actions as residents
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared import clock, outbox
from shared.contract.events import MoveClosed, MoveOpened
from shared.db import Sessions
from shared.worker import take_turns

REGENCY = "3510"
TOGETHER = 100  # letters that run out in one transaction
PAUSE_SECONDS = 60.0

log = logging.getLogger(__name__)


async def depart(session: AsyncSession, leaving: Departure, *, source: Source, today: date) -> Move:
    """Write a letter for people who are in no family any more; they live here no more.

    Who goes abroad has left with the letter; who goes to another regency is on the way.

    Raises:
        IntegrityError: somebody is on the way with another letter (`one_move_at_a_time`).
    """
    abroad = leaving.direction is Direction.ABROAD
    days = leaving.valid_days
    move = Move(
        id=uuid7(),
        direction=leaving.direction,
        status=Status.ARRIVED if abroad else Status.IN_TRANSIT,
        number=await next_number(session, leaving.letter, today),
        issued_on=today,
        valid_until=None if days is None else rules.last_valid_day(today, days),
        people=len(leaving.movers),
        reason=leaving.reason,
        village_code=leaving.village_code,
        elsewhere_code=leaving.elsewhere_code,
        country=leaving.country,
        family_id=leaving.family_id,
        stayers_family_id=leaving.stayers_family_id,
        data=leaving.data,
        closed_on=today if abroad else None,
        case_id=source.id,
        actor=source.actor,
    )
    session.add(move)
    await session.flush()
    travel, status = (Travel.ARRIVED, "PINDAH") if abroad else (Travel.IN_TRANSIT, "PINDAH_PROSES")
    _name(session, move, leaving.movers, travel, closed_on=move.closed_on)
    await session.flush()
    for each in leaving.movers:
        await _stand(session, each.resident, status, source, today)
    await outbox.add(session, _opened(move))
    if abroad:
        await outbox.add(session, _closed(move, today))
    return move


async def next_number(session: AsyncSession, letter: str, today: date) -> str:
    """Give the next number of a kind of letter."""
    series = rules.series(letter, REGENCY, today)
    return rules.number(series, await store.next_serial(session, series))


def _name(
    session: AsyncSession,
    move: Move,
    people: Sequence[Named],
    travel: Travel,
    *,
    closed_on: date | None,
    arrival: Arrival | None = None,
    first: int = 1,
) -> None:
    for position, each in enumerate(people, first):
        session.add(
            Mover(
                move_id=move.id,
                resident_id=each.resident.id,
                position=position,
                relationship=each.relationship,
                status=travel,
                arrival_id=arrival.id if arrival else None,
                closed_on=closed_on,
            )
        )


async def _stand(
    session: AsyncSession, resident: Resident, status: str, source: Source, today: date
) -> None:
    # Of no village: who moved out is nobody's to see or to count until they are somewhere again.
    news = {"status": status, "village_code": None}
    await residents.change(session, resident, news, source=source, valid_from=today)


async def come_back(
    session: AsyncSession, resident: Resident, village_code: str, *, source: Source, today: date
) -> None:
    """Let somebody live here again, under the NIK they always had; a family takes them in next."""
    news = {"status": "HIDUP", "village_code": village_code}
    await residents.change(session, resident, news, source=source, valid_from=today)


async def settle(
    session: AsyncSession,
    move: Move,
    people: Collection[Resident],
    travel: Travel,
    *,
    source: Source,
    today: date,
) -> None:
    """Note where people of a letter ended: arrived elsewhere, or back; the letter may be done.

    Raises:
        IllegalMove: the letter was settled before.
    """
    ids = {each.id for each in people}
    everybody = await store.movers(session, [move.id])
    for each in everybody:
        if each.resident_id in ids and each.status == Travel.IN_TRANSIT:
            each.status, each.closed_on = travel, today
    if travel is Travel.ARRIVED:
        for resident in people:
            await _stand(session, resident, "PINDAH", source, today)
    outcome = rules.settled(store.travels(everybody))
    if outcome is not None:
        move.status, move.closed_on = rules.step(Status(move.status), outcome), today
        await outbox.add(session, _closed(move, today))
        if outcome is Status.CANCELLED:
            await documents.revoke(session, move.id, today=today)
    await session.flush()


async def arrive(session: AsyncSession, coming: Coming, *, source: Source, today: date) -> Arrival:
    """Note who came with a letter; the first arrival enters it, later ones are added to it.

    Raises:
        IntegrityError: somebody else has just entered the same letter.
    """
    move = await _entered(session, coming, source)
    number = await next_number(session, coming.letter, today) if coming.letter else None
    arrival = Arrival(
        id=uuid7(),
        move_id=move.id,
        number=number,
        arrived_on=coming.arrived_on,
        family_id=coming.family_id,
        case_id=source.id,
    )
    session.add(arrival)
    await session.flush()
    before = len(await store.movers(session, [move.id]))
    _name(
        session,
        move,
        coming.arrivals,
        Travel.ARRIVED,
        closed_on=coming.arrived_on,
        arrival=arrival,
        first=before + 1,
    )
    if before + len(coming.arrivals) >= move.people:
        move.status, move.closed_on = Status.ARRIVED, coming.arrived_on
    await session.flush()
    return arrival


async def _entered(session: AsyncSession, coming: Coming, source: Source) -> Move:
    if coming.number is not None:
        for known in await store.numbered(session, [coming.number], lock=True):
            return known
    move = Move(
        id=uuid7(),
        direction=coming.direction,
        status=Status.IN_TRANSIT,
        number=coming.number,
        issued_on=coming.issued_on,
        valid_until=coming.valid_until,
        people=coming.people,
        reason=coming.reason,
        village_code=coming.village_code,
        elsewhere_code=coming.elsewhere_code,
        country=coming.country,
        data=coming.data,
        case_id=source.id,
        actor=source.actor,
    )
    session.add(move)
    await session.flush()
    return move


async def permit(session: AsyncSession, new: Permit, today: date) -> None:
    """Let a permit take the place of the one before."""
    former = await store.permit(session, new.resident_id)
    if former is not None:
        former.ended_on = today
        await session.flush()
    session.add(new)
    await session.flush()


async def write_letter(
    session: AsyncSession,
    kind: str,
    *,
    resident_id: UUID | None,
    village_code: str,
    data: dict[str, Any],
    source: Source,
    today: date,
    permit_id: UUID | None = None,
    valid_until: date | None = None,
) -> Letter:
    """Give a letter its number; a former one of the same kind and person is out of force."""
    if resident_id is not None:
        for former in await store.letters_of(session, resident_id, kind):
            await documents.revoke(session, former.id, today=today)
    letter = Letter(
        id=uuid7(),
        kind=kind,
        number=await next_number(session, kind, today),
        resident_id=resident_id,
        permit_id=permit_id,
        village_code=village_code,
        issued_on=today,
        valid_until=valid_until,
        data=data,
        source_id=source.id,
        actor=source.actor,
    )
    session.add(letter)
    await session.flush()
    return letter


async def note_stay(session: AsyncSession, stay: TemporaryStay) -> None:
    """Note somebody who stays for a while.

    Raises:
        IntegrityError: longer than a year (`ck_temporary_stays_year`).
    """
    session.add(stay)
    await session.flush()


async def expire(session: AsyncSession, today: date) -> int:
    """Let letters run out that nobody used in time; return how many."""
    late = await store.run_out(session, today, TOGETHER)
    for each in late:
        each.status = rules.step(Status(each.status), Status.EXPIRED)
        await outbox.add(session, _closed(each, today))
    await session.flush()
    return len(late)


async def keep_expiring(sessions: Sessions, stop: asyncio.Event) -> None:
    """Let letters run out as the legal days go by, until `stop` is set."""

    async def turn() -> float:
        async with sessions.begin() as session:
            done = await expire(session, clock.today())
        return 0 if done == TOGETHER else PAUSE_SECONDS

    await take_turns(turn, stop, failed="letters could not run out", rest=PAUSE_SECONDS)


def _opened(move: Move) -> MoveOpened:
    return MoveOpened(
        move_id=move.id,
        case_id=move.case_id,
        direction=move.direction,
        village_code=move.village_code,
        people=move.people,
        valid_until=move.valid_until,
    )


def _closed(move: Move, today: date) -> MoveClosed:
    return MoveClosed(
        move_id=move.id,
        case_id=move.case_id,
        outcome=move.status,
        village_code=move.village_code,
        closed_on=today,
    )

"""What happens to pairs that may be one person: they are looked for, and people decide."""

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.duplicates import store
from services.registry.duplicates.schemas import VerdictKind
from services.registry.duplicates.store import Candidate, Wanted
from services.registry.duplicates.tables import DuplicateVerdict, Suspicion
from services.registry.residents.reading import Reading
from services.registry.residents.rules import alike
from services.registry.residents.rules.alike import SUSPICIOUS, Reason
from services.registry.residents.schemas import Source
from shared import clock
from shared.db import Sessions
from shared.language import Words
from shared.problems import NotFound, Problem
from shared.versions import check
from shared.worker import take_turns

PAUSE_SECONDS = 0.5  # between villages: nobody waits for it, and others work
REST = 4  # times as long as a village took: the database has better things to do
IDLE_SECONDS = 30.0  # between looks for a new legal day
YEARS_AT_ONCE = 10  # of birth, in one statement
OLDEST_YEAR = 1880

log = logging.getLogger(__name__)


class TooClose(Problem):
    """Nobody decides about their own record, or one of their family."""

    status = 409
    slug = "decider-is-close"
    title = Words(
        "Anda tidak dapat memutuskan data keluarga sendiri",
        "You cannot decide about your own family",
    )


async def keep_inspecting(sessions: Sessions, stop: asyncio.Event) -> None:
    """Compare the people of every village with everybody, once in each legal day."""

    async def turn() -> float:
        began = time.monotonic()
        if await inspect_next(sessions, clock.today()) is None:
            return IDLE_SECONDS
        return max(PAUSE_SECONDS, REST * (time.monotonic() - began))

    await take_turns(turn, stop, failed="duplicates could not be looked for", rest=IDLE_SECONDS)


async def inspect_next(sessions: Sessions, today: date) -> str | None:
    """Inspect a village that is due; return which, None when none is.

    One that cannot be inspected holds up no other: it has its turn again on the next day.
    """
    async with sessions() as session:
        village = await store.due(session, today)
    if village is None:
        return None
    found = None
    try:
        found = await _inspect_all(sessions, village, today)
    except Exception:
        log.warning("a village could not be inspected", extra={"village": village}, exc_info=True)
    async with sessions.begin() as session:
        await store.mark_inspected(session, village, today, found)
    return village


async def _inspect_all(sessions: Sessions, village: str, today: date) -> int:
    found = 0
    for year in range(OLDEST_YEAR, today.year + 1, YEARS_AT_ONCE):
        async with sessions.begin() as session:
            since, before = date(year, 1, 1), date(year + YEARS_AT_ONCE, 1, 1)
            found += await _inspect(session, village, since, before)
    return found


async def _inspect(session: AsyncSession, village: str, since: date, before: date) -> int:
    pairs = await store.pairs(session, village, since, before)
    people = await store.candidates(session, {each for pair in pairs for each in pair})
    found = {
        (row["first_id"], row["second_id"]): row
        for one, two in pairs
        if one in people and two in people
        for row in suspicious(people[one], people[two])
    }
    settled = await store.not_the_same(session, {each for pair in found for each in pair})
    news = [row for pair, row in found.items() if frozenset(pair) not in settled]
    return await store.keep(session, news)


def suspicious(one: Candidate, two: Candidate) -> Iterable[dict[str, Any]]:
    """Yield the row of a pair that a person should look at; twins are two people."""
    first, second = sorted((one, two), key=lambda each: each.id)
    same_mother = first.mother_id is not None and first.mother_id == second.mother_id
    if alike.are_twins(first.known, second.known, same_mother=same_mother):
        return
    score = alike.likeness(first.known, second.known, same_mother=same_mother, twins=False)
    reasons = alike.reasons(first.known, second.known, same_mother=same_mother)
    if not alike.is_listed(score, reasons):
        return
    yield {
        "id": uuid7(),
        "first_id": first.id,
        "second_id": second.id,
        "first_village": first.village_code,
        "second_village": second.village_code,
        "score": score,
        "reasons": [each.rule for each in reasons],
        "version": 1,
    }


async def close_to(
    session: AsyncSession, wanted: Sequence[Wanted]
) -> dict[int, list[tuple[UUID, float, list[Reason]]]]:
    """Return for each who is wanted the residents who may be them already, the most likely first."""
    known = {each.key: each.known for each in wanted}
    found: dict[int, list[tuple[UUID, float, list[Reason]]]] = {}
    for key, candidate in await store.near(session, wanted):
        score = alike.likeness(known[key], candidate.known, same_mother=False, twins=False)
        if score >= SUSPICIOUS:
            reasons = alike.reasons(known[key], candidate.known, same_mother=False)
            found.setdefault(key, []).append((candidate.id, score, reasons))
    for each in found.values():
        each.sort(key=lambda one: (-one[1], one[0]))
    return found


async def judge(
    session: AsyncSession,
    reading: Reading,
    suspicion_id: UUID,
    verdict: VerdictKind,
    reason: str,
    expected: int,
) -> Suspicion:
    """Remember what somebody decided about a pair.

    Raises:
        NotFound: there is no such pair, or the caller may not see both people.
        TooClose: one of the two is the caller or of their family.
        VersionChanged: somebody has decided since.
    """
    pair = await store.get(session, suspicion_id)
    if pair is None or not await store.reachable(session, reading, pair):
        raise NotFound
    check(expected, pair.version)
    people = (pair.first_id, pair.second_id)
    own = reading.caller.resident_id
    if own is not None and await store.is_close(session, own, people):
        raise TooClose
    await remember(session, people, verdict, reason=reason, by=reading.caller.sub, source_id=None)
    await session.refresh(pair)
    return pair


async def remember(
    session: AsyncSession,
    pair: Collection[UUID],
    verdict: VerdictKind,
    *,
    reason: str,
    by: str,
    source_id: UUID | None,
) -> None:
    """Write a decision about two people down: they are not suspected again."""
    first, second = sorted(pair)
    now = clock.now()
    decided = DuplicateVerdict(
        first_id=first,
        second_id=second,
        verdict=verdict,
        reason=reason,
        decided_by=by,
        decided_on=clock.today(),
        decided_at=now,
        source_id=source_id,
    )
    await store.add_verdicts(session, [decided])


async def clear(
    session: AsyncSession, resident_id: UUID, others: Iterable[UUID], source: Source
) -> None:
    """Remember that somebody just registered is none of those whom they resemble.

    Whoever signed for it is the one who decided; ids of nobody are left out.
    """
    known = await store.candidates(session, set(others) - {resident_id})
    for other in sorted(known):
        await remember(
            session,
            (resident_id, other),
            VerdictKind.NOT_SAME,
            reason=f"Orang lain, diputuskan saat pendaftaran ({source.cause})",
            by=source.actor,
            source_id=source.id,
        )

"""The dry run: a file is understood, judged, and compared with today's registry. Nothing is written."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.duplicates import actions as duplicates
from services.registry.duplicates.store import Wanted
from services.registry.imports import comparing, rules, store
from services.registry.imports.comparing import Known, Suspect, Verdict
from services.registry.imports.rules import Entry, Terms
from services.registry.imports.schemas import State
from services.registry.imports.tables import Batch
from services.registry.residents.rules.alike import Known as Alike
from services.registry.residents.rules.alike import in_words
from services.registry.spreadsheets.columns import Headings, recognise
from services.registry.spreadsheets.reading import CannotRead, lines
from services.registry.spreadsheets.values import text_of
from shared import clock
from shared.db import Sessions
from shared.files import Files

AT_ONCE = 1_000  # rows compared in one transaction; families stay together


class Refusal(NamedTuple):
    """Why a file cannot be used at all."""

    rule: str
    values: Mapping[str, str]


class Understood(NamedTuple):
    """A file whose rows were read."""

    headings: Headings
    entries: Sequence[Entry]


def understand(
    content: bytes, media_type: str, terms: Terms, village_code: str | None
) -> Understood | list[Refusal]:
    """Read every row of a file and judge them beside one another. Pure, and slow: seconds."""
    try:
        rows = lines(content, media_type)
        headings = recognise([text_of(cell) for cell in next(rows).cells])
        if refused := list(_refusals(headings, village_code)):
            return refused
        entries = [rules.understand(line, headings, terms) for line in rows]
    except CannotRead as error:
        return [Refusal(error.why, {})]
    if not entries:
        return [Refusal("FILE_EMPTY", {})]
    rules.judge_together(entries, terms.today)
    return Understood(headings, entries)


def _refusals(headings: Headings, village_code: str | None) -> Iterator[Refusal]:
    for each in rules.missing_columns(headings, village_code):
        yield Refusal("COLUMN_MISSING", {"heading": each})
    for each in headings.twice:
        yield Refusal("COLUMN_TWICE", {"heading": each})


async def check(sessions: Sessions, files: Files, batch: Batch) -> None:
    """Do the dry run of a batch, from the beginning whenever it was interrupted."""
    content = await files.read_sealed(batch.path)
    async with sessions.begin() as session:
        await store.forget_rows(session, batch.id)
        terms = await _terms(session, batch)
    understood = await _held(sessions, batch, content, terms)
    if isinstance(understood, list):
        await _refuse(sessions, batch.id, understood)
        return
    await _compare(sessions, batch, understood)


async def _held(
    sessions: Sessions, batch: Batch, content: bytes, terms: Terms
) -> Understood | list[Refusal]:
    """Understand a file in a thread, and go on holding the batch meanwhile."""
    work = asyncio.create_task(
        asyncio.to_thread(understand, content, batch.media_type, terms, batch.village_code)
    )
    while not (await asyncio.wait([work], timeout=store.LEASE.total_seconds() / 3))[0]:
        async with sessions.begin() as session:
            await store.renew(session, batch.id)
    return await work


async def _terms(session: AsyncSession, batch: Batch) -> Terms:
    return Terms(
        today=clock.today(),
        villages=await store.villages(session, "35.10"),
        prefixes=await store.prefixes(session),
        areas=batch.areas,
        village_code=batch.village_code,
    )


async def _refuse(sessions: Sessions, batch_id: UUID, refused: Sequence[Refusal]) -> None:
    told = [{"rule": each.rule, "values": dict(each.values)} for each in refused[:50]]
    async with sessions.begin() as session:
        await store.finish(
            session, batch_id, state=State.REFUSED, refused=told, checked_at=clock.now()
        )


async def _compare(sessions: Sessions, batch: Batch, understood: Understood) -> None:
    counted: dict[str, int] = {}
    done = faults = 0
    for families in _portions(understood.entries):
        async with sessions.begin() as session:
            verdicts = await _judge(session, families, batch)
            entries = [each for members in families for each in members]
            said = [fault for each in entries for fault in each.faults]
            written = [_row(batch.id, each, verdicts[each.row]) for each in entries]
            await store.add_rows(session, batch.id, written, said)
            done += len(entries)
            faults += sum(each.blocks for each in said)
            for outcome, count in comparing.counts(verdicts.values()).items():
                counted[outcome] = counted.get(outcome, 0) + count
            total = len(understood.entries)
            await store.renew(session, batch.id, done=done, total=total)
    headings = understood.headings
    async with sessions.begin() as session:
        await store.finish(
            session,
            batch.id,
            state=State.CHECKED,
            dialect=headings.dialect,
            headings={each.column.name: [each.place, each.heading] for each in headings.found},
            ignored=list(headings.unknown)[:200],
            counts=counted,
            faults=faults,
            checked_at=clock.now(),
        )


def _portions(entries: Sequence[Entry]) -> Iterator[list[list[Entry]]]:
    """Yield families together, in portions of about so many rows."""
    portion: list[list[Entry]] = []
    size = 0
    for members in comparing.by_family(entries):
        portion.append(members)
        size += len(members)
        if size >= AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


async def _judge(
    session: AsyncSession, families: Sequence[Sequence[Entry]], batch: Batch
) -> dict[int, Verdict]:
    entries = [each for members in families for each in members]
    people = await store.known_people(session, {each.nik for each in entries if each.nik})
    numbers = {each.values["kk_number"] for each in entries if "kk_number" in each.values}
    homes = await store.known_homes(session, numbers)
    suspects = await _suspects(session, entries, people)
    found: dict[int, Verdict] = {}
    for members in families:
        home = homes.get(members[0].values.get("kk_number", ""))
        found |= comparing.judge_against(
            members, people, home, suspects, areas=batch.areas, registers=batch.registers
        )
    return found


_COMPARED = ("full_name", "sex", "birth_date", "birth_date_precision", "mother_name")


async def _suspects(
    session: AsyncSession, entries: Sequence[Entry], people: Mapping[str, Known]
) -> dict[int, list[Suspect]]:
    """Return who in the registry may be the person of a row whose number nobody has."""
    wanted = [
        Wanted(each.row, Alike(*(each.values[name] for name in _COMPARED)))
        for each in entries
        if not each.blocked
        and each.nik not in people
        and all(name in each.values for name in _COMPARED)
    ]
    close = await duplicates.close_to(session, wanted)
    return {
        row: [Suspect(each, score, *in_words(reasons)) for each, score, reasons in found]
        for row, found in close.items()
    }


def _row(batch_id: UUID, entry: Entry, verdict: Verdict) -> dict[str, Any]:
    readable = {name: comparing.as_json(value) for name, value in entry.values.items()}
    return {
        "batch_id": batch_id,
        "number": entry.row,
        "kk_number": entry.values.get("kk_number"),
        "nik": entry.nik,
        "outcome": verdict.outcome,
        "held_by": verdict.held_by,
        "held_as": verdict.held_as,
        "values": readable,
        "differences": [
            {
                "about": each.about,
                "field": each.field,
                "before": comparing.as_json(each.before),
                "after": comparing.as_json(each.after),
            }
            for each in verdict.differences
        ],
        "resident_id": verdict.resident_id,
        "seen_version": verdict.version,
        "suspects": list(verdict.suspects),
    }

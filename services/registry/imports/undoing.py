"""The roll back of a batch: what nothing else has touched since is taken back.

Nothing is erased: people and families get a version that says so, and their numbers stay theirs. A
family that the batch opened goes as a whole or stays as a whole.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.families import actions as family_actions
from services.registry.families import store as family_store
from services.registry.families.tables import Family
from services.registry.imports import store
from services.registry.imports.comparing import TAKEN_BACK
from services.registry.imports.rules import HEAD, Outcome
from services.registry.imports.schemas import Result, State
from services.registry.imports.tables import Batch, Row
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared import clock
from shared.db import Sessions

FAMILIES = 20  # in one transaction: everybody is written one by one
_DATES = ("birth_date", "marriage_date")
_ENTERED = frozenset({Outcome.NEW, Outcome.WITHOUT_NIK, Outcome.RETURNS})


async def roll_back(sessions: Sessions, batch: Batch) -> None:
    """Take back what is left to be taken back of a batch."""
    done = 0
    while True:
        async with sessions.begin() as session:
            numbers = await store.applied_families(session, batch.id, FAMILIES)
            for number in numbers:
                done += await _Undone(session, batch).family(number)
            await store.renew(session, batch.id, done=batch.done + done)
        if not numbers:
            break
    async with sessions.begin() as session:
        results = await store.results(session, batch.id)
        await store.finish(
            session,
            batch.id,
            state=State.ROLLED_BACK,
            applied=results,
            rolled_back_at=clock.now(),
        )


class _Undone:
    """One family on its way back."""

    def __init__(self, session: AsyncSession, batch: Batch) -> None:
        self._session = session
        self._source = Source(batch.id, TAKEN_BACK, batch.rolled_back_by or batch.sent_by)
        self._batch_id = batch.id
        self._today: date = clock.today()

    async def family(self, number: str) -> int:
        """Take a family's rows back as far as they are untouched; return how many were judged."""
        rows = await store.applied_rows(self._session, self._batch_id, number)
        homes = await store.known_homes(self._session, [number])
        held = await family_store.load(
            self._session, [each.id for each in homes.values()], lock=True
        )
        home = next(iter(held.values()), None)
        ids = [each.resident_id for each in rows if each.resident_id]
        people = await resident_store.load(self._session, ids, lock=True)
        free = await self._free(rows, people)
        opened = any(each.opened for each in rows)
        if home is None or (opened and not await self._is_ours(home, rows, free)):
            free = set()
        for each in sorted(rows, key=lambda row: row.values["relationship"] == HEAD):
            taken = each.number in free and await self._row(each, people, home, opened=opened)
            each.result = Result.TAKEN_BACK if taken else Result.KEPT
        if home is not None and opened and free:
            await family_actions.close(
                self._session, home, TAKEN_BACK.upper(), source=self._source, closed_on=self._today
            )
        elif home is not None:
            await self._home(rows, home)
        await self._session.flush()
        return len(rows)

    async def _free(self, rows: Sequence[Row], people: Mapping[UUID, Resident]) -> set[int]:
        """Return the rows whose people are as the batch left them, with nothing hanging on them."""
        entered = [row.resident_id for row in rows if row.outcome in _ENTERED and row.resident_id]
        touched = await store.touched(self._session, self._batch_id, entered)
        return {
            row.number
            for row in rows
            if row.resident_id is not None
            and row.resident_id in people
            and people[row.resident_id].version == row.made_version
            and row.resident_id not in touched
        }

    async def _is_ours(self, home: Family, rows: Sequence[Row], free: set[int]) -> bool:
        """Tell whether a family that the batch opened has nobody in it who must stay."""
        ours = {row.resident_id for row in rows if row.number in free}
        return await store.members_of(self._session, home.id) <= ours

    async def _row(
        self,
        row: Row,
        people: Mapping[UUID, Resident],
        home: Family | None,
        *,
        opened: bool,
    ) -> bool:
        if row.resident_id is None or home is None:
            return False
        person = people[row.resident_id]
        came = row.outcome in _ENTERED or opened
        if came and person.family_id == home.id:
            if row.values["relationship"] == HEAD and not opened:
                return False
            await family_actions.remove_member(
                self._session, home, person, source=self._source, left_on=self._today
            )
        before = _before(row)
        if row.outcome in _ENTERED:
            before |= {"status": "TIDAK_VALID", "spouse_id": None}
        await residents.change(
            self._session, person, before, source=self._source, valid_from=self._today
        )
        return True

    async def _home(self, rows: Sequence[Row], home: Family) -> None:
        """Give a family its address back, unless it has another one by now."""
        before = {
            each["field"]: each["before"]
            for row in rows
            for each in row.differences
            if each["about"] == "family" and getattr(home, each["field"]) == each["after"]
        }
        await family_actions.change(
            self._session, home, before, source=self._source, valid_from=self._today
        )


def _before(row: Row) -> dict[str, Any]:
    """Return what a person's record said before the batch."""
    return {
        each["field"]: _typed(each["field"], each["before"])
        for each in row.differences
        if each["about"] == "person"
    }


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - a column's value
    return date.fromisoformat(value) if name in _DATES and value is not None else value

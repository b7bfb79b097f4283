"""The commit: rows of a dry run are written, some families in each transaction.

What was written is known by its rows, so that a worker that dies leaves off where the next begins.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.duplicates import actions as duplicates
from services.registry.families import actions as family_actions
from services.registry.families import bulk as family_bulk
from services.registry.families import store as family_store
from services.registry.families.bulk import NewFamily
from services.registry.families.schemas import FamilyData
from services.registry.imports import store
from services.registry.imports.comparing import TAKEN_BACK, KnownHome
from services.registry.imports.rules import HEAD, HUSBAND, WIFE, Outcome
from services.registry.imports.schemas import Result, State
from services.registry.imports.tables import Batch, Row
from services.registry.residents import actions as residents
from services.registry.residents import bulk
from services.registry.residents import store as resident_store
from services.registry.residents.bulk import Newcomer
from services.registry.residents.rules import nik
from services.registry.residents.rules.ages import must_hold_ktp
from services.registry.residents.schemas import ResidentData, Source
from services.registry.residents.tables import Resident
from shared import clock
from shared.db import Sessions

FAMILIES = 150  # in one transaction: some 500 people, half a second
CAUSE = "import"
_DATES = ("birth_date", "marriage_date")
_OF_A_PERSON = {each.name for each in fields(ResidentData)} - {"status", "spouse_id"}
_MARRIED = (2, 3)

log = logging.getLogger(__name__)


async def commit(sessions: Sessions, batch: Batch) -> None:
    """Write what is left to be written of a batch."""
    after = ""
    while True:
        async with sessions() as session:
            numbers = await store.next_families(session, batch.id, after, FAMILIES)
        if not numbers:
            break
        try:
            await _write(sessions, batch, numbers)
        except IntegrityError:  # somebody else was faster with a number: whose family is it?
            for number in numbers:
                await _write_alone(sessions, batch, number)
        after = numbers[-1]
    async with sessions.begin() as session:
        applied = await store.results(session, batch.id)
        await store.finish(
            session, batch.id, state=State.COMMITTED, applied=applied, committed_at=clock.now()
        )


async def _write(sessions: Sessions, batch: Batch, numbers: Sequence[str]) -> None:
    async with sessions.begin() as session:
        await _Portion.write(session, batch, await store.rows_of(session, batch.id, numbers))
        left = await store.count_pending(session, batch.id)
        await store.renew(session, batch.id, done=batch.total - left)


async def _write_alone(sessions: Sessions, batch: Batch, number: str) -> None:
    """Write one family, or note that the registry would not have it."""
    try:
        await _write(sessions, batch, [number])
    except IntegrityError:
        log.warning("a family cannot be written", extra={"batch_id": str(batch.id)})
        async with sessions.begin() as session:
            for each in await store.rows_of(session, batch.id, [number]):
                each.result = Result.STALE
            await store.renew(session, batch.id)


@dataclass
class _Portion:
    """Some families of a batch on their way."""

    session: AsyncSession
    batch: Batch
    source: Source
    today: date
    homes: dict[str, KnownHome]
    people: list[Newcomer] = field(default_factory=list)
    families: list[NewFamily] = field(default_factory=list)

    @classmethod
    async def write(cls, session: AsyncSession, batch: Batch, rows: Sequence[Row]) -> None:
        """Write the rows of some families, all or none of each."""
        by_family: dict[str, list[Row]] = {}
        for each in rows:
            by_family.setdefault(each.kk_number or "", []).append(each)
        source = Source(batch.id, CAUSE, batch.committed_by or batch.sent_by)
        homes = await store.known_homes(session, by_family.keys())
        portion = cls(session, batch, source, clock.today(), homes)
        await portion._run(by_family)

    async def _run(self, by_family: Mapping[str, list[Row]]) -> None:
        known = await self._lock([each for rows in by_family.values() for each in rows])
        taken = await store.known_people(
            self.session,
            {each.nik for rows in by_family.values() for each in rows if each.nik},
        )
        niks = await self._parents(by_family)
        for number, rows in by_family.items():
            home = self.homes.get(number)
            fresh = [each for each in rows if not _is_stale(each, known, taken, home)]
            for each in rows:
                if each not in fresh:
                    each.result = Result.STALE
            await self._family(number, fresh, known, niks)
        await self._write_new()
        await self.session.flush()

    async def _lock(self, rows: Sequence[Row]) -> dict[UUID, Resident]:
        # Families before people, each in order of their ids, as changes lock them.
        await family_store.load(self.session, [each.id for each in self.homes.values()], lock=True)
        ids = [each.resident_id for each in rows if each.resident_id]
        return await resident_store.load(self.session, ids, lock=True)

    async def _parents(self, by_family: Mapping[str, list[Row]]) -> dict[str, UUID]:
        """Return whom the parents' numbers mean: residents, and people of this portion."""
        wanted = {
            each.values[name]
            for rows in by_family.values()
            for each in rows
            for name in ("mother_nik", "father_nik")
            if name in each.values
        }
        return await store.ids_of(self.session, wanted)

    async def _family(
        self,
        number: str,
        rows: Sequence[Row],
        known: Mapping[UUID, Resident],
        niks: dict[str, UUID],
    ) -> None:
        home = self.homes.get(number)
        head = next((each for each in rows if each.values["relationship"] == HEAD), None)
        opens = home is None or home.closed
        if opens and head is None:  # its head was written by somebody else, or is stale
            for each in rows:
                each.result = Result.STALE
            return
        for each in rows:
            if each.resident_id is None:
                each.resident_id = uuid7()
            each.result = Result.APPLIED
            if each.nik:
                niks.setdefault(each.nik, each.resident_id)
        if home is None and head is not None and all(each.outcome in _ENTERED for each in rows):
            await self._open(number, rows, head, niks)
        else:
            await self._join(number, rows, head, known, niks)

    async def _open(
        self, number: str, rows: Sequence[Row], head: Row, niks: Mapping[str, UUID]
    ) -> None:
        """Prepare a family that is new as all its people are: the usual way of a load."""
        ordered = sorted(rows, key=lambda each: (each is not head, each.number))
        family = NewFamily(
            id=uuid7(),
            kk_number=number,
            head_id=_id(head),
            data=_home(head),
            members=[(_id(each), each.values["relationship"]) for each in ordered],
        )
        self.families.append(family)
        spouses = _spouses(rows)
        for each in rows:
            each.made_version, each.opened = 1, True
            data = self._data(each, niks, spouses.get(each.number))
            self.people.append(
                Newcomer(
                    id=_id(each),
                    nik=await self._number(each, data),
                    data=data,
                    family_id=family.id,
                    rt=family.data.rt,
                    rw=family.data.rw,
                )
            )

    async def _number(self, row: Row, data: ResidentData) -> str:
        if row.nik:
            return row.nik
        prefix = nik.prefix(data.village_code, data.birth_date, data.sex)
        return await resident_store.next_nik(self.session, prefix)

    def _data(
        self, row: Row, niks: Mapping[str, UUID], spouse_id: UUID | None = None
    ) -> ResidentData:
        values = _typed(row.values)
        held = {name: value for name, value in values.items() if name in _OF_A_PERSON}
        obliged = must_hold_ktp(
            held["birth_date"],
            held["marital_status"],
            held.get("citizenship", 1),
            held.get("permit"),
            self.today,
        )
        return ResidentData(
            **held,
            spouse_id=spouse_id,
            mother_id=niks.get(values.get("mother_nik", "")),
            father_id=niks.get(values.get("father_nik", "")),
            recording_status="UNREGISTERED" if obliged else "BELUM_WAJIB",
        )

    async def _join(
        self,
        number: str,
        rows: Sequence[Row],
        head: Row | None,
        known: Mapping[UUID, Resident],
        niks: Mapping[str, UUID],
    ) -> None:
        """Write people who exist, or who come to a family that does; one by one, for they differ."""
        members: list[tuple[Row, Resident]] = []
        for each in sorted(rows, key=lambda row: (row is not head, row.number)):
            person = known.get(_id(each)) or await self._enter(each, niks)
            if each.outcome in {Outcome.CHANGED, Outcome.RETURNS}:
                await self._change(person, each)
            members.append((each, person))
        await self._bring_home(number, members, head)
        for each, person in members:
            each.made_version = person.version

    async def _enter(self, row: Row, niks: Mapping[str, UUID]) -> Resident:
        data = self._data(row, niks)
        number = await self._number(row, data)
        newcomer = Newcomer(_id(row), number, data, None, None, None)
        await bulk.register_all(self.session, [newcomer], source=self.source, today=self.today)
        await self._remember_cleared(row)
        return await self.session.get_one(Resident, _id(row))

    async def _change(self, person: Resident, row: Row) -> None:
        values = _typed(row.values)
        news = {
            each["field"]: values[each["field"]]
            for each in row.differences
            if each["about"] == "person"
        }
        if "birth_date" in news:
            news["birth_date_precision"] = values["birth_date_precision"]
        if row.outcome == Outcome.RETURNS:
            news["status"] = "HIDUP"
        await residents.change(
            self.session, person, news, source=self.source, valid_from=self.today
        )

    async def _bring_home(
        self, number: str, members: Sequence[tuple[Row, Resident]], head: Row | None
    ) -> None:
        home = self.homes.get(number)
        homeless = [(row, person) for row, person in members if person.family_id is None]
        if home is None and head is not None:
            await self._open_with(number, homeless, head)
            return
        if home is None:
            return
        family = (await family_store.load(self.session, [home.id]))[home.id]
        if home.closed and home.close_reason == TAKEN_BACK.upper():
            open_again = {"closed_on": None, "close_reason": None}
            await family_actions.change(
                self.session, family, open_again, source=self.source, valid_from=self.today
            )
            for row, _ in members:
                row.opened = True
        for row, person in homeless:
            await family_actions.add_member(
                self.session,
                family,
                person,
                row.values["relationship"],
                source=self.source,
                valid_from=self.today,
            )
        news = {
            each["field"]: each["after"]
            for row, _ in members
            for each in row.differences
            if each["about"] == "family"
        }
        await family_actions.change(
            self.session, family, news, source=self.source, valid_from=self.today
        )

    async def _open_with(
        self, number: str, members: Sequence[tuple[Row, Resident]], head: Row
    ) -> None:
        family = NewFamily(
            id=uuid7(),
            kk_number=number,
            head_id=_id(head),
            data=_home(head),
            members=[(person.id, row.values["relationship"]) for row, person in members],
        )
        await family_bulk.open_all(self.session, [family], source=self.source, today=self.today)
        where = {
            "family_id": family.id,
            "village_code": family.data.village_code,
            "rt": family.data.rt,
            "rw": family.data.rw,
        }
        for row, person in members:
            row.opened = True
            await residents.change(
                self.session, person, where, source=self.source, valid_from=self.today
            )

    async def _write_new(self) -> None:
        await bulk.register_all(
            self.session, self._parents_first(), source=self.source, today=self.today
        )
        await family_bulk.open_all(
            self.session, self.families, source=self.source, today=self.today
        )
        for each in await store.cleared_rows(self.session, self.batch.id, self._ids()):
            await self._remember_cleared(each)

    def _ids(self) -> list[UUID]:
        return [each.id for each in self.people]

    def _parents_first(self) -> list[Newcomer]:
        """Put people who are named by others before those who name them, as the keys want it."""
        return sorted(self.people, key=lambda each: each.data.birth_date)

    async def _remember_cleared(self, row: Row) -> None:
        if row.cleared_by and row.suspects:
            decided = Source(self.batch.id, CAUSE, row.cleared_by)
            await duplicates.clear(self.session, _id(row), row.suspects, decided)


_ENTERED = frozenset({Outcome.NEW, Outcome.WITHOUT_NIK})


def _id(row: Row) -> UUID:
    if row.resident_id is None:
        raise ValueError("a row is given its resident before it is written")
    return row.resident_id


def _is_stale(
    row: Row,
    known: Mapping[UUID, Resident],
    taken: Mapping[str, Any],
    home: KnownHome | None,
) -> bool:
    """Tell whether the registry is not as it was at the dry run, as far as this row asks."""
    for each in row.differences:
        if each["about"] == "family" and (
            home is None or home.record[each["field"]] != each["before"]
        ):
            return True
    if row.outcome in _ENTERED:
        return row.nik in taken
    person = known.get(_id(row))
    return person is None or person.version != row.seen_version


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(values[name]) for name in _DATES if name in values}
    return {**values, **dates}


def _home(head: Row) -> FamilyData:
    names = {each.name for each in fields(FamilyData)}
    return FamilyData(**{name: value for name, value in head.values.items() if name in names})


def _spouses(rows: Sequence[Row]) -> dict[int, UUID]:
    """Return who is married to whom where a card leaves no doubt: one head and one spouse."""
    head = next((each for each in rows if each.values["relationship"] == HEAD), None)
    others = [each for each in rows if each.values["relationship"] in {HUSBAND, WIFE}]
    if head is None or len(others) != 1:
        return {}
    other = others[0]
    agreed = all(
        head.values.get(name) == other.values.get(name)
        for name in ("marital_status", "marriage_date", "marriage_number")
    )
    if not agreed or head.values["marital_status"] not in _MARRIED:
        return {}
    if head.values["sex"] == other.values["sex"]:
        return {}
    return {head.number: _id(other), other.number: _id(head)}

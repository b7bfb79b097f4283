"""Plays lives against the real registry, step by step, and looks at everything after each step."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select, text

from services.registry.cards import talking
from services.registry.changes.tables import Change
from services.registry.moves import actions as moves
from services.registry.worker import HANDLERS
from shared.contract.events import (
    ChangeApplied,
    ChangePlanned,
    ChangeProposed,
    ChangeRefused,
    ChangeRequested,
    Event,
)
from shared.contract.facts import KINDS
from shared.db import Sessions
from shared.envelope import Envelope
from tests.registry.changes import invariants
from tests.registry.lives.makers import MAKERS
from tests.registry.lives.making import Facts
from tests.registry.lives.mutations import spoil
from tests.registry.lives.outside import MoodyCentre
from tests.registry.lives.world import Impossible, World, look
from tests.registry.make import FACTS, answers, make_request

TRIES = 5


@dataclass
class Tally:
    """What became of the cases of a walk, by kind of their first fact."""

    applied: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    impossible: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(
        default_factory=lambda: defaultdict(float)
    )  # of applied cases that are alone
    alone: Counter[str] = field(default_factory=Counter)
    malformed: int = 0

    def table(self) -> str:
        lines = [
            f"{kind:<28}{self.applied[kind]:>8}{self.refused[kind]:>8}{self.impossible[kind]:>8}"
            f"{self._rate(kind):>10}"
            for kind in sorted(MAKERS)
        ]
        head = f"{'kind':<28}{'applied':>8}{'refused':>8}{'nobody':>8}{'cases/s':>10}"
        rules = ", ".join(f"{rule} {count}" for rule, count in self.rules.most_common())
        return "\n".join([head, *lines, f"malformed {self.malformed}; refused by: {rules}"])

    def _rate(self, kind: str) -> str:
        return f"{self.alone[kind] / self.seconds[kind]:.1f}" if self.alone[kind] else "-"


@dataclass
class Walk:
    """One walk; the same seed takes the same steps."""

    sessions: Sessions
    seed: int
    today: date
    among: frozenset[str] = frozenset(KINDS)
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.kinds: list[str] = []
        self.waiting: list[ChangeRequested] = []  # signed, and still to be delivered
        self.delivered: list[ChangeRequested] = []
        self.told: list[tuple[UUID, date, datetime, Any]] = []  # what history once said
        self.step = 0
        self.last_touch = 0
        self.stated: Facts = []

    async def take(self, steps: int) -> None:
        """Take steps; whatever goes wrong names the seed and the step."""
        for self.step in range(1, steps + 1):
            try:
                await self._step()
                await self._look()
            except AssertionError as error:
                told = json.dumps(self.stated, indent=1)
                error.add_note(f"seed {self.seed}, step {self.step}, last filed: {told}")
                raise

    async def _step(self) -> None:
        ways = {
            self._file: 68,
            self._file_and_wait: 8,
            self._deliver_late: 7,
            self._deliver_again: 5,
            self._race: 8,
            self._let_time_pass: 4,
            self._let_work_go_on: 8,
        }
        [way] = self.rng.choices(list(ways), weights=list(ways.values()))
        await way()

    async def _let_time_pass(self) -> None:
        self.today += timedelta(days=self.rng.choice((1, 7, 40, 200)))
        await self._let_work_go_on()

    async def _let_work_go_on(self) -> None:
        """Do what the registry's worker does between two cases."""
        async with self.sessions.begin() as session:
            await moves.expire(session, self.today)
        await talking.talk(self.sessions, MoodyCentre(self.rng))
        await talking.print_come_of_age(self.sessions)
        await self._answers()

    async def _file(self) -> None:
        if request := await self._sign():
            await self._deliver(request)

    async def _file_and_wait(self) -> None:
        if request := await self._sign():
            self.waiting.append(request)

    async def _deliver_late(self) -> None:
        if self.waiting:
            await self._deliver(self.waiting.pop(self.rng.randrange(len(self.waiting))))

    async def _deliver_again(self) -> None:
        """Deliver a request again that was decided: the same answer, and nothing happens."""
        if not self.delivered:
            return
        request = self.rng.choice(self.delivered)
        await self._written()
        change = await self._change(request.case_id)
        answer = await self._handle(request)
        assert await self._written() == [], "a request that was decided had an effect again"
        expected = ChangeApplied if change.status == "APPLIED" else ChangeRefused
        assert isinstance(answer, expected), answer

    async def _race(self) -> None:
        """Let two signed cases arrive at once: each is answered, whoever was first."""
        signed = [await self._sign(), await self._sign()]
        requests = [each for each in signed if each]
        found = await asyncio.gather(*(self._until_answered(each) for each in requests))
        by_case = {each.case_id: each for each in await self._answers()}
        assert len(found) == len(by_case) == len(requests)
        for request in requests:
            self._count(request, by_case[request.case_id])

    async def _sign(self) -> ChangeRequested | None:
        """Make facts, have them planned, and sign what the plan says."""
        world = await self._world()
        kind = self._next_kind()
        try:
            facts = MAKERS[kind](world)
            if self.rng.random() < 0.3:
                facts = spoil(world, facts)
            self.stated = facts
            stated = FACTS.validate_python(facts)
        except Impossible:
            self.tally.impossible[kind] += 1
            return None
        except ValidationError:
            self.tally.malformed += 1
            return None
        case = UUID(int=self.rng.getrandbits(128), version=4)
        plan = await self._plan(case, facts)
        signed_at = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=self.step)
        request = make_request(facts, plan.digest, case_id=case, signed_at=signed_at)
        assert request.facts == stated
        return request

    def _next_kind(self) -> str:
        """Return the kinds in turn, shuffled, so that each is tried as often as any other."""
        if not self.kinds:
            self.kinds = sorted(self.among & KINDS.keys() & MAKERS.keys())
            self.rng.shuffle(self.kinds)
        return self.kinds.pop()

    async def _plan(self, case: UUID, facts: Facts) -> ChangePlanned:
        proposal = ChangeProposed(
            case_id=case,
            round=1,
            service_code="PKT-BIRTH",
            reported_on=self.today,
            facts=FACTS.validate_python(facts),
        )
        await self._written()
        first, second = await self._handle(proposal), await self._handle(proposal)
        assert isinstance(first, ChangePlanned)
        assert isinstance(second, ChangePlanned)
        assert first.digest == second.digest, "two plans of the same facts and state differ"
        assert await self._written() == [], "a plan had an effect"
        return first

    async def _deliver(self, request: ChangeRequested) -> None:
        await self._written()
        began = time.perf_counter()
        answer = await self._handle(request)
        seconds = time.perf_counter() - began
        self._count(request, answer)
        change = await self._change(request.case_id)
        if isinstance(answer, ChangeRefused):
            assert await self._written() == [], "a refused change left a trace"
            assert change.outcome is None
            assert answer.rules
        else:
            assert isinstance(answer, ChangeApplied)
            assert change.digest == request.digest, "applied something else than was signed"
            self.tally.alone[request.facts[0].kind] += 1
            self.tally.seconds[request.facts[0].kind] += seconds
        self.delivered.append(request)

    def _count(self, request: ChangeRequested, answer: Event) -> None:
        kind = request.facts[0].kind
        if isinstance(answer, ChangeRefused):
            self.tally.refused[kind] += 1
            self.tally.rules.update(answer.rules)
        else:
            self.tally.applied.update({each.kind for each in request.facts})

    async def _look(self) -> None:
        """Check every invariant, and that the past is still as it once was told."""
        async with self.sessions.begin() as session:
            wrong = await invariants.broken(session, self.today)
        assert not wrong, wrong
        await self._ask_history()

    async def _ask_history(self) -> None:
        day = self.today - timedelta(days=self.rng.randint(0, 4000))
        async with self.sessions.begin() as session:
            ids = (await session.scalars(text("select id from residents order by nik"))).all()
            moment = (await session.execute(text("select clock_timestamp()"))).scalar_one()
        someone = self.rng.choice(ids)
        self.told.append((someone, day, moment, await self._history(someone, day, moment)))
        resident_id, day, moment, said = self.rng.choice(self.told)
        again = await self._history(resident_id, day, moment)
        assert again == said, "what was known then has changed"

    async def _history(self, resident_id: UUID, day: date, moment: datetime) -> dict[str, Any]:
        statement = text("""
            select distinct on (name) name, v.data -> name as told
            from resident_versions v
            cross join lateral (select unnest(v.changed) as name
                union all select jsonb_object_keys(v.data) where v.changed = '{}') names
            where v.resident_id = :id and v.valid_from <= :day and v.recorded_at <= :moment
            order by name, v.version desc""")
        asked = {"id": resident_id, "day": day, "moment": moment}
        async with self.sessions.begin() as session:
            return {row.name: row.told for row in await session.execute(statement, asked)}

    async def _world(self) -> World:
        async with self.sessions.begin() as session:
            return await look(session, self.rng, self.today)

    async def _written(self) -> list[str]:
        """Return what was written since this was last asked, but for records of cases."""
        async with self.sessions.begin() as session:
            self.last_touch, written = await invariants.touches(session, self.last_touch)
        return written

    async def _change(self, case: UUID) -> Change:
        async with self.sessions.begin() as session:
            found = select(Change).where(Change.source_id == case)
            return (await session.scalars(found)).one()

    async def _handle(self, event: Event) -> Event:
        await self._until_answered(event)
        answer: Event
        [answer] = await self._answers()
        return answer

    async def _until_answered(self, event: Event) -> bool:
        """Give an event to its handler as the inbox does: a lost race is tried again."""
        for _ in range(TRIES - 1):
            try:
                return await self._once(event)
            except Exception as error:
                failed = error
                if "history:" in str(error):
                    raise AssertionError("history was rewritten") from error
        try:
            return await self._once(event)
        except Exception as error:
            raise AssertionError(f"failed {TRIES} times: {failed!r}") from error

    async def _once(self, event: Event) -> bool:
        async with self.sessions.begin() as session:
            await HANDLERS[type(event)](session, Envelope.around(event).event())
        return True

    async def _answers(self) -> list[Any]:
        told = await answers(self.sessions)
        kinds = (ChangePlanned, ChangeApplied, ChangeRefused)
        return [each for each in told if isinstance(each, kinds)]

"""What every kind of change has in common: how it is planned, and how it is carried out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.remarks import remark
from services.registry.changes.state import Family, Key, Person, State
from services.registry.residents.rules import names
from services.registry.residents.schemas import Source
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.plan import Effect, Remark, Rule

Decision = TypeVar("Decision", covariant=True)  # noqa: PLC0105 - what apply does, read only


@dataclass(frozen=True, slots=True)
class Context:
    """When and where a change is planned. Only days count, never the time of day."""

    today: date
    reported_on: date  # the legal day of the report, unless a fact states its own
    regency: str = "35.10"


@dataclass(frozen=True, slots=True)
class Step(Generic[Decision]):
    """What one fact does: the state it leaves, what to tell, and what apply has to carry out."""

    state: State
    decision: Decision | None = None  # None only with a refusal
    effects: tuple[Effect, ...] = ()
    warnings: tuple[Remark, ...] = ()
    refusals: tuple[Remark, ...] = ()
    village_code: str | None = None  # of the subject


class Findings:
    """Collects everything that the rules say about one fact."""

    def __init__(self, index: int) -> None:
        self._index = index
        self.warnings: list[Remark] = []
        self.refusals: list[Remark] = []

    def warn(self, rule: Rule, place: str = "", **values: object) -> None:
        """Note something that a person weighs; `place` is a JSON pointer inside the fact."""
        self.warnings.append(remark(rule, f"/{self._index}{place}", **values))

    def refuse(self, rule: Rule, place: str = "", **values: object) -> None:
        """Note something that blocks."""
        self.refusals.append(remark(rule, f"/{self._index}{place}", **values))

    def pointer(self, place: str) -> str:
        """Return the JSON pointer of a place inside the fact."""
        return f"/{self._index}{place}"

    def check_name(self, full_name: str, place: str) -> None:
        """Judge a name that is recorded for the first time: Permendagri 73/2022."""
        for finding in names.findings(full_name):
            heard = self.refusals if finding.blocks else self.warnings
            heard.append(
                Remark(
                    rule=finding.rule,
                    pointer=f"/{self._index}{place}",
                    text_id=finding.text_id,
                    text_en=finding.text_en,
                    law=finding.law,
                )
            )

    def check_person(self, person: Person | None, place: str) -> None:
        """Refuse a subject who is unknown, dead or set aside."""
        if person is None:
            self.refuse("PERSON_NOT_FOUND", place)
        elif not person.is_alive:
            self.refuse("PERSON_NOT_ALIVE", place)
        elif not person.is_active:
            self.refuse("PERSON_NOT_ACTIVE", place)

    def check_family(self, family: Family | None, place: str, context: Context) -> None:
        """Refuse a family that is unknown, closed or of another regency."""
        if family is None:
            self.refuse("FAMILY_NOT_FOUND", place)
        elif family.closed:
            self.refuse("FAMILY_CLOSED", place)
        elif not covers([context.regency], family.village_code):
            self.refuse("NOT_IN_JURISDICTION", place)

    def step(
        self,
        state: State,
        decision: Decision | None = None,
        *effects: Effect,
        village_code: str | None = None,
    ) -> Step[Decision]:
        """Close the findings of a fact."""
        return Step(
            state, decision, effects, tuple(self.warnings), tuple(self.refusals), village_code
        )


@dataclass
class Made:
    """What an applied change has made so far; later facts find the new people in it."""

    source_id: UUID
    actor: str
    today: date
    people: dict[Key, UUID] = field(default_factory=dict)
    homes: dict[Key, UUID] = field(default_factory=dict)  # families opened by this change
    families: list[UUID] = field(default_factory=list)
    certificates: list[UUID] = field(default_factory=list)
    cards: list[UUID] = field(default_factory=list)
    # What to print when all facts are applied, so that a card shows how the change leaves things.
    prints: list[tuple[IssuedKind, UUID]] = field(default_factory=list)

    def source(self, cause: str) -> Source:
        """Return what stands behind the versions that a kind of change writes."""
        return Source(id=self.source_id, cause=cause, actor=self.actor)

    def person(self, key: Key) -> UUID:
        """Return the id of a person, also of one registered a moment ago."""
        return self.people.get(key) or UUID(key)

    def parent(self, key: Key | None) -> UUID | None:
        """Return the id of a parent who may be unknown."""
        return self.person(key) if key else None

    def touch(self, family: Key) -> UUID:
        """Note that a family was changed, and return its id, also of one opened a moment ago."""
        family_id = self.homes.get(family) or UUID(family)
        if family_id not in self.families:
            self.families.append(family_id)
        return family_id

    def print(self, kind: IssuedKind, about_id: UUID) -> None:
        """Have something printed at the end, once however often it is asked."""
        if (kind, about_id) not in self.prints:
            self.prints.append((kind, about_id))

    def print_no_more(self, about_id: UUID) -> None:
        """Forget what was to be printed about something that is no more."""
        self.prints = [each for each in self.prints if each[1] != about_id]


class Kind(Protocol):
    """A module that knows one kind of change. `plan` is pure."""

    def plan(self, state: State, fact: Any, index: int, context: Context, /) -> Step[Any]:  # noqa: ANN401
        """Say what a fact would do to a state."""

    async def apply(self, session: AsyncSession, decision: Any, made: Made, /) -> None:  # noqa: ANN401
        """Carry out what `plan` decided."""

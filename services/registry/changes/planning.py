"""From facts to a plan: each fact is judged on the state that the earlier ones leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.registry.changes import rules
from services.registry.changes.kinds import KINDS
from services.registry.changes.state import State
from services.registry.changes.steps import Context, Step
from shared.contract.facts import Fact
from shared.contract.plan import Plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what carries it out."""

    plan: Plan
    steps: tuple[Step[Any], ...]
    village_code: str | None  # of the subject: the first that a fact names

    @property
    def refused(self) -> bool:
        """Tell whether anything blocks."""
        return bool(self.plan.refusals)


def make_plan(state: State, facts: Sequence[Fact], context: Context) -> Planned:
    """Plan a change. Pure: the same state and day give the same plan, digest included."""
    steps: list[Step[Any]] = []
    now = state
    for index, fact in enumerate(facts):
        step = KINDS[type(fact)].plan(now, fact, index, context)
        steps.append(step)
        now = step.state
    refusals = [each for step in steps for each in step.refusals]
    if not refusals:  # an incomplete state would seem to break what it does not
        refusals = rules.broken(state, now, context.today)
    plan = Plan(
        effects=[each for step in steps for each in step.effects],
        warnings=[each for step in steps for each in step.warnings],
        refusals=refusals,
    )
    village = next((step.village_code for step in steps if step.village_code), None)
    return Planned(plan, tuple(steps), village)

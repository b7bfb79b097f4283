"""The steps that a case can take: a workflow's data, as one service and one channel use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.requests.catalogue.model import Service, StateEntry, TransitionEntry, WorkflowEntry


@dataclass(frozen=True, slots=True)
class Transition:
    """One step from one state, with the roles of one service."""

    action: str
    from_: str
    to: str
    roles: frozenset[str] = frozenset()  # empty for a step that the system takes
    system: bool = False
    separate_from: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    asks_for_plan: bool = False
    applies: bool = False
    clock: Literal["start", "stop"] | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """The steps that a case of one service and channel can take."""

    code: str
    initial: str
    transitions: tuple[Transition, ...]
    pausing: frozenset[str] = frozenset()  # states in which the promised time stands still
    final: frozenset[str] = frozenset()  # left by `reopen` only


def workflow_of(
    entry: WorkflowEntry, states: Mapping[str, StateEntry], service: Service, channel: str
) -> Workflow:
    """Return a workflow with the service's own roles and without the steps of other channels."""
    mine = (*entry.states, *entry.side_states)
    return Workflow(
        service.workflow,
        entry.states[0],
        tuple(_steps(entry.transitions, service, channel)),
        frozenset(each for each in mine if states[each].pauses_clock),
        frozenset(each for each in mine if states[each].final),
    )


def _steps(
    transitions: Iterable[TransitionEntry], service: Service, channel: str
) -> Iterable[Transition]:
    for each in transitions:
        if each.channels is not None and channel not in each.channels:
            continue
        roles = () if each.system else service.roles.get(each.action, each.roles)
        for state in each.from_:
            yield Transition(
                each.action,
                state,
                each.to,
                frozenset(roles),
                each.system,
                frozenset(each.separate_from),
                frozenset(each.needs),
                each.asks_for_plan,
                each.applies,
                each.clock,
            )

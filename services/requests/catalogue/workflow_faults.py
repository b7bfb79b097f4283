"""Whether a workflow is whole: every state can be reached, and every case can come to an end."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from services.requests.catalogue.model import Channel, StateEntry, Text, WorkflowEntry

REOPEN = "reopen"


def workflow_faults(
    workflow: WorkflowEntry,
    states: Mapping[str, StateEntry],
    actions: Mapping[str, Text],
    channels: Mapping[str, Channel],
    roles: Collection[str],
) -> Iterator[tuple[str, str]]:
    """Yield the field and what is wrong with it."""
    mine = (*workflow.states, *workflow.side_states)
    for state in sorted(set(mine) - set(states)):
        yield "states", f"{state} has no words"
    for state, times in Counter(mine).items():
        if times > 1:
            yield "states", f"{state} is listed {times} times"
    for position, each in enumerate(workflow.transitions):
        known = {
            "is not a state of this workflow": ({*each.from_, each.to}, mine),
            "is not in peran.csv": (each.roles, roles),
            "is not in kanal.csv": (each.channels or (), channels),
            "has no words": ([each.action], actions),
            "is no step of this workflow": (each.separate_from, _actions(workflow)),
        }
        for says, (named, all_) in known.items():
            for code in sorted(set(named) - set(all_)):
                yield f"transitions/{position} ({each.action})", f"{code} {says}"
    yield from _dead_ends(workflow, states)
    yield from _unreachable(workflow)
    yield from _ambiguous(workflow, channels)


def _actions(workflow: WorkflowEntry) -> frozenset[str]:
    return frozenset(each.action for each in workflow.transitions)


def _dead_ends(
    workflow: WorkflowEntry, states: Mapping[str, StateEntry]
) -> Iterator[tuple[str, str]]:
    ways_on: dict[str, set[str]] = {}
    for each in workflow.transitions:
        for state in each.from_:
            ways_on.setdefault(state, set()).add(each.action)
    for state in (*workflow.states, *workflow.side_states):
        final = state in states and states[state].final
        if not final and not ways_on.get(state):
            yield "transitions", f"nothing leads out of {state}, which is not final"
        if final and ways_on.get(state, set()) - {REOPEN}:
            yield "transitions", f"{state} is final: it can be left by {REOPEN} only"


def _unreachable(workflow: WorkflowEntry) -> Iterator[tuple[str, str]]:
    reached: set[str] = set()
    newly = {workflow.states[0]}
    while newly:
        reached |= newly
        newly = {each.to for each in workflow.transitions if reached & set(each.from_)} - reached
    for state in (*workflow.states, *workflow.side_states):
        if state not in reached:
            yield "states", f"nothing leads to {state}"


def _ambiguous(
    workflow: WorkflowEntry, channels: Mapping[str, Channel]
) -> Iterator[tuple[str, str]]:
    """One state, one action, one channel: one step."""
    steps = Counter(
        (state, each.action, channel)
        for each in workflow.transitions
        for state in each.from_
        for channel in (channels if each.channels is None else each.channels)
    )
    twice = {(state, action) for (state, action, _), times in steps.items() if times > 1}
    for state, action in sorted(twice):
        yield "transitions", f"{action} from {state} is written twice"

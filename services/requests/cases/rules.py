"""The life of a case: which step may follow which, by whom, and on what.

Intake, verification, approval and signature are four pairs of eyes: nobody takes two of these steps
in one case, and nobody decides about their own family card (UU 30/2014 art 42-43 on conflicts of
interest; Permendagri 119/2017 separates registration officers from registrars). A signature never
stands under effects that its signer did not see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.requests.catalogue.rules import Transition, Workflow

CITIZENS = frozenset({"WARGA", "KEPALA_KELUARGA", "KUASA"})
SUBMIT, REOPEN = "submit", "reopen"
EDITABLE = frozenset({"DRAFT", "RETURNED"})
FILING = frozenset(
    {SUBMIT, "cancel"}
)  # steps of whoever files; a village of the subject has no say


class Obstacle(StrEnum):
    """Why somebody cannot take a step now; the values are rule ids that clients branch on."""

    ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION"
    NOT_YOUR_ROLE = "NOT_YOUR_ROLE"
    OWN_FAMILY = "OWN_FAMILY"
    SEPARATION_OF_DUTIES = "SEPARATION_OF_DUTIES"
    PLAN_PENDING = "PLAN_PENDING"
    PLAN_REFUSED = "PLAN_REFUSED"
    PLAN_CHANGED = "PLAN_CHANGED"
    DOCUMENTS_PENDING = "DOCUMENTS_PENDING"
    OTHER_CASES_OPEN = "OTHER_CASES_OPEN"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever wants to take a step, with those of their roles that reach this case."""

    sub: str
    roles: frozenset[str]
    filing_roles: frozenset[str] = frozenset()  # by which it is theirs to file
    resident_id: UUID | None = None

    def roles_for(self, step: Transition) -> frozenset[str]:
        """Return the roles in which the actor can take a step."""
        return (self.filing_roles if step.action in FILING else self.roles) & step.roles


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules need to know of a case."""

    state: str
    round: int = 0
    plan_round: int = 0
    plan_refused: bool = False
    plan_digest: str | None = None
    verified_digest: str | None = None
    relatives: frozenset[UUID] = frozenset()  # of everybody the plan touches, and the applicant
    takers: Mapping[str, frozenset[str]] | None = None  # action -> who took it before
    waiting_for: int = 0  # documents that are expected and not there
    applied: bool = False  # the registry holds the change: nothing is asked anew
    others_open: int = 0  # cases about the same people that are in process


def obstacle(step: Transition, actor: Actor, standing: Standing) -> Obstacle | None:
    """Return what keeps an actor from a step that begins where the case stands, if anything."""
    mine = actor.roles_for(step)
    if step.system or not mine:
        return Obstacle.NOT_YOUR_ROLE
    if step.action == REOPEN and standing.applied:
        return Obstacle.ILLEGAL_TRANSITION
    decides = not mine <= CITIZENS and step.action not in FILING
    if decides and actor.resident_id in standing.relatives:
        return Obstacle.OWN_FAMILY
    if _took_one_of(step.separate_from, actor, standing):
        return Obstacle.SEPARATION_OF_DUTIES
    return _waits(step, standing) or _plan_obstacle(step, standing)


def _waits(step: Transition, standing: Standing) -> Obstacle | None:
    """Return what must be there, or be over, before a step."""
    if "documents" in step.needs and standing.waiting_for:
        return Obstacle.DOCUMENTS_PENDING
    if "no_other_case" in step.needs and standing.others_open:
        return Obstacle.OTHER_CASES_OPEN
    return None


def _took_one_of(actions: Iterable[str], actor: Actor, standing: Standing) -> bool:
    takers = standing.takers or {}
    return any(actor.sub in takers.get(action, ()) for action in actions)


def _plan_obstacle(step: Transition, standing: Standing) -> Obstacle | None:
    """A step that needs the plan waits for the registry's answer to the present round."""
    if "plan" not in step.needs:
        return None
    if standing.plan_round < standing.round:
        return Obstacle.PLAN_PENDING
    if standing.plan_refused:
        return Obstacle.PLAN_REFUSED
    if standing.verified_digest not in {None, standing.plan_digest}:
        return Obstacle.PLAN_CHANGED
    return None


def find(workflow: Workflow, state: str, action: str) -> Transition | None:
    """Return the step of this name that begins in a state."""
    return next((each for each in steps_from(workflow, state) if each.action == action), None)


def steps_from(workflow: Workflow, state: str) -> list[Transition]:
    """Return every step that begins in a state."""
    return [each for each in workflow.transitions if each.from_ == state]


def allowed_actions(workflow: Workflow, actor: Actor, standing: Standing) -> list[str]:
    """Return what an actor can do now, in the workflow's order."""
    steps = steps_from(workflow, standing.state)
    return [each.action for each in steps if obstacle(each, actor, standing) is None]


def obstacles(workflow: Workflow, actor: Actor, standing: Standing) -> dict[str, Obstacle]:
    """Return what an actor's role could do but something prevents, and what prevents it."""
    found = {
        each.action: obstacle(each, actor, standing)
        for each in steps_from(workflow, standing.state)
        if not each.system
    }
    return {
        action: why for action, why in found.items() if why and why is not Obstacle.NOT_YOUR_ROLE
    }


def takers(steps: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Group a timeline's (action, actor) pairs by action."""
    by_action: dict[str, frozenset[str]] = {}
    for action, actor in steps:
        by_action[action] = by_action.get(action, frozenset()) | {actor}
    return by_action

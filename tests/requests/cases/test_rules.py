"""The engine over the real workflows, as pure functions."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.cases import rules
from services.requests.cases.rules import Actor, Obstacle, Standing
from services.requests.catalogue.rules import Workflow, workflow_of
from services.requests.catalogue.store import catalogue

CATALOGUE = catalogue()
BIRTH = CATALOGUE.services["PKT-BIRTH"]
FLOW = workflow_of(CATALOGUE, BIRTH, "FASKES")
ONLINE = workflow_of(CATALOGUE, BIRTH, "WEB")
DIGEST, OTHER = "a" * 64, "b" * 64


def actor(role: str, sub: str = "somebody", resident_id: UUID | None = None) -> Actor:
    return Actor(sub, frozenset({role}), frozenset({role}), resident_id)


def standing(state: str, **more: Any) -> Standing:  # noqa: ANN401 - fields of Standing
    known = Standing(state=state, round=1, plan_round=1, plan_digest=DIGEST)
    return replace(known, **more)


def why(action: str, who: Actor, here: Standing, flow: Workflow = FLOW) -> Obstacle | None:
    step = rules.find(flow, here.state, action)
    assert step, f"{action} does not begin in {here.state}"
    return rules.obstacle(step, who, here)


@pytest.mark.parametrize(
    ("state", "role", "actions"),
    [
        ("DRAFT", "FASKES", ["submit", "cancel"]),
        ("DRAFT", "VERIFIKATOR", []),
        ("SUBMITTED", "OP_DESA", ["intake_check", "return", "cancel"]),
        ("SUBMITTED", "VERIFIKATOR", ["return"]),
        ("INTAKE_CHECKED", "VERIFIKATOR", ["verify", "return", "reject", "hold"]),
        ("INTAKE_CHECKED", "KADIS", []),
        ("VERIFIED", "PPS", ["approve", "send_back", "reject"]),
        ("VERIFIED", "VERIFIKATOR", []),
        ("APPROVED", "KADIS", ["sign", "send_back", "reject"]),
        ("APPROVED", "PPS", []),
        ("SIGNED", "KADIS", []),
        ("READY", "FASKES", ["hand_over"]),
        ("CLOSED", "KADIS", []),
    ],
)
def test_each_role_takes_its_own_steps(state: str, role: str, actions: list[str]) -> None:
    assert rules.allowed_actions(FLOW, actor(role), standing(state)) == actions


def test_what_comes_online_is_checked_by_the_verifier() -> None:
    assert "verify" in rules.allowed_actions(ONLINE, actor("VERIFIKATOR"), standing("SUBMITTED"))
    assert rules.find(FLOW, "SUBMITTED", "verify") is None


@pytest.mark.parametrize(
    ("state", "action", "role", "earlier"),
    [
        ("INTAKE_CHECKED", "verify", "VERIFIKATOR", "submit"),
        ("INTAKE_CHECKED", "verify", "VERIFIKATOR", "intake_check"),
        ("VERIFIED", "approve", "PPS", "verify"),
        ("VERIFIED", "approve", "PPS", "intake_check"),
        ("APPROVED", "sign", "KADIS", "submit"),
        ("APPROVED", "sign", "KADIS", "intake_check"),
        ("APPROVED", "sign", "KADIS", "verify"),
        ("APPROVED", "sign", "KADIS", "approve"),
    ],
)
def test_nobody_takes_two_of_the_four_steps(
    state: str, action: str, role: str, earlier: str
) -> None:
    here = standing(state, takers={earlier: frozenset({"somebody"})})
    assert why(action, actor(role), here) is Obstacle.SEPARATION_OF_DUTIES
    assert why(action, actor(role, "another"), here) is None


@pytest.mark.parametrize(
    ("state", "action", "role"),
    [
        ("SUBMITTED", "intake_check", "OP_DESA"),
        ("SUBMITTED", "return", "OP_DESA"),
        ("INTAKE_CHECKED", "verify", "VERIFIKATOR"),
        ("INTAKE_CHECKED", "reject", "VERIFIKATOR"),
        ("VERIFIED", "approve", "PPS"),
        ("APPROVED", "sign", "KADIS"),
        ("READY", "hand_over", "OP_DESA"),
    ],
)
def test_no_officer_decides_about_their_own_family(state: str, action: str, role: str) -> None:
    relative = uuid4()
    here = standing(state, relatives=frozenset({relative, uuid4()}))
    assert why(action, actor(role, resident_id=relative), here) is Obstacle.OWN_FAMILY
    assert why(action, actor(role, resident_id=uuid4()), here) is None
    assert why(action, actor(role), here) is None


def test_a_citizen_handles_their_own_file() -> None:
    me = uuid4()
    citizen = actor("WARGA", resident_id=me)
    for state, action in (("RETURNED", "submit"), ("DRAFT", "cancel"), ("READY", "hand_over")):
        assert why(action, citizen, standing(state, relatives=frozenset({me}))) is None


@pytest.mark.parametrize(
    ("state", "action", "role"),
    [
        ("INTAKE_CHECKED", "verify", "VERIFIKATOR"),
        ("VERIFIED", "approve", "PPS"),
        ("APPROVED", "sign", "KADIS"),
    ],
)
def test_a_decision_stands_on_the_plan_of_this_round(state: str, action: str, role: str) -> None:
    here = standing(state)
    who = actor(role)
    assert why(action, who, here) is None
    assert why(action, who, replace(here, round=2)) is Obstacle.PLAN_PENDING
    assert why(action, who, replace(here, plan_refused=True)) is Obstacle.PLAN_REFUSED
    assert why(action, who, replace(here, verified_digest=OTHER)) is Obstacle.PLAN_CHANGED
    assert why(action, who, replace(here, verified_digest=DIGEST)) is None


def test_a_refused_plan_can_still_be_returned_or_rejected() -> None:
    here = standing("INTAKE_CHECKED", plan_refused=True)
    allowed = rules.allowed_actions(FLOW, actor("VERIFIKATOR"), here)
    assert allowed == ["return", "reject", "hold"]
    assert rules.obstacles(FLOW, actor("VERIFIKATOR"), here) == {"verify": Obstacle.PLAN_REFUSED}


def test_a_card_is_printed_when_its_document_is_there() -> None:
    flow = workflow_of(CATALOGUE, CATALOGUE.services["KIA-NEW-A"], "WEB")
    printer = actor("OP_CETAK")
    assert why("print", printer, standing("SIGNED", waiting_for=1), flow) is (
        Obstacle.DOCUMENTS_PENDING
    )
    assert why("print", printer, standing("SIGNED", waiting_for=0), flow) is None


def test_nobody_takes_a_step_of_the_system() -> None:
    every = Actor("root", frozenset(r for t in FLOW.transitions for r in t.roles), frozenset())
    assert why("ready", every, standing("SIGNED")) is Obstacle.NOT_YOUR_ROLE


def test_filing_is_by_the_roles_that_may_file_here() -> None:
    not_their_intake = Actor("clerk", frozenset({"OP_DESA"}), frozenset())
    assert why("cancel", not_their_intake, standing("SUBMITTED")) is Obstacle.NOT_YOUR_ROLE
    assert why("intake_check", not_their_intake, standing("SUBMITTED")) is None


def test_takers_are_grouped_by_action() -> None:
    steps = [("submit", "a"), ("verify", "b"), ("submit", "c")]
    assert rules.takers(steps) == {"submit": {"a", "c"}, "verify": {"b"}}

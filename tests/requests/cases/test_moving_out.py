"""A case of a move, from the filing to the arrival, by HTTP and events alone."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.requests.worker import HANDLERS
from shared import clock, outbox
from shared.contract.events import ArrivalReported, ExpectedDocument, IssuedKind, MoveClosed
from shared.contract.facts import PersonRef
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.requests.cases.making import MOTHER, VILLAGE, Desk, Registry, Sit, case

pytestmark = pytest.mark.anyio

MOVER = {"nik": "3510054107959001"}


def leaving() -> dict[str, Any]:
    return {
        "service_code": "MOV-OUT",
        "channel": "DESA",
        "point_id": "SP-3510052003",
        "applicant": case()["applicant"] | {"relationship": "adult_mover"},
        "facts": [
            {
                "kind": "move_out",
                "family": {"of": MOVER},
                "movers": [MOVER],
                "reason": 1,
                "to": {
                    "address": "JALAN MELATI 1",
                    "rt": "001",
                    "rw": "004",
                    "village": "Balecatur",
                    "district_code": "34.04.01",
                },
            }
        ],
    }


@pytest.fixture
def chief(desk: Sit) -> Desk:
    return desk("sub-chief", "KABID")


async def _submit(village: Desk, body: dict[str, Any]) -> str:
    filed = await village.file(body)
    assert filed.status_code == 201, filed.text
    case_id = str(filed.json()["id"])
    assert (await village.attach(case_id, "KK_COPY")).status_code == 201
    answer = await village.submit(case_id, await village.version(case_id))
    assert answer.status_code == 200, answer.text
    return case_id


@pytest.fixture
async def approved(
    registry: Registry, village: Desk, other_village: Desk, verifier: Desk, chief: Desk
) -> str:
    """A move that waits for the signature only."""
    case_id = await _submit(village, leaving())
    await registry.plans(case_id, subject_resident_ids=[MOTHER])
    await village.acts(case_id, "intake_check")
    await verifier.acts(case_id, "verify")
    await chief.acts(case_id, "approve")
    return case_id


async def _closed(sessions: dict[str, Sessions], case_id: str, outcome: str) -> None:
    event = MoveClosed(
        move_id=uuid4(),
        case_id=UUID(case_id),
        outcome=outcome,
        village_code=VILLAGE,
        closed_on=clock.today(),
    )
    inbox = Inbox(sessions["requests"], HANDLERS)
    assert await inbox.receive(Envelope.around(event), redelivered=False) is None


async def _depart(registry: Registry, head: Desk, case_id: str) -> None:
    await head.acts(case_id, "sign")
    letter = ExpectedDocument(document_id=uuid4(), kind=IssuedKind.MOVE_LETTER)
    await registry.applies(case_id, [letter])
    await registry.issues(case_id, letter)


async def _state(desk: Desk, case_id: str) -> str:
    return str((await desk.read(case_id)).json()["state"])


async def test_a_move_is_over_when_the_destination_has_the_people(
    sessions: dict[str, Sessions], registry: Registry, approved: str, head: Desk, verifier: Desk
) -> None:
    await _depart(registry, head, approved)
    assert await _state(head, approved) == "IN_TRANSIT"
    told = await verifier.acts(approved, "report_arrival", note="Kabar dari Dukcapil Sleman")
    assert told["state"] == "IN_TRANSIT"  # the registry has the word
    [report] = await _reports(sessions, approved)
    assert (report.arrived_on, report.actor, report.movers) == (clock.today(), "sub-verifier", None)
    await _closed(sessions, approved, "ARRIVED")
    assert await _state(head, approved) == "CLOSED"


async def test_a_report_may_name_who_arrived(
    sessions: dict[str, Sessions], registry: Registry, approved: str, head: Desk, verifier: Desk
) -> None:
    await _depart(registry, head, approved)
    who = {"resident_id": str(MOTHER)}
    await verifier.acts(approved, "report_arrival", note="Baru ibunya", movers=[who])
    [report] = await _reports(sessions, approved)
    assert report.movers == [PersonRef(resident_id=MOTHER)]


async def _reports(sessions: dict[str, Sessions], case_id: str) -> list[ArrivalReported]:
    async with sessions["requests"]() as session:
        query = select(outbox.table.c.envelope).where(outbox.table.c.subject == case_id)
        envelopes = [Envelope.model_validate(each) for each in await session.scalars(query)]
    events = [each.event() for each in envelopes]
    return [each for each in events if isinstance(each, ArrivalReported)]


@pytest.mark.parametrize(("outcome", "state"), [("EXPIRED", "EXPIRED"), ("CANCELLED", "CANCELLED")])
async def test_a_move_that_does_not_happen_ends_as_well(
    sessions: dict[str, Sessions],
    registry: Registry,
    approved: str,
    head: Desk,
    village: Desk,
    outcome: str,
    state: str,
) -> None:
    await _depart(registry, head, approved)
    await _closed(sessions, approved, outcome)
    seen = (await village.read(approved)).json()
    assert seen["state"] == state
    assert "reopen" not in seen["allowed_actions"]  # the change is applied: nothing to ask anew


async def test_who_went_abroad_has_left_before_the_letter_is_sealed(
    sessions: dict[str, Sessions], registry: Registry, approved: str, head: Desk
) -> None:
    await head.acts(approved, "sign")
    letter = ExpectedDocument(document_id=uuid4(), kind=IssuedKind.EMIGRATION_LETTER)
    await registry.applies(approved, [letter])
    await _closed(sessions, approved, "ARRIVED")
    assert await _state(head, approved) == "SIGNED"
    await registry.issues(approved, letter)
    assert await _state(head, approved) == "CLOSED"


async def test_edge_33_nobody_leaves_while_another_case_of_theirs_is_open(
    registry: Registry, approved: str, village: Desk, head: Desk
) -> None:
    other = leaving() | {
        "service_code": "BIO-CHG-JOB",
        "applicant": case()["applicant"] | {"relationship": "self"},
        "facts": [
            {
                "kind": "correct_resident",
                "person": MOVER,
                "to": {"occupation": 5},
                "proof": {"paper": "WORK_LETTER"},
            }
        ],
    }
    filed = await village.file(other)
    open_case = str(filed.json()["id"])
    for paper in ("KK_COPY", "JOB_PROOF"):
        await village.attach(open_case, paper)
    submitted = await village.submit(open_case, await village.version(open_case))
    assert submitted.status_code == 200, submitted.text
    await registry.plans(open_case, subject_resident_ids=[MOTHER])

    refused = await head.act(approved, "sign", await head.version(approved))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("other-cases-open")

    await village.acts(open_case, "cancel", note="Pindah ke Sleman")
    signed = await head.acts(approved, "sign")
    assert signed["state"] == "SIGNED"

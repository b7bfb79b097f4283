"""Two numbers of one person: the case that ends one of them, and the cases that follow the other."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.requests.cases.tables import Case
from shared import outbox
from shared.contract.events import ChangeRequested, ResidentMerged
from shared.db import Sessions
from shared.envelope import Envelope
from tests.requests.cases.making import FATHER, MOTHER, Desk, Registry, Sit, case, plan
from tests.requests.catalogue.agency import ABOUT

pytestmark = pytest.mark.anyio

KEPT, ENDED = uuid4(), MOTHER


def repair(service: str, kind: str) -> dict[str, Any]:
    return {
        "service_code": service,
        "channel": "DINAS",
        "point_id": "SP-3510-000",
        "facts": [{"kind": kind, **ABOUT[kind]}],
        "applicant": case()["applicant"] | {"relationship": "self"},
    }


async def requested(sessions: dict[str, Sessions], case_id: str) -> list[ChangeRequested]:
    async with sessions["requests"]() as session:
        query = select(outbox.table.c.envelope).where(outbox.table.c.subject == case_id)
        events = [Envelope.model_validate(each).event() for each in await session.scalars(query)]
    return [each for each in events if isinstance(each, ChangeRequested)]


@pytest.mark.parametrize(
    ("service", "kind"), [("NIK-FIX", "resolve_duplicate"), ("DATA-CONS", "confirm_data")]
)
async def test_a_repair_goes_by_the_ministry_to_its_end(
    sessions: dict[str, Sessions],
    registry: Registry,
    desk: Sit,
    verifier: Desk,
    service: str,
    kind: str,
) -> None:
    counter = desk("sub-counter", "OP_GERAI", areas=(), point="SP-3510-000")
    answer = await counter.file(repair(service, kind))
    assert answer.status_code == 201, answer.text
    case_id = str(answer.json()["id"])
    for code in ("KK_COPY", "KTP_COPY"):
        assert (await counter.attach(case_id, code)).status_code == 201
    handed_in = await counter.submit(case_id, answer.json()["version"])
    assert handed_in.status_code == 200, handed_in.text
    await registry.plans(case_id)
    await verifier.acts(case_id, "verify")
    division = desk("sub-division", "KABID")
    await division.acts(case_id, "send_to_central")
    resolved = await division.acts(case_id, "resolve", note="Jawaban pusat: satu orang")

    assert resolved["state"] == "RESOLVED"
    [asked] = await requested(sessions, case_id)
    assert [each.kind for each in asked.facts] == [kind]
    await registry.applies(case_id, [])
    assert (await verifier.read(case_id)).json()["state"] == "CLOSED"


async def test_a_repair_that_the_registry_refuses_comes_back(
    registry: Registry, desk: Sit, verifier: Desk
) -> None:
    counter = desk("sub-counter", "OP_GERAI", areas=(), point="SP-3510-000")
    filed = (await counter.file(repair("NIK-FIX", "resolve_duplicate"))).json()
    for code in ("KK_COPY", "KTP_COPY"):
        await counter.attach(filed["id"], code)
    await counter.submit(filed["id"], filed["version"])
    await registry.plans(filed["id"])
    await verifier.acts(filed["id"], "verify")
    division = desk("sub-division", "KABID")
    await division.acts(filed["id"], "send_to_central")
    await division.acts(filed["id"], "resolve", note="Satu orang")

    await registry.refuses(filed["id"], plan("BIOMETRICS_KEEP"), "BIOMETRICS_KEEP")

    told = (await verifier.read(filed["id"])).json()
    assert told["state"] == "SUBMITTED"


async def test_edge_07_cases_follow_the_winner(
    sessions: dict[str, Sessions], registry: Registry, checked: str
) -> None:
    async with sessions["requests"].begin() as session:
        mine = await session.get_one(Case, UUID(checked))
        mine.applicant_resident_id = ENDED
        mine.subject_resident_ids = [ENDED]

    news = await registry.say(ResidentMerged(winner_id=KEPT, loser_id=ENDED))
    await registry.again(news)

    async with sessions["requests"]() as session:
        followed = await session.get_one(Case, UUID(checked))
    assert followed.applicant_resident_id == KEPT
    assert set(followed.related_resident_ids) == {KEPT, FATHER}
    assert followed.subject_resident_ids == [KEPT]

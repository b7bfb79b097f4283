"""An operator declares that nobody can seal, and that somebody can again."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from services.registry.documents import actions
from services.registry.documents.sealing import KeyFileSigner
from services.registry.documents.tables import Document, SignerOutage
from services.registry.sealer import Sealer
from services.registry.settings import Settings
from shared import clock
from shared.contract.events import SignerOutageDeclared, SignerOutageEnded
from shared.db import Sessions
from shared.files import Files
from tests.conftest import Bearer
from tests.registry.documents.samples import queue
from tests.registry.documents.test_sealer import Failing, announced, drain, events, pending
from tests.registry.people import Clients

pytestmark = pytest.mark.anyio

REASON = {"reason": "Penanda tangan tidak menjawab sejak 15.55"}


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


class Operator:
    """Whoever answers for the signer."""

    def __init__(self, clients: Clients, headers: dict[str, str]) -> None:
        self._client, self._headers = clients["registry"], headers

    async def declare(self, key: str | None = None) -> tuple[int, dict[str, str]]:
        headers = self._headers | {"Idempotency-Key": key or uuid4().hex}
        answer = await self._client.post("/v1/signer/outages", json=REASON, headers=headers)
        return answer.status_code, answer.json()

    async def end(self, outage_id: object) -> tuple[int, dict[str, str]]:
        headers = self._headers | {"Idempotency-Key": uuid4().hex}
        path = f"/v1/signer/outages/{outage_id}/end"
        answer = await self._client.post(path, headers=headers)
        return answer.status_code, answer.json()

    async def state(self) -> dict[str, object]:
        answer = await self._client.get("/v1/signer", headers=self._headers)
        assert answer.status_code == 200
        said: dict[str, object] = answer.json()
        return said


@pytest.fixture
def operator(clients: Clients, bearer: Bearer) -> Operator:
    return Operator(clients, bearer("sub-operator", "ADM_WILAYAH"))


async def test_edge_50_the_queue_rests_and_is_replayed_once(
    database: Sessions, files: Files, signer: KeyFileSigner, registry: Settings, operator: Operator
) -> None:
    failing = Failing(signer)
    sealers = [Sealer(database, files, failing, registry.public_url) for _ in range(2)]
    async with database.begin() as session:
        for _ in range(3):
            await queue(session, case_id=uuid7())
    await drain(sealers[0])  # in vain: it is 15:55 and nobody answers
    _, declared = await operator.declare()
    async with database.begin() as session:
        for _ in range(3):
            await queue(session, case_id=uuid7())  # changes go on
    assert not await sealers[0].step()  # it rests
    state = await operator.state()
    assert (state["waiting"], state["failing"]) == (6, 3)
    assert state["outage"]

    failing.down = False
    assert (await operator.end(declared["id"]))[0] == 200
    await asyncio.gather(*map(drain, sealers))  # at once, not when their pauses are over
    assert await pending(database) == 0
    issued = [each.document_id for each in await announced(database)]
    assert len(issued) == len(set(issued)) == 6
    async with database() as session:
        assert await session.scalar(select(func.max(Document.attempts))) == 0


async def test_what_waits_too_long_is_shown_to_whoever_watches(
    clients: Clients, bearer: Bearer, database: Sessions
) -> None:
    async with database.begin() as session:
        late, fresh = [await queue(session) for _ in range(2)]
        await session.execute(
            update(Document)
            .where(Document.id == late.id)
            .values(created_at=clock.now() - 2 * actions.PATIENCE)
        )
    headers = bearer("sub-watch", "ADM_WILAYAH")
    stuck = (await clients["registry"].get("/v1/operations/stuck", headers=headers)).json()
    assert [(each["kind"], each["subject"]) for each in stuck["waiting"]] == [
        ("document-without-seal", str(late.id))
    ]
    assert str(fresh.id) not in str(stuck)


async def test_both_ends_are_told_to_whoever_waits(database: Sessions, operator: Operator) -> None:
    status, declared = await operator.declare()
    assert status == 201
    assert declared["declared_by"] == "sub-operator"
    status, ended = await operator.end(declared["id"])
    assert (status, ended["ended_by"]) == (200, "sub-operator")
    told = [each for each in await events(database) if each.about == "outage_id"]
    assert [type(each) for each in told] == [SignerOutageDeclared, SignerOutageEnded]
    assert {str(each.subject) for each in told} == {declared["id"]}
    assert (await operator.state())["outage"] is None


async def test_one_outage_at_a_time(operator: Operator, database: Sessions) -> None:
    _, first = await operator.declare()
    status, problem = await operator.declare()
    assert (status, problem["type"]) == (409, "/problems/signer-outage-declared")
    assert (await operator.end(first["id"]))[0] == 200
    status, problem = await operator.end(first["id"])
    assert (status, problem["type"]) == (409, "/problems/signer-outage-ended")
    assert (await operator.declare())[0] == 201
    assert (await operator.end(uuid4()))[0] == 404
    async with database() as session:
        assert await session.scalar(select(func.count()).select_from(SignerOutage)) == 2


async def test_the_same_declaration_twice_is_one(operator: Operator) -> None:
    key = uuid4().hex
    assert await operator.declare(key) == await operator.declare(key)


async def test_two_at_once_are_one(database: Sessions) -> None:
    async def declare() -> bool:
        try:
            async with database.begin() as session:
                await actions.declare_outage(session, "Tidak menjawab", "sub", clock.now())
        except actions.OutageDeclared:
            return False
        return True

    assert sorted(await asyncio.gather(*(declare() for _ in range(4)))) == [False] * 3 + [True]


async def test_outages_are_kept_newest_first(
    clients: Clients, operator: Operator, bearer: Bearer
) -> None:
    made = []
    for _ in range(3):
        _, declared = await operator.declare()
        made.append(declared["id"])
        await operator.end(declared["id"])
    headers = bearer("sub-audit", "AUDITOR")
    path = "/v1/signer/outages?limit=2"
    first = (await clients["registry"].get(path, headers=headers)).json()
    rest = (await clients["registry"].get(f"{path}&after={first['next']}", headers=headers)).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]


@pytest.mark.parametrize(
    ("role", "read", "declare"),
    [("KADIS", 200, 201), ("ADM_WILAYAH", 200, 201), ("PPS", 200, 403), ("OP_DESA", 403, 403)],
)
async def test_roles(clients: Clients, bearer: Bearer, role: str, read: int, declare: int) -> None:
    headers = bearer("sub", role)
    assert (await clients["registry"].get("/v1/signer", headers=headers)).status_code == read
    headers |= {"Idempotency-Key": uuid4().hex}
    answer = await clients["registry"].post("/v1/signer/outages", json=REASON, headers=headers)
    assert answer.status_code == declare

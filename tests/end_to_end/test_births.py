"""A birth through all three services while things break; each test sees that they did break."""

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from uuid import uuid4

import httpx2
import pytest
from pydantic import SecretStr

from deploy.local.servers import Broker
from shared.bus import queue_of
from shared.db import Sessions
from shared.settings import Settings
from tests.conftest import Bearer
from tests.end_to_end.conftest import counts, eventually, scalar, waits
from tests.end_to_end.suite import Office, birth_case, everything, running, sealing
from tests.registry.make import make_couple

pytestmark = pytest.mark.anyio

Databases = dict[str, Sessions]
CHILDREN = "select count(*) from residents where mother_id is not null"


@pytest.fixture
def wired(settings: dict[str, Settings], vhost: str) -> dict[str, Settings]:
    """Settings that lead to the real broker."""
    return {
        service: type(each).model_validate(each.model_dump() | {"rabbitmq_url": vhost})
        for service, each in settings.items()
    }


@pytest.fixture
def office(clients: dict[str, httpx2.AsyncClient], bearer: Bearer) -> Office:
    return Office(clients["requests"], bearer)


async def test_a_worker_killed_between_commit_and_ack_registers_one_child(
    wired: dict[str, Settings], sessions: Databases, office: Office
) -> None:
    couple = await make_couple(sessions["registry"])
    async with everything(wired, "registry", "sealer"):
        async with running("registry", wired["registry"]):
            case_id = await office.file(couple)
            await office.bring_to_signature(case_id)
        process = await start_dying(wired["registry"])
        try:
            await office.sign(case_id)
            assert await asyncio.wait_for(process.wait(), 30) == -signal.SIGKILL
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert await scalar(sessions["registry"], CHILDREN) == 1  # committed ...
        await eventually(waits(wired["registry"], queue_of("registry"), 1))  # ... and no ack
        assert await office.state(case_id) == "SIGNED"

        async with running("registry", wired["registry"]), sealing(wired["registry"]):
            await eventually(office.reaches(case_id, "READY"), seconds=30)

    assert await scalar(sessions["registry"], CHILDREN) == 1
    answered = "select count(*) from outbox where envelope->>'type' = 'registry.change.applied.v1'"
    assert await scalar(sessions["registry"], answered) == 1
    assert await scalar(sessions["registry"], "select count(*) from documents") == 3


async def start_dying(settings: Settings) -> asyncio.subprocess.Process:
    values = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in settings.model_dump().items()
        if value is not None
    }
    variables = {f"BALAI_REGISTRY_{name}".upper(): str(value) for name, value in values.items()}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.end_to_end.dying_worker", env=os.environ | variables
    )


async def test_the_broker_restarts_while_births_are_filed_and_signed(
    broker: Broker, wired: dict[str, Settings], sessions: Databases, office: Office
) -> None:
    couples = [await make_couple(sessions["registry"]) for _ in range(12)]
    async with everything(wired):
        cases = [await office.file(each, full_name="Bayu Aji") for each in couples[:6]]
        for case_id in cases:
            await office.bring_to_signature(case_id)
        stopping = asyncio.create_task(asyncio.to_thread(broker.control, "stop_app"))
        for case_id in cases:  # every one of them is accepted all the same
            await office.sign(case_id)
        await stopping
        with (
            pytest.raises(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", broker.port), timeout=1),
        ):
            pass
        cases += [await office.file(each, full_name="Bayu Aji") for each in couples[6:]]
        pending = "select count(*) from outbox where published_at is null"
        assert await scalar(sessions["requests"], pending) >= 6

        await asyncio.to_thread(broker.control, "start_app")

        for case_id in cases[6:]:
            await office.bring_to_signature(case_id)
            await office.sign(case_id)
        for case_id in cases:
            await eventually(office.reaches(case_id, "READY"), seconds=60)
        told = "select count(*) from messages where template = 'case_ready'"
        await eventually(counts(sessions["notify"], told, 12))
        for service in sessions:  # what was confirmed too late is published once more
            await eventually(counts(sessions[service], pending, 0), seconds=30)
    assert await scalar(sessions["registry"], CHILDREN) == 12


async def test_twenty_identical_submissions_at_once_make_one_case(
    sessions: Databases, office: Office
) -> None:
    body = birth_case(await make_couple(sessions["registry"]))
    key = uuid4().hex

    filed = await asyncio.gather(*(office.midwife.file(body, key) for _ in range(20)))

    statuses = Counter(each.status_code for each in filed)
    assert statuses[201] >= 1
    assert set(statuses) <= {201, 409, 503}
    assert statuses.total() > statuses[201]  # they did meet
    assert len({each.json()["id"] for each in filed if each.status_code == 201}) == 1
    assert await scalar(sessions["requests"], "select count(*) from cases") == 1


async def test_the_same_birth_at_twenty_counters_is_submitted_once(
    sessions: Databases, office: Office
) -> None:
    couple = await make_couple(sessions["registry"])
    drafts = []
    for _ in range(20):
        draft = (await office.midwife.file(birth_case(couple))).json()
        await office.midwife.attach_all(draft["id"])
        drafts.append(draft)

    answers = await asyncio.gather(
        *(office.midwife.submit(each["id"], each["version"]) for each in drafts)
    )

    statuses = Counter(each.status_code for each in answers)
    assert statuses[200] == 1
    assert set(statuses) <= {200, 409, 503}
    submitted = "select count(*) from cases where state = 'SUBMITTED'"
    assert await scalar(sessions["requests"], submitted) == 1


async def test_two_signers_at_once_sign_once(
    wired: dict[str, Settings], sessions: Databases, office: Office
) -> None:
    couple = await make_couple(sessions["registry"])
    async with everything(wired):
        case_id = await office.file(couple)
        await office.bring_to_signature(case_id)
        version = await office.head.version(case_id)

        answers = await asyncio.gather(
            office.head.act(case_id, "sign", version), office.deputy.act(case_id, "sign", version)
        )

        assert sorted(each.status_code for each in answers) in ([200, 409], [200, 412])
        await eventually(office.reaches(case_id, "READY"), seconds=30)
    requested = (
        "select count(*) from outbox where envelope->>'type' = 'requests.change.requested.v1'"
    )
    assert await scalar(sessions["requests"], requested) == 1
    assert await scalar(sessions["registry"], CHILDREN) == 1


async def test_the_same_birth_is_recognised_after_it_was_registered(
    wired: dict[str, Settings], sessions: Databases, office: Office
) -> None:
    couple = await make_couple(sessions["registry"])
    async with everything(wired):
        first = await office.file(couple)
        await office.bring_to_signature(first)
        await office.sign(first)
        await eventually(office.reaches(first, "READY"), seconds=30)

        draft = (await office.midwife.file(birth_case(couple))).json()
        second = draft["id"]
        await office.midwife.attach_all(second)
        told = await office.midwife.submit(second, draft["version"])
        assert (told.status_code, told.json()["type"]) == (409, "/problems/same-case-open")
        confirmed = {"different": True, "reason": "Orang tua yakin belum pernah melapor"}
        submitted = await office.midwife.submit(second, draft["version"], confirmed)
        assert submitted.status_code == 200, submitted.text
        await office.check(second)

        async def refused() -> bool:
            answer = (await office.verifier.read(second)).json()["plan"]
            rules = [each["rule"] for each in answer["plan"]["refusals"]] if answer else []
            return "BIRTH_ALREADY_REGISTERED" in rules

        await eventually(refused)
        answer = await office.verifier.act(second, "verify", await office.verifier.version(second))
    assert answer.status_code == 409
    assert await scalar(sessions["registry"], CHILDREN) == 1

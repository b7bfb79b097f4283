"""A signing service in another process: slow, failing, losing answers, with an old certificate."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial

import httpx2
import pytest
import uvicorn
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from deploy.local import signing
from deploy.local.ports import free_port
from services.registry import sealer as sealers
from services.registry.documents import sealing, signing_service
from services.registry.documents.rendering import Imprint, Press
from services.registry.documents.rules import Standing
from services.registry.documents.sealing import KeyFileSigner
from services.registry.documents.signing_service import ServiceSigner
from services.registry.documents.tables import Document
from services.registry.sealer import Sealer, signer_of
from services.registry.settings import Settings
from shared import clock
from shared.contract.events import IssuedKind
from shared.db import Sessions
from shared.files import Files
from tests.registry.documents.papers import BIRTH
from tests.registry.documents.processes import until
from tests.registry.documents.samples import queue
from tests.registry.documents.test_sealer import announced, drain, get, make_due
from tests.registry.documents.test_sealing import is_ours

pytestmark = pytest.mark.anyio


class Server(uvicorn.Server):
    """Leaves the signals of the tests alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Bsre:
    """The simulator, and the switch for what goes wrong."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx2.AsyncClient(base_url=url, trust_env=False)

    async def misbehaves(self, kind: signing.Kind, times: int = 1) -> None:
        wanted = {"kind": kind, "times": times}
        assert (await self._client.post("/misbehaviour", json=wanted)).status_code == 204

    async def behaves(self) -> None:
        await self._client.delete("/misbehaviour")

    async def seals(self) -> int:
        return int((await self._client.get("/sealed")).json()["sealed"])

    async def close(self) -> None:
        await self._client.aclose()


async def _started(server: uvicorn.Server) -> bool:
    return server.started


@pytest.fixture
async def bsre(registry: Settings) -> AsyncIterator[Bsre]:
    port = free_port()
    app = signing.create_app(registry.signer_chain.parent)
    server = Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    await until(partial(_started, server))
    bsre = Bsre(f"http://127.0.0.1:{port}")
    yield bsre
    await bsre.close()
    server.should_exit, server.force_exit = True, True
    await running


@pytest.fixture
def remote(registry: Settings, bsre: Bsre) -> Settings:
    values = registry.model_dump() | {
        "signer_key": None,
        "signer_url": bsre.url,
        "signer_user": "dispendukcapil",
        "signer_password": "local",
        "signer_nik": "3510050101709001",
        "signer_passphrase": signing.PASSPHRASE,
    }
    return Settings.model_validate(values)


@pytest.fixture
async def service(remote: Settings) -> AsyncIterator[ServiceSigner]:
    signer = signer_of(remote)
    assert isinstance(signer, ServiceSigner)
    yield signer
    await signer.close()


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["registry"]


@pytest.fixture
def sealer(database: Sessions, files: Files, service: ServiceSigner, remote: Settings) -> Sealer:
    return Sealer(database, files, service, remote.public_url)


@pytest.fixture
def pdf(press: Press, service: ServiceSigner) -> bytes:
    imprint = Imprint(1, "https://registry.example/v/x", clock.today(), service.signatory)
    return press.draw(IssuedKind.BIRTH_CERTIFICATE, BIRTH, imprint)


async def test_it_seals_as_the_key_file_does(
    service: ServiceSigner, signer: KeyFileSigner, pdf: bytes, registry: Settings
) -> None:
    assert await is_ours(await service.seal(pdf), registry.signer_chain)
    assert service.signatory == signer.signatory


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (signing.Kind.BROKEN, sealing.SignerOut),
        (signing.Kind.BUSY, sealing.SignerOut),
        (signing.Kind.SILENT, sealing.SignerOut),
        (signing.Kind.EXPIRED, sealing.CertificateExpired),
        (signing.Kind.REVOKED, sealing.CertificateRevoked),
        (signing.Kind.FOREIGN, sealing.WrongSeal),
        (signing.Kind.GARBLED, sealing.WrongSeal),
    ],
)
async def test_what_goes_wrong_has_a_name(
    service: ServiceSigner, bsre: Bsre, pdf: bytes, fault: signing.Kind, error: type[Exception]
) -> None:
    await bsre.misbehaves(fault)
    with pytest.raises(error) as raised:
        await service.seal(pdf)
    assert raised.value.args == ()  # nothing that could quote a citizen or a passphrase
    assert raised.value.__cause__ is None
    assert (await service.seal(pdf)).startswith(pdf)


async def test_a_slow_answer_is_not_waited_for(
    remote: Settings, bsre: Bsre, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_service, "ANSWER_SECONDS", 0.3)
    service = ServiceSigner(remote)
    await bsre.misbehaves(signing.Kind.SLOW)
    with pytest.raises(sealing.SignerOut):
        await service.seal(pdf)
    await service.close()


async def test_nobody_there(remote: Settings, pdf: bytes) -> None:
    nowhere = remote.model_copy(update={"signer_url": f"http://127.0.0.1:{free_port()}"})
    service = ServiceSigner(nowhere)
    with pytest.raises(sealing.SignerOut):
        await service.seal(pdf)
    await service.close()


async def test_a_wrong_passphrase_is_told(remote: Settings, pdf: bytes) -> None:
    told = Settings.model_validate(remote.model_dump() | {"signer_passphrase": "wrong"})
    service = ServiceSigner(told)
    with pytest.raises(sealing.WrongPassphrase):
        await service.seal(pdf)
    await service.close()


async def test_a_missing_certificate_is_told_at_the_start(remote: Settings) -> None:
    absent = remote.model_copy(update={"signer_certificate": remote.signer_chain / "none"})
    with pytest.raises(sealing.NoKey):
        signer_of(absent)


async def test_a_lost_answer_leaves_one_document(
    database: Sessions, sealer: Sealer, bsre: Bsre, files: Files, registry: Settings
) -> None:
    await bsre.misbehaves(signing.Kind.SILENT)
    async with database.begin() as session:
        queued = await queue(session, case_id=uuid7())
    await sealer.step()
    document = await get(database, queued)
    assert (document.status, document.attempts) == (Standing.QUEUED, 1)
    assert document.last_error is not None
    assert document.last_error.startswith("SignerOut in seal")

    await make_due(database)
    sealer._rests_until = 0
    await drain(sealer)
    document = await get(database, queued)
    assert await bsre.seals() == 2  # one of them was lost on the way
    assert len(await announced(database)) == 1
    assert document.path
    assert await is_ours(await files.read_sealed(document.path), registry.signer_chain)


async def test_a_silent_signer_is_left_alone_by_the_whole_queue(
    database: Sessions, sealer: Sealer, bsre: Bsre
) -> None:
    await bsre.misbehaves(signing.Kind.BROKEN, 1000)
    async with database.begin() as session:
        for _ in range(5):
            await queue(session)
    assert await sealer.step()
    assert not await sealer.step()  # the other four do not even try
    async with database() as session:
        tried = select(func.sum(Document.attempts))
        assert await session.scalar(tried) == 1
    rests = []
    for _ in range(8):
        sealer._rests_until = 0
        await make_due(database)
        await sealer.step()
        rests.append(sealer._rests_until - asyncio.get_running_loop().time())
    wanted = [4, 8, 16, 32, 60, 60, 60, 60]  # seconds; a little of each has passed by now
    assert all(most - 3 < rest <= most for rest, most in zip(rests, wanted, strict=True))

    await bsre.behaves()
    sealer._rests_until = 0
    await make_due(database)
    await drain(sealer)
    assert sealer._silences == 0
    async with database() as session:
        sealed = select(func.count()).where(Document.status == Standing.SEALED)
        assert await session.scalar(sealed) == 5


async def test_an_expired_certificate_waits_for_a_person(
    database: Sessions, sealer: Sealer, bsre: Bsre
) -> None:
    await bsre.misbehaves(signing.Kind.EXPIRED)
    async with database.begin() as session:
        expired, other = [await queue(session) for _ in range(2)]
    await drain(sealer)
    waiting = await get(database, expired)
    assert waiting.last_error is not None
    assert waiting.last_error.startswith("CertificateExpired in seal")
    assert waiting.due_at > clock.now() + sealers.REFUSED_PAUSE * 0.9
    assert (await get(database, other)).status == Standing.SEALED
    async with database.begin() as session:
        await session.execute(update(Document).values(due_at=func.now()))
    await drain(sealer)
    assert (await get(database, expired)).status == Standing.SEALED


async def test_no_simulator_in_production(
    registry: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(RuntimeError):
        signing.create_app(registry.signer_chain.parent)

"""The whole suite with its real handlers against a real broker, and one birth from desk to desk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2

from services.notify.worker import HANDLERS as NOTIFY
from services.registry import sealer
from services.registry.settings import Settings as RegistrySettings
from services.registry.worker import HANDLERS as REGISTRY
from services.requests.worker import HANDLERS as REQUESTS
from shared.inbox import Handlers
from shared.settings import Settings
from shared.worker import work
from tests.conftest import Bearer
from tests.end_to_end.conftest import eventually
from tests.registry.make import Couple, make_birth, make_child
from tests.requests.cases.making import REGENCY, VILLAGE, Desk

HANDLED: dict[str, Handlers] = {"registry": REGISTRY, "requests": REQUESTS, "notify": NOTIFY}


@asynccontextmanager
async def running(service: str, settings: Settings) -> AsyncIterator[None]:
    """Run a service's worker with its real handlers inside this process."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(service, settings, HANDLED[service], stop))
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def sealing(settings: Settings) -> AsyncIterator[None]:
    """Run the registry's sealer inside this process."""
    assert isinstance(settings, RegistrySettings)
    stop = asyncio.Event()
    task = asyncio.create_task(sealer.work(settings, stop))
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def everything(settings: dict[str, Settings], *without: str) -> AsyncIterator[None]:
    """Run all workers and the sealer, but for those named."""
    async with AsyncExitStack() as stack:
        for service in HANDLED:
            if service not in without:
                await stack.enter_async_context(running(service, settings[service]))
        if "sealer" not in without:
            await stack.enter_async_context(sealing(settings["registry"]))
        yield


class Office:
    """The people through whose hands one birth goes, each with a token of their own."""

    def __init__(self, client: httpx2.AsyncClient, bearer: Bearer) -> None:
        self._sit: Callable[..., Desk] = lambda sub, *roles, areas=(REGENCY,): Desk(
            client, bearer(sub, *roles, areas=areas)
        )
        self.midwife = self._sit("bidan", "FASKES", areas=())
        self.village = self._sit("operator", "OP_DESA", areas=(VILLAGE,))
        self.verifier = self._sit("verifikator", "VERIFIKATOR")
        self.registrar = self._sit("pencatat", "PPS")
        self.head = self._sit("kadis", "KADIS")
        self.deputy = self._sit("plt", "KADIS")

    async def file(self, couple: Couple, **child: object) -> str:
        """File and submit a birth; return the case's id."""
        submitted = await self.midwife.submitted(birth_case(couple, **child))
        return str(submitted["id"])

    def may(self, desk: Desk, case_id: str, action: str) -> Callable[[], Awaitable[bool]]:
        """Make a check that somebody sees the case and can take a step."""

        async def check() -> bool:
            answer = await desk.read(case_id)
            return answer.is_success and action in answer.json()["allowed_actions"]

        return check

    async def check(self, case_id: str) -> None:
        """Check a case in the village, which sees it as soon as the registry names the village."""
        await eventually(self.may(self.village, case_id, "intake_check"), seconds=30)
        await self.village.acts(case_id, "intake_check")

    async def bring_to_signature(self, case_id: str) -> None:
        """Check, verify and approve a case, each step as soon as the registry has planned it."""
        await self.check(case_id)
        await eventually(self.may(self.verifier, case_id, "verify"), seconds=30)
        await self.verifier.acts(case_id, "verify")
        await self.registrar.acts(case_id, "approve")

    async def sign(self, case_id: str) -> None:
        """Sign a case."""
        await self.head.acts(case_id, "sign")

    async def state(self, case_id: str) -> str:
        """Return where a case stands."""
        answer = await self.head.read(case_id)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    def reaches(self, case_id: str, *wanted: str) -> Callable[[], Awaitable[bool]]:
        """Make a check that a case stands in one of these states."""

        async def check() -> bool:
            return await self.state(case_id) in wanted

        return check


def birth_case(couple: Couple, **child: object) -> dict[str, Any]:
    """Return the case of a birth as a midwife files it."""
    return {
        "service_code": "PKT-BIRTH",
        "channel": "FASKES",
        "applicant": {
            "relationship": "parent",
            "full_name": "BUDI SANTOSO",
            "resident": {"nik": couple.father.nik},
            "phone": "081234567890",
            "consents_to_whatsapp": True,
        },
        "facts": [make_birth(couple, child=make_child(**child))],
    }

from collections.abc import Callable

import httpx2
import pytest

from shared.db import Sessions
from shared.settings import Settings
from tests.requests.cases.making import ELSEWHERE, REGENCY, VILLAGE, Desk, Registry, Sit


@pytest.fixture
def desk(clients: dict[str, httpx2.AsyncClient], bearer: Callable[..., dict[str, str]]) -> Sit:
    def sit(sub: str, *roles: str, areas: tuple[str, ...] = (REGENCY,), **claims: object) -> Desk:
        return Desk(clients["requests"], bearer(sub, *roles, areas=areas, **claims))

    return sit


@pytest.fixture
def midwife(desk: Sit) -> Desk:
    return desk("sub-midwife", "FASKES", areas=())


@pytest.fixture
def village(desk: Sit) -> Desk:
    return desk("sub-village", "OP_DESA", areas=(VILLAGE,))


@pytest.fixture
def other_village(desk: Sit) -> Desk:
    return desk("sub-other-village", "OP_DESA", areas=(ELSEWHERE,))


@pytest.fixture
def verifier(desk: Sit) -> Desk:
    return desk("sub-verifier", "VERIFIKATOR")


@pytest.fixture
def registrar(desk: Sit) -> Desk:
    return desk("sub-registrar", "PPS")


@pytest.fixture
def head(desk: Sit) -> Desk:
    return desk("sub-head", "KADIS")


@pytest.fixture
def registry(sessions: dict[str, Sessions], settings: dict[str, Settings]) -> Registry:
    return Registry(sessions["requests"])


@pytest.fixture
async def checked(registry: Registry, midwife: Desk, village: Desk) -> str:
    """A case that waits for verification."""
    case_id = str((await midwife.submitted())["id"])
    await registry.plans(case_id)
    await village.acts(case_id, "intake_check")
    return case_id


@pytest.fixture
async def approved(checked: str, verifier: Desk, registrar: Desk) -> str:
    """A case that waits for the signature."""
    await verifier.acts(checked, "verify")
    await registrar.acts(checked, "approve")
    return checked


@pytest.fixture
async def signed(approved: str, head: Desk) -> str:
    """A case that waits for the registry and its documents."""
    await head.acts(approved, "sign")
    return approved

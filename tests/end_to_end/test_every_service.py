"""Each open service goes from the counter to the sealed paper, through all three services."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx2
import pytest

from deploy.local import centre as simulator
from services.registry.cards.talking import keep_talking
from services.registry.settings import Settings as RegistrySettings
from services.requests.catalogue.store import catalogue
from shared.db import Sessions
from shared.settings import Settings
from tests.conftest import Bearer
from tests.end_to_end.lives import LIVES
from tests.end_to_end.suite import everything
from tests.end_to_end.walking import Filing, Stuck, Walk, Walker
from tests.requests.cases.making import PURPOSE, REGENCY
from tests.serving import serving

pytestmark = pytest.mark.anyio

AT_ONCE = 6
# What each of these applications leads to, sealed; cards with a chip are no sealed papers.
PAPERS: Mapping[str, str] = {
    "BIO-ABROAD-IN": "BIODATA KK SKDLN",
    "BIO-CHG-ADDR": "KK",
    "BIO-CHG-BIRTH": "KK",
    "BIO-CHG-BLOOD": "KK",
    "BIO-CHG-DIS": "",
    "BIO-CHG-EDU": "KK",
    "BIO-CHG-JOB": "KK",
    "BIO-CHG-MAR": "KK KK",
    "BIO-CHG-NAME-TYPO": "KK",
    "BIO-CHG-PARENT": "KK",
    "BIO-CHG-REL": "KK",
    "BIO-CHG-SEX": "KK",
    "BIO-CHG-SHDK": "KK",
    "BIO-NEW": "BIODATA KK",
    "BIO-OA-ITAP": "BIODATA KK",
    "BIO-OA-ITAS": "SKTT",
    "CAP-ACK": "AKTA_AKU CATATAN_PINGGIR KK",
    "CAP-ADOPT": "AKTA_LAHIR CATATAN_PINGGIR KK KK",
    "CAP-ANNUL": "KK KK SK_BATAL_KAWIN",
    "CAP-BIRTH": "AKTA_LAHIR KIA KK",
    "CAP-BIRTH-OA": "AKTA_LAHIR KK",
    "CAP-BIRTH-ABROAD": "KK",
    "CAP-BIRTH-FOUND": "AKTA_LAHIR KIA KK",
    "CAP-BIRTH-LATE": "AKTA_LAHIR KIA KK",
    "CAP-CANCEL": "CATATAN_PINGGIR KK",
    "CAP-CITIZEN": "KK",
    "CAP-DEATH": "AKTA_MATI KK",
    "CAP-DEATH-ABROAD": "AKTA_MATI KK",
    "CAP-DEATH-MISSING": "AKTA_MATI KK",
    "CAP-DEATH-OLD": "AKTA_MATI KK",
    "CAP-DEATH-UNKNOWN": "AKTA_MATI",
    "CAP-DIVORCE": "AKTA_CERAI KK KK",
    "CAP-DIVORCE-ANNUL": "AKTA_KAWIN KK KK SK_BATAL_CERAI",
    "CAP-DUAL": "CATATAN_PINGGIR KK",
    "CAP-FIX": "AKTA_LAHIR CATATAN_PINGGIR KK",
    "CAP-LEGIT": "AKTA_SAH CATATAN_PINGGIR KK",
    "CAP-MARRY": "AKTA_KAWIN KK KK",
    "CAP-MARRY-COURT": "AKTA_KAWIN KK KK",
    "CAP-NAME": "CATATAN_PINGGIR KK",
    "CAP-OTHER": "KK",
    "CAP-REISSUE": "AKTA_LAHIR",
    "CAP-STILL": "SK_LAHIR_MATI",
    "DATA-CONS": "",
    "EXT-KUA": "KK KK",
    "IKD-ACT": "",
    "IKD-RESET": "",
    "KIA-DMG": "KIA",
    "KIA-LOST": "KIA",
    "KIA-MOVE": "KIA",
    "KIA-NEW-A": "KIA",
    "KIA-NEW-B": "KIA",
    "KIA-OA": "KIA",
    "KIA-RENEW": "KIA",
    "KK-ADD": "KK",
    "KK-DMG": "KK",
    "KK-HEAD": "KK",
    "KK-LOST": "KK",
    "KK-NEW": "KK KK",
    "KK-OA": "KK",
    "KK-REMOVE": "KK",
    "KK-SPLIT": "KK KK",
    "KK-UNREG": "KK KK",
    "KTP-CHG": "",
    "KTP-DMG": "",
    "KTP-DUP": "",
    "KTP-LOST": "",
    "KTP-MOVE": "",
    "KTP-OA": "",
    "KTP-OA-EXT": "",
    "KTP-OUT": "",
    "KTP-PRINT": "",
    "KTP-REC": "",
    "KTP-REC-EARLY": "",
    "MOV-ABROAD": "KK SKPLN",
    "MOV-ARR": "KK",
    "MOV-CANCEL": "KK",
    "MOV-KAB": "KK",
    "MOV-KEC": "KK",
    "MOV-OA": "SKPWNI",
    "MOV-OUT": "KK SKPWNI",
    "MOV-TRANS": "KK SKPWNI",
    "MOV-VIL": "KK",
    "NIK-FIX": "",
    "NONPERM": "",
    "PKT-17": "",
    "PKT-ARRIVE": "KK",
    "PKT-BIRTH": "AKTA_LAHIR KIA KK",
    "PKT-DEATH": "AKTA_MATI KK",
    "PKT-DIVORCE": "AKTA_CERAI KK KK",
    "PKT-MARRY": "AKTA_KAWIN KK",
    "RENTAN": "SKPTI",
}


def test_every_service_is_open_or_answered_without_a_case() -> None:
    for code, service in catalogue().services.items():
        assert bool(service.changes) != bool(service.information), code


def test_every_open_service_is_walked() -> None:
    opened = {code for code, service in catalogue().services.items() if service.open}
    assert opened == set(LIVES) == set(PAPERS)


@pytest.mark.timeout(600)
async def test_every_open_service_runs_from_the_counter_to_the_paper(
    settings: dict[str, Settings],
    vhost: str,
    sessions: dict[str, Sessions],
    clients: dict[str, httpx2.AsyncClient],
    bearer: Bearer,
) -> None:
    wired = {
        service: type(each).model_validate(each.model_dump() | {"rabbitmq_url": vhost})
        for service, each in settings.items()
    }
    filings = {code: await life(sessions["registry"]) for code, life in LIVES.items()}
    site = Site(clients["registry"], bearer)
    async with everything(wired), centre(wired, sessions["registry"]), site.printing():
        walks = await walk_all(Walker(clients["requests"], bearer), filings)

    assert not [str(each) for each in walks.values() if isinstance(each, Stuck)]
    for code, walk in walks.items():
        assert isinstance(walk, Walk)
        assert (code, walk.states[-1]) == (code, walk.goal)
        assert (code, " ".join(walk.documents)) == (code, PAPERS[code])
        assert set(walk.documents) <= set(walk.service.outputs)


async def walk_all(walker: Walker, filings: Mapping[str, Filing]) -> dict[str, Walk | Stuck]:
    """Walk every case, some at once; keep why one got stuck, so that all faults are told at once."""
    seats = asyncio.Semaphore(AT_ONCE)

    async def walk(code: str) -> Walk | Stuck:
        async with seats:
            try:
                return await walker.walk(code, filings[code])
            except Stuck as stuck:
                return stuck

    walks = await asyncio.gather(*(walk(each) for each in filings))
    return dict(zip(filings, walks, strict=True))


class Site:
    """The print site of the agency, which has blanks and prints whatever is ordered."""

    POINT = "SP-3510-000"

    def __init__(self, client: httpx2.AsyncClient, bearer: Bearer) -> None:
        self._client = client
        self._headers = PURPOSE | bearer("cetak", "OP_CETAK", areas=(REGENCY,), point=self.POINT)

    @asynccontextmanager
    async def printing(self) -> AsyncIterator[None]:
        """Print in the background."""
        blanks = {"point_id": self.POINT, "kind": "KTP_EL", "why": "RECEIVED", "count": 500}
        headers = self._headers | {"Idempotency-Key": "blanks-of-the-test"}
        came = await self._client.post("/v1/cards/blanks", json=blanks, headers=headers)
        assert came.status_code == 201, came.text
        task = asyncio.create_task(self._print())
        try:
            yield
        finally:
            task.cancel()

    async def _print(self) -> None:
        while True:
            queue = await self._client.get(
                "/v1/cards/print-queue", params={"point": self.POINT}, headers=self._headers
            )
            for each in queue.json()["items"]:
                headers = self._headers | {"If-Match": f'"{each["version"]}"'}
                path = f"/v1/cards/prints/{each['id']}/results"
                await self._client.post(path, json={"result": "PRINTED"}, headers=headers)
            await asyncio.sleep(0.2)


@asynccontextmanager
async def centre(wired: dict[str, Settings], registry: Sessions) -> AsyncIterator[None]:
    """Run the simulated centre of the ministry, and the registry's talk with it."""
    async with serving(simulator.create_app(seconds=0)) as url:
        known = wired["registry"].model_dump() | {"centre_url": url}
        settings = RegistrySettings.model_validate(known)
        stop = asyncio.Event()
        task = asyncio.create_task(keep_talking(settings)(registry, stop))
        try:
            yield
        finally:
            stop.set()
            await task

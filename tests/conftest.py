"""Real servers, started by the tests themselves; a database of its own for each test.

Commits are real: nothing here behaves differently from production. A database is a copy of one
that was migrated once per run, which takes PostgreSQL some 40 ms.
"""

import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local import authority, migrate, servers
from deploy.local.broker import Broker
from deploy.local.environment import SERVICES, Place
from deploy.local.identity import Issuer
from services.notify.app import create_app as create_notify
from services.notify.settings import Settings as NotifySettings
from services.registry.app import create_app as create_registry
from services.registry.settings import Settings as RegistrySettings
from services.requests.app import create_app as create_requests
from services.requests.settings import Settings as RequestsSettings
from shared import sealed
from shared.bus import DEAD_EXCHANGE, EXCHANGE
from shared.db import Sessions, make_engine, make_sessions
from shared.settings import Settings

SETTINGS: dict[str, type[Settings]] = {
    "registry": RegistrySettings,
    "requests": RequestsSettings,
    "notify": NotifySettings,
}
CREATE: dict[str, Callable[[Any], FastAPI]] = {
    "registry": create_registry,
    "requests": create_requests,
    "notify": create_notify,
}


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder that PostgreSQL may enter, also when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="balai-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def place(scratch: Path, issuer: Issuer) -> Iterator[Place]:
    """A database server with one migrated template per service."""
    authority.ensure(scratch / "authority")
    with servers.postgres(scratch / "postgres", durable=False) as database_url:
        nowhere = "amqp://127.0.0.1:1/"
        place = Place(database_url, nowhere, issuer.publish(scratch), scratch)
        migrate.create_missing(database_url, *SERVICES)
        for service in SERVICES:
            migrate.upgrade(service, place.variables(service))
        yield place


@pytest.fixture(scope="session")
def broker(scratch: Path) -> Iterator[Broker]:
    broker = Broker(scratch / "rabbitmq")
    try:
        broker.start()
        yield broker
    finally:
        broker.stop(signal.SIGKILL)  # nobody will miss its data, and saying goodbye takes 7 s


@pytest.fixture
def vhost(broker: Broker) -> Iterator[str]:
    """A broker address with the exchanges and nothing else, as whoever runs a broker provides it."""
    name = uuid4().hex
    broker.ask("PUT", f"/vhosts/{name}")
    for exchange, kind in ((EXCHANGE, "topic"), (DEAD_EXCHANGE, "direct")):
        broker.ask("PUT", f"/exchanges/{name}/{exchange}", {"type": kind, "durable": True})
    yield broker.url(name)
    broker.ask("DELETE", f"/vhosts/{name}")


@asynccontextmanager
async def database(place: Place, service: str) -> AsyncIterator[str]:
    """Copy a service's template; drop the copy afterwards."""
    name = f"{service}_{uuid4().hex}"
    await migrate.run_sql(place.database_url, f"create database {name} template {service}")
    yield name
    await migrate.run_sql(place.database_url, f"drop database {name} with (force)")


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def settings(place: Place, stack: AsyncExitStack) -> dict[str, Settings]:
    """Each service's settings, with an empty database each."""
    settings = {}
    for service in SERVICES:
        name = await stack.enter_async_context(database(place, service))
        settings[service] = SETTINGS[service].model_validate(place.values(service, name))
    sealed.use(sealed.Keyring.from_settings(settings["registry"]))
    return settings


@pytest.fixture
async def engines(settings: dict[str, Settings], stack: AsyncExitStack) -> dict[str, AsyncEngine]:
    engines = {service: make_engine(each) for service, each in settings.items()}
    for engine in engines.values():
        stack.push_async_callback(engine.dispose)
    return engines


@pytest.fixture
async def sessions(engines: dict[str, AsyncEngine]) -> dict[str, Sessions]:
    return {service: make_sessions(engine) for service, engine in engines.items()}


@pytest.fixture
async def apps(settings: dict[str, Settings], stack: AsyncExitStack) -> dict[str, FastAPI]:
    apps = {service: CREATE[service](each) for service, each in settings.items()}
    for app in apps.values():
        await stack.enter_async_context(app.router.lifespan_context(app))
    return apps


@pytest.fixture
async def clients(apps: dict[str, FastAPI], stack: AsyncExitStack) -> dict[str, httpx2.AsyncClient]:
    clients = {}
    for service, app in apps.items():
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url=f"http://{service}")
        clients[service] = await stack.enter_async_context(client)
    return clients


Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def bearer(issuer: Issuer) -> Bearer:
    """Makes the header of somebody with these roles in these areas; more claims by name."""

    def header(
        sub: str,
        *roles: str,
        areas: tuple[str, ...] = (),
        **claims: Any,  # noqa: ANN401 - any claim
    ) -> dict[str, str]:
        token = issuer.token(sub, areas=areas, roles=roles, **claims)
        return {"Authorization": f"Bearer {token}"}

    return header


@pytest.fixture
def root() -> Path:
    return Path(__file__).parent.parent

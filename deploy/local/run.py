"""Runs the whole suite on this machine: `python -m deploy.run`. Ctrl-C stops all of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from joserfc.jwk import ECKey

from deploy.local import migrate, servers
from deploy.local.environment import SERVICES, Place, random_key
from deploy.local.identity import Issuer

STOP_SECONDS = 15
FIRST_PORT = 23100  # of the registry; the others follow


def _issuer(folder: Path) -> Issuer:
    """Return the issuer of this folder, made at the first run."""
    path = folder / "key.json"
    if not path.exists():
        path.write_text(json.dumps(Issuer().key.as_dict(private=True)))
        path.chmod(0o600)
    return Issuer(ECKey.import_key(json.loads(path.read_text())))


def _secrets(folder: Path) -> dict[str, str]:
    """Return the sealing and index keys of this folder, made at the first run."""
    path = folder / "secrets.json"
    if not path.exists():
        keys = {"sealing_keys": f"1:{random_key()}", "index_key": random_key()}
        path.write_text(json.dumps(keys))
        path.chmod(0o600)
    secrets: dict[str, str] = json.loads(path.read_text())
    return secrets


@contextmanager
def process(*command: str, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module until the block ends; then ask it to stop, and wait."""
    child = subprocess.Popen([sys.executable, "-m", *command], env=os.environ | variables)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def main(folder: Path) -> None:
    """Start servers, migrate, start services and workers, and wait for Ctrl-C."""
    for each in (signal.SIGINT, signal.SIGTERM):  # a shell may start us with SIGINT ignored
        signal.signal(each, signal.default_int_handler)
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        database_url = stack.enter_context(servers.postgres(folder / "postgres"))
        broker = stack.enter_context(servers.rabbitmq(folder / "rabbitmq"))
        jwks_url = _issuer(folder).publish(folder)
        place = Place(database_url, broker.url(), jwks_url, **_secrets(folder))
        migrate.create_missing(database_url, *SERVICES)
        children: list[subprocess.Popen[bytes]] = []
        for port, service in enumerate(SERVICES, FIRST_PORT):
            variables = place.variables(service)
            migrate.upgrade(service, variables)
            app = ["uvicorn", "--factory", f"services.{service}.app:create_app"]
            limits = [
                "--port",
                str(port),
                "--timeout-graceful-shutdown",
                "10",
                "--no-access-log",
                "--no-server-header",
            ]
            children += [
                stack.enter_context(process(*command, variables=variables))
                for command in ([*app, *limits], [f"services.{service}.worker"])
            ]
            print(f"{service}: http://127.0.0.1:{port}/docs")  # noqa: T201 - for the person
        _wait(children)


def _wait(children: list[subprocess.Popen[bytes]]) -> None:
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        print("a process ended; stopping the others")  # noqa: T201 - for the person
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave orphans


if __name__ == "__main__":
    main(Path("var"))

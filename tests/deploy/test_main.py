"""The runner as a person starts it, interrupts it, and kills it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local.children import _read
from deploy.local.home import Home
from deploy.local.ports import is_open


@pytest.fixture
def folder(scratch: Path, tmp_path: Path) -> Path:
    return scratch / tmp_path.name


def call(folder: Path, action: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.local", action, "--folder", str(folder)]
    return subprocess.run(
        command, env=os.environ | variables, capture_output=True, text=True, check=False
    )


@contextmanager
def starting(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start it and wait until its database server listens."""
    command = [sys.executable, "-m", "deploy.local", "migrate", "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        deadline = time.monotonic() + 60
        while not is_open(port(folder)):
            assert runner.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield runner


def port(folder: Path) -> int:
    return int(Home(folder).recall("ports.json").get("postgres", 1))


def processes(folder: Path) -> list[psutil.Process]:
    """Return everything that runs because of a folder."""
    mine = []
    for process in psutil.process_iter():
        try:
            if str(folder) in " ".join(process.cmdline()):
                mine.append(process)
        except psutil.Error:
            continue
    return mine


def test_it_migrates_and_leaves_nothing_running(folder: Path) -> None:
    done = call(folder, "migrate")

    assert done.returncode == 0, done.stderr
    assert processes(folder) == []
    assert not is_open(port(folder))


def test_ctrl_c_stops_all_of_it(folder: Path) -> None:
    with starting(folder) as runner:
        runner.send_signal(signal.SIGINT)

        assert runner.wait(30) == 0
    assert processes(folder) == []


def test_a_second_start_is_told_so(folder: Path) -> None:
    with starting(folder):
        second = call(folder, "run")

    assert second.returncode == 1
    assert "already runs" in second.stderr


def test_after_kill_9_the_next_start_ends_what_was_left(folder: Path) -> None:
    with starting(folder) as runner:
        runner.kill()
        runner.wait()
    left = [each.process() for each in _read(folder / "processes.json").values()]
    assert any(left)

    done = call(folder, "migrate")

    assert done.returncode == 0, done.stderr
    assert "Ended what an interrupted run had left" in done.stdout
    assert processes(folder) == []


def test_a_taken_port_is_no_trouble(folder: Path) -> None:
    Home(folder).prepare()
    ports = Home(folder).ports()
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        somebody.bind(("127.0.0.1", ports["postgres"]))
        somebody.listen()

        done = call(folder, "migrate")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("residents", ["many", "0", "-1", "99999999"])
def test_a_senseless_number_of_residents_is_one_sentence(folder: Path, residents: str) -> None:
    done = call(folder, "run", RESIDENTS=residents)

    assert done.returncode == 1
    assert done.stderr == "RESIDENTS is a number from 1 to 5000000.\n"


def test_broken_data_is_one_sentence_and_clean_helps(folder: Path) -> None:
    call(folder, "migrate")
    (folder / "postgres" / "global" / "pg_control").write_bytes(b"")

    broken = call(folder, "migrate")

    assert broken.returncode == 1
    assert "postgres ended" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert processes(folder) == []
    assert call(folder, "clean").returncode == 0
    assert call(folder, "migrate").returncode == 0


def test_databases_of_another_draft_are_one_sentence(folder: Path) -> None:
    assert call(folder, "migrate").returncode == 0
    home = Home(folder)
    ran = home.recall("migrations.json")
    assert len(ran) >= 3
    home.keep("migrations.json", ran | {"services/notify/migrations/versions/0001_tables.py": "0"})

    done = call(folder, "migrate")

    assert done.returncode == 1
    assert "another draft of the migrations" in done.stderr
    assert "Traceback" not in done.stderr

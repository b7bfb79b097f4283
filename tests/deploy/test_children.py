import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.children import Children
from deploy.local.home import Home
from deploy.local.trouble import Trouble

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)", "balai-test-mark"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "var")
    home.prepare()
    return home


@pytest.fixture
def children(home: Home) -> Iterator[Children]:
    children = Children(home)
    yield children
    children.stop(*children.names())


def start(children: Children, name: str = "sleeper") -> None:
    children.start(name, SLEEP, {}, mark="balai-test-mark")


def pid_of(home: Home, name: str = "sleeper") -> int:
    return int(json.loads((home.folder / "processes.json").read_text())[name]["pid"])


def test_what_was_started_is_stopped_and_forgotten(home: Home, children: Children) -> None:
    start(children)
    pid = pid_of(home)

    children.stop("sleeper")

    assert not psutil.pid_exists(pid)
    assert json.loads((home.folder / "processes.json").read_text()) == {}


def test_whoever_does_not_listen_is_ended(
    home: Home, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.children.STOP_SECONDS", 0.5)
    children.start("deaf", [sys.executable, "-c", DEAF], {}, mark="SIG_IGN")
    pid = pid_of(home, "deaf")
    wait_for(lambda: "deaf" in (home.logs / "deaf.log").read_text())

    children.stop("deaf")

    assert not psutil.pid_exists(pid)


def test_a_process_that_ends_is_named_with_its_last_words(children: Children) -> None:
    children.start("brief", [sys.executable, "-c", "print('no such table')"], {}, mark="print")

    wait_for(lambda: told(children) is not None)

    assert "brief ended with code 0" in str(told(children))
    assert "no such table" in str(told(children))


def told(children: Children) -> str | None:
    try:
        children.check()
    except Trouble as trouble:
        return str(trouble)
    return None


def test_what_a_killed_runner_left_is_ended_by_the_next(home: Home, children: Children) -> None:
    start(children)
    child = psutil.Process(pid_of(home))

    assert Children(home).end_leftovers() == ["sleeper"]

    assert child.wait(5) is not None or not child.is_running()


@pytest.mark.parametrize("change", [{"started": 1.0}, {"mark": "another"}])
def test_a_process_that_is_not_proved_ours_is_left_alone(
    home: Home, change: dict[str, object]
) -> None:
    with subprocess.Popen(SLEEP) as stranger:
        started = psutil.Process(stranger.pid).create_time()
        record = {"pid": stranger.pid, "started": started, "mark": "balai-test-mark"} | change
        home.keep("processes.json", {"sleeper": record})

        assert Children(home).end_leftovers() == []

        assert stranger.poll() is None
        stranger.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("content", ["", "[1]", '{"x": {"pid": "a"}}', '{"x": 1}'])
def test_records_that_make_no_sense_prove_nothing(home: Home, content: str) -> None:
    (home.folder / "processes.json").write_text(content)

    assert Children(home).end_leftovers() == []


def wait_for(check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)

"""Processes that are ours: started, logged, watched, stopped; and found again after a crash."""

import contextlib
import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from deploy.local.home import Home
from deploy.local.trouble import Trouble

STOP_SECONDS = 15
_RECORDS = "processes.json"


@dataclass(frozen=True)
class Record:
    """What proves later that a process is ours: a number alone is given to others in time."""

    pid: int
    started: float  # as the system tells it, seconds since 1970
    mark: str  # a part of its command that nobody else's command has
    how: int = signal.SIGTERM  # tells it to stop

    def process(self) -> psutil.Process | None:
        """Return the process if it still runs and is the one that was started."""
        with contextlib.suppress(psutil.Error):
            found = psutil.Process(self.pid)
            if abs(found.create_time() - self.started) < 1 and self.mark in _command(found):
                return found
        return None


def _command(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


class Children:
    """The processes of one run. Each leads its own group, so that Ctrl-C does not reach it."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._records: dict[str, Record] = {}

    @property
    def logs(self) -> Path:
        """Return the folder of the logs."""
        return self._home.logs

    def names(self) -> list[str]:
        """Return what runs, in the order of its start."""
        return list(self._running)

    def pids(self) -> dict[str, int]:
        """Return the process number of each."""
        return {name: child.pid for name, child in self._running.items()}

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        variables: Mapping[str, str],
        mark: str,
        *,
        user: str | None = None,
        how: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start a process whose output goes to its log."""
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        with log.open("wb") as output:
            self._start(name, command, variables, output, user)
        self._note(name, mark, how)

    def _start(
        self,
        name: str,
        command: Sequence[str | Path],
        variables: Mapping[str, str],
        output: IO[bytes] | None,
        user: str | None = None,
    ) -> None:
        self._running[name] = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
        )

    def _note(self, name: str, mark: str, how: signal.Signals) -> None:
        pid = self._running[name].pid
        with contextlib.suppress(psutil.Error):  # one that has ended already needs no proof
            self._records[name] = Record(pid, psutil.Process(pid).create_time(), mark, how)
        self._save()

    def run(self, name: str, command: Sequence[str], variables: Mapping[str, str]) -> int:
        """Run a process that writes to our screen, to its end; return its exit code.

        Raises:
            Trouble: one of the others ended meanwhile.
        """
        self._start(name, command, variables, None)
        self._note(name, command[-1], signal.SIGTERM)
        while self._running[name].poll() is None:
            self.check(besides=name)
            time.sleep(0.05)
        code = self._running[name].returncode
        self.stop(name)
        return code

    def check(self, besides: str = "") -> None:
        """Make sure that all of them run.

        Raises:
            Trouble: one has ended; the message names its log.
        """
        for name, child in self._running.items():
            if name != besides and child.poll() is not None:
                log = self.logs / f"{name}.log"
                raise Trouble(
                    f"{name} ended with code {child.returncode}: see {log}, then start again."
                    f"{_last_words(log)}"
                )

    def stop(self, *names: str) -> None:
        """Stop these, if they run: ask all, wait, and end what does not listen."""
        chosen = [name for name in names if name in self._running]
        for name in chosen:
            record = self._records.get(name)
            if record and self._running[name].poll() is None:
                _signal(record.pid, record.how)
        deadline = time.monotonic() + STOP_SECONDS
        for name in chosen:
            child = self._running.pop(name)
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_group(child.pid)
                child.wait()
            self._records.pop(name, None)
        self._save()

    def end_leftovers(self) -> list[str]:
        """End what an earlier run could not stop, if it is proved to be ours; return the names."""
        ended, family = [], []
        for name, record in _read(self._home.folder / _RECORDS).items():
            if process := record.process():
                ended.append(name)
                family += [process, *process.children(recursive=True)]
                _signal(record.pid, record.how)
        for process in psutil.wait_procs(family, STOP_SECONDS)[1]:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self._save()
        return ended

    def _save(self) -> None:
        self._home.keep(_RECORDS, {name: vars(each) for name, each in self._records.items()})


def _read(path: Path) -> dict[str, Record]:
    """Return what an earlier run noted; a file that makes no sense proves nothing."""
    try:
        return {name: Record(**each) for name, each in json.loads(path.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _signal(pid: int, how: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _last_words(log: Path) -> str:
    """Return the end of a log, for the person who looks at the screen."""
    lines = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
    return f" Its last words: {lines[0][:300]}" if lines else ""

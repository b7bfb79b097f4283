"""`python -m deploy.local run|demo|migrate|seed|clean`: what make calls."""

import argparse
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from deploy.local import servers
from deploy.local.children import Children
from deploy.local.home import FOLDER, Home
from deploy.local.page import page
from deploy.local.suite import Suite, seed, servers_up, suite_up
from deploy.local.trouble import Trouble

MOST_RESIDENTS = 5_000_000


def say(text: str) -> None:
    """Tell the person in front of the screen."""
    print(text, flush=True)


def run(home: Home, residents: int) -> None:
    """Run everything until Ctrl-C, or until a part of it ends."""
    with suite_up(home, residents, say) as suite:
        say(page(suite.addresses, home.logs))
        while True:
            suite.children.check()
            time.sleep(0.3)


def demo(home: Home, residents: int) -> None:
    """Run everything, play the story, stop everything."""
    began = time.monotonic()
    with suite_up(home, residents, say) as suite:
        say(f"Everything runs after {time.monotonic() - began:.0f} s.")
        _play(suite)
    say(f"Everything has stopped. The data is in {home.folder}; `make run` shows it again.")


def _play(suite: Suite) -> None:
    command = [sys.executable, "-m", "deploy.story", "--folder", str(suite.home.folder)]
    code = suite.children.run("story", command, {})
    if code:
        raise Trouble(f"The story ended with code {code}; the logs are in {suite.home.logs}.")


def migrate(home: Home, _: int) -> None:
    """Bring the databases up to date."""
    with servers_up(home, say):
        say("The databases of registry, requests and notify are up to date.")


def fill(home: Home, residents: int) -> None:
    """Fill an empty registry."""
    with servers_up(home, say) as suite:
        seed(suite, residents)


def clean(home: Home, _: int) -> None:
    """Forget all local data."""
    Children(home).end_leftovers()
    elsewhere = servers.place_for(home.folder)
    if elsewhere != home.folder:
        shutil.rmtree(elsewhere)
    home.forget()
    say("All local data is gone.")


ACTIONS = {"run": run, "demo": demo, "migrate": migrate, "seed": fill, "clean": clean}


def main() -> None:
    """Do what was asked; what is in the way is one sentence and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local")
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _stop)
    try:
        residents = _residents()
        home = Home(asked.folder)
        home.prepare(residents)
        with home.locked():
            ACTIONS[asked.action](home, residents)
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(f"The system refuses: {error}. Set that right and start again.")
    except KeyboardInterrupt:
        say("Stopped.")


def _stop(*_: object) -> None:
    """Unwind once; whoever is impatient must not leave anything behind."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _residents() -> int:
    text = os.environ.get("RESIDENTS", "20000")
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) <= MOST_RESIDENTS:
        raise Trouble(f"RESIDENTS is a number from 1 to {MOST_RESIDENTS}.")
    return int(text)


if __name__ == "__main__":
    main()

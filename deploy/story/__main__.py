"""Plays the story against a suite that runs: `python -m deploy.story --folder var`."""

import argparse
import sys
from pathlib import Path

import httpx2

from deploy.local.home import FOLDER, Home
from deploy.local.trouble import Trouble
from deploy.story.birth import Birth
from deploy.story.desk import Town
from deploy.story.screen import Screen


def main(folder: Path) -> None:
    """Tell it on the screen; what goes wrong is one sentence and exit code 1."""
    home, screen = Home(folder), Screen()
    screen.title("Balai: a child is born in Banyuwangi", "Everybody in this story is synthetic.")
    try:
        with Town(home.addresses()) as town:
            Birth(town, screen, home.folder / "authority" / "root.pem").tell()
    except Trouble as trouble:
        sys.exit(str(trouble))
    except httpx2.HTTPError as error:
        sys.exit(f"A service does not answer ({type(error).__name__}); start `make run` first.")
    screen.say("")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy.story")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    main(parser.parse_args().folder)

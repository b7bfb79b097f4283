import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from deploy.local.home import Home
from deploy.local.ports import PORTS
from deploy.local.trouble import Trouble


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "var")
    home.prepare()
    return home


def test_ports_are_the_same_next_time(home: Home) -> None:
    first = home.ports()

    assert home.ports() == first
    assert len(set(first.values())) == len(first)


def test_a_port_that_somebody_took_is_chosen_anew_and_remembered(home: Home) -> None:
    first = home.ports()
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        somebody.bind(("127.0.0.1", first["registry"]))
        somebody.listen()

        second = home.ports()

    assert second["registry"] != first["registry"]
    assert second["registry"] in PORTS
    assert second["registry"] not in first.values()
    assert home.ports()["registry"] == second["registry"]


def test_a_second_run_is_told_so(home: Home) -> None:
    with home.locked(), pytest.raises(Trouble, match="already runs"), Home(home.folder).locked():
        pass
    with home.locked():  # free again
        pass


def test_secrets_stay_and_are_for_our_eyes_only(home: Home) -> None:
    first = home.secrets()

    assert Home(home.folder).secrets() == first
    assert (home.folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)


@pytest.mark.parametrize("content", ["{", "[]", '{"index_key": 1}', '{"sealing_keys": "1:x"}'])
def test_damaged_secrets_are_one_sentence(home: Home, content: str) -> None:
    (home.folder / "secrets.json").write_text(content)

    with pytest.raises(Trouble, match="make clean"):
        home.secrets()


def test_too_little_room_is_told_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 2_000_000_000))

    home.prepare(residents=1000)
    with pytest.raises(Trouble, match="free some space"):
        home.prepare(residents=1_000_000)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Trouble, match="Cannot write"):
        Home(tmp_path / "file" / "var").prepare()

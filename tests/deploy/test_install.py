import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    shutil.copy(root / "deploy" / "install.sh", tmp_path / "deploy")
    return tmp_path


def install(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", "deploy/install.sh"]
    return subprocess.run(
        command,
        cwd=checkout,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def write_program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_a_python_that_is_too_old_is_one_sentence(checkout: Path) -> None:
    write_program(checkout / "old", "exit 1")

    done = install(checkout, PYTHON=str(checkout / "old"))

    assert done.returncode == 1
    assert done.stderr.endswith("old is not a Python 3.11 or newer.\n")
    assert not (checkout / ".venv").exists()


def test_without_any_python_it_says_what_to_install(checkout: Path) -> None:
    done = install(checkout, PATH=str(checkout), PYTHON="")

    assert done.returncode == 1
    assert "needs Python 3.11 or newer: install it" in done.stderr


def test_a_python_without_venv_is_one_sentence(checkout: Path) -> None:
    # Debian's python3 without the package python3-venv: new enough, and cannot import ensurepip.
    write_program(checkout / "bare", 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')

    done = install(checkout, PYTHON=str(checkout / "bare"))

    assert done.returncode == 1
    assert "install the package python3-venv" in done.stderr


def test_a_full_disk_is_told_before_anything_is_written(checkout: Path) -> None:
    write_program(checkout / "df", "printf 'Filesystem\\n/dev/x 1 1 1024 100%% /\\n'")
    path = f"{checkout}:{os.environ['PATH']}"

    done = install(checkout, PATH=path)

    assert done.returncode == 1
    assert "this disk has 1 MB left: free some space" in done.stderr
    assert not (checkout / ".venv").exists()


def test_make_alone_lists_the_targets(root: Path) -> None:
    done = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True)

    for target in ("demo", "run", "test", "check", "bench", "migrate", "seed", "openapi", "clean"):
        assert f"make {target} " in done.stdout


def test_no_file_names_a_package_host(root: Path) -> None:
    names = ("Makefile", "constraints.txt", "pyproject.toml", "deploy/install.sh")
    for name in names:
        text = (root / name).read_text()
        assert "://" not in text, name
        assert "index-url" not in text, name


def test_constraints_hold_nothing_but_versions(root: Path) -> None:
    for line in (root / "constraints.txt").read_text().splitlines():
        requirement = line.partition(";")[0].strip()
        name, pinned, version = requirement.partition("==")
        assert pinned, line
        assert name.replace("-", "").replace(".", "").replace("_", "").isalnum(), line
        assert version, line

"""The compose file, the edge and the example settings agree with the services."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import iter_route_contexts

from deploy.local.environment import SERVICES, Place
from tests.conftest import CREATE, SETTINGS

VARIABLE = re.compile(r"\$\{([A-Z_]+)(:[?-])?\}")


@pytest.fixture
def compose(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((root / "docker-compose.yml").read_text())
    return found


def filled(text: str) -> str:
    values = {
        "SEALING_KEYS": Place("", "", "").sealing_keys,
        "WHATSAPP_URL": "https://whatsapp.example/v1",
        "CENTRE_URL": "https://centre.example/v1",
    }
    return VARIABLE.sub(lambda match: values.get(match[1], "value"), text)


@pytest.mark.parametrize("service", SERVICES)
def test_each_process_gets_settings_that_its_service_accepts(
    compose: dict[str, Any], service: str
) -> None:
    processes = [name for name in compose["services"] if name.partition("-")[0] == service]
    assert len(processes) >= 3
    for name in processes:
        variables = compose["services"][name]["environment"]
        SETTINGS[service].from_env(service, {key: filled(variables[key]) for key in variables})


@pytest.mark.parametrize("service", SERVICES)
def test_each_process_runs_a_module_that_exists(
    compose: dict[str, Any], root: Path, service: str
) -> None:
    for process in ("worker", "sealer", "sender"):
        module = root / "services" / service / f"{process}.py"
        assert module.exists() == (f"{service}-{process}" in compose["services"])


def test_every_variable_is_in_the_example(root: Path) -> None:
    used = {found[0] for found in VARIABLE.findall((root / "docker-compose.yml").read_text())}
    lines = (root / "deploy/example.env").read_text().splitlines()
    offered = {line.partition("=")[0] for line in lines if line and line[0] != "#"}

    assert used == offered


def test_every_mounted_file_is_there(compose: dict[str, Any], root: Path) -> None:
    mounts = [
        each for service in compose["services"].values() for each in service.get("volumes", ())
    ]
    ours = [each.partition(":")[0] for each in mounts if each.startswith("./")]

    assert ours
    assert [each for each in ours if not (root / each).exists()] == []


def prefixes(service: str) -> Iterator[str]:
    place = Place("postgresql+asyncpg://localhost/{}", "amqp://localhost/", "file:///k")
    app = CREATE[service](SETTINGS[service].model_validate(place.values(service)))
    for route in iter_route_contexts(app.routes):
        path = getattr(route, "path", "") or ""
        if path.startswith("/v1/"):
            yield "/".join(path.split("/")[:3])


def test_the_edge_leads_every_path_to_its_service(root: Path) -> None:
    text = (root / "deploy/edge/haproxy.cfg").read_text()
    led = {
        prefix: found[0]
        for found in re.findall(r"use_backend (\w+) if \{ path_beg ([^}]+) \}", text)
        for prefix in found[1].split()
    }
    shared_by_all = set(prefixes("registry")) & set(prefixes("requests")) & set(prefixes("notify"))
    for service in SERVICES:
        for prefix in set(prefixes(service)) - shared_by_all:
            assert led.get(prefix, "registry") == service, prefix

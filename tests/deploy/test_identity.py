import csv
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from deploy.local.environment import Place
from deploy.local.home import Home
from deploy.local.identity import Issuer, create_app, issuer_of
from deploy.local.personas import personas
from services.registry.settings import Settings
from shared.auth import Principal, Tokens

pytestmark = pytest.mark.anyio
FORM = {"grant_type": "client_credentials", "client_id": "op-desa", "client_secret": "local"}


@pytest.fixture
async def issued(issuer: Issuer) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(create_app(issuer))
    async with httpx2.AsyncClient(transport=transport, base_url="http://identity") as client:
        yield client


async def principal(issuer: Issuer, folder: Path, token: str) -> Principal:
    place = Place("postgresql+asyncpg://h/{}", "amqp://h/", issuer.publish(folder), folder)
    return await Tokens(Settings.model_validate(place.values("registry"))).principal(token)


async def test_a_token_of_a_persona_opens_a_service(
    issued: httpx2.AsyncClient, issuer: Issuer, tmp_path: Path
) -> None:
    answer = await issued.post("/token", data=FORM)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    caller = await principal(issuer, tmp_path, answer.json()["access_token"])
    assert caller.roles == {"OP_DESA"}
    assert caller.areas == {"35.10.05.2003"}
    assert caller.point == "SP-3510052003"


async def test_a_citizen_may_be_lent_a_resident(
    issued: httpx2.AsyncClient, issuer: Issuer, tmp_path: Path
) -> None:
    resident = uuid4()
    form = FORM | {"client_id": "warga", "resident_id": str(resident)}

    answer = await issued.post("/token", data=form)

    caller = await principal(issuer, tmp_path, answer.json()["access_token"])
    assert caller.resident_id == resident
    assert str(resident) in caller.sub


@pytest.mark.parametrize("change", [{"client_secret": "x"}, {"client_id": "nobody"}])
async def test_a_stranger_gets_no_token(issued: httpx2.AsyncClient, change: dict[str, str]) -> None:
    assert (await issued.post("/token", data=FORM | change)).status_code == 401


async def test_other_grants_are_refused(issued: httpx2.AsyncClient) -> None:
    answer = await issued.post("/token", data=FORM | {"grant_type": "password"})

    assert answer.status_code == 400


async def test_the_keys_hold_no_private_half(issued: httpx2.AsyncClient) -> None:
    keys = (await issued.get("/jwks")).json()["keys"]

    assert [key["kty"] for key in keys] == ["EC"]
    assert "d" not in keys[0]


async def test_the_metadata_leads_to_token_and_keys(issued: httpx2.AsyncClient) -> None:
    told = (await issued.get("/.well-known/oauth-authorization-server")).json()

    assert told["token_endpoint"] == f"{told['issuer']}/token"
    assert told["jwks_uri"] == f"{told['issuer']}/jwks"


def test_there_is_one_persona_per_role(root: Path) -> None:
    with (root / "shared/codes/peran.csv").open() as lines:
        roles = [row["code"] for row in csv.DictReader(lines)]

    assert [each.role for each in personas().values()] == roles


def test_the_key_of_a_folder_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)

    first = issuer_of(home, "http://a")

    assert issuer_of(home, "http://a").public_keys() == first.public_keys()


def test_it_does_not_run_in_production() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.identity", "serve", "--port", "1"],
        env=os.environ | {"ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == "The local identity provider does not run in production."


def test_an_unknown_persona_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.identity", "--folder", tmp_path, "token", "nobody"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "op-desa" in done.stderr
    assert "Traceback" not in done.stderr

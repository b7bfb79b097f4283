from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from services.registry.documents.rendering import Press
from services.registry.documents.sealing import KeyFileSigner
from services.registry.documents.tables import Document
from services.registry.residents.tables import Resident
from services.registry.sealer import Sealer
from services.registry.settings import Settings as RegistrySettings
from shared.files import Files
from shared.settings import Settings
from tests.conftest import Bearer
from tests.registry.documents.samples import queue
from tests.registry.people import Databases, household, person

As = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def press() -> Press:
    return Press()


@pytest.fixture
def settings(settings: dict[str, Settings], tmp_path: Path) -> dict[str, Settings]:
    """The settings of all, with a file store of the test's own."""
    values = settings["registry"].model_dump() | {"files_url": (tmp_path / "files").as_uri()}
    return settings | {"registry": RegistrySettings.model_validate(values)}


@pytest.fixture
def registry(settings: dict[str, Settings]) -> RegistrySettings:
    registry = settings["registry"]
    assert isinstance(registry, RegistrySettings)
    return registry


@pytest.fixture
def files(registry: RegistrySettings) -> Files:
    return Files.at(registry.files_url)


@pytest.fixture
def signer(registry: RegistrySettings) -> KeyFileSigner:
    return KeyFileSigner(registry)


@pytest.fixture
def sealer(
    sessions: Databases, files: Files, signer: KeyFileSigner, registry: RegistrySettings
) -> Sealer:
    return Sealer(sessions["registry"], files, signer, registry.public_url)


@pytest.fixture
def as_(bearer: Bearer) -> As:
    def headers(role: str, *areas: str, **claims: object) -> dict[str, str]:
        purpose = {"X-Purpose": "case BWI-1"}
        return bearer(role.lower(), role, areas=areas, **claims) | purpose

    return headers


@pytest.fixture
async def siti(sessions: Databases) -> Resident:
    async with sessions["registry"].begin() as session:
        _, (siti,) = await household(session, (person("SITI AMINAH"), 1))
    return siti


@pytest.fixture
async def queued(sessions: Databases, siti: Resident) -> Document:
    async with sessions["registry"].begin() as session:
        return await queue(session, resident_ids=(siti.id,), case_id=uuid4())


@pytest.fixture
async def sealed(queued: Document, sealer: Sealer) -> Document:
    assert await sealer.step()
    return queued

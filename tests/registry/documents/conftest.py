from pathlib import Path

import pytest

from services.registry.documents.rendering import Press
from services.registry.documents.sealing import KeyFileSigner
from services.registry.sealer import Sealer
from services.registry.settings import Settings as RegistrySettings
from shared.db import Sessions
from shared.files import Files
from shared.settings import Settings


@pytest.fixture(scope="session")
def press() -> Press:
    return Press()


@pytest.fixture
def registry(settings: dict[str, Settings], tmp_path: Path) -> RegistrySettings:
    """Settings of a registry with a file store of its own."""
    values = settings["registry"].model_dump() | {"files_url": (tmp_path / "files").as_uri()}
    return RegistrySettings.model_validate(values)


@pytest.fixture
def files(registry: RegistrySettings) -> Files:
    return Files.at(registry.files_url)


@pytest.fixture
def signer(registry: RegistrySettings) -> KeyFileSigner:
    return KeyFileSigner(registry)


@pytest.fixture
def sealer(
    sessions: dict[str, Sessions], files: Files, signer: KeyFileSigner, registry: RegistrySettings
) -> Sealer:
    return Sealer(sessions["registry"], files, signer, registry.public_url)

"""The registry alone: nothing of the other services is started for its tests."""

from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from shared.settings import Settings
from tests.conftest import CREATE


@pytest.fixture
async def apps(settings: dict[str, Settings], stack: AsyncExitStack) -> dict[str, FastAPI]:
    app = CREATE["registry"](settings["registry"])
    await stack.enter_async_context(app.router.lifespan_context(app))
    return {"registry": app}

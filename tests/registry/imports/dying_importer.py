"""An importer that is killed in the middle of the third portion of a commit."""

import asyncio
import os
import signal
from typing import Any

from services.registry.imports import committing, store
from services.registry.imports.working import step
from services.registry.settings import Settings
from shared import sealed
from shared.db import make_engine, make_sessions
from shared.files import Files

renew = store.renew
calls = 0


async def renew_or_die(*args: Any, **columns: Any) -> None:  # noqa: ANN401 - as the real one
    global calls  # noqa: PLW0603 - one process, one death
    calls += 1
    if calls == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    await renew(*args, **columns)


async def main() -> None:
    settings = Settings.from_env("registry")
    sealed.use(sealed.Keyring.from_settings(settings))
    await step(make_sessions(make_engine(settings)), Files.at(settings.files_url))


if __name__ == "__main__":
    committing.FAMILIES = 2
    store.renew = renew_or_die
    asyncio.run(main())

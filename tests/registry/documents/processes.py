"""Processes that tests start, and waiting for what they do."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pydantic import SecretStr

from services.registry.settings import Settings


@asynccontextmanager
async def start(module: str, settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a module with the registry's settings; never leave it behind."""
    told = ((name, value) for name, value in settings if value is not None)
    variables = {f"BALAI_REGISTRY_{name}".upper(): _plain(value) for name, value in told}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=os.environ | variables
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


async def until(check: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Return when the check holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not await check():
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.05)

"""A sealer that is killed when its file is stored and nothing is committed yet."""

import os
import signal

from services.registry import sealer
from shared.files import Files

keep_sealed = Files.keep_sealed


async def keep_and_die(self: Files, path: str, content: bytes) -> None:
    await keep_sealed(self, path, content)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Files.keep_sealed = keep_and_die  # type: ignore[method-assign]
    sealer.main()

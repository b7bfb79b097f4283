"""A worker in a process of its own: `python -m tests.end_to_end.worker registry`.

As `DYING`, it is killed right after its first commit, before the broker hears of it.
"""

import os
import signal
import sys

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.settings import Settings
from shared.contract.events import ChangeProposed
from shared.inbox import Handlers
from shared.worker import main
from tests.end_to_end.effects import HANDLERS, answer

DYING = "dying"


async def answer_and_die(session: AsyncSession, proposed: ChangeProposed) -> None:
    """Do the work, and be killed when it is committed."""
    await answer(session, proposed)
    event.listen(session.sync_session, "after_commit", _die)


def _die(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    dying: Handlers = {ChangeProposed: answer_and_die}
    how = sys.argv.pop()
    main(
        "registry",
        Settings.from_env("registry"),
        dying if how == DYING else HANDLERS["registry"],
    )

"""What stands outside: a centre that answers about recordings as the seed has it."""

from random import Random
from uuid import UUID

from services.registry.cards.centre import Enrolment, NotReached, Word
from services.registry.cards.recording import Status

_WORDS = (
    Status.PRINT_READY, Status.PRINT_READY, Status.PRINT_READY, Status.RECEIVED,
    Status.ADJUDICATED, Status.FAILED_AT_CENTRE, Status.DUPLICATE,
)  # fmt: skip


class MoodyCentre:
    """Answers anything, or not at all."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    async def enrol(self, key: UUID, enrolment: Enrolment) -> Word:  # noqa: ARG002
        if self._rng.random() < 0.2:
            raise NotReached("no answer")
        return Word(status=Status.RECEIVED)

    async def ask(self, key: UUID) -> Word | None:  # noqa: ARG002
        if self._rng.random() < 0.2:
            raise NotReached("no answer")
        return Word(status=self._rng.choice(_WORDS))

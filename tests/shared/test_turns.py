"""Work that no message asks for: it goes on after a failure, and ends soon after it is told to."""

import asyncio

import pytest

from shared.worker import take_turns

pytestmark = pytest.mark.anyio


async def test_a_turn_that_fails_is_told_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop, turns = asyncio.Event(), 0

    async def turn() -> float:
        nonlocal turns
        turns += 1
        if turns == 1:
            raise OSError("away")
        stop.set()
        return 3600

    async with asyncio.timeout(5):
        await take_turns(turn, stop, failed="could not", rest=0)

    assert turns == 2
    assert [each.message for each in caplog.records] == ["could not"]


async def test_a_long_rest_ends_as_soon_as_it_is_told_to_stop() -> None:
    stop, resting = asyncio.Event(), asyncio.Event()

    async def turn() -> float:
        resting.set()
        return 3600

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(take_turns(turn, stop, failed="could not", rest=0))
        await resting.wait()
        stop.set()

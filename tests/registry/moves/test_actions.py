"""Letters run out by themselves as the legal days go by."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from services.registry.moves import actions
from services.registry.moves.tables import Move
from services.registry.residents.tables import Resident
from shared import clock
from shared.contract.events import MoveClosed
from tests.registry import make
from tests.registry.people import Databases

pytestmark = pytest.mark.anyio


class AfterOneLook(asyncio.Event):
    """Stops the work when it would pause."""

    async def wait(self) -> bool:  # type: ignore[override]
        self.set()
        return True


async def test_the_worker_lets_unused_letters_run_out(sessions: Databases) -> None:
    registry = sessions["registry"]
    couple = await make.make_couple(registry)
    stated = {
        "kind": "move_out",
        "family": {"kk_number": couple.kk_number},
        "movers": [{"nik": couple.mother.nik}],
        "reason": 1,
        "to": {
            "address": "JALAN MELATI 1",
            "rt": "001",
            "rw": "004",
            "village": "Balecatur",
            "district_code": "34.04.01",
        },
    }
    planned = await make.plan(registry, [stated])
    await make.receive(registry, make.make_request([stated], planned.digest))
    await actions.keep_expiring(registry, AfterOneLook())
    assert await make.answers(registry) == []  # it is valid for a while
    async with registry.begin() as session:
        yesterday = clock.today() - timedelta(days=1)
        await session.execute(update(Move).values(valid_until=yesterday))
    await actions.keep_expiring(registry, AfterOneLook())
    [told] = await make.answers(registry)
    assert isinstance(told, MoveClosed)
    assert told.outcome == "EXPIRED"
    async with registry() as session:
        assert (await session.scalars(select(Move.status))).all() == ["EXPIRED"]
        mover = await session.get_one(Resident, couple.mother.id)
    assert mover.status == "PINDAH_PROSES"  # still counted nowhere, until the move is cancelled

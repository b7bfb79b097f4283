"""Random lives, lawful and unlawful, of every kind: what must always hold, holds after each step.

`LIVES_STEPS=5000 LIVES_SEEDS=1,2,3 pytest tests/registry/lives` plays longer; a failure names its
seed and step, and the same seed takes the same steps. `LIVES_KINDS=register_death,cancel_move`
plays only these.
"""

import os
from datetime import date

import pytest

from services.registry.residents.schemas import ResidentData
from shared import clock
from shared.contract.facts import KINDS
from shared.db import Sessions
from tests.registry.changes import invariants
from tests.registry.lives.makers import MAKERS
from tests.registry.lives.making import VILLAGES
from tests.registry.lives.walk import Walk
from tests.registry.people import TODAY, Databases, household, person

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(3600)]

STEPS = int(os.environ.get("LIVES_STEPS", "200"))
ONLY = frozenset(os.environ.get("LIVES_KINDS", "").split(",")) - {""}
SEEDS = [int(each) for each in os.environ.get("LIVES_SEEDS", "20261124").split(",")]


def test_every_kind_befalls_somebody() -> None:
    assert KINDS.keys() == MAKERS.keys(), "each kind has a maker in lives/makers, and none other"


@pytest.fixture
async def town(sessions: Databases) -> Sessions:
    registry = sessions["registry"]
    async with registry.begin() as session:
        for number, village in enumerate(VILLAGES * 2):
            await household(session, *_household(number, village), village_code=village)
        await invariants.guard(session)
    return registry


def _household(number: int, village: str) -> list[tuple[ResidentData, int]]:
    """Return a family of another shape for each number: the unmarried, siblings, the old."""
    everybody = {"village_code": village, "mother_name": f"IBU {number}"}
    single = {**everybody, "marital_status": 1}
    head = person(
        f"KARTO {number} SAPUTRA", **single, sex="L", birth_date=date(1980, 2, number + 1)
    )
    sister = person(f"WATI {number} RAHAYU", **single, birth_date=date(1985, 4, number + 1))
    widow = person(
        f"SUMINI {number}",
        **everybody | {"marital_status": 6},
        birth_date=date(1950, 6, number + 1),
    )
    child = person(f"DIMAS {number}", **single, sex="L", birth_date=date(2012, 8, number + 1))
    shapes = [
        [(head, 1), (sister, 9)],
        [(widow, 1), (head, 4), (sister, 4)],
        [(head, 1), (child, 9)],
        [(sister, 1), (child, 9), (widow, 7)],
    ]
    return shapes[number % len(shapes)]


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_happens_the_registry_stays_in_order(
    town: Sessions, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(town, seed, TODAY, ONLY or frozenset(KINDS))
    monkeypatch.setattr(clock, "today", lambda: walk.today)
    try:
        await walk.take(STEPS)
    finally:
        print(f"\nseed {seed}, {walk.step} steps, {walk.today}\n{walk.tally.table()}")  # noqa: T201

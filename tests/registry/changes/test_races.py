"""Two different changes about one couple, signed at the same moment: no order leaves a riddle."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.registry.worker import HANDLERS
from shared import clock
from shared.contract.events import ChangeApplied, ChangeRefused
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.registry import make
from tests.registry.changes import invariants
from tests.registry.make import Couple
from tests.registry.people import Databases, household, person

pytestmark = pytest.mark.anyio

WITNESSES = [{"full_name": "Slamet Riyadi"}, {"full_name": "Sri Wahyuni"}]
REPORT = {
    "reporter_name": "Slamet",
    "reporter_relationship": "Anak",
    "witnesses": WITNESSES,
}
RULING = {
    "authority": "Pengadilan Negeri Banyuwangi",
    "number": "3/Pdt.G/2026",
    "dated": "2026-09-01",
    "final_on": "2026-09-15",
}
THERE = {
    "address": "JALAN MELATI 1",
    "rt": "001",
    "rw": "004",
    "village": "Balecatur",
    "district_code": "34.04.01",
}
Facts = list[dict[str, Any]]
Making = Callable[[Couple], Facts]


def who(resident: Any) -> dict[str, str]:  # noqa: ANN401 - a row
    return {"resident_id": str(resident.id)}


def his_death(couple: Couple) -> Facts:
    died_on = (clock.today() - timedelta(days=3)).isoformat()
    fact = {"kind": "register_death", "person": who(couple.father), "died_on": died_on}
    return [fact | REPORT | {"place": "RSUD Blambangan"}]


def divorce(couple: Couple) -> Facts:
    pair = {"husband": who(couple.father), "wife": who(couple.mother)}
    return [{"kind": "register_divorce", **pair, "ruling": RULING}]


def her_move(couple: Couple) -> Facts:
    family = {"family_id": str(couple.family_id)}
    fact = {"kind": "move_out", "family": family, "movers": [who(couple.mother)]}
    return [fact | {"reason": 1, "to": THERE}]


def her_headship(couple: Couple) -> Facts:
    family = {"family_id": str(couple.family_id)}
    return [{"kind": "change_head", "family": family, "head": who(couple.mother)}]


def their_move(couple: Couple) -> Facts:
    to = {"address": "DUSUN SUMBER", "rt": "001", "rw": "001", "village_code": "35.10.05.2004"}
    family = {"family_id": str(couple.family_id)}
    return [{"kind": "move_within", "family": family, "reason": 1, "to": to}]


def her_split(couple: Couple) -> Facts:
    family = {"family_id": str(couple.family_id)}
    return [{"kind": "split_family", "family": family, "head": who(couple.mother)}]


@pytest.fixture
async def couple(sessions: Databases) -> Couple:
    """A Christian couple whose marriage this office registered, in one family."""
    registry = sessions["registry"]
    he = person("YOHANES KRISTANTO", sex="L", religion=2, marital_status=1)
    she = person("RUTH PURNAMASARI", religion=2, marital_status=1, mother_name="ESTER")
    async with registry.begin() as session:
        family, (husband, wife) = await household(session, (he, 1), (she, 11))
    wedding = {
        "kind": "register_marriage",
        "husband": who(husband),
        "wife": who(wife),
        "married_on": "2024-06-01",
        "place": "GPDI GENTENG",
        "religion": 2,
        "leader_name": "PDT. DANIEL",
        "witnesses": WITNESSES,
    }
    positions = [{"person": who(wife), "relationship": 3}]
    home = {"family_id": str(family.id)}
    right = {"kind": "correct_positions", "family": home, "positions": positions}
    married = await make.apply(registry, [wedding, right])
    assert isinstance(married, ChangeApplied), married
    return Couple(family.id, family.kk_number, husband, wife)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (his_death, divorce),
        (his_death, her_move),
        (his_death, her_headship),
        (his_death, their_move),
        (his_death, her_split),
        (divorce, her_move),
        (divorce, her_split),
        (her_move, their_move),
        (her_split, her_move),
    ],
)
async def test_two_changes_of_one_couple_at_once_leave_every_invariant_true(
    sessions: Databases, couple: Couple, one: Making, other: Making
) -> None:
    registry = sessions["registry"]
    both = [each(couple) for each in (one, other)]
    signed = [make.make_request(each, (await make.plan(registry, each)).digest) for each in both]

    await asyncio.gather(*(_receive(registry, each) for each in signed))

    told = await make.answers(registry)
    applied = [each for each in told if isinstance(each, ChangeApplied)]
    refused = [each for each in told if isinstance(each, ChangeRefused)]
    assert len(applied) + len(refused) == 2
    assert applied  # somebody wins ...
    async with registry() as session:
        broken = await invariants.broken(session, clock.today())
    assert {name: count for name, count in broken.items() if count} == {}  # ... and nobody is lost


async def _receive(registry: Sessions, request: Any) -> None:  # noqa: ANN401 - an event
    outcome = await Inbox(registry, HANDLERS).receive(Envelope.around(request), redelivered=False)
    assert outcome is None

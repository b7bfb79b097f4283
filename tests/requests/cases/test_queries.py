"""Every list finds its page by an index, however many cases there are."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases.store import Sight, Wanted, listing
from services.requests.cases.tables import Case
from shared import clock
from shared.auth import Principal
from shared.db import Sessions
from tests.requests.cases.making import VILLAGE

pytestmark = pytest.mark.anyio

CASES = 30_000  # of 217 villages; one in ten is open

FILL = """
insert into cases (id, number, service_code, workflow, state, channel, point_id, intake_area,
  village_code, filed_by, applicant, facts, due_at, complete_at, closed_at, version)
select gen_random_uuid(), 'BWI-' || n, 'PKT-BIRTH', 'BUNDLE',
  case when n % 10 > 0 then 'CLOSED' when n % 30 = 0 then 'VERIFIED' else 'INTAKE_CHECKED' end,
  'DESA', 'SP-3510-' || lpad((n % 217)::text, 3, '0'),
  '35.10.' || lpad((n % 25 + 1)::text, 2, '0') || '.' || (2000 + n % 9),
  '35.10.' || lpad((n % 24 + 1)::text, 2, '0') || '.' || (2000 + n % 9),
  'sub-' || n % 500, 'sealed', 'sealed', now() + n * interval '1 minute', now(),
  case when n % 10 > 0 then now() end, 1
from generate_series(1, :cases) n
"""


def scans(node: dict[str, Any]) -> Iterator[str]:
    if node.get("Relation Name") == "cases":
        yield str(node["Node Type"])
    for each in node.get("Plans", []):
        yield from scans(each)


async def plan_of(session: AsyncSession, statement: Select[Case]) -> list[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    query = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explained = await session.scalar(text(f"explain (format json) {query}"))
    plan = explained if isinstance(explained, list) else json.loads(str(explained))
    return list(scans(plan[0]["Plan"]))


AREA = Sight(False, frozenset({VILLAGE}), Principal("sub-7"))  # noqa: FBT003 - the first field
DISTRICT = Sight(False, frozenset({"35.10.05"}), Principal("sub-7", point="SP-3510-007"))  # noqa: FBT003
OWN = Sight(False, frozenset(), Principal("sub-7", resident_id=uuid4()))  # noqa: FBT003
ALL = Sight(True, frozenset(), Principal("sub-7"))  # noqa: FBT003


LISTS = {
    "a village": (AREA, Wanted()),
    "a village's state": (AREA, Wanted(states=("INTAKE_CHECKED",))),
    "a district and its point": (DISTRICT, Wanted()),
    "a citizen's own": (OWN, Wanted()),
    "a citizen's own, closed too": (OWN, Wanted(closed=True)),
    "the whole regency": (ALL, Wanted()),
    "a queue": (ALL, Wanted(states=("VERIFIED",))),
    "the regency narrowed to a district": (ALL, Wanted(area="35.10.05")),
    "what is due first": (ALL, Wanted(by_due=True)),
    "what is overdue": (ALL, Wanted(by_due=True, due_before=clock.now())),
    "everything ever": (ALL, Wanted(closed=True)),
}


async def test_every_list_is_read_by_index(sessions: dict[str, Sessions]) -> None:
    async with sessions["requests"].begin() as session:
        await session.execute(text(FILL), {"cases": CASES})
    async with sessions["requests"].begin() as session:
        await session.execute(text("analyze cases"))
        used = {
            (name, page): await plan_of(session, listing(*of, after, 51))
            for name, of in LISTS.items()
            for page, after in (("first", None), ("next", (clock.now(), uuid4())))
        }
    assert all(used.values())
    assert {each for each, nodes in used.items() if "Seq Scan" in nodes} == set()

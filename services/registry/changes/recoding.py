"""Facts that speak of a village by a code it had: they mean the village as it is coded now.

Districts are split and villages recoded while cases are under way (Blimbingsari, 2018): what was
filed under the old code is planned and routed under the new one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import references
from services.registry.regions.tables import Region
from shared.contract.facts import Fact

_FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])


async def current(session: AsyncSession, facts: Sequence[Fact], today: date) -> list[Fact]:
    """Return the facts with the codes that villages have today; the others stay as they are."""
    codes = set(references.villages(facts))
    statement = select(Region.code, Region.successor_code).where(
        Region.code.in_(codes), Region.valid_to < today, Region.successor_code.is_not(None)
    )
    found = await session.execute(statement) if codes else ()
    successors = {row.code: str(row.successor_code) for row in found}
    return recoded(facts, successors) if successors else list(facts)


def recoded(facts: Sequence[Fact], successors: Mapping[str, str]) -> list[Fact]:
    """Return the facts with old codes of villages replaced by their successors."""
    said = [
        each.model_dump(mode="json", exclude_unset=True) | {"kind": each.kind} for each in facts
    ]
    return _FACTS.validate_python(_walk(said, successors))


def _walk(value: Any, successors: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {
            name: successors.get(each, each)
            if name == "village_code" and isinstance(each, str)
            else _walk(each, successors)
            for name, each in value.items()
        }
    return [_walk(each, successors) for each in value] if isinstance(value, list) else value

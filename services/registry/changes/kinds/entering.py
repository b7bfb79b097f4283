"""Who comes to live here is entered: under the NIK they have, the one they had, or a new one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import rearrange
from services.registry.changes.kinds.arriving import NOT_RECORDED, RECORDED, Comer
from services.registry.changes.naming import recorded
from services.registry.changes.rearranging import Rearrangement
from services.registry.changes.steps import Made
from services.registry.moves import actions as moves
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import ResidentData
from services.registry.residents.tables import Resident
from shared.contract.facts import Newcomer


async def enter(
    session: AsyncSession,
    comers: Sequence[Comer],
    wanted: Rearrangement,
    village_code: str,
    made: Made,
    cause: str,
) -> None:
    """Enter who is new, let who comes back live here again, and put them into families."""
    source = made.source(cause)
    for each in comers:
        if each.newcomer is not None:
            made.people[each.key] = (
                await register(session, each.newcomer, village_code, made, cause)
            ).id
        else:
            resident = (await resident_store.load(session, [made.person(each.key)])).popitem()[1]
            await moves.come_back(session, resident, village_code, source=source, today=made.today)
    await rearrange(session, wanted, made, cause)


async def register(
    session: AsyncSession,
    said: Newcomer,
    village_code: str,
    made: Made,
    cause: str,
    **more: Any,  # noqa: ANN401
) -> Resident:
    """Enter somebody under the NIK they have, else under a new one."""
    data = ResidentData(
        **said.model_dump(
            exclude={
                "nik",
                "full_name",
                "birth_place",
                "mother_name",
                "father_name",
                "recorded",
                "sex",
                "birth_date_precision",
            }
        ),
        full_name=recorded(said.full_name),
        sex=said.sex.value,
        birth_date_precision=said.birth_date_precision.value,
        birth_place=recorded(said.birth_place),
        mother_name=recorded(said.mother_name),
        father_name=recorded(said.father_name) if said.father_name else None,
        village_code=village_code,
        recording_status=RECORDED if said.recorded else NOT_RECORDED,
        **more,
    )
    source = made.source(cause)
    if said.nik is None:
        return await residents.register(session, data, source=source, today=made.today)
    number = said.nik

    async def theirs(_: AsyncSession, __: str) -> str:
        return number

    return await residents.register(session, data, source=source, today=made.today, allocate=theirs)

"""What becomes of cases when somebody has died: theirs, and those that they asked for."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.requests.cases import rules, store
from services.requests.cases.moving import SYSTEM, move, way_of
from services.requests.cases.store import Said
from services.requests.cases.tables import Case
from services.requests.catalogue.store import catalogue
from shared import clock
from shared.contract.events import Reason, ResidentDied, ResidentRestored

SUBJECT_DIED = Reason(
    code="SUBJECT_DIED",
    text_id="Orang yang dimohonkan tercatat telah meninggal dunia.",
    text_en="The person whom this is about is recorded as deceased.",
)
APPLICANT_DIED = Reason(
    code="APPLICANT_DIED",
    text_id="Pemohon tercatat telah meninggal dunia; anggota keluarga lain dapat meneruskan.",
    text_en="The applicant is recorded as deceased; another member of the family may go on.",
)


async def resident_died(session: AsyncSession, event: ResidentDied) -> None:
    """End what is about the dead alone; let others go on with what concerns more people.

    Whoever is named as a witness stays one. The case that registered the death is signed, and so
    goes on: nobody can cancel it any more.
    """
    for case in await store.concerning(session, event.resident_id):
        if event.resident_id in case.subject_resident_ids:
            alone = set(case.subject_resident_ids) == {event.resident_id}
            wanted = ("cancel",) if alone else ("return", "send_back")
            await _step_back(session, case, wanted, SUBJECT_DIED)
        if case.applicant_resident_id == event.resident_id and case.closed_at is None:
            case.applicant_died_on = event.died_on
            await _step_back(session, case, ("return",), APPLICANT_DIED)
        await session.flush()


async def resident_restored(session: AsyncSession, event: ResidentRestored) -> None:
    """Let whoever was wrongly recorded as dead go on with what they asked for.

    What was cancelled stays so: it can be filed again.
    """
    for case in await store.concerning(session, event.resident_id):
        if case.applicant_resident_id == event.resident_id:
            case.applicant_died_on = None
    await session.flush()


async def _step_back(
    session: AsyncSession, case: Case, wanted: Sequence[str], reason: Reason
) -> None:
    way = way_of(catalogue(), case)
    steps = (rules.find(way.workflow, case.state, each) for each in wanted)
    step = next((each for each in steps if each is not None), None)
    if step is not None:
        await move(session, case, way, step, SYSTEM, clock.now(), Said(reasons=[reason]))

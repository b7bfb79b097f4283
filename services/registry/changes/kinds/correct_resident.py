"""Elements of a record change: UU 23/2006 art 58, Permendagri 108/2019 art 15. The NIK never does."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import amending, correcting, records
from services.registry.changes.amending import Amendment
from services.registry.changes.correction_checks import check
from services.registry.changes.state import State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.auth import covers
from shared.contract.corrections import CorrectResident


def plan(state: State, fact: CorrectResident, index: int, context: Context) -> Step[Amendment]:
    """Judge a correction, and re-judge at once what follows from age."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    if person.village_code and not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")
    values = {
        name: value
        for name, value in correcting.asked(fact).items()
        if value != correcting.now(person, name)
    }
    check(found, state, fact, person, amending.amended(person, values), values, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    since = fact.effective_on or context.reported_on
    made = amending.amend(state, person, values, since=since, today=context.today)
    return found.step(
        amending.left(state, person, made),
        made,
        *amending.effects(state, made, context.today),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, amendment: Amendment, made: Made) -> None:
    """Write the new values as a version of their own day, and replace what shows the old."""
    await records.write(session, amendment, made, "correct_resident")

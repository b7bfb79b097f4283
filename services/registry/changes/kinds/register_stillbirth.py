"""A child born dead: a letter to the parents, no person and no number. UU 23/2006 art 33."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import DAYS_TO_REPORT_A_DEATH, days_late
from services.registry.certificates.schemas import StillbirthData
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.facts import RegisterStillbirth, Sex
from shared.contract.plan import Effect

WEEKS = 28  # of pregnancy; earlier it is no stillbirth by the law


@dataclass(frozen=True, slots=True)
class Stillborn:
    """What the letter rests on."""

    fact: RegisterStillbirth
    mother: Key
    father: Key | None
    reported_on: date
    days_late: int
    village_code: str


def plan(state: State, fact: RegisterStillbirth, index: int, context: Context) -> Step[Stillborn]:
    """Judge a report of a child born dead. Nobody is registered; the mother may have died too."""
    found = Findings(index)
    mother, father = state.person(fact.mother, index), state.person(fact.father, index)
    reported_on = fact.reported_on or context.reported_on
    _check_parents(found, fact, mother, father, context)
    _check_days(found, fact, reported_on, context.today)
    if fact.full_name is not None:
        found.check_name(fact.full_name, "/full_name")
    if mother is None or mother.village_code is None or found.refusals:
        return found.step(state, village_code=mother.village_code if mother else None)
    stillborn = Stillborn(
        fact,
        mother.key,
        father.key if father else None,
        reported_on,
        days_late(fact.happened_on, reported_on, DAYS_TO_REPORT_A_DEATH),
        mother.village_code,
    )
    return found.step(
        state, stillborn, *_effects(stillborn, mother), village_code=mother.village_code
    )


async def apply(session: AsyncSession, stillborn: Stillborn, made: Made) -> None:
    """Keep the report, and have the letter printed."""
    told = stillborn.fact.model_dump(mode="json", exclude={"kind", "mother", "father"})
    letter = await certificates.register_stillbirth(
        session,
        StillbirthData(
            mother_id=made.person(stillborn.mother),
            father_id=made.parent(stillborn.father),
            happened_on=stillborn.fact.happened_on,
            reported_on=stillborn.reported_on,
            days_late=stillborn.days_late,
            village_code=stillborn.village_code,
            data=told,
        ),
        source=made.source("register_stillbirth"),
        today=made.today,
    )
    made.print(IssuedKind.STILLBIRTH_LETTER, letter.id)


def _check_parents(
    found: Findings,
    fact: RegisterStillbirth,
    mother: Person | None,
    father: Person | None,
    context: Context,
) -> None:
    if mother is None:
        found.refuse("PERSON_NOT_FOUND", "/mother")
    elif mother.sex is not Sex.FEMALE:
        found.refuse("MOTHER_NOT_FEMALE", "/mother")
    elif not covers([context.regency], mother.village_code or ""):
        found.refuse("NOT_IN_JURISDICTION", "/mother")
    if fact.father is not None and father is None:
        found.refuse("PERSON_NOT_FOUND", "/father")
    elif father is not None and father.sex is not Sex.MALE:
        found.refuse("FATHER_NOT_MALE", "/father")


def _check_days(found: Findings, fact: RegisterStillbirth, reported_on: date, today: date) -> None:
    if reported_on > today:
        found.refuse("REPORTED_IN_FUTURE", "/reported_on")
    if fact.happened_on > min(reported_on, today):
        found.refuse("STILLBIRTH_IN_FUTURE", "/happened_on")
    late = days_late(fact.happened_on, reported_on, DAYS_TO_REPORT_A_DEATH)
    if late:
        found.warn("STILLBIRTH_REPORTED_LATE", "/happened_on", days=late)
    if fact.weeks is not None and fact.weeks < WEEKS:
        found.warn("STILLBIRTH_WEEKS", "/weeks", weeks=fact.weeks)


def _effects(stillborn: Stillborn, mother: Person) -> Iterator[Effect]:
    day, name = stillborn.fact.happened_on.isoformat(), mother.full_name
    yield Effect(
        effect="stillbirth.registered",
        subject=mother.key,
        after={"happened_on": day, "father": stillborn.father, "days_late": stillborn.days_late},
        text_id=f"Lahir mati dari ibu {name} pada {day} dicatat; tidak ada penduduk baru.",
        text_en=f"A stillbirth of the mother {name} on {day} is recorded; nobody is registered.",
    )
    yield Effect(
        effect="document.queued",
        subject=mother.key,
        after={"kind": IssuedKind.STILLBIRTH_LETTER},
        text_id="Surat keterangan lahir mati diterbitkan.",
        text_en="The letter of stillbirth is issued.",
    )

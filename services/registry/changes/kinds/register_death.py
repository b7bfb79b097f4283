"""A death and all that follows from it. UU 24/2013 art 44, Perpres 96/2018 art 45.

Of somebody who never had a NIK only the register is written (Permendagri 108/2019 art 65).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import (
    DAYS_TO_REPORT_A_DEATH,
    LETTERS,
    CertificateKind,
    days_late,
)
from services.registry.certificates.schemas import CertificateData
from services.registry.changes import passing
from services.registry.changes.death_checks import (
    check_days,
    check_proof,
    check_village,
    weigh_family,
)
from services.registry.changes.naming import recorded
from services.registry.changes.passing import Foreseen, Passing
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.events import IssuedKind
from shared.contract.facts import Deceased, RegisterDeath
from shared.contract.plan import Effect

UNKNOWN = "TIDAK DIKENAL"  # the name of whom nobody knows


@dataclass(frozen=True, slots=True)
class Death:
    """What a report of death comes to."""

    fact: RegisterDeath
    person: Person | None  # None of somebody without a NIK
    passing: Passing | None
    reported_on: date
    days_late: int
    words: dict[str, Any]  # what the register keeps


def plan(state: State, fact: RegisterDeath, index: int, context: Context) -> Step[Death]:
    """Judge a death and foresee all that follows from it."""
    found = Findings(index)
    person = state.person(fact.person, index)
    if fact.person is not None:
        found.check_person(person, "/person")
    village = _village(state, fact, person)
    check_village(found, state, fact, village, context)
    reported_on = fact.reported_on or context.reported_on
    check_days(found, fact, person, reported_on, context.today)
    check_proof(found, fact, person, context.today)
    if fact.unregistered is not None or person is None:
        return _without_nik(found, state, fact, reported_on, village)
    weigh_family(found, state, person, fact.died_on, "/died_on")
    foreseen = passing.foresee(found, state, person, fact.died_on, fact.succession, index, context)
    if found.refusals:
        return found.step(state, village_code=village)
    words = _words(fact) | _of_resident(state, person, foreseen, village)
    death = _death(fact, person, foreseen.passing, reported_on, words)
    return found.step(
        foreseen.state, death, *_effects(death, *foreseen.effects), village_code=village
    )


async def apply(session: AsyncSession, death: Death, made: Made) -> None:
    """Enter the death under a number of today, and carry out what follows from it."""
    if death.passing is not None:
        await passing.carry_out(session, death.passing, made, "register_death")
    kept = {"resident_id": str(made.person(death.person.key))} if death.person else {}
    certificate = await certificates.register(
        session,
        CertificateData(
            kind=CertificateKind.DEATH,
            subject_id=made.person(death.person.key) if death.person else None,
            event_date=death.fact.died_on,
            reported_on=death.reported_on,
            days_late=death.days_late,
            data=death.words | kept,
        ),
        source=made.source("register_death"),
        today=made.today,
    )
    made.certificates.append(certificate.id)
    made.print(IssuedKind.DEATH_CERTIFICATE, certificate.id)


def _village(state: State, fact: RegisterDeath, person: Person | None) -> str | None:
    if fact.unregistered is not None:
        return fact.unregistered.village_code
    if person is None:
        return None
    joined = state.families.get(person.joins or "")  # a newborn who joins nobody any more
    return person.village_code or (joined.village_code if joined else None)


def _without_nik(
    found: Findings,
    state: State,
    fact: RegisterDeath,
    reported_on: date,
    village: str | None,
) -> Step[Death]:
    if fact.unregistered is None or found.refusals:
        return found.step(state, village_code=village)
    words = _words(fact) | _of_deceased(fact.unregistered)
    death = _death(fact, None, None, reported_on, words)
    return found.step(state, death, *_effects(death), village_code=village)


def _death(
    fact: RegisterDeath,
    person: Person | None,
    passed: Passing | None,
    reported_on: date,
    words: dict[str, Any],
) -> Death:
    late = days_late(fact.died_on, reported_on, DAYS_TO_REPORT_A_DEATH)
    return Death(fact, person, passed, reported_on, late, words)


def _words(fact: RegisterDeath) -> dict[str, Any]:
    """Return the report as the register keeps it; who died and who follows is said elsewhere."""
    return fact.model_dump(mode="json", exclude={"kind", "person", "unregistered", "succession"})


def _of_deceased(dead: Deceased) -> dict[str, Any]:
    names = {
        name: recorded(value) if (value := getattr(dead, name)) else None
        for name in ("birth_place", "father_name", "mother_name", "spouse_name")
    }
    return names | {
        "full_name": recorded(dead.full_name) if dead.full_name else UNKNOWN,
        "sex": dead.sex.value,
        "birth_date": dead.birth_date.isoformat() if dead.birth_date else None,
        "citizenship": int(dead.citizenship),
        "village_code": dead.village_code,
        "kin": [],
    }


def _of_resident(
    state: State, person: Person, foreseen: Foreseen, village: str | None
) -> dict[str, Any]:
    """Return who died as the record had them, and what must be known to undo it (source_id)."""
    home = state.family_of(person)
    turned = [each.person for each in foreseen.passing.turns]
    married = sorted({*turned, *([person.spouse] if person.spouse else [])})
    names = [state.persons[each].full_name for each in married if each in state.persons]
    members = [each.person for each in home.members] if home else []
    relationship = home.relationship_of(person.key) if home else None
    return {
        "full_name": person.full_name,
        "sex": person.sex.value,
        "birth_date": person.birth_date.isoformat(),
        "spouse_name": ", ".join(names) or None,
        "village_code": village,
        "kin": sorted({*members, *married, *filter(None, (person.mother, person.father))}),
        "family_was": home.key if home else None,
        "relationship_was": int(relationship) if relationship else None,
        "status_was": person.status,
        "widowed": turned,
    }


def _effects(death: Death, *more: Effect) -> Iterator[Effect]:
    subject = death.person.key if death.person else "unregistered"
    name, day = str(death.words["full_name"]), death.fact.died_on.isoformat()
    letters = LETTERS[CertificateKind.DEATH]
    if death.person is not None:
        yield Effect(
            effect="resident.died",
            subject=subject,
            before={"status": death.person.status},
            after={"status": "MATI", "died_on": day, "place": death.fact.place},
            text_id=f"{name} dicatat meninggal dunia pada {day}.",
            text_en=f"{name} is recorded as having died on {day}.",
        )
    yield Effect(
        effect="certificate.registered",
        subject=subject,
        after={
            "kind": CertificateKind.DEATH,
            "letters": letters,
            "full_name": name,
            "died_on": day,
            "days_late": death.days_late,
            "proof": death.fact.proof,
        },
        text_id=f"Akta kematian ({letters}) dicatat: {name}, meninggal {day}.",
        text_en=f"A death certificate ({letters}) is registered: {name}, died {day}.",
    )
    yield from more
    yield Effect(
        effect="document.queued",
        subject=subject,
        after={"kind": IssuedKind.DEATH_CERTIFICATE},
        text_id=f"Kutipan akta kematian {name} diterbitkan.",
        text_en=f"The death certificate of {name} is issued.",
    )

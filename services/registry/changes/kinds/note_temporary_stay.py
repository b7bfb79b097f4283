"""Somebody stays here for a while and belongs elsewhere: Permendagri 74/2022, F-1.15.

They are no population of ours and in no family card here, and get no document.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.homes import check_destination
from services.registry.changes.naming import recorded
from services.registry.changes.state import State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.moves import actions as moves
from services.registry.moves.tables import TemporaryStay
from services.registry.residents.rules.nik import is_well_formed
from shared.auth import covers
from shared.contract.facts import NoteTemporaryStay
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Stay:
    """Who stays where, as judged."""

    fact: NoteTemporaryStay


def plan(state: State, fact: NoteTemporaryStay, index: int, context: Context) -> Step[Stay]:
    """Judge a stay of at most a year of somebody who lives in another regency."""
    found = Findings(index)
    check_destination(found, state, fact.at, context, "/at/village_code")
    if covers([context.regency], fact.home.district_code):
        found.refuse("STAY_AT_HOME", "/home/district_code")
    elif fact.home.district_code not in state.districts:
        found.refuse("DISTRICT_UNKNOWN", "/home/district_code")
    if not is_well_formed(fact.nik):
        found.refuse("NIK_FORMAT", "/nik")
    known = state.persons.get(state.niks.get(fact.nik, ""))
    if known is not None and known.is_active:
        found.refuse("LIVES_HERE_ALREADY", "/nik")
    _check_days(found, state, fact, context)
    village = fact.at.village_code
    if found.refusals:
        return found.step(state)
    return found.step(state, Stay(fact), _effect(fact, index), village_code=village)


async def apply(session: AsyncSession, stay: Stay, made: Made) -> None:
    """Note the stay; nobody's record changes."""
    fact, source = stay.fact, made.source("note_temporary_stay")
    noted = TemporaryStay(
        nik=fact.nik,
        full_name=recorded(fact.full_name),
        sex=fact.sex.value,
        birth_date=fact.birth_date,
        home_code=fact.home.district_code,
        village_code=fact.at.village_code,
        address={"at": fact.at.model_dump(), "home": fact.home.model_dump()},
        since=fact.since,
        until=fact.until,
        reason=fact.reason,
        source_id=source.id,
        actor=source.actor,
    )
    await moves.note_stay(session, noted)


def _check_days(found: Findings, state: State, fact: NoteTemporaryStay, context: Context) -> None:
    if fact.since > context.today:
        found.refuse("STAY_IN_FUTURE", "/since")
    if not fact.since < fact.until <= a_year_after(fact.since):
        found.refuse("STAY_TOO_LONG", "/until")
    noted = state.stays.get(fact.nik)
    if noted is not None and noted >= fact.since:
        found.refuse("STAY_NOTED", "/nik", until=noted.isoformat())


def a_year_after(day: date) -> date:
    """Return the same day of the next year; 28 February after the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _effect(fact: NoteTemporaryStay, index: int) -> Effect:
    name, until = recorded(fact.full_name), fact.until.isoformat()
    return Effect(
        effect="stay.noted",
        subject=f"stay/{index}",
        after=fact.model_dump(mode="json", exclude={"kind", "nik"}),
        text_id=f"{name} dicatat tinggal sementara sampai {until}; tidak dihitung sebagai penduduk "
        "dan tidak masuk Kartu Keluarga.",
        text_en=f"{name} is noted as staying until {until}; not counted as a resident and in no "
        "family card.",
    )

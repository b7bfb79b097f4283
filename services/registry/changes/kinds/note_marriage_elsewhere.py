"""A marriage or divorce that KUA or a court registered, or that a couple states on F-1.05.

UU 23/2006 art 8(2) and 34(4): the status follows; no certificate of it is kept here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.changes import couples
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.rules.ages import ADULT, age
from shared.auth import covers
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import (
    CardKind,
    Citizenship,
    MaritalStatus,
    MarriageEvent,
    NoteMarriageElsewhere,
)
from shared.contract.plan import Effect

_BECOMES = {
    MarriageEvent.MARRIAGE: MaritalStatus.MARRIED_REGISTERED,
    MarriageEvent.CONFIRMATION: MaritalStatus.MARRIED_REGISTERED,
    MarriageEvent.UNREGISTERED: MaritalStatus.MARRIED_UNREGISTERED,
    MarriageEvent.DIVORCE: MaritalStatus.DIVORCED_REGISTERED,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of one of the two."""

    person: Key
    status: MaritalStatus
    spouse: Key | None
    must_hold_ktp: bool  # from now on, by the marriage
    loses_child_card: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What becomes of both, since when and by which proof, and whose cards are printed."""

    turns: tuple[Turn, ...]
    happened_on: date
    number: str | None
    homes: tuple[Key, ...]


def plan(state: State, fact: NoteMarriageElsewhere, index: int, context: Context) -> Step[Noted]:
    """Judge a marriage or divorce, and foresee what becomes of the two."""
    found = Findings(index)
    husband, wife = state.person(fact.husband, index), state.person(fact.wife, index)
    found.check_person(husband, "/husband")
    found.check_person(wife, "/wife")
    if husband is None or wife is None:
        return found.step(state)
    couples.check_couple(found, husband, wife, context)
    couples.check_day(found, husband, wife, fact.happened_on, context)
    _check_event(found, fact, husband, wife)
    village = _village(husband, wife, context)
    if found.refusals:
        return found.step(state, village_code=village)
    turns = tuple(_turns(state, fact, husband, wife, context))
    noted = Noted(turns, fact.happened_on, fact.number, _homes(state, husband, wife, context))
    after = state
    for turn in turns:
        after = after.with_person(_turned(state.persons[turn.person], turn))
    return found.step(after, noted, *_effects(state, fact, noted), village_code=village)


async def apply(session: AsyncSession, noted: Noted, made: Made) -> None:
    """Write both records anew since the day of the event, and have their family cards printed."""
    source = made.source("note_marriage_elsewhere")
    ids = [made.person(each.person) for each in noted.turns]
    people = await resident_store.load(session, ids)
    for turn, resident_id in zip(noted.turns, ids, strict=True):
        resident = people[resident_id]
        news: dict[str, Any] = {
            "marital_status": int(turn.status),
            "spouse_id": made.parent(turn.spouse),
            "marriage_number": noted.number,
            "marriage_date": noted.happened_on,
        }
        await residents.change(session, resident, news, source=source, valid_from=noted.happened_on)
        if turn.loses_child_card:
            await cards.revoke_child_card(
                session, resident, "MARRIED", source=source, today=made.today
            )
        if turn.must_hold_ktp and resident.recording_status == "BELUM_WAJIB":
            owed = {"recording_status": "UNREGISTERED"}
            await residents.change(session, resident, owed, source=source, valid_from=made.today)
    for home in noted.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_event(
    found: Findings, fact: NoteMarriageElsewhere, husband: Person, wife: Person
) -> None:
    if fact.event is MarriageEvent.DIVORCE:
        if couples.may_be_married(husband, wife):
            couples.warn_of_unlinked(found, husband, wife)
        else:
            found.refuse("NOT_MARRIED_TO_EACH_OTHER", "/wife")
        return
    unregistered = couples.are_married(husband, wife, MaritalStatus.MARRIED_UNREGISTERED)
    registered = wife.spouse == husband.key and (
        wife.marital_status is MaritalStatus.MARRIED_REGISTERED
    )
    if registered or (unregistered and fact.event is MarriageEvent.UNREGISTERED):
        found.refuse("ALREADY_MARRIED_TO_EACH_OTHER", "/wife")
        return
    if fact.event is MarriageEvent.CONFIRMATION and not unregistered:
        found.warn("NOTHING_TO_CONFIRM", "/event")
    couples.check_free(found, husband, wife, fact.court_permission)
    couples.weigh_ages(found, husband, wife, fact.happened_on)


def _turns(
    state: State, fact: NoteMarriageElsewhere, husband: Person, wife: Person, context: Context
) -> Iterator[Turn]:
    status = _BECOMES[fact.event]
    if fact.event is MarriageEvent.DIVORCE:
        if (other := _other_wife(state, husband, wife)) is None:
            yield Turn(husband.key, status, None, must_hold_ktp=False, loses_child_card=False)
        elif husband.spouse != other.key:
            stays = husband.marital_status
            yield Turn(husband.key, stays, other.key, must_hold_ktp=False, loses_child_card=False)
        yield Turn(wife.key, status, None, must_hold_ktp=False, loses_child_card=False)
        return
    if not (husband.is_married and husband.spouse not in {wife.key, None}):
        yield _married(husband, wife, status, context)  # else the link stays on the first wife
    yield _married(wife, husband, status, context)


def _other_wife(state: State, husband: Person, wife: Person) -> Person | None:
    others = (
        each
        for each in state.persons.values()
        if each.key != wife.key and each.spouse == husband.key and each.is_married
    )
    first = state.persons.get(husband.spouse or "")
    if first is not None and first.key != wife.key:
        return first
    return min(others, key=lambda each: each.key, default=None)


def _married(person: Person, other: Person, status: MaritalStatus, context: Context) -> Turn:
    young = not person.ever_married and age(person.birth_date, context.today) < ADULT
    settled = person.citizenship is not Citizenship.FOREIGN or person.permit == "ITAP"
    return Turn(
        person.key,
        status,
        other.key,
        must_hold_ktp=young and settled,
        loses_child_card=person.card(CardKind.KIA) is not None,
    )


def _turned(person: Person, turn: Turn) -> Person:
    kept = tuple(each for each in person.cards if each.kind is not CardKind.KIA)
    return replace(
        person,
        marital_status=turn.status,
        spouse=turn.spouse,
        cards=kept if turn.loses_child_card else person.cards,
    )


def _village(husband: Person, wife: Person, context: Context) -> str | None:
    villages = [each.village_code for each in (husband, wife) if each.village_code]
    here = (each for each in villages if covers([context.regency], each))
    return next(here, None)


def _homes(state: State, husband: Person, wife: Person, context: Context) -> tuple[Key, ...]:
    homes = (state.family_of(each) for each in (husband, wife))
    open_ = (each for each in homes if each and not each.closed)
    here = (each.key for each in open_ if covers([context.regency], each.village_code))
    return tuple(dict.fromkeys(here))


def _effects(state: State, fact: NoteMarriageElsewhere, noted: Noted) -> Iterator[Effect]:
    for turn in noted.turns:
        yield from _of_turn(state, fact, turn)
    for home in noted.homes:
        head = state.persons.get(state.families[home].head)
        name = head.full_name if head else "-"
        yield Effect(
            effect="document.queued",
            subject=home,
            after={"kind": IssuedKind.FAMILY_CARD},
            text_id=f"Kartu Keluarga dengan kepala keluarga {name} diterbitkan ulang.",
            text_en=f"The family card of the family of {name} is issued again.",
        )


def _of_turn(state: State, fact: NoteMarriageElsewhere, turn: Turn) -> Iterator[Effect]:
    person = state.persons[turn.person]
    name, day = person.full_name, fact.happened_on.isoformat()
    label = find("status_kawin", int(turn.status)).name
    yield Effect(
        effect="resident.marital_status_changed",
        subject=person.key,
        before={"marital_status": int(person.marital_status), "spouse": person.spouse},
        after={
            "marital_status": int(turn.status),
            "spouse": turn.spouse,
            "since": day,
            "number": fact.number,
            "authority": fact.authority,
        },
        text_id=f"{name} berstatus {label.id} sejak {day}.",
        text_en=f"The marital status of {name} is {label.en} since {day}.",
    )
    if turn.loses_child_card:
        yield Effect(
            effect="card.revoked",
            subject=person.key,
            before={"kind": CardKind.KIA},
            after={"reason": "MARRIED"},
            text_id=f"KIA {name} ditarik karena sudah kawin.",
            text_en=f"The child card of {name} ends because of the marriage.",
        )
    if turn.must_hold_ktp:
        yield Effect(
            effect="resident.ktp_required",
            subject=person.key,
            text_id=f"{name} wajib memiliki KTP-el karena sudah kawin.",
            text_en=f"{name} must hold a KTP-el because of the marriage.",
        )

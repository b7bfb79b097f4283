"""What becomes of people when they marry, are divorced, or never were either after all.

The status, the link to the other, the duty to hold an identity card and the child card go together
(UU 24/2013 art 63, Permendagri 2/2016). A husband of several wives is linked to one of them; each
wife is linked to him.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Made
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.rules.ages import ADULT, age
from shared.auth import covers
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind, Citizenship, MaritalStatus
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of one of the two."""

    person: Key
    status: MaritalStatus
    spouse: Key | None
    must_hold_ktp: bool = False  # from now on, by the marriage
    loses_child_card: bool = False
    owes_no_ktp: bool = False  # never married after all, and still a child
    stays_married: bool = False  # to another wife, and as long as to her


@dataclass(frozen=True, slots=True)
class Since:
    """Since when, and by which number, as both records and the family card tell it."""

    day: date
    number: str | None
    authority: str | None = None


def married(
    husband: Person, wife: Person, status: MaritalStatus, context: Context
) -> Iterator[Turn]:
    """Yield what a marriage makes of the two; a further wife leaves her husband's link as it is."""
    if not (husband.is_married and husband.spouse not in {wife.key, None}):
        yield _married(husband, wife, status, context)
    yield _married(wife, husband, status, context)


def ended(
    state: State,
    husband: Person,
    wife: Person,
    his: MaritalStatus,
    hers: MaritalStatus,
    context: Context,
) -> Iterator[Turn]:
    """Yield what the end of a marriage makes of the two: a husband of another wife stays hers."""
    if (other := other_wife(state, husband, wife)) is None:
        yield _single(husband, his, context)
    elif husband.spouse != other.key:
        yield Turn(husband.key, other.marital_status, other.key, stays_married=True)
    yield _single(wife, hers, context)


def other_wife(state: State, husband: Person, wife: Person) -> Person | None:
    """Return a wife whom a husband has beside this one, wherever she lives."""
    others = (
        each
        for each in state.persons.values()
        if each.key != wife.key
        and each.is_alive
        and each.is_married
        and (each.spouse == husband.key or each.key == husband.spouse)
    )
    return min(others, key=lambda each: (each.key != husband.spouse, each.key), default=None)


def turned(state: State, turns: Iterable[Turn]) -> State:
    """Return the state in which all that has happened."""
    for turn in turns:
        person = state.persons[turn.person]
        kept = tuple(each for each in person.cards if each.kind is not CardKind.KIA)
        changed = replace(
            person,
            marital_status=turn.status,
            spouse=turn.spouse,
            cards=kept if turn.loses_child_card else person.cards,
        )
        state = state.with_person(changed)
    return state


async def write(
    session: AsyncSession, turns: Iterable[Turn], since: Since, made: Made, cause: str
) -> None:
    """Write both records anew since the day of the event; cards and duties follow from today."""
    source = made.source(cause)
    for turn in turns:
        resident_id = made.person(turn.person)
        resident = (await resident_store.load(session, [resident_id]))[resident_id]
        news: dict[str, Any] = {
            "marital_status": int(turn.status),
            "spouse_id": made.parent(turn.spouse),
            "marriage_number": since.number,
            "marriage_date": since.day,
        }
        if turn.status is MaritalStatus.NEVER_MARRIED:
            news |= {"marriage_number": None, "marriage_date": None}
        if turn.stays_married:
            news |= await marriage_of(session, news["spouse_id"])
        await residents.change(session, resident, news, source=source, valid_from=since.day)
        if turn.loses_child_card:
            await cards.revoke_child_card(
                session, resident, "MARRIED", source=source, today=made.today
            )
        owed = _owed(turn, resident.recording_status)
        await residents.change(session, resident, owed, source=source, valid_from=made.today)


async def marriage_of(session: AsyncSession, wife_id: UUID) -> dict[str, Any]:
    """Return what the record of a wife says of her marriage, as her husband's record tells it."""
    wife = (await resident_store.load(session, [wife_id]))[wife_id]
    return {"marriage_number": wife.marriage_number, "marriage_date": wife.marriage_date}


def _owed(turn: Turn, recording_status: str) -> dict[str, Any]:
    if turn.must_hold_ktp and recording_status == "BELUM_WAJIB":
        return {"recording_status": "UNREGISTERED"}
    if turn.owes_no_ktp and recording_status == "UNREGISTERED":
        return {"recording_status": "BELUM_WAJIB"}
    return {}


def village(people: Iterable[Person], context: Context) -> str | None:
    """Return the village, in this regency, of the first of these people who lives in it."""
    villages = (each.village_code for each in people if each.village_code)
    return next((each for each in villages if covers([context.regency], each)), None)


def homes(state: State, people: Iterable[Person], context: Context) -> tuple[Key, ...]:
    """Return the families, in this regency, whose cards show these people."""
    found = (state.family_of(each) for each in people)
    open_ = (each for each in found if each and not each.closed)
    here = (each.key for each in open_ if covers([context.regency], each.village_code))
    return tuple(dict.fromkeys(here))


def effects(state: State, turns: Iterable[Turn], since: Since) -> Iterator[Effect]:
    """Yield what to tell about each of the two; `state` is that before."""
    for turn in turns:
        yield from _of_turn(state.persons[turn.person], turn, since)


def printed(state: State, homes: Iterable[Key]) -> Iterator[Effect]:
    """Yield that the cards of these families are printed anew."""
    for home in homes:
        head = state.persons.get(state.families[home].head)
        name = head.full_name if head else "-"
        yield Effect(
            effect="document.queued",
            subject=home,
            after={"kind": IssuedKind.FAMILY_CARD},
            text_id=f"Kartu Keluarga dengan kepala keluarga {name} diterbitkan ulang.",
            text_en=f"The family card of the family of {name} is issued again.",
        )


def _married(person: Person, other: Person, status: MaritalStatus, context: Context) -> Turn:
    settled = person.citizenship is not Citizenship.FOREIGN or person.permit == "ITAP"
    return Turn(
        person.key,
        status,
        other.key,
        must_hold_ktp=_is_young(person, context) and not person.ever_married and settled,
        loses_child_card=person.card(CardKind.KIA) is not None,
    )


def _single(person: Person, status: MaritalStatus, context: Context) -> Turn:
    never = status is MaritalStatus.NEVER_MARRIED
    return Turn(person.key, status, None, owes_no_ktp=never and _is_young(person, context))


def _is_young(person: Person, context: Context) -> bool:
    return age(person.birth_date, context.today) < ADULT


def _of_turn(person: Person, turn: Turn, since: Since) -> Iterator[Effect]:
    name, day = person.full_name, since.day.isoformat()
    label = find("status_kawin", int(turn.status)).name
    yield Effect(
        effect="resident.marital_status_changed",
        subject=person.key,
        before={"marital_status": int(person.marital_status), "spouse": person.spouse},
        after={
            "marital_status": int(turn.status),
            "spouse": turn.spouse,
            "since": day,
            "number": since.number,
            "authority": since.authority,
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
    if person.card(CardKind.KTP_EL) is not None and turn.status != person.marital_status:
        yield Effect(
            effect="card.outdated",
            subject=person.key,
            before={"kind": CardKind.KTP_EL},
            text_id=f"KTP-el {name} memuat status lama; gantinya diajukan dengan KTP-CHG.",
            text_en=f"The KTP-el of {name} shows the old status; KTP-CHG replaces it.",
        )
    if turn.owes_no_ktp:
        yield Effect(
            effect="resident.ktp_not_required",
            subject=person.key,
            text_id=f"{name} belum wajib memiliki KTP-el karena tidak pernah kawin.",
            text_en=f"{name} need not hold a KTP-el yet, having never been married.",
        )

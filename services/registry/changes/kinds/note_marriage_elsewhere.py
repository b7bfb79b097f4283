"""A marriage or divorce that KUA or a court registered, or that a couple states on F-1.05.

UU 23/2006 art 8(2) and 34(4): the status follows; no certificate of it is kept here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import NoteKind
from services.registry.changes import couples, margins, turns
from services.registry.changes.margins import Margin
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.turns import Since, Turn
from services.registry.documents.rules import Parentage
from shared.contract.events import IssuedKind
from shared.contract.facts import MaritalStatus, MarriageEvent, NoteMarriageElsewhere
from shared.language import Words

_BECOMES = {
    MarriageEvent.MARRIAGE: MaritalStatus.MARRIED_REGISTERED,
    MarriageEvent.CONFIRMATION: MaritalStatus.MARRIED_REGISTERED,
    MarriageEvent.UNREGISTERED: MaritalStatus.MARRIED_UNREGISTERED,
    MarriageEvent.DIVORCE: MaritalStatus.DIVORCED_REGISTERED,
}


@dataclass(frozen=True, slots=True)
class Noted:
    """What becomes of both, since when and by which proof, and whose cards are printed."""

    turns: tuple[Turn, ...]
    since: Since
    homes: tuple[Key, ...]
    margins: tuple[Margin, ...]  # on the births of children whose parents' marriage was unrecorded


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
    village = turns.village((husband, wife), context)
    if found.refusals:
        return found.step(state, village_code=village)
    noted = Noted(
        tuple(_turns(state, fact, husband, wife, context)),
        Since(fact.happened_on, fact.number, fact.authority),
        turns.homes(state, (husband, wife), context),
        tuple(_margins(state, fact, husband, wife)),
    )
    return found.step(
        turns.turned(state, noted.turns),
        noted,
        *turns.effects(state, noted.turns, noted.since),
        *margins.effects(state, noted.margins),
        *turns.printed(state, noted.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, noted: Noted, made: Made) -> None:
    """Write both records anew since the day of the event, and have their family cards printed."""
    await turns.write(session, noted.turns, noted.since, made, "note_marriage_elsewhere")
    await margins.write(session, noted.margins, made, "note_marriage_elsewhere")
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
        return turns.ended(state, husband, wife, status, status, context)
    return turns.married(husband, wife, status, context)


def _margins(
    state: State, fact: NoteMarriageElsewhere, husband: Person, wife: Person
) -> Iterator[Margin]:
    """Yield a note on the birth of every child whom the certificate calls of an unrecorded marriage.

    An isbat confirms the marriage since its day; other children are legitimised or corrected.
    """
    if fact.event is not MarriageEvent.CONFIRMATION:
        return
    words = Words(
        f"Perkawinan orang tua anak ini telah disahkan dengan penetapan isbat nikah nomor "
        f"{fact.number} oleh {fact.authority} tanggal {fact.happened_on:%d-%m-%Y}.",
        f"The marriage of this child's parents was confirmed by isbat no. {fact.number} of "
        f"{fact.authority} on {fact.happened_on.isoformat()}.",
    )
    for child in state.children_of(wife):
        birth = state.entry(margins.BIRTHS, child.key)
        unrecorded = birth and birth.data.get("parentage") == Parentage.UNREGISTERED_MARRIAGE
        if birth and unrecorded and child.father == husband.key:
            data = {"number": fact.number, "authority": fact.authority}
            yield Margin(birth.key, NoteKind.CORRECTION, words, data)

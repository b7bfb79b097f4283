"""A divorce by a civil court: UU 23/2006 art 40, Perpres 96/2018 art 42.

Marriages of Muslims are ended by the religious court, which the KUA's feed or the ruling tells. Both
may stay at the same address; the family card is split by its own change (KK-SPLIT).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.certificates.schemas import CertificateData, NoteData
from services.registry.changes import couples, entries, turns
from services.registry.changes.state import Entry, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.turns import Since, Turn
from shared.contract.events import IssuedKind
from shared.contract.facts import MaritalStatus, RegisterDivorce
from shared.language import Words

ISLAM = 1


@dataclass(frozen=True, slots=True)
class Divorce:
    """A divorce that may be entered, and what becomes of the two."""

    fact: RegisterDivorce
    husband: Key
    wife: Key
    turns: tuple[Turn, ...]
    homes: tuple[Key, ...]
    marriage: Key | None  # its entry, if it was registered here
    words: dict[str, Any]  # of the register
    days_late: int
    reported_on: date


def plan(state: State, fact: RegisterDivorce, index: int, context: Context) -> Step[Divorce]:
    """Judge a divorce, and foresee the entry, the note on the marriage and what becomes of both."""
    found = Findings(index)
    husband, wife = state.person(fact.husband, index), state.person(fact.wife, index)
    found.check_person(husband, "/husband")
    found.check_person(wife, "/wife")
    if husband is None or wife is None:
        return found.step(state)
    couples.check_couple(found, husband, wife, context)
    marriage = state.entry([CertificateKind.MARRIAGE], husband.key, wife.key)
    _check_marriage(found, fact, husband, wife, marriage)
    entries.check_ruling(found, fact.ruling, context, "/ruling")
    day = fact.ruling.holds_from
    late = entries.check_report(found, CertificateKind.DIVORCE, day, context, "/ruling")
    _check_homes(found, state, husband, wife)
    village = turns.village((husband, wife), context)
    if found.refusals or village is None:
        return found.step(state, village_code=village)
    status = MaritalStatus.DIVORCED_REGISTERED
    divorce = Divorce(
        fact,
        husband.key,
        wife.key,
        tuple(turns.ended(state, husband, wife, status, status, context)),
        turns.homes(state, (husband, wife), context),
        marriage.key if marriage else None,
        _words(state, fact, husband, wife, marriage, village),
        late,
        context.reported_on,
    )
    since = Since(day, None, fact.ruling.authority)
    seen = {"final_on": day.isoformat(), "days_late": late}
    return found.step(
        turns.turned(state, divorce.turns),
        divorce,
        *turns.effects(state, divorce.turns, since),
        entries.registered(CertificateKind.DIVORCE, [husband, wife], seen),
        *((entries.noted(marriage, NoteKind.DIVORCE, _note(fact)),) if marriage else ()),
        *((entries.withdrawn(marriage),) if marriage else ()),
        entries.queued(IssuedKind.DIVORCE_CERTIFICATE, [husband, wife]),
        *turns.printed(state, divorce.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, divorce: Divorce, made: Made) -> None:
    """Enter the divorce, write it on the entry of the marriage and on both records."""
    cause, day = "register_divorce", divorce.fact.ruling.holds_from
    new = CertificateData(
        kind=CertificateKind.DIVORCE,
        subject_id=made.person(divorce.husband),
        partner_id=made.person(divorce.wife),
        event_date=day,
        reported_on=divorce.reported_on,
        days_late=divorce.days_late,
        data=divorce.words,
    )
    entry = await entries.register(session, new, IssuedKind.DIVORCE_CERTIFICATE, made, cause)
    if divorce.marriage is not None:
        ruling = divorce.fact.ruling.model_dump(mode="json")
        said = NoteData(
            kind=NoteKind.DIVORCE,
            words=_note(divorce.fact),
            data={"ruling": ruling, "number": entry.number},
        )
        await entries.note(session, divorce.marriage, said, made, cause)
        await entries.withdraw(session, divorce.marriage, made)
    await turns.write(session, divorce.turns, Since(day, entry.number), made, cause)
    for home in divorce.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_marriage(
    found: Findings, fact: RegisterDivorce, husband: Person, wife: Person, entry: Entry | None
) -> None:
    if not couples.may_be_married(husband, wife):
        found.refuse("NOT_MARRIED_TO_EACH_OTHER", "/wife")
        return
    if wife.marital_status is not MaritalStatus.MARRIED_REGISTERED:
        found.refuse("MARRIAGE_NOT_REGISTERED", "/wife")
    couples.warn_of_unlinked(found, husband, wife)
    if entry is not None and fact.ruling.dated < entry.event_date:
        found.refuse("RULING_BEFORE_MARRIAGE", "/ruling/dated")
    if entry is None:
        if husband.religion == wife.religion == ISLAM:
            found.warn("DIVORCE_OF_RELIGIOUS_COURT", "/husband")
        found.warn("MARRIAGE_ENTERED_ELSEWHERE", "/marriage_number")


def _check_homes(found: Findings, state: State, husband: Person, wife: Person) -> None:
    home = state.family_of(husband)
    if home is not None and home == state.family_of(wife):
        found.warn("DIVORCED_ON_ONE_CARD", "/wife")


def _note(fact: RegisterDivorce) -> Words:
    said = entries.cited(fact.ruling)
    return Words(
        f"Perkawinan ini putus karena perceraian berdasarkan putusan {said.id}.",
        f"This marriage was ended by divorce under the ruling of {said.en}.",
    )


def _words(
    state: State,
    fact: RegisterDivorce,
    husband: Person,
    wife: Person,
    marriage: Entry | None,
    village_code: str,
) -> dict[str, Any]:
    """Return the register's own words, and what must come back should the divorce be annulled."""
    return fact.model_dump(mode="json", exclude={"kind", "husband", "wife"}) | {
        "village_code": village_code,
        "marriage": _marriage(fact, marriage),
        "stays_married": turns.other_wife(state, husband, wife) is not None,
    }


def _marriage(fact: RegisterDivorce, entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"number": fact.marriage_number, "married_on": None, "place": None}
    place = entry.data.get("place")
    return {"number": entry.number, "married_on": entry.event_date.isoformat(), "place": place}

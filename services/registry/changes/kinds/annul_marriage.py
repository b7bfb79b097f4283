"""A court finds that a marriage never was: UU 23/2006 art 39, UU 1/1974 art 22 to 28.

Both are again what they were before it; children of the marriage keep their parents (art 28(2)).
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
from shared.contract.facts import AnnulMarriage, MaritalStatus
from shared.language import Words

_MARRIED = {MaritalStatus.MARRIED_REGISTERED, MaritalStatus.MARRIED_UNREGISTERED}


@dataclass(frozen=True, slots=True)
class Annulment:
    """An annulment that may be entered, and what becomes of the two."""

    fact: AnnulMarriage
    husband: Key
    wife: Key
    turns: tuple[Turn, ...]
    homes: tuple[Key, ...]
    marriage: Key | None  # its entry, if it was registered here
    words: dict[str, Any]
    days_late: int
    reported_on: date


def plan(state: State, fact: AnnulMarriage, index: int, context: Context) -> Step[Annulment]:
    """Judge an annulment, and foresee what both are again."""
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
    late = entries.check_report(found, CertificateKind.MARRIAGE_ANNULMENT, day, context, "/ruling")
    village = turns.village((husband, wife), context)
    if found.refusals or village is None:
        return found.step(state, village_code=village)
    his, hers = (_before(fact, marriage, name) for name in ("husband", "wife"))
    annulment = Annulment(
        fact,
        husband.key,
        wife.key,
        tuple(turns.ended(state, husband, wife, his, hers, context)),
        turns.homes(state, (husband, wife), context),
        marriage.key if marriage else None,
        _words(fact, marriage, village),
        late,
        context.reported_on,
    )
    since = Since(day, None, fact.ruling.authority)
    seen = {"final_on": day.isoformat(), "days_late": late}
    return found.step(
        turns.turned(state, annulment.turns),
        annulment,
        *turns.effects(state, annulment.turns, since),
        entries.registered(CertificateKind.MARRIAGE_ANNULMENT, [husband, wife], seen),
        *((entries.cancelled(marriage, _note(fact)),) if marriage else ()),
        entries.queued(IssuedKind.MARRIAGE_ANNULMENT, [husband, wife]),
        *turns.printed(state, annulment.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, annulment: Annulment, made: Made) -> None:
    """Enter the annulment, cancel the entry of the marriage, and write both records back."""
    cause, day = "annul_marriage", annulment.fact.ruling.holds_from
    new = CertificateData(
        kind=CertificateKind.MARRIAGE_ANNULMENT,
        subject_id=made.person(annulment.husband),
        partner_id=made.person(annulment.wife),
        event_date=day,
        reported_on=annulment.reported_on,
        days_late=annulment.days_late,
        data=annulment.words,
    )
    entry = await entries.register(session, new, IssuedKind.MARRIAGE_ANNULMENT, made, cause)
    if annulment.marriage is not None:
        said = NoteData(
            kind=NoteKind.MARRIAGE_ANNULLED,
            words=_note(annulment.fact),
            data={"ruling": annulment.fact.ruling.model_dump(mode="json"), "number": entry.number},
        )
        await entries.cancel(session, annulment.marriage, said, made, cause)
    await turns.write(session, annulment.turns, Since(day, None), made, cause)
    for home in annulment.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_marriage(
    found: Findings, fact: AnnulMarriage, husband: Person, wife: Person, entry: Entry | None
) -> None:
    if not couples.may_be_married(husband, wife):
        found.refuse("NOT_MARRIED_TO_EACH_OTHER", "/wife")
        return
    couples.warn_of_unlinked(found, husband, wife)
    if entry is not None and fact.ruling.dated < entry.event_date:
        found.refuse("RULING_BEFORE_MARRIAGE", "/ruling/dated")
    if entry is None:
        if fact.before is None:
            found.refuse("STATUS_BEFORE_NEEDED", "/before")
        found.warn("MARRIAGE_ENTERED_ELSEWHERE", "/before")


def _before(fact: AnnulMarriage, entry: Entry | None, name: str) -> MaritalStatus:
    """Return what one of the two was before; a marriage to the other counts as none."""
    kept = entry.data.get("before") if entry else None
    if kept is not None:
        status = MaritalStatus(kept[name]["marital_status"])
    elif fact.before is not None:
        status = fact.before.husband if name == "husband" else fact.before.wife
    else:
        status = MaritalStatus.NEVER_MARRIED
    return MaritalStatus.NEVER_MARRIED if status in _MARRIED else status


def _note(fact: AnnulMarriage) -> Words:
    said = entries.cited(fact.ruling)
    return Words(
        f"Perkawinan ini dibatalkan berdasarkan putusan {said.id}.",
        f"This marriage was annulled under the ruling of {said.en}.",
    )


def _words(fact: AnnulMarriage, entry: Entry | None, village_code: str) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude={"kind", "husband", "wife"}) | {
        "village_code": village_code,
        "annulled": {
            "number": entry.number if entry else None,
            "entry": entry.key if entry else None,
        },
    }

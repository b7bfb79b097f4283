"""A court finds that a divorce never was, so that the marriage goes on: UU 23/2006 art 43."""

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
from shared.contract.facts import AnnulDivorce, MaritalStatus
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Reunion:
    """An annulment of a divorce that may be entered, and what becomes of the two."""

    fact: AnnulDivorce
    husband: Key
    wife: Key
    turns: tuple[Turn, ...]
    homes: tuple[Key, ...]
    divorce: Key
    marriage: Key | None  # its entry, if it was registered here
    since: Since
    words: dict[str, Any]
    days_late: int
    reported_on: date


def plan(state: State, fact: AnnulDivorce, index: int, context: Context) -> Step[Reunion]:
    """Judge the annulment of a divorce, and foresee that both are married to each other again."""
    found = Findings(index)
    husband, wife = state.person(fact.husband, index), state.person(fact.wife, index)
    found.check_person(husband, "/husband")
    found.check_person(wife, "/wife")
    if husband is None or wife is None:
        return found.step(state)
    couples.check_couple(found, husband, wife, context)
    divorce = state.entry([CertificateKind.DIVORCE], husband.key, wife.key)
    _check_divorce(found, fact, husband, wife, divorce)
    entries.check_ruling(found, fact.ruling, context, "/ruling")
    late = entries.check_report(
        found, CertificateKind.DIVORCE_ANNULMENT, fact.ruling.holds_from, context, "/ruling"
    )
    village = turns.village((husband, wife), context)
    if found.refusals or divorce is None or village is None:
        return found.step(state, village_code=village)
    marriage = state.entry([CertificateKind.MARRIAGE], husband.key, wife.key)
    married = MaritalStatus.MARRIED_REGISTERED
    reunion = Reunion(
        fact,
        husband.key,
        wife.key,
        tuple(turns.married(husband, wife, married, context)),
        turns.homes(state, (husband, wife), context),
        divorce.key,
        marriage.key if marriage else None,
        _since(divorce),
        _words(fact, divorce, village),
        late,
        context.reported_on,
    )
    seen = {"final_on": fact.ruling.holds_from.isoformat(), "days_late": late}
    return found.step(
        turns.turned(state, reunion.turns),
        reunion,
        *turns.effects(state, reunion.turns, reunion.since),
        entries.registered(CertificateKind.DIVORCE_ANNULMENT, [husband, wife], seen),
        entries.cancelled(divorce, _note(fact)),
        *((entries.noted(marriage, NoteKind.DIVORCE_ANNULLED, _note(fact)),) if marriage else ()),
        entries.queued(IssuedKind.DIVORCE_ANNULMENT, [husband, wife]),
        *((entries.queued(IssuedKind.MARRIAGE_CERTIFICATE, [husband, wife]),) if marriage else ()),
        *turns.printed(state, reunion.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, reunion: Reunion, made: Made) -> None:
    """Enter the annulment, cancel the divorce, and give both their marriage back."""
    cause, ruling = "annul_divorce", reunion.fact.ruling
    new = CertificateData(
        kind=CertificateKind.DIVORCE_ANNULMENT,
        subject_id=made.person(reunion.husband),
        partner_id=made.person(reunion.wife),
        event_date=ruling.holds_from,
        reported_on=reunion.reported_on,
        days_late=reunion.days_late,
        data=reunion.words,
    )
    entry = await entries.register(session, new, IssuedKind.DIVORCE_ANNULMENT, made, cause)
    said = NoteData(
        kind=NoteKind.DIVORCE_ANNULLED,
        words=_note(reunion.fact),
        data={"ruling": ruling.model_dump(mode="json"), "number": entry.number},
    )
    await entries.cancel(session, reunion.divorce, said, made, cause)
    if reunion.marriage is not None:
        noted = await entries.note(session, reunion.marriage, said, made, cause)
        made.print(IssuedKind.MARRIAGE_CERTIFICATE, noted.certificate_id)
    await turns.write(session, reunion.turns, reunion.since, made, cause)
    for home in reunion.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_divorce(
    found: Findings, fact: AnnulDivorce, husband: Person, wife: Person, divorce: Entry | None
) -> None:
    if divorce is None:
        found.refuse("DIVORCE_NOT_FOUND", "/wife")
        return
    if fact.ruling.dated < divorce.event_date:
        found.refuse("RULING_BEFORE_DIVORCE", "/ruling/dated")
    if wife.is_married:
        found.refuse("MARRIED_AGAIN", "/wife", name=wife.full_name)
    if husband.is_married and not divorce.data.get("stays_married"):
        found.refuse("MARRIED_AGAIN", "/husband", name=husband.full_name)


def _since(divorce: Entry) -> Since:
    """Return day and number of the marriage, as the entry of the divorce kept them."""
    kept = divorce.data["marriage"]
    married_on = kept["married_on"]
    return Since(
        date.fromisoformat(married_on) if married_on else divorce.event_date, kept["number"]
    )


def _note(fact: AnnulDivorce) -> Words:
    said = entries.cited(fact.ruling)
    return Words(
        f"Perceraian dibatalkan berdasarkan putusan {said.id}; perkawinan tetap berlangsung.",
        f"The divorce was annulled under the ruling of {said.en}; the marriage goes on.",
    )


def _words(fact: AnnulDivorce, divorce: Entry, village_code: str) -> dict[str, Any]:
    return fact.model_dump(mode="json", exclude={"kind", "husband", "wife"}) | {
        "village_code": village_code,
        "annulled": {"number": divorce.number, "entry": divorce.key},
    }

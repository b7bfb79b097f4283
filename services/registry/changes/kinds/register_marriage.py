"""A marriage that this office registers: UU 23/2006 art 34 and 36, Perpres 96/2018 art 37.

Marriages of Muslims are registered by the KUA, and noted here (UU 23/2006 art 8(2)).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates.rules import CertificateKind
from services.registry.certificates.schemas import CertificateData
from services.registry.changes import couples, entries, turns
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.turns import Since, Turn
from shared.contract.events import IssuedKind
from shared.contract.facts import MaritalStatus, RegisterMarriage

ISLAM = 1
_REGISTERED = MaritalStatus.MARRIED_REGISTERED


@dataclass(frozen=True, slots=True)
class Wedding:
    """A marriage that may be entered, and what becomes of the two."""

    fact: RegisterMarriage
    husband: Key
    wife: Key
    turns: tuple[Turn, ...]
    homes: tuple[Key, ...]
    days_late: int
    context: Context
    words: dict[str, Any]  # of the register


def plan(state: State, fact: RegisterMarriage, index: int, context: Context) -> Step[Wedding]:
    """Judge a marriage, and foresee the entry and what becomes of the two."""
    found = Findings(index)
    husband, wife = state.person(fact.husband, index), state.person(fact.wife, index)
    for person, place in ((husband, "/husband"), (wife, "/wife")):
        _check_person(found, fact, person, place)
    if husband is None or wife is None:
        return found.step(state)
    couples.check_couple(found, husband, wife, context)
    couples.check_day(found, husband, wife, fact.married_on, context, "/married_on")
    _check_rites(found, fact, husband, wife)
    _check_ages(found, fact, husband, wife, context)
    _check_free(found, state, fact, husband, wife)
    entries.check_ruling(found, fact.ruling, context, "/ruling")
    village = turns.village((husband, wife), context)
    since = fact.ruling.holds_from if fact.ruling else fact.married_on
    late = entries.check_report(found, CertificateKind.MARRIAGE, since, context, "/married_on")
    if found.refusals or village is None:
        return found.step(state, village_code=village)
    wedding = Wedding(
        fact,
        husband.key,
        wife.key,
        tuple(_turns(husband, wife, context)),
        turns.homes(state, (husband, wife), context),
        late,
        context,
        _words(fact, husband, wife, village),
    )
    return found.step(
        turns.turned(state, wedding.turns),
        wedding,
        *turns.effects(state, wedding.turns, _since(fact)),
        entries.registered(CertificateKind.MARRIAGE, [husband, wife], _seen(fact, late)),
        entries.queued(IssuedKind.MARRIAGE_CERTIFICATE, [husband, wife]),
        *turns.printed(state, wedding.homes),
        village_code=village,
    )


async def apply(session: AsyncSession, wedding: Wedding, made: Made) -> None:
    """Enter the marriage under a number of today, and write it on both records."""
    fact = wedding.fact
    entry = await entries.register(
        session,
        CertificateData(
            kind=CertificateKind.MARRIAGE,
            subject_id=made.person(wedding.husband),
            partner_id=made.person(wedding.wife),
            event_date=fact.married_on,
            reported_on=wedding.context.reported_on,
            days_late=wedding.days_late,
            data=wedding.words,
        ),
        IssuedKind.MARRIAGE_CERTIFICATE,
        made,
        "register_marriage",
    )
    since = Since(fact.married_on, entry.number)
    await turns.write(session, wedding.turns, since, made, "register_marriage")
    for home in wedding.homes:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


def _check_person(
    found: Findings, fact: RegisterMarriage, person: Person | None, place: str
) -> None:
    # A court may find a marriage after one of the two has died: the heirs ask for it.
    if person is not None and not person.is_alive and fact.ruling is not None:
        found.warn("SPOUSE_DECEASED", place, name=person.full_name)
    else:
        found.check_person(person, place)


def _check_rites(found: Findings, fact: RegisterMarriage, husband: Person, wife: Person) -> None:
    if fact.religion == ISLAM:
        found.refuse("MARRIAGE_OF_KUA", "/religion")
    for person, place in ((husband, "/husband"), (wife, "/wife")):
        if person.religion != fact.religion:
            found.warn("RITES_DIFFER", place, name=person.full_name)


def _check_ages(
    found: Findings, fact: RegisterMarriage, husband: Person, wife: Person, context: Context
) -> None:
    entries.check_ruling(found, fact.dispensation, context, "/dispensation")
    for place, person in couples.too_young(husband, wife, fact.married_on):
        if fact.dispensation is None and fact.ruling is None:
            found.refuse("UNDER_MARRIAGEABLE_AGE", place, name=person.full_name)
        else:
            found.warn("MARRIED_BY_DISPENSATION", place, name=person.full_name)
    if fact.dispensation is not None and fact.dispensation.dated > fact.married_on:
        found.refuse("DISPENSATION_AFTER_MARRIAGE", "/dispensation")


def _check_free(
    found: Findings, state: State, fact: RegisterMarriage, husband: Person, wife: Person
) -> None:
    if couples.are_close_kin(husband, wife):
        found.refuse("CLOSE_KIN", "/wife")
    linked = wife.spouse == husband.key and wife.marital_status is _REGISTERED
    entry = state.entry([CertificateKind.MARRIAGE], husband.key, wife.key)
    if linked or (entry is not None and wife.is_married):
        found.refuse("ALREADY_MARRIED_TO_EACH_OTHER", "/wife")
        return
    couples.check_free(found, husband, wife, fact.court_permission)


def _turns(husband: Person, wife: Person, context: Context) -> Iterator[Turn]:
    """Yield what becomes of the living: who outlived the other is widowed at once."""
    if husband.is_alive and wife.is_alive:
        yield from turns.married(husband, wife, _REGISTERED, context)
        return
    for person in (husband, wife):
        if person.is_alive and not person.is_married:
            yield Turn(person.key, MaritalStatus.WIDOWED, None)


def _since(fact: RegisterMarriage) -> Since:
    return Since(fact.married_on, None, fact.ruling.authority if fact.ruling else fact.leader_name)


def _seen(fact: RegisterMarriage, days_late: int) -> dict[str, Any]:
    return {
        "married_on": fact.married_on.isoformat(),
        "place": fact.place,
        "religion": fact.religion,
        "days_late": days_late,
    }


def _words(
    fact: RegisterMarriage, husband: Person, wife: Person, village_code: str
) -> dict[str, Any]:
    """Return the register's own words, and what the two were before, should it be annulled."""
    stated = fact.model_dump(mode="json", exclude={"kind", "husband", "wife"})
    return stated | {
        "village_code": village_code,
        "before": {
            name: {"marital_status": int(each.marital_status), "spouse": each.spouse}
            for name, each in (("husband", husband), ("wife", wife))
        },
    }

"""A certificate that should never have been: UU 23/2006 art 72, Perpres 96/2018 art 60-62.

By ruling of a court, or taken back by the officer who made it while nobody disputes that it is
untrue (contrarius actus). The entry stays, cancelled, and what it caused is taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards import rules as card_rules
from services.registry.cards.recording import WITH_CARD, Status
from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.certificates.schemas import NoteData
from services.registry.changes import (
    amending,
    correcting,
    homes,
    identity_cards,
    margins,
    quoting,
    undoing,
)
from services.registry.changes.identity_cards import Order
from services.registry.changes.kinds.issue_card import order_identity_card
from services.registry.changes.margins import BIRTHS, Margin
from services.registry.changes.rearranging import Rearrangement, Rearranging
from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Entry, HeldCard, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.changes.undoing import Restored
from services.registry.documents import actions as documents
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.tables import Resident
from shared import outbox
from shared.contract.events import IssuedKind, ResidentRestored
from shared.contract.facts import (
    Basis,
    CancelCertificate,
    CardKind,
    Citizenship,
    Relationship,
)
from shared.contract.plan import Effect
from shared.language import Words

_BY_OFFICER = BIRTHS | {CertificateKind.DEATH.value}


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Which entry ends and why, what goes back, who comes home, and which cards follow."""

    margin: Margin
    since: date
    restored: tuple[Restored, ...]
    rearrangement: Rearrangement
    printed: tuple[Key, ...]  # families whose cards show what goes back
    child_card: tuple[Key, HeldCard] | None  # issued again
    ends_child_card: Key | None  # which rested on the birth certificate
    identity_card: Order | None  # printed again for somebody who was wrongly dead


def plan(state: State, fact: CancelCertificate, index: int, context: Context) -> Step[Cancelled]:
    """Judge a cancellation, and foresee everything that goes back."""
    found = Findings(index)
    entry = quoting.held(found, state, fact.certificate)
    if entry is None:
        return found.step(state)
    subject = quoting.subject_of(state, entry)
    quoting.check_basis(found, fact, subject, context)
    if fact.basis is Basis.OFFICER and entry.kind not in _BY_OFFICER:
        found.refuse("CANCEL_NEEDS_COURT", "/basis")
    for person, decisive in undoing.overtaken(state, entry):
        heard = found.refuse if decisive else found.warn
        heard(
            "CHANGED_SINCE" if decisive else "KEPT_AS_IT_IS_NOW",
            "/certificate",
            name=person.full_name,
        )
    back = tuple(undoing.restorations(state, entry))
    after = state.with_entry(replace(entry, cancelled=True))
    for each in back:
        after = after.with_person(undoing.restored(after.persons[each.person], each.values))
    moving = Rearranging(after)
    if subject is not None and _lives_after_all(state, after, subject):
        returned = moving.state.restored | {subject.key}
        moving.state = replace(moving.state, restored=returned)
        _bring_home(found, moving, fact, entry, after.persons[subject.key], index, context)
    village = quoting.village_of(state, entry)
    if found.refusals:
        return found.step(state, village_code=village)
    cancelled = _cancelled(state, moving, fact, entry, back, context)
    left = _with_cards(moving.state, cancelled)
    effects = _effects(state, moving, entry, cancelled, context)
    return found.step(left, cancelled, *effects, village_code=village)


def _lives_after_all(before: State, after: State, person: Person) -> bool:
    return before.persons[person.key].status == undoing.DEAD and after.persons[person.key].is_alive


async def apply(session: AsyncSession, cancelled: Cancelled, made: Made) -> None:
    """Cancel the entry and every print of it, and write back what it had caused."""
    cause, margin = "cancel_certificate", cancelled.margin
    source = made.source(cause)
    certificate = await margins.entry_of(session, margin.entry)
    note = await certificates.cancel(
        session,
        certificate,
        NoteData(kind=margin.kind, words=margin.words, data=dict(margin.data)),
        source=source,
        today=made.today,
    )
    await documents.revoke(session, certificate.id, today=made.today)
    made.certificates.append(certificate.id)
    made.print(IssuedKind.MARGINAL_NOTE, note.id)
    people = await resident_store.load(
        session, [made.person(each.person) for each in cancelled.restored]
    )
    for each in cancelled.restored:
        resident = people[made.person(each.person)]
        news = {name: _value(name, value) for name, value in each.values.items()}
        was = resident.status
        await residents.change(session, resident, news, source=source, valid_from=cancelled.since)
        if was == undoing.DEAD and resident.status != was:
            alive = ResidentRestored(resident_id=resident.id, village_code=resident.village_code)
            await outbox.add(session, alive)
    await homes.rearrange(session, cancelled.rearrangement, made, cause)
    await _replace_cards(session, cancelled, made, cause)
    for home in cancelled.printed:
        made.print(IssuedKind.FAMILY_CARD, made.touch(home))


async def _replace_cards(
    session: AsyncSession, cancelled: Cancelled, made: Made, cause: str
) -> None:
    source = made.source(cause)
    if cancelled.ends_child_card is not None:
        holder = await _resident(session, cancelled.ends_child_card, made)
        await cards.revoke_child_card(
            session, holder, amending.DATA_CHANGED, source=source, today=made.today
        )
    if cancelled.identity_card is not None:
        await order_identity_card(session, cancelled.identity_card, made, cause)
    if cancelled.child_card is not None:
        key, new = cancelled.child_card
        holder = await _resident(session, key, made)
        kind = card_rules.variant(holder.birth_date, made.today)
        until = new.valid_until or card_rules.valid_until(holder.birth_date, kind)
        card = await cards.issue_child_card(
            session, holder, kind, until, source=source, today=made.today
        )
        made.cards.append(card.id)
        made.print(IssuedKind.CHILD_CARD, card.id)


async def _resident(session: AsyncSession, key: Key, made: Made) -> Resident:
    resident_id = made.person(key)
    return (await resident_store.load(session, [resident_id]))[resident_id]


def _value(column: str, value: Any) -> Any:  # noqa: ANN401 - of whatever type the column has
    """Return what history keeps as JSON in the type of its column."""
    kind = Resident.__table__.c[column].type.python_type
    if value is None or not isinstance(value, str):
        return value
    if kind is date:
        return date.fromisoformat(value)
    return UUID(value) if kind is UUID else value


def _bring_home(
    found: Findings,
    moving: Rearranging,
    fact: CancelCertificate,
    entry: Entry,
    person: Person,
    index: int,
    context: Context,
) -> None:
    """Put somebody who was wrongly dead into a family again."""
    trace = undoing.trace_of(moving.state, entry, person)
    if fact.family is not None:
        host = moving.state.family(fact.family, index)
        found.check_family(host, "/family", context)
        if fact.relationship is Relationship.HEAD:
            found.refuse("HEAD_RELATIONSHIP", "/relationship")
        if host is not None and not found.refusals:
            moving.join(person.key, host.key, fact.relationship or Relationship.OTHER_RELATIVE)
            moving.reprint(host.key)
        return
    back = undoing.place_of_return(moving.state, person, trace)
    if back is not None:
        moving.join(person.key, back.family.key, fact.relationship or back.relationship)
        moving.reprint(back.family.key)
        return
    former = undoing.former_home(moving.state, trace)
    if former is None:
        found.refuse("RETURNS_TO_NO_HOME", "/family")
    elif not may_be_head(person, context.today):
        found.refuse("RETURNING_MINOR", "/family")
    else:
        moving.open(*undoing.own_home(former, person, index))


def _cancelled(
    state: State,
    moving: Rearranging,
    fact: CancelCertificate,
    entry: Entry,
    back: tuple[Restored, ...],
    context: Context,
) -> Cancelled:
    shown = {moving.state.persons[each.person].family for each in back}
    printed = sorted(each for each in shown if each and each not in moving.made.printed)
    subject = moving.state.persons.get(entry.subject or "")
    return Cancelled(
        margin=_margin(fact, entry),
        since=entry.event_date,
        restored=back,
        rearrangement=moving.made,
        printed=tuple(each for each in printed if each in moving.state.families),
        child_card=_child_card(state, moving.state, entry, context),
        ends_child_card=subject.key
        if subject and entry.kind in BIRTHS and subject.card(CardKind.KIA)
        else None,
        identity_card=_identity_card(state, moving.state, subject, context),
    )


def _identity_card(
    before: State, after: State, person: Person | None, context: Context
) -> Order | None:
    """Somebody who held a KTP-el before being wrongly dead gets another, without being recorded.

    A foreigner's ends with a permit of which nothing is known here: it is applied for.
    """
    if person is None or not _lives_after_all(before, after, person):
        return None
    held = Status(person.particulars.recording_status) in WITH_CARD
    owes = correcting.owes_card(person, context.today)
    if not (held and owes and person.citizenship is not Citizenship.FOREIGN):
        return None
    return Order(person.key, None, None, ends_child_card=False, print_at=None)


def _child_card(
    before: State, after: State, entry: Entry, context: Context
) -> tuple[Key, HeldCard] | None:
    """A child who held a card before being wrongly dead gets another."""
    person = after.persons.get(entry.subject or "")
    if person is None or not _lives_after_all(before, after, person):
        return None
    trace = undoing.trace_of(before, entry, person)
    held = trace is not None and trace.before.get("kia_valid_until") is not None
    child = card_rules.may_hold_child_card(
        person.birth_date, context.today, ever_married=person.ever_married
    )
    if not (held and child and person.has_birth_certificate):
        return None
    kind = card_rules.variant(person.birth_date, context.today)
    until = card_rules.valid_until(person.birth_date, kind)
    return person.key, HeldCard(CardKind.KIA, kind, until)


def _with_cards(state: State, cancelled: Cancelled) -> State:
    if cancelled.ends_child_card is not None:
        person = state.persons[cancelled.ends_child_card]
        kept = tuple(each for each in person.cards if each.kind is not CardKind.KIA)
        state = state.with_person(replace(person, cards=kept))
    if cancelled.identity_card is not None:
        order = cancelled.identity_card
        state = identity_cards.with_card(state, state.persons[order.person], order)
    if cancelled.child_card is not None:
        key, card = cancelled.child_card
        person = state.persons[key]
        state = state.with_person(replace(person, cards=(*person.cards, card)))
    return state


def _margin(fact: CancelCertificate, entry: Entry) -> Margin:
    ruling = fact.ruling
    by = Words(
        f"penetapan {ruling.authority} nomor {ruling.number}"
        if ruling
        else "pejabat pencatatan sipil",
        f"ruling of {ruling.authority} no. {ruling.number}" if ruling else "the civil registrar",
    )
    data = {
        "basis": fact.basis.value,
        "why": fact.why,
        "ruling": ruling.model_dump(mode="json") if ruling else None,
    }
    words = Words(
        f"Akta ini dibatalkan oleh {by.id}: {fact.why}.",
        f"This certificate is cancelled by {by.en}: {fact.why}.",
    )
    return Margin(entry.key, NoteKind.CANCELLATION, words, data)


def _effects(
    state: State,
    moving: Rearranging,
    entry: Entry,
    cancelled: Cancelled,
    context: Context,
) -> Iterator[Effect]:
    label = margins.name_of(entry)
    yield Effect(
        effect="certificate.cancelled",
        subject=entry.key,
        before={"number": entry.number},
        after=dict(cancelled.margin.data),
        text_id=f"{label.id.capitalize()} nomor {entry.number} dibatalkan; kutipannya tidak berlaku.",
        text_en=f"The {label.en} no. {entry.number} is cancelled; its quotations end.",
    )
    yield from margins.effects(state, [cancelled.margin])
    for each in cancelled.restored:
        yield from undoing.told(state, each)
    yield from moving.effects
    for home in cancelled.printed:
        yield _printed(home)
    yield from _card_effects(state, moving.state, cancelled, context)


def _printed(home: Key) -> Effect:
    return Effect(
        effect="document.queued",
        subject=home,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga dicetak ulang dengan nomor yang sama.",
        text_en="The family card is printed again under the same number.",
    )


def _card_effects(
    before: State, after: State, cancelled: Cancelled, context: Context
) -> Iterator[Effect]:
    if cancelled.ends_child_card is not None:
        yield amending.ended(after.persons[cancelled.ends_child_card], CardKind.KIA)
    if cancelled.child_card is not None:
        key, card = cancelled.child_card
        name, until = after.persons[key].full_name, str(card.valid_until)
        yield Effect(
            effect="card.issued",
            subject=key,
            after={"kind": CardKind.KIA, "variant": card.variant, "valid_until": until},
            text_id=f"KIA lama {name} tetap dicabut; KIA baru terbit, berlaku sampai {until}.",
            text_en=f"The former child card of {name} stays revoked; a new one is valid until {until}.",
        )
    order = cancelled.identity_card
    if order is not None:
        yield from identity_cards.effects(after.persons[order.person], order)
    for each in cancelled.restored:
        person = after.persons[each.person]
        returned = before.persons[each.person].status == undoing.DEAD and person.is_alive
        holds = person.card(CardKind.KTP_EL) is not None
        if returned and order is not None:
            continue
        if returned and correcting.owes_card(person, context.today):
            yield _apply_for(
                person,
                "KTP-el lama tetap dicabut; ajukan KTP-PRINT agar dicetak baru, tanpa rekam ulang",
                "the former KTP-el stays revoked; apply for KTP-PRINT, without another recording",
            )
        elif holds and "marital_status" in each.values:
            yield _apply_for(
                person,
                "KTP-el memuat status lama; ajukan KTP-CHG dalam 14 hari",
                "the KTP-el shows the old status; apply for KTP-CHG within 14 days",
            )


def _apply_for(person: Person, text_id: str, text_en: str) -> Effect:
    return Effect(
        effect="card.change_due",
        subject=person.key,
        after={"kind": CardKind.KTP_EL},
        text_id=f"{person.full_name}: {text_id}.",
        text_en=f"{person.full_name}: {text_en}.",
    )

"""Elements of a record change: UU 23/2006 art 58, Permendagri 108/2019 art 15. The NIK never does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards import rules as card_rules
from services.registry.changes import correcting
from services.registry.changes.correcting import ELEMENTS, Value
from services.registry.changes.correction_checks import check
from services.registry.changes.state import HeldCard, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared.auth import covers
from shared.contract.corrections import CorrectResident
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind
from shared.contract.plan import Effect

DATA_CHANGED = "DATA_CHANGED"  # why a card ends that shows what is no longer so


@dataclass(frozen=True, slots=True)
class Correction:
    """What is written, since when, and what follows for cards and prints."""

    person: Key
    values: Mapping[str, Value]
    effective_on: date
    family: Key | None  # whose card is printed again
    child_card: HeldCard | None  # the new one
    ends: tuple[CardKind, ...]  # cards that are taken back


def plan(state: State, fact: CorrectResident, index: int, context: Context) -> Step[Correction]:
    """Judge a correction, and re-judge at once what follows from age."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    if person.village_code and not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")
    values = {
        name: value
        for name, value in correcting.asked(fact).items()
        if value != correcting.now(person, name)
    }
    after = _corrected(person, values)
    check(found, state, fact, person, after, values, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    made = _correction(fact, person, after, values, context)
    holder = replace(after, cards=_cards_left(after, made))
    effects = _effects(person, after, made, context)
    left = state.with_person(holder)
    return found.step(left, made, *effects, village_code=person.village_code)


async def apply(session: AsyncSession, correction: Correction, made: Made) -> None:
    """Write the new values as a version of their own day, and replace what shows the old."""
    source = made.source("correct_resident")
    resident_id = made.person(correction.person)
    resident = (await resident_store.load(session, [resident_id]))[resident_id]
    values = dict(correction.values)
    await residents.change(
        session, resident, values, source=source, valid_from=correction.effective_on
    )
    await _replace_cards(session, correction, resident, source, made)
    if correction.family is not None:
        made.print(IssuedKind.FAMILY_CARD, made.touch(correction.family))


async def _replace_cards(
    session: AsyncSession, correction: Correction, holder: Resident, source: Source, made: Made
) -> None:
    if CardKind.KIA in correction.ends:
        await cards.revoke_child_card(
            session, holder, DATA_CHANGED, source=source, today=made.today
        )
    if CardKind.KTP_EL in correction.ends:
        await cards.revoke_identity_card(session, holder, DATA_CHANGED, today=made.today)
    new = correction.child_card
    if new is None or new.valid_until is None or new.variant is None:
        return
    kind = card_rules.Variant(new.variant)
    card = await cards.issue_child_card(
        session, holder, kind, new.valid_until, source=source, today=made.today
    )
    made.cards.append(card.id)
    made.print(IssuedKind.CHILD_CARD, card.id)


def _corrected(person: Person, values: Mapping[str, Value]) -> Person:
    own = {name: value for name, value in values.items() if hasattr(person, name)}
    others: dict[str, Any] = {name: value for name, value in values.items() if name not in own}
    changed: dict[str, Any] = {**own, "particulars": replace(person.particulars, **others)}
    return replace(person, **changed)


def _correction(
    fact: CorrectResident,
    person: Person,
    after: Person,
    values: Mapping[str, Value],
    context: Context,
) -> Correction:
    shown = [ELEMENTS[name] for name in values]
    is_child = card_rules.may_hold_child_card(
        after.birth_date, context.today, ever_married=after.ever_married
    )
    holds, card = person.card(CardKind.KIA), None
    ends_kia = holds is not None and (not is_child or any(each.on_cards for each in shown))
    if ends_kia and is_child:
        kind = card_rules.variant(after.birth_date, context.today)
        until = card_rules.valid_until(after.birth_date, kind)
        card = HeldCard(CardKind.KIA, kind, until)
    too_young = not correcting.owes_card(after, context.today)
    ends_ktp = person.card(CardKind.KTP_EL) is not None and too_young
    ends = [(CardKind.KIA, ends_kia), (CardKind.KTP_EL, ends_ktp)]
    recording = _recording_status(person, after, context.today)
    return Correction(
        person=person.key,
        values={**values, **recording},
        effective_on=fact.effective_on or context.reported_on,
        family=person.family if any(each.on_family_card for each in shown) else None,
        child_card=card,
        ends=tuple(kind for kind, ended in ends if ended),
    )


def _recording_status(person: Person, after: Person, today: date) -> dict[str, Value]:
    """Biometrics once taken stay; only those who never were recorded come under the duty or out."""
    was = person.particulars.recording_status
    owes = correcting.owes_card(after, today)
    if was == "BELUM_WAJIB" and owes:
        return {"recording_status": "UNREGISTERED"}
    if was == "UNREGISTERED" and not owes:
        return {"recording_status": "BELUM_WAJIB"}
    return {}


def _cards_left(person: Person, correction: Correction) -> tuple[HeldCard, ...]:
    kept = tuple(each for each in person.cards if each.kind not in correction.ends)
    return (*kept, correction.child_card) if correction.child_card else kept


def _effects(
    person: Person, after: Person, correction: Correction, context: Context
) -> Iterator[Effect]:
    for name, value in correction.values.items():
        if name in ELEMENTS:
            yield _element(person, name, value, correction.effective_on)
    owed, owes = (correcting.owes_card(each, context.today) for each in (person, after))
    if owed != owes:
        yield _duty(after, owes=owes)
    for kind in correction.ends:
        yield _ended(after, kind)
    yield from _new_cards(after, correction)
    if correction.family is not None:
        yield Effect(
            effect="document.queued",
            subject=correction.family,
            after={"kind": IssuedKind.FAMILY_CARD},
            text_id="Kartu Keluarga dicetak ulang dengan nomor yang sama.",
            text_en="The family card is printed again under the same number.",
        )


def _element(person: Person, name: str, value: Value, since: date) -> Effect:
    element, old = ELEMENTS[name], correcting.now(person, name)
    before, after = correcting.shown(name, old), correcting.shown(name, value)
    return Effect(
        effect="resident.corrected",
        subject=person.key,
        before={name: _plain(old)},
        after={name: _plain(value), "effective_on": since.isoformat()},
        text_id=f"{element.id} {person.full_name} menjadi {after.id} (semula {before.id}).",
        text_en=f"{element.en} of {person.full_name} becomes {after.en} (before: {before.en}).",
    )


def _plain(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _duty(person: Person, *, owes: bool) -> Effect:
    name = person.full_name
    return Effect(
        effect="resident.card_duty",
        subject=person.key,
        after={"must_hold_ktp": owes},
        text_id=f"{name} {'kini' if owes else 'belum'} wajib memiliki KTP-el.",
        text_en=f"{name} {'must now' if owes else 'need not yet'} hold a KTP-el.",
    )


def _ended(person: Person, kind: CardKind) -> Effect:
    label = {"KIA": ("KIA", "child card"), "KTP_EL": ("KTP-el", "KTP-el")}[kind]
    return Effect(
        effect="card.revoked",
        subject=person.key,
        before={"kind": kind},
        after={"reason": DATA_CHANGED},
        text_id=f"{label[0]} lama {person.full_name} ditarik karena datanya berubah.",
        text_en=f"The former {label[1]} of {person.full_name} ends because its data changed.",
    )


def _new_cards(person: Person, correction: Correction) -> Iterator[Effect]:
    card, name = correction.child_card, person.full_name
    if card is not None and card.valid_until is not None:
        until = card.valid_until.isoformat()
        yield Effect(
            effect="card.issued",
            subject=person.key,
            after={"kind": CardKind.KIA, "variant": card.variant, "valid_until": until},
            text_id=f"{name} mendapat KIA tipe {card.variant}, berlaku sampai {until}.",
            text_en=f"{name} gets a child card of type {card.variant}, valid until {until}.",
        )
    keeps = person.card(CardKind.KTP_EL) is not None and CardKind.KTP_EL not in correction.ends
    if keeps and any(ELEMENTS[each].on_cards for each in correction.values if each in ELEMENTS):
        yield Effect(
            effect="card.change_due",
            subject=person.key,
            after={"kind": CardKind.KTP_EL},
            text_id=f"KTP-el {name} memuat data lama; ajukan KTP-CHG dalam 14 hari.",
            text_en=f"The KTP-el of {name} shows the old data; apply for KTP-CHG within 14 days.",
        )

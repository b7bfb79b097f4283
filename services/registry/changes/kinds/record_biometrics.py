"""Recording for the KTP-el, once in life and in person: UU 24/2013 art 63, Perpres 96/2018 art 15."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import recordings
from services.registry.cards.recording import (
    RECORDABLE,
    Status,
    card_from,
    may_be_recorded,
    waits_for_age,
)
from services.registry.changes import identity_cards
from services.registry.changes.state import Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.auth import covers
from shared.codes import find
from shared.contract.facts import CardKind, RecordBiometrics, Visitor
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Taken:
    """Who was recorded, and what the station says of it."""

    person: Key | None  # None of a visitor
    visitor: Visitor | None
    reference: str | None
    quality: int | None
    captured_on: date | None
    print_at: str | None
    card_until: date | None
    wants_card: bool


def plan(state: State, fact: RecordBiometrics, index: int, context: Context) -> Step[Taken]:
    """Judge whether somebody may be recorded, and foresee when the card is printed.

    Reference, quality and day are no part of what is foreseen: they are known only afterwards.
    """
    found = Findings(index)
    if fact.captured_on is not None and fact.captured_on > context.today:
        found.refuse("RECORDED_IN_FUTURE", "/captured_on")
    if fact.visitor is not None:
        return _plan_visitor(found, state, fact, fact.visitor, context)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    if person.village_code is None or not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")
    _check(found, fact, person, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    wants_card = person.card(CardKind.KTP_EL) is None
    taken = _taken(fact, person.key, wants_card=wants_card)
    standing = replace(person.particulars, recording_status=Status.CAPTURED.value)
    return found.step(
        state.with_person(replace(person, particulars=standing)),
        taken,
        *_effects(person, taken, context),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, taken: Taken, made: Made) -> None:
    """Enter the attempt; the worker sends it to the centre."""
    holder = None
    if taken.person is not None:
        resident_id = made.person(taken.person)
        holder = (await resident_store.load(session, [resident_id]))[resident_id]
    capture = recordings.Capture(
        captured_on=taken.captured_on or made.today,
        reference=taken.reference or str(made.source_id),  # the station files it under the case
        quality=taken.quality,
        wants_card=taken.wants_card,
        print_at=taken.print_at,
        card_until=taken.card_until,
        visitor=_written(taken.visitor),
    )
    await recordings.take(
        session,
        holder,
        capture,
        source=made.source("record_biometrics"),
        case_id=made.source_id,
        today=made.today,
    )


def _written(visitor: Visitor | None) -> dict[str, Any] | None:
    return visitor.model_dump(mode="json") if visitor else None


def _taken(fact: RecordBiometrics, person: Key | None, *, wants_card: bool) -> Taken:
    return Taken(
        person=person,
        visitor=fact.visitor,
        reference=fact.reference,
        quality=fact.quality,
        captured_on=fact.captured_on,
        print_at=fact.print_at,
        card_until=fact.permit_until,
        wants_card=wants_card,
    )


def _check(found: Findings, fact: RecordBiometrics, person: Person, context: Context) -> None:
    if person.is_temporary:
        found.refuse("KTP_NEEDS_PERMIT", "/person")
    else:
        identity_cards.check_permit(found, person, fact.permit_until, context)
    married = person.ever_married
    if not may_be_recorded(person.birth_date, context.today, ever_married=married):
        found.refuse("RECORDING_TOO_YOUNG", "/person")
    status = Status(person.particulars.recording_status)
    if status is Status.DUPLICATE:
        found.refuse("KTP_DUPLICATE_RECORD", "/person")
    elif status not in RECORDABLE:
        words = find("status_rekam_ktp", status).name
        found.refuse("RECORDED_ALREADY", "/person", status_id=words.id, status_en=words.en)


def _plan_visitor(
    found: Findings, state: State, fact: RecordBiometrics, visitor: Visitor, context: Context
) -> Step[Taken]:
    if visitor.nik in state.niks or covers([context.regency], visitor.region_code):
        found.refuse("VISITOR_IS_RESIDENT", "/visitor")
    if not may_be_recorded(visitor.birth_date, context.today, ever_married=False):
        found.warn("RECORDING_TOO_YOUNG", "/visitor/birth_date")
    if found.refusals:
        return found.step(state)
    name = visitor.full_name.upper()
    effect = Effect(
        effect="recording.taken",
        subject="visitor",
        after={"region_code": visitor.region_code},
        text_id=f"{name} (luar domisili) direkam; data penduduk di sini tidak berubah.",
        text_en=f"{name}, who lives elsewhere, is recorded; no resident's data changes here.",
    )
    return found.step(state, _taken(fact, None, wants_card=True), effect)


def _effects(person: Person, taken: Taken, context: Context) -> Iterator[Effect]:
    name, married = person.full_name, person.ever_married
    yield Effect(
        effect="recording.taken",
        subject=person.key,
        before={"status": person.particulars.recording_status},
        after={"status": Status.CAPTURED},
        text_id=f"Biometrik {name} direkam dan dikirim ke pusat.",
        text_en=f"The biometrics of {name} are recorded and sent to the ministry's centre.",
    )
    if not taken.wants_card:
        return
    day = card_from(person.birth_date, ever_married=married)
    waits = waits_for_age(person.birth_date, context.today, ever_married=married)
    if waits and day is not None:
        yield Effect(
            effect="card.promised",
            subject=person.key,
            after={"kind": CardKind.KTP_EL, "from": day.isoformat()},
            text_id=f"KTP-el {name} dicetak setelah berusia 17 tahun, mulai {day.isoformat()}.",
            text_en=f"The KTP-el of {name} is printed from the 17th birthday, {day.isoformat()}.",
        )
        return
    yield Effect(
        effect="card.promised",
        subject=person.key,
        after={"kind": CardKind.KTP_EL, "from": None},
        text_id=f"KTP-el {name} dicetak setelah pusat menyatakan datanya tunggal.",
        text_en=f"The KTP-el of {name} is printed once the centre finds the record unique.",
    )
    if person.card(CardKind.KIA) is not None:
        yield Effect(
            effect="card.ends_later",
            subject=person.key,
            after={"kind": CardKind.KIA},
            text_id=f"KIA {name} berakhir saat KTP-el masuk antrean cetak.",
            text_en=f"The child card of {name} ends when the KTP-el is queued for printing.",
        )

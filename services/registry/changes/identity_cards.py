"""Who may get a KTP-el, until when, and what a new one ends: UU 24/2013 art 63-64."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from services.registry.cards.recording import FAILED, PRINTABLE, UNDER_WAY, Status, card_from
from services.registry.changes.state import HeldCard, Key, Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.residents.rules.ages import must_hold_ktp
from shared.auth import covers
from shared.contract.facts import CardKind, Citizenship
from shared.contract.plan import Effect

LABELS = {CardKind.KIA: ("KIA", "child card"), CardKind.KTP_EL: ("KTP-el", "KTP-el")}
WHY = {
    "RAN_OUT": ("habis masa berlakunya", "it ran out"),
    "NEW": ("habis masa berlakunya", "it ran out"),
    "RENEWED": ("diperbarui", "it is renewed"),
    "LOST": ("hilang", "it was lost"),
    "DAMAGED": ("rusak", "it is damaged"),
    "CHANGED": ("datanya berubah", "its data changed"),
    "MOVED": ("pemegangnya pindah datang", "its holder has moved here"),
    "EXPIRED": ("pemegangnya mendapat KTP-el", "its holder gets a KTP-el"),
    "SURRENDERED": ("diserahkan kembali", "it was handed back"),
    "FOUND": ("ditemukan setelah ada penggantinya", "it was found after another took its place"),
    "INVALID": ("tidak sah", "it is not valid"),
    "MISUSED": ("disalahgunakan", "it was misused"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A KTP-el to be printed, and what ends with it."""

    person: Key
    valid_until: date | None  # of a foreigner's; None is for life
    former_ends: str | None  # reason; None when no former card is known
    ends_child_card: bool
    print_at: str | None


def check_home(found: Findings, person: Person, context: Context) -> None:
    """Refuse whoever is in no family of this regency: the card prints its address."""
    if person.family is None or person.village_code is None:
        found.refuse("PERSON_IN_NO_FAMILY", "/person")
    elif not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")


def check_duty(found: Findings, person: Person, context: Context) -> None:
    """Refuse whom the law gives no KTP-el yet."""
    if person.is_temporary:
        found.refuse("KTP_NEEDS_PERMIT", "/person")
        return
    status, citizenship = int(person.marital_status), int(person.citizenship)
    grown = must_hold_ktp(person.birth_date, status, citizenship, person.permit, context.today)
    day = card_from(person.birth_date, ever_married=person.ever_married)
    if not grown and day is not None:
        found.refuse("KTP_NOT_YET", "/person", day=day.isoformat())


def check_recording(found: Findings, person: Person) -> None:
    """Refuse whose recording the centre has not found unique: nothing of it may be printed."""
    status = Status(person.particulars.recording_status)
    if status is Status.DUPLICATE:
        found.refuse("KTP_DUPLICATE_RECORD", "/person")
    elif status in UNDER_WAY:
        found.refuse("KTP_WAITS_FOR_CENTRE", "/person")
    elif status in FAILED:
        found.refuse("KTP_RECORD_AGAIN", "/person")
    elif status not in PRINTABLE:
        found.refuse("KTP_NOT_RECORDED", "/person")


def check_permit(found: Findings, person: Person, until: date | None, context: Context) -> None:
    """Ask until when a foreigner may stay, for the card is valid as long; nobody else has that."""
    foreign = person.citizenship is Citizenship.FOREIGN
    if foreign and until is None:
        found.refuse("PERMIT_END_NEEDED", "/permit_until")
    if not foreign and until is not None:
        found.refuse("KTP_PERMIT_OF_CITIZEN", "/permit_until")
    if foreign and until is not None and until < context.today:
        found.refuse("PERMIT_ENDED", "/permit_until")


def with_card(state: State, person: Person, order: Order) -> State:
    """Return the state in which the card is on its way to the printer."""
    new = HeldCard(CardKind.KTP_EL, None, order.valid_until)
    standing = replace(person.particulars, recording_status=Status.IN_PRINT.value)
    return state.with_person(replace(person, cards=(new,), particulars=standing))


def effects(person: Person, order: Order) -> Iterator[Effect]:
    """Tell what ends, what is printed and where, and until when it is valid."""
    if order.ends_child_card:
        yield revoked(person, CardKind.KIA, "EXPIRED")
    if order.former_ends is not None:
        yield revoked(person, CardKind.KTP_EL, order.former_ends)
    until = order.valid_until.isoformat() if order.valid_until else None
    valid = (f"sampai {until}", f"until {until}") if until else ("seumur hidup", "for life")
    yield Effect(
        effect="card.ordered",
        subject=person.key,
        after={"kind": CardKind.KTP_EL, "valid_until": until, "print_at": order.print_at},
        text_id=f"KTP-el {person.full_name} masuk antrean cetak, berlaku {valid[0]}.",
        text_en=f"The KTP-el of {person.full_name} is queued for printing, valid {valid[1]}.",
    )


def revoked(person: Person, kind: CardKind, reason: str) -> Effect:
    """Tell that a card ends."""
    label, why, card = LABELS[kind], WHY[reason], person.card(kind)
    until = card.valid_until.isoformat() if card and card.valid_until else None
    return Effect(
        effect="card.revoked",
        subject=person.key,
        before={"kind": kind, "valid_until": until},
        after={"reason": reason},
        text_id=f"{label[0]} lama {person.full_name} ditarik karena {why[0]}.",
        text_en=f"The former {label[1]} of {person.full_name} ends because {why[1]}.",
    )

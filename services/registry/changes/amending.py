"""What follows when elements of somebody's record change: cards, prints, relatives' records.

UU 23/2006 art 58 and 64, Permendagri 74/2015: whatever shows what is no longer so is replaced; the
NIK never changes (PP 40/2019 art 30).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from services.registry.cards import recording
from services.registry.cards import rules as card_rules
from services.registry.changes import correcting
from services.registry.changes.correcting import ELEMENTS, Value
from services.registry.changes.state import Family, HeldCard, Key, Person, State
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind
from shared.contract.plan import Effect

DATA_CHANGED = "DATA_CHANGED"  # why a card ends that shows what is no longer so
_LABELS = {"KIA": ("KIA", "child card"), "KTP_EL": ("KTP-el", "KTP-el")}


@dataclass(frozen=True, slots=True)
class Relative:
    """A child whose record names the person as mother or father."""

    person: Key
    element: str  # mother_name or father_name
    name: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """What is written, since when, and what follows for cards, relatives and prints."""

    person: Key
    values: Mapping[str, Value]
    effective_on: date
    family: Key | None  # whose card is printed again
    child_card: HeldCard | None  # the new one
    ends: tuple[CardKind, ...]  # cards that are taken back
    card_from: date | None = None  # when a KTP-el that came too early is printed anew
    relatives: tuple[Relative, ...] = ()
    homes: tuple[Key, ...] = ()  # other families whose cards name the person
    parents: Mapping[str, Key] = field(default_factory=dict)  # mother_id or father_id


def amended(person: Person, values: Mapping[str, Value]) -> Person:
    """Return the person with these elements."""
    own = {name: value for name, value in values.items() if hasattr(person, name)}
    others: dict[str, Any] = {name: value for name, value in values.items() if name not in own}
    changed: dict[str, Any] = {**own, "particulars": replace(person.particulars, **others)}
    return replace(person, **changed)


def amend(
    state: State,
    person: Person,
    values: Mapping[str, Value],
    *,
    since: date,
    today: date,
    withdraw: bool = False,
) -> Amendment:
    """Foresee what follows from new values; with `withdraw` the KTP-el is taken back in any case."""
    after = amended(person, values)
    shown = [ELEMENTS[name] for name in values if name in ELEMENTS]
    is_child = not after.is_temporary and card_rules.may_hold_child_card(
        after.birth_date, today, ever_married=after.ever_married
    )
    holds, card = person.card(CardKind.KIA), None
    ends_kia = holds is not None and (not is_child or any(each.on_cards for each in shown))
    if ends_kia and is_child:
        kind = card_rules.variant(after.birth_date, today)
        card = HeldCard(CardKind.KIA, kind, card_rules.valid_until(after.birth_date, kind))
    too_young = not correcting.owes_card(after, today)
    ends_ktp = person.card(CardKind.KTP_EL) is not None and (too_young or withdraw)
    ends = [(CardKind.KIA, ends_kia), (CardKind.KTP_EL, ends_ktp)]
    day = recording.card_from(after.birth_date, ever_married=after.ever_married)
    waits = ends_ktp and day is not None and day > today
    relatives = tuple(_relatives(state, person, after))
    return Amendment(
        person=person.key,
        values={**values, **_recording_status(person, after, today)},
        effective_on=since,
        family=person.family if any(each.on_family_card for each in shown) else None,
        child_card=card,
        ends=tuple(kind for kind, ended in ends if ended),
        card_from=day if waits else None,
        relatives=relatives,
        homes=tuple(_homes(state, person, relatives)),
    )


def left(state: State, person: Person, amendment: Amendment) -> State:
    """Return the state in which an amendment is carried out."""
    after = amended(person, amendment.values)
    kept = tuple(each for each in person.cards if each.kind not in amendment.ends)
    held = (*kept, amendment.child_card) if amendment.child_card else kept
    mother = amendment.parents.get("mother_id", person.mother)
    father = amendment.parents.get("father_id", person.father)
    state = state.with_person(replace(after, cards=held, mother=mother, father=father))
    for each in amendment.relatives:
        state = state.with_person(amended(state.persons[each.person], {each.element: each.name}))
    return state


def unlike(state: State, person: Person) -> Iterator[Person]:
    """Yield children whose record names this parent otherwise than the parent's own does."""
    for child in _children(state, person):
        named = getattr(child.particulars, _element(child, person))
        if named is not None and named != person.full_name:
            yield child


def _relatives(state: State, person: Person, after: Person) -> Iterator[Relative]:
    if after.full_name == person.full_name:
        return
    for child in _children(state, person):
        element = _element(child, person)
        if getattr(child.particulars, element) == person.full_name:
            yield Relative(child.key, element, after.full_name)


def _children(state: State, person: Person) -> Iterator[Person]:
    found = (each for each in state.persons.values() if person.key in {each.mother, each.father})
    yield from sorted(found, key=lambda each: (each.birth_date, each.key))


def _element(child: Person, parent: Person) -> str:
    # By the link, not by the sex, which a court may have changed since.
    return "mother_name" if child.mother == parent.key else "father_name"


def _homes(state: State, person: Person, relatives: tuple[Relative, ...]) -> Iterator[Key]:
    seen: set[Key | None] = {person.family}
    for each in relatives:
        home = state.family_of(state.persons[each.person])
        if home is not None and not home.closed and home.key not in seen and _is_ours(person, home):
            seen.add(home.key)
            yield home.key


def _is_ours(person: Person, home: Family) -> bool:
    regency = (person.village_code or home.village_code)[:5]
    return covers([regency], home.village_code)


def _recording_status(person: Person, after: Person, today: date) -> dict[str, Value]:
    """Biometrics once taken stay; only those who never were recorded come under the duty or out."""
    was = person.particulars.recording_status
    owes = correcting.owes_card(after, today)
    if was == "BELUM_WAJIB" and owes:
        return {"recording_status": "UNREGISTERED"}
    if was == "UNREGISTERED" and not owes:
        return {"recording_status": "BELUM_WAJIB"}
    return {}


def effects(state: State, amendment: Amendment, today: date) -> Iterator[Effect]:
    """Tell every consequence; `state` is as it was before."""
    person = state.persons[amendment.person]
    after = amended(person, amendment.values)
    for name, value in amendment.values.items():
        if name in ELEMENTS:
            yield _element_changed(person, name, value, amendment.effective_on)
    owed, owes = (correcting.owes_card(each, today) for each in (person, after))
    if owed != owes:
        yield _duty(after, owes=owes)
    for kind in amendment.ends:
        yield ended(after, kind)
    yield from _new_cards(after, amendment)
    if amendment.family is not None:
        yield _printed_again(amendment.family)
    for each in amendment.relatives:
        yield _renamed_parent(state.persons[each.person], each)
    for home in amendment.homes:
        yield _printed_again(home)


def _element_changed(person: Person, name: str, value: Value, since: date) -> Effect:
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
    if isinstance(value, int):
        return int(value)
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


def ended(person: Person, kind: CardKind) -> Effect:
    """Tell that a card ends because it shows what is no longer so."""
    label = _LABELS[kind]
    return Effect(
        effect="card.revoked",
        subject=person.key,
        before={"kind": kind},
        after={"reason": DATA_CHANGED},
        text_id=f"{label[0]} lama {person.full_name} ditarik karena datanya berubah.",
        text_en=f"The former {label[1]} of {person.full_name} ends because its data changed.",
    )


def _new_cards(person: Person, amendment: Amendment) -> Iterator[Effect]:
    card, name = amendment.child_card, person.full_name
    if card is not None and card.valid_until is not None:
        until = card.valid_until.isoformat()
        yield Effect(
            effect="card.issued",
            subject=person.key,
            after={"kind": CardKind.KIA, "variant": card.variant, "valid_until": until},
            text_id=f"{name} mendapat KIA tipe {card.variant}, berlaku sampai {until}.",
            text_en=f"{name} gets a child card of type {card.variant}, valid until {until}.",
        )
    if amendment.card_from is not None:
        yield _promised(person, amendment.card_from)
    keeps = person.card(CardKind.KTP_EL) is not None and CardKind.KTP_EL not in amendment.ends
    if keeps and any(ELEMENTS[each].on_cards for each in amendment.values if each in ELEMENTS):
        yield Effect(
            effect="card.change_due",
            subject=person.key,
            after={"kind": CardKind.KTP_EL},
            text_id=f"KTP-el {name} memuat data lama; ajukan KTP-CHG dalam 14 hari.",
            text_en=f"The KTP-el of {name} shows the old data; apply for KTP-CHG within 14 days.",
        )


def _promised(person: Person, day: date) -> Effect:
    return Effect(
        effect="card.promised",
        subject=person.key,
        after={"kind": CardKind.KTP_EL, "from": day.isoformat()},
        text_id=f"KTP-el {person.full_name} dicetak setelah berusia 17 tahun, mulai {day}.",
        text_en=f"The KTP-el of {person.full_name} is printed from the 17th birthday, {day}.",
    )


def _renamed_parent(child: Person, relative: Relative) -> Effect:
    label = ELEMENTS[relative.element]
    old = getattr(child.particulars, relative.element)
    return Effect(
        effect="resident.parent_renamed",
        subject=child.key,
        before={relative.element: old},
        after={relative.element: relative.name},
        text_id=f"{label.id} pada data {child.full_name} ikut menjadi {relative.name}.",
        text_en=f"{label.en} on the record of {child.full_name} becomes {relative.name} as well.",
    )


def _printed_again(family: Key) -> Effect:
    return Effect(
        effect="document.queued",
        subject=family,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga dicetak ulang dengan nomor yang sama.",
        text_en="The family card is printed again under the same number.",
    )

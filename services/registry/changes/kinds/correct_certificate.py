"""A certificate that says something wrong: UU 23/2006 art 71, Perpres 96/2018 art 59."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import CertificateKind, NoteKind
from services.registry.changes import amending, certified, correcting, margins, quoting, records
from services.registry.changes.amending import Amendment
from services.registry.changes.certified import LABELS, Parents
from services.registry.changes.correction_checks import check_age, check_new_faults, check_number
from services.registry.changes.margins import BIRTHS, Margin
from services.registry.changes.state import Entry, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.events import IssuedKind
from shared.contract.facts import CorrectCertificate, PersonRef, Sex
from shared.contract.plan import Effect
from shared.language import Words


@dataclass(frozen=True, slots=True)
class Corrected:
    """The register's new words, the note that keeps the old, and the record that follows."""

    entry: Key
    data: Mapping[str, Any]
    margin: Margin
    paper: IssuedKind
    amendment: Amendment | None


def plan(state: State, fact: CorrectCertificate, index: int, context: Context) -> Step[Corrected]:
    """Judge a correction, and foresee entry, note, record and every paper that shows it."""
    found = Findings(index)
    entry = quoting.held(found, state, fact.certificate)
    if entry is None:
        return found.step(state)
    subject = quoting.subject_of(state, entry)
    parents = _parents(found, state, fact, index)
    words = {
        name: value
        for name, value in certified.asked(fact.to, parents).items()
        if certified.plain(value) != certified.now(entry, name)
    }
    quoting.check_basis(found, fact, subject, context)
    certified.check(found, fact, entry, words, context)
    values = _values(entry, subject, words)
    if subject is not None and values:
        _check_record(found, state, subject, values, context)
    village = quoting.village_of(state, entry)
    if found.refusals:
        return found.step(state, village_code=village)
    corrected = _corrected(state, fact, entry, subject, words, parents, context)
    after = state.with_entry(replace(entry, data=corrected.data))
    if subject is not None and corrected.amendment is not None:
        after = amending.left(after, subject, corrected.amendment)
    effects = _effects(state, entry, words, corrected, context)
    return found.step(after, corrected, *effects, village_code=village)


async def apply(session: AsyncSession, corrected: Corrected, made: Made) -> None:
    """Write the new words with a note of the old, and let the record and its cards follow."""
    cause = "correct_certificate"
    [certificate] = await margins.write(session, [corrected.margin], made, cause)
    await certificates.rewrite(session, certificate, corrected.data)
    made.certificates.append(certificate.id)
    made.print(corrected.paper, certificate.id)
    if corrected.amendment is not None:
        await records.write(session, corrected.amendment, made, cause)


def _parents(found: Findings, state: State, fact: CorrectCertificate, index: int) -> Parents:
    mother = _parent(found, state, fact.to.mother, index, "/to/mother")
    father = _parent(found, state, fact.to.father, index, "/to/father")
    if mother is not None and mother.sex is not Sex.FEMALE:
        found.refuse("MOTHER_NOT_FEMALE", "/to/mother")
    if father is not None and father.sex is not Sex.MALE:
        found.refuse("FATHER_NOT_MALE", "/to/father")
    return Parents(mother, father)


def _parent(
    found: Findings, state: State, ref: PersonRef | None, index: int, place: str
) -> Person | None:
    parent = state.person(ref, index)
    if ref is not None and parent is None:
        found.refuse("PERSON_NOT_FOUND", place)
    return parent


def _values(entry: Entry, subject: Person | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """The record follows a birth certificate (PP 40/2019 art 33), as far as it differs from it."""
    if subject is None or entry.kind not in BIRTHS:
        return {}
    told = {name: value for name, value in words.items() if name != "birth_order"}
    return {name: each for name, each in told.items() if each != correcting.now(subject, name)}


def _check_record(
    found: Findings,
    state: State,
    subject: Person,
    values: Mapping[str, Any],
    context: Context,
) -> None:
    after = amending.amended(subject, values)
    check_number(found, after, {name: f"/to/{name}" for name in values})
    if "birth_date" in values:
        check_age(found, state, after, "/to/birth_date", context)
    if "full_name" in values:
        check_new_faults(found, subject.full_name, after.full_name, "/to/full_name")
    for child in amending.unlike(state, subject) if "full_name" in values else ():
        found.warn("PARENT_NAMED_OTHERWISE", "/to/full_name", name=child.full_name)


def _corrected(
    state: State,
    fact: CorrectCertificate,
    entry: Entry,
    subject: Person | None,
    words: Mapping[str, Any],
    parents: Parents,
    context: Context,
) -> Corrected:
    amendment = None
    values = _values(entry, subject, words)
    links = {"mother_id": parents.mother, "father_id": parents.father}
    linked = {name: each.key for name, each in links.items() if each is not None}
    if subject is not None and (values or linked) and entry.kind in BIRTHS:
        amendment = amending.amend(
            state, subject, values, since=subject.birth_date, today=context.today
        )
        amendment = replace(amendment, parents=linked)
    return Corrected(
        entry=entry.key,
        data=certified.rewritten(entry, words, parents),
        margin=_margin(fact, entry, words),
        paper=quoting.QUOTED[CertificateKind(entry.kind)],
        amendment=amendment,
    )


def _margin(fact: CorrectCertificate, entry: Entry, words: Mapping[str, Any]) -> Margin:
    changes = [_change(entry, name, value) for name, value in words.items()]
    ruling = fact.ruling
    by = Words(
        f"penetapan {ruling.authority} nomor {ruling.number}"
        if ruling
        else "pejabat pencatatan sipil",
        f"ruling of {ruling.authority} no. {ruling.number}" if ruling else "the civil registrar",
    )
    data = {
        "before": {name: certified.now(entry, name) for name in words},
        "after": {name: certified.plain(value) for name, value in words.items()},
        "basis": fact.basis.value,
        "why": fact.why,
        "ruling": ruling.model_dump(mode="json") if ruling else None,
    }
    told_id = "; ".join(each.id for each in changes)
    told_en = "; ".join(each.en for each in changes)
    text = Words(f"Dibetulkan oleh {by.id}: {told_id}.", f"Corrected by {by.en}: {told_en}.")
    return Margin(entry.key, NoteKind.CORRECTION, text, data)


def _change(entry: Entry, name: str, value: Any) -> Words:  # noqa: ANN401 - a word of the register
    label, old = LABELS[name], certified.now(entry, name)
    before, after = _shown(name, old), _shown(name, value)
    return Words(
        f"{label.id} dari {before.id} menjadi {after.id}",
        f"{label.en} from {before.en} to {after.en}",
    )


def _shown(name: str, value: Any) -> Words:  # noqa: ANN401 - a word of the register
    return correcting.shown(name if name in correcting.ELEMENTS else "birth_place_code", value)


def _effects(
    state: State,
    entry: Entry,
    words: Mapping[str, Any],
    corrected: Corrected,
    context: Context,
) -> Iterator[Effect]:
    label = margins.name_of(entry)
    for name, value in words.items():
        told = _change(entry, name, value)
        yield Effect(
            effect="certificate.corrected",
            subject=entry.key,
            before={name: certified.now(entry, name)},
            after={name: certified.plain(value), "number": entry.number},
            text_id=f"{told.id} pada {label.id} nomor {entry.number}.",
            text_en=f"{told.en} on the {label.en} no. {entry.number}.",
        )
    yield from margins.effects(state, [corrected.margin])
    yield quoting.quoted(entry)
    amendment = corrected.amendment
    if amendment is not None:
        yield from amending.effects(state, amendment, context.today)
        yield from _linked(state, amendment)


def _linked(state: State, amendment: Amendment) -> Iterator[Effect]:
    child = state.persons[amendment.person]
    labels = {"mother_id": ("ibu", "mother"), "father_id": ("ayah", "father")}
    for name, key in amendment.parents.items():
        parent, label = state.persons[key], labels[name]
        yield Effect(
            effect="resident.parent_linked",
            subject=child.key,
            after={name: key},
            text_id=f"{parent.full_name} tercatat sebagai {label[0]} dari {child.full_name}.",
            text_en=f"{parent.full_name} is recorded as the {label[1]} of {child.full_name}.",
        )

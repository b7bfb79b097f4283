"""A birth: a new resident, their certificate. UU 24/2013 art 27, 29 and 32, Perpres 96/2018 art 33.

A child that has a NIK already keeps it and gets the certificate only; of a birth that another
country certified there is no certificate of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.certificates import actions as certificates
from services.registry.certificates.rules import LETTERS, CertificateKind, birth_kind, days_late
from services.registry.certificates.schemas import CertificateData
from services.registry.changes import amending, births, correcting, records
from services.registry.changes.amending import Amendment
from services.registry.changes.birth_checks import (
    check_days,
    check_existing,
    check_parents,
    check_siblings,
    lodging,
    named_father,
)
from services.registry.changes.naming import UNKNOWN_MOTHER, recorded
from services.registry.changes.state import Family, Person, State, new_key
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.documents.rules import Parentage
from services.registry.residents import actions as residents
from services.registry.residents.schemas import ResidentData
from services.registry.residents.tables import Resident
from shared.contract.events import IssuedKind
from shared.contract.facts import BirthReport, Citizenship, ForeignCertificate, ReportBirthAbroad
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Birth:
    """What a report of birth comes to."""

    child: Person
    fact: BirthReport
    mother: Person | None
    father: Person | None  # None also when the marriage is not proved
    parentage: Parentage
    kind: CertificateKind
    reported_on: date
    days_late: int
    village_code: str
    wording: births.Wording
    amendment: Amendment | None = None  # of a child that has a NIK

    @property
    def abroad(self) -> ForeignCertificate | None:
        """The certificate of the country of birth, which stands in place of ours."""
        fact = self.fact
        return fact.certificate if isinstance(fact, ReportBirthAbroad) else None


def plan(state: State, fact: BirthReport, index: int, context: Context) -> Step[Birth]:
    """Judge a birth and foresee the resident and their certificate."""
    found = Findings(index)
    mother, father = state.person(fact.mother, index), state.person(fact.father, index)
    existing = state.person(fact.existing, index)
    family = _family(state, fact, existing or mother, index)
    reported_on = fact.reported_on or context.reported_on
    found.check_name(fact.child.full_name, "/child/full_name")
    check_days(found, fact, reported_on, context.today)
    check_parents(found, fact, mother, father)
    check_siblings(found, state, fact, mother, index, existing)
    if fact.existing is not None:
        check_existing(found, state, fact, existing, mother)
    lodger = None if family else lodging(found, mother, father, context)
    if lodger is None or fact.family is not None:
        found.check_family(family, "/family", context)
    named = named_father(found, fact, mother, father, family)
    child = _child(state, fact, mother, named, family, index)
    home = family or lodger
    village = home.village_code if home else None
    birth = _birth(fact, child, mother, named, family, village, reported_on)
    if existing is not None and birth is not None:
        return _certified(found, state, birth, existing, context)
    if birth is None:
        return found.step(state.with_person(child))
    return found.step(
        state.with_person(child), birth, *_effects(birth), village_code=birth.village_code
    )


def _certified(
    found: Findings, state: State, birth: Birth, existing: Person, context: Context
) -> Step[Birth]:
    """Foresee the certificate of somebody who has a NIK; the record follows it."""
    child = birth.child
    told = {
        "full_name": child.full_name,
        "birth_place": recorded(birth.fact.child.birth_place),
        "mother_name": birth.mother.full_name if birth.mother else UNKNOWN_MOTHER,
        "father_name": birth.father.full_name if birth.father else None,
    }
    values = {name: each for name, each in told.items() if each != correcting.now(existing, name)}
    links = {"mother_id": child.mother, "father_id": child.father}
    amendment = amending.amend(
        state, existing, values, since=existing.birth_date, today=context.today
    )
    parents = {name: key for name, key in links.items() if key is not None}
    amendment = replace(amendment, parents=parents)
    certified = replace(birth, child=replace(child, key=existing.key), amendment=amendment)
    left = amending.left(state, existing, amendment)
    held = replace(left.persons[existing.key], has_birth_certificate=True)
    effects = (
        *amending.effects(state, amendment, context.today),
        *list(_effects(certified))[1:],
    )
    return found.step(left.with_person(held), certified, *effects, village_code=birth.village_code)


async def apply(session: AsyncSession, birth: Birth, made: Made) -> None:
    """Enter the child with a NIK, and the birth in the register under a number of today."""
    source = made.source("register_birth")
    child = birth.child
    if birth.amendment is not None:
        resident = await records.write(session, birth.amendment, made, "register_birth")
    else:
        resident = await residents.register(
            session, _biodata(birth, made), source=source, today=made.today
        )
        made.people[child.key] = resident.id
    number = birth.abroad.number if birth.abroad else await _enter(session, birth, resident, made)
    held = {"birth_certificate_number": number}
    await residents.change(session, resident, held, source=source, valid_from=made.today)


async def _enter(session: AsyncSession, birth: Birth, resident: Resident, made: Made) -> str:
    """Write the register, have its quotation printed, and return the number."""
    certificate = await certificates.register(
        session,
        CertificateData(
            kind=birth.kind,
            subject_id=resident.id,
            event_date=birth.child.birth_date,
            reported_on=birth.reported_on,
            days_late=birth.days_late,
            data=_register_words(birth),
        ),
        source=made.source("register_birth"),
        today=made.today,
    )
    made.certificates.append(certificate.id)
    made.print(IssuedKind.BIRTH_CERTIFICATE, certificate.id)
    return certificate.number


def _family(state: State, fact: BirthReport, close: Person | None, index: int) -> Family | None:
    return state.family(fact.family, index) if fact.family else state.family_of(close)


def _child(
    state: State,
    fact: BirthReport,
    mother: Person | None,
    father: Person | None,
    family: Family | None,
    index: int,
) -> Person:
    head = state.persons.get(family.head) if family else None
    citizen = births.citizenship(mother, father)
    return Person(
        key=new_key(index),
        full_name=recorded(fact.child.full_name),
        sex=fact.child.sex,
        birth_date=fact.child.birth_date,
        religion=births.religion(mother, father, head),
        citizenship=citizen,
        permit=mother.permit if mother and citizen is Citizenship.FOREIGN else None,
        mother=mother.key if mother else None,
        father=father.key if father else None,
        joins=family.key if family else None,
        birth_order=fact.child.birth_order,
        has_birth_certificate=True,
    )


def _birth(
    fact: BirthReport,
    child: Person,
    mother: Person | None,
    father: Person | None,
    family: Family | None,
    village_code: str | None,
    reported_on: date,
) -> Birth | None:
    if village_code is None:
        return None
    evidence = fact.marriage_evidence
    shown = births.parentage(mother, father, evidence, family)
    names = [each.full_name if each else None for each in (father, mother)]
    return Birth(
        child=child,
        fact=fact,
        mother=mother,
        father=father,
        parentage=shown,
        kind=birth_kind(child.birth_date, reported_on),
        reported_on=reported_on,
        days_late=days_late(child.birth_date, reported_on),
        village_code=village_code,
        wording=births.wording(shown, fact.child.birth_order, child.sex, *names),
    )


def _effects(birth: Birth) -> Iterator[Effect]:
    child, place = birth.child, recorded(birth.fact.child.birth_place)
    letters = LETTERS[birth.kind]
    yield Effect(
        effect="resident.registered",
        subject=child.key,
        after=_seen(birth) | {"birth_place": place, "nik_district": birth.village_code[:8]},
        text_id=f"{child.full_name} didaftarkan sebagai penduduk dan mendapat NIK.",
        text_en=f"{child.full_name} is registered as a resident and gets a NIK.",
    )
    if birth.abroad is not None:
        yield _reported(birth, birth.abroad)
        return
    yield Effect(
        effect="certificate.registered",
        subject=child.key,
        after={
            "kind": birth.kind,
            "letters": letters,
            "days_late": birth.days_late,
            "parentage": birth.parentage,
            "wording_id": birth.wording.id,
            "wording_en": birth.wording.en,
        },
        text_id=f"Akta kelahiran ({letters}) dicatat: {child.full_name}, {birth.wording.id}.",
        text_en=f"A birth certificate ({letters}) is registered: {child.full_name}, {birth.wording.en}.",
    )
    yield Effect(
        effect="document.queued",
        subject=child.key,
        after={"kind": IssuedKind.BIRTH_CERTIFICATE},
        text_id=f"Kutipan akta kelahiran {child.full_name} diterbitkan.",
        text_en=f"The birth certificate of {child.full_name} is issued.",
    )


def _reported(birth: Birth, abroad: ForeignCertificate) -> Effect:
    name = birth.child.full_name
    return Effect(
        effect="birth.reported",
        subject=birth.child.key,
        after=abroad.model_dump(mode="json") | {"wording_id": birth.wording.id},
        text_id=f"Kelahiran {name} di {abroad.country} dilaporkan dengan akta {abroad.authority} "
        f"nomor {abroad.number}; akta kelahiran di sini tidak diterbitkan.",
        text_en=f"The birth of {name} in {abroad.country} is reported by the certificate of "
        f"{abroad.authority} no. {abroad.number}; no certificate is made here.",
    )


def _seen(birth: Birth) -> dict[str, Any]:
    child = birth.child
    return {
        "full_name": child.full_name,
        "sex": child.sex,
        "birth_date": child.birth_date.isoformat(),
        "religion": child.religion,
        "citizenship": int(child.citizenship),
        "mother_id": child.mother,
        "mother_name": birth.mother.full_name if birth.mother else None,
        "father_id": child.father,
        "father_name": birth.father.full_name if birth.father else None,
    }


def _biodata(birth: Birth, made: Made) -> ResidentData:
    child, born = birth.child, birth.fact.child
    return ResidentData(
        full_name=child.full_name,
        sex=child.sex,
        birth_place=recorded(born.birth_place),
        birth_place_code=born.birth_place_code,
        birth_date=child.birth_date,
        religion=child.religion,
        marital_status=child.marital_status,
        citizenship=child.citizenship,
        permit=child.permit,
        mother_name=birth.mother.full_name if birth.mother else UNKNOWN_MOTHER,
        mother_id=made.parent(child.mother),
        father_name=birth.father.full_name if birth.father else None,
        father_id=made.parent(child.father),
        village_code=birth.village_code,
    )


def _register_words(birth: Birth) -> dict[str, Any]:
    """Return what the register keeps beside the columns: the whole report and the wording."""
    words = birth.fact.model_dump(
        mode="json", exclude={"kind", "mother", "father", "family", "existing", "cleared_of"}
    )
    return (
        words
        | _seen(birth)
        | {
            "parentage": birth.parentage,
            "wording_id": birth.wording.id,
            "wording_en": birth.wording.en,
            "child_order": birth.fact.child.birth_order,
            "village_code": birth.village_code,
        }
    )

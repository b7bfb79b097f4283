"""What is looked at when an element of a record changes: proof, days, names, family, children."""

from collections.abc import Mapping

from services.registry.changes import births, correcting
from services.registry.changes.correcting import BELIEF, Value
from services.registry.changes.state import Person, State
from services.registry.changes.steps import Context, Findings
from services.registry.residents.rules import names, nik
from services.registry.residents.rules.ages import ADULT, age
from shared.contract.corrections import CorrectResident, Proof, ProofKind
from shared.contract.facts import Sex
from shared.contract.plan import Remark

_BIRTH_PROOFS = {ProofKind.BIRTH_CERTIFICATE, ProofKind.DIPLOMA, ProofKind.COURT_RULING}
_CIVIL_PROOFS = {ProofKind.BIRTH_CERTIFICATE, ProofKind.COURT_RULING}


def check(
    found: Findings,
    state: State,
    fact: CorrectResident,
    person: Person,
    after: Person,
    values: Mapping[str, Value],
    context: Context,
) -> None:
    """Judge everything that a correction changes."""
    if not values:
        found.refuse("NOTHING_TO_CHANGE", "/to")
    _check_days(found, fact, after, context)
    _check_names(found, fact, person, values)
    _check_beliefs(found, fact, after, values)
    _check_body(found, fact, person, values)
    if {"birth_place", "birth_place_code", "birth_date", "birth_date_precision"} & set(values):
        _check_birth(found, fact.proof, person)
    if "birth_date" in values:
        check_age(found, state, after, "/to/birth_date", context)
    if {"birth_date", "sex"} & set(values):
        check_number(found, after, {each: f"/to/{each}" for each in values})
    if after.particulars.education < person.particulars.education:
        found.warn("EDUCATION_LOWER", "/to/education")


def _check_days(found: Findings, fact: CorrectResident, after: Person, context: Context) -> None:
    effective_on = fact.effective_on or context.reported_on
    if effective_on > context.today:
        found.refuse("CORRECTION_IN_FUTURE", "/effective_on")
    if fact.proof.issued_on is not None and fact.proof.issued_on > context.today:
        found.refuse("CORRECTION_IN_FUTURE", "/proof/issued_on")
    if after.birth_date > context.today:
        found.refuse("CORRECTION_IN_FUTURE", "/to/birth_date")
    elif effective_on < after.birth_date:
        found.refuse("CORRECTION_BEFORE_BIRTH", "/effective_on")


def _check_names(
    found: Findings, fact: CorrectResident, person: Person, values: Mapping[str, Value]
) -> None:
    if isinstance(name := values.get("full_name"), str):
        if not correcting.is_typing_error(person.full_name, name):
            found.refuse("NAME_CHANGE_NEEDS_COURT", "/to/full_name")
        check_new_faults(found, person.full_name, name, "/to/full_name")
        if name[:1] != person.full_name[:1]:
            found.warn("NAME_BEGINS_OTHERWISE", "/to/full_name", old=person.full_name, new=name)
    parents = [each for each in ("mother_name", "father_name") if each in values]
    if fact.proof.paper not in _CIVIL_PROOFS:
        for each in parents:
            found.refuse("PARENT_PROOF_NEEDED", f"/to/{each}")


def check_new_faults(found: Findings, old: str, name: str, place: str) -> None:
    """Judge only what the correction brings: a name of before 2022 stays valid as it is."""
    known = {each.rule for each in names.findings(old)}
    for finding in names.findings(name):
        if finding.rule in known:
            continue
        heard = found.refusals if finding.blocks else found.warnings
        heard.append(
            Remark(
                rule=finding.rule,
                pointer=found.pointer(place),
                text_id=finding.text_id,
                text_en=finding.text_en,
                law=finding.law,
            )
        )


def _check_beliefs(
    found: Findings, fact: CorrectResident, after: Person, values: Mapping[str, Value]
) -> None:
    if not {"religion", "belief_organisation"} & set(values):
        return
    proof = fact.proof
    if proof.paper is not ProofKind.RELIGION_LETTER or not (proof.number or proof.issuer):
        found.refuse("RELIGION_PROOF_NEEDED", "/proof")
    organisation = after.particulars.belief_organisation
    if after.religion == BELIEF and organisation is None:
        found.refuse("BELIEF_ORGANISATION_NEEDED", "/to/belief_organisation")
    if after.religion != BELIEF and organisation is not None:
        found.refuse("BELIEF_ORGANISATION_ONLY", "/to/belief_organisation")


def _check_body(
    found: Findings, fact: CorrectResident, person: Person, values: Mapping[str, Value]
) -> None:
    proof = fact.proof
    ruled = proof.paper is ProofKind.COURT_RULING and proof.number and proof.issued_on
    if "sex" in values and not ruled:
        found.refuse("SEX_NEEDS_COURT", "/proof")
    if "sex" in values and person.is_married:
        found.warn("SEX_OF_SPOUSE", "/to/sex")
    known = person.particulars.blood_type != correcting.UNKNOWN_BLOOD
    if "blood_type" in values and known and proof.paper is not ProofKind.MEDICAL_LETTER:
        found.refuse("BLOOD_PROOF_NEEDED", "/proof")


def _check_birth(found: Findings, proof: Proof, person: Person) -> None:
    if proof.paper not in _BIRTH_PROOFS:
        found.refuse("BIRTH_PROOF_NEEDED", "/proof")
    elif person.has_birth_certificate and proof.paper not in _CIVIL_PROOFS:
        found.refuse("CERTIFICATE_DECIDES", "/proof")


def check_age(found: Findings, state: State, after: Person, place: str, context: Context) -> None:
    """Judge by a new birth date at once whatever depends on age."""
    home = state.family_of(after)
    young = age(after.birth_date, context.today) < ADULT and not after.ever_married
    if home is not None and home.head == after.key and young:
        found.refuse("HEAD_TOO_YOUNG", place)
    for child in state.persons.values():
        if after.key in {child.mother, child.father} and _is_unlikely(after, child):
            found.warn("PARENT_AGE_UNLIKELY", place, name=child.full_name)


def _is_unlikely(parent: Person, child: Person) -> bool:
    years = age(parent.birth_date, child.birth_date)
    if parent.sex is Sex.FEMALE:
        return not births.YOUNGEST_MOTHER <= years <= births.OLDEST_MOTHER
    return years < births.YOUNGEST_FATHER


def check_number(found: Findings, after: Person, places: Mapping[str, str]) -> None:
    """Note where a NIK, which never changes, will tell another birth date or sex than the record.

    `places` are those of the elements that change.
    """
    number = after.particulars.nik
    if not number:
        return
    told = {"NIK_DOB_MISMATCH": "birth_date", "NIK_SEX_MISMATCH": "sex"}
    for each in nik.anomalies(number, after.birth_date, after.sex):
        if (place := places.get(told[each.rule])) is not None:
            found.warnings.append(
                Remark(
                    rule=each.rule,
                    pointer=found.pointer(place),
                    text_id=each.text_id,
                    text_en=each.text_en,
                    law="PP 40/2019 art 30",
                )
            )

"""What a case is about, so that the same birth filed twice is seen to be the same."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from shared.contract.facts import (
    AcknowledgeChild,
    ActivateDigitalId,
    AddMember,
    AdoptChild,
    AdvanceRecording,
    AnnulDivorce,
    AnnulMarriage,
    Arrive,
    ArriveFromAbroad,
    BirthReport,
    CancelCertificate,
    CancelMove,
    CardKind,
    CertificateRef,
    ChangeAddress,
    ChangeHead,
    ChangeName,
    ConfirmArrivalElsewhere,
    ConfirmData,
    CorrectCertificate,
    CorrectPositions,
    CorrectResident,
    Fact,
    FamilyRef,
    IssueCard,
    IssueLetter,
    LegitimiseChild,
    MoveAbroad,
    MoveOut,
    MoveWithin,
    NoteMarriageElsewhere,
    NoteTemporaryStay,
    NoteVitalEvent,
    OpenFamily,
    PersonRef,
    RecordBiometrics,
    RegisterBirth,
    RegisterDeath,
    RegisterDivorce,
    RegisterForeigner,
    RegisterMarriage,
    RegisterResident,
    RegisterStillbirth,
    ReissueCertificate,
    ReissueFamilyCard,
    RemoveMember,
    RenewCard,
    ReportBirthAbroad,
    ResolveDuplicate,
    RevokeCard,
    SetCitizenship,
    SplitFamily,
)


def subject_of(facts: Sequence[Fact]) -> str | None:
    """Return one text for what the facts are about, None when that cannot be told.

    The first fact says it: a birth alone and a bundle that begins with it are the same birth. A
    person who is named here by NIK and there by id counts as two; the registry sees through that.
    """
    if not facts:
        return None
    return _OF[type(facts[0])](facts[0])


def _birth(fact: BirthReport) -> str:
    parent = _person(fact.mother) or _person(fact.father) or _folded(fact.reporter_name)
    child = fact.child
    return f"birth|{child.birth_date}|{_folded(child.full_name)}|{parent}"


def _resident(fact: RegisterResident) -> str:
    names = f"{_folded(fact.full_name)}|{_folded(fact.mother_name)}"
    return f"resident|{fact.birth_date}|{names}"


def _member(fact: AddMember) -> str:
    return f"member|{_person(fact.person)}|{_family(fact.family)}"


def _family_card(fact: ReissueFamilyCard) -> str:
    return f"family_card|{_family(fact.family)}"


def _card(fact: IssueCard) -> str:
    return f"card|{fact.card}|{_person(fact.person)}"


def _recording(fact: RecordBiometrics) -> str:
    return f"recording|{fact.visitor.nik if fact.visitor else _person(fact.person)}"


def _centre_answer(fact: AdvanceRecording) -> str:
    return f"centre|{_person(fact.person)}"


def _renewed_card(fact: RenewCard) -> str:
    return f"card|{CardKind.KTP_EL}|{_person(fact.person)}"


def _ended_card(fact: RevokeCard) -> str:
    return f"card|{fact.card}|{_person(fact.person)}"


def _digital_id(fact: ActivateDigitalId) -> str:
    return f"digital_id|{_person(fact.person)}"


def _marriage(fact: NoteMarriageElsewhere) -> str:
    return f"marriage|{fact.event}|{_person(fact.husband)}|{_person(fact.wife)}"


def _wedding(fact: RegisterMarriage) -> str:
    return f"marriage|MARRIAGE|{_person(fact.husband)}|{_person(fact.wife)}"


def _ruling(fact: AnnulMarriage | RegisterDivorce | AnnulDivorce) -> str:
    return f"{fact.kind}|{_person(fact.husband)}|{_person(fact.wife)}"


def _parentage(fact: AcknowledgeChild | LegitimiseChild | AdoptChild) -> str:
    return f"{fact.kind}|{_person(fact.child)}"


def _head(fact: ChangeHead) -> str:
    return f"head|{_family(fact.family)}"


def _opened(fact: OpenFamily) -> str:
    return f"family|{_person(fact.head)}"


def _address(fact: ChangeAddress) -> str:
    return f"address|{_family(fact.family)}"


def _positions(fact: CorrectPositions) -> str:
    return f"positions|{_family(fact.family)}"


def _death(fact: RegisterDeath) -> str:
    if fact.unregistered is None:
        return f"death|{_person(fact.person)}"
    dead = fact.unregistered
    name = _folded(dead.full_name or fact.place or "")
    return f"death|{fact.died_on}|{name}|{dead.sex}|{dead.birth_date}"


def _removal(fact: RemoveMember) -> str:
    return f"removal|{_person(fact.person)}"


def _stillbirth(fact: RegisterStillbirth) -> str:
    return f"stillbirth|{_person(fact.mother)}|{fact.happened_on}|{fact.sex}|{fact.birth_order}"


def _split(fact: SplitFamily) -> str:
    return f"split|{_person(fact.head)}|{_family(fact.family)}"


def _move(fact: MoveWithin) -> str:
    movers = "+".join(sorted(_person(each.person) for each in fact.movers))
    return f"move|{movers}|{_family(fact.family)}"


def _leaving(fact: MoveOut | MoveAbroad) -> str:
    return f"leaving|{'+'.join(sorted(_person(each) for each in fact.movers))}"


def _letter(fact: CancelMove | ConfirmArrivalElsewhere) -> str:
    return f"letter|{fact.letter}"


def _foreigner(fact: RegisterForeigner) -> str:
    return f"foreigner|{fact.permit.kind}|{_folded(fact.permit.passport_number)}"


def _substitute(fact: IssueLetter) -> str:
    said = fact.described
    who = f"{said.birth_date}/{_folded(said.full_name)}" if said else _person(fact.person)
    return f"substitute|{fact.letter}|{who}"


def _stay(fact: NoteTemporaryStay) -> str:
    return f"stay|{fact.nik}"


def _arrival(fact: Arrive | ArriveFromAbroad) -> str:
    """Return who comes; a letter may bring its people in parts."""
    comers = [
        each.newcomer.nik or f"{each.newcomer.birth_date}/{_folded(each.newcomer.full_name)}"
        if each.newcomer
        else _person(each.person)
        for each in fact.arrivals
    ]
    return f"arrival|{'+'.join(sorted(comers))}"


def _correction(fact: CorrectResident) -> str:
    elements = sorted({*fact.to.model_dump(exclude_none=True), *fact.emptied})
    return f"correction|{'+'.join(elements)}|{_person(fact.person)}"


def _name(fact: ChangeName) -> str:
    return f"name|{_person(fact.person)}"


def _vital_event(fact: NoteVitalEvent) -> str:
    return f"vital_event|{fact.event}|{_person(fact.person)}"


def _citizenship(fact: SetCitizenship) -> str:
    return f"citizenship|{fact.event}|{_person(fact.person)}"


def _certificate_fixed(fact: CorrectCertificate) -> str:
    return f"certificate_fixed|{_certificate(fact.certificate)}"


def _certificate_cancelled(fact: CancelCertificate) -> str:
    return f"certificate_cancelled|{_certificate(fact.certificate)}"


def _certificate_quoted(fact: ReissueCertificate) -> str:
    return f"certificate_quoted|{_certificate(fact.certificate)}"


def _duplicate(fact: ResolveDuplicate) -> str:
    return f"duplicate|{'+'.join(sorted((_person(fact.keep), _person(fact.end))))}"


def _confirmed(fact: ConfirmData) -> str:
    return f"confirmed|{_folded(fact.agency)}|{_person(fact.person)}"


_OF: dict[type[Any], Callable[[Any], str]] = {
    RegisterBirth: _birth,
    ReportBirthAbroad: _birth,
    RegisterResident: _resident,
    AddMember: _member,
    ReissueFamilyCard: _family_card,
    IssueCard: _card,
    RenewCard: _renewed_card,
    RevokeCard: _ended_card,
    RecordBiometrics: _recording,
    AdvanceRecording: _centre_answer,
    ActivateDigitalId: _digital_id,
    NoteMarriageElsewhere: _marriage,
    AdoptChild: _parentage,
    LegitimiseChild: _parentage,
    AcknowledgeChild: _parentage,
    AnnulDivorce: _ruling,
    RegisterDivorce: _ruling,
    AnnulMarriage: _ruling,
    RegisterMarriage: _wedding,
    ChangeHead: _head,
    SplitFamily: _split,
    MoveWithin: _move,
    CorrectResident: _correction,
    OpenFamily: _opened,
    ChangeAddress: _address,
    CorrectPositions: _positions,
    ChangeName: _name,
    RegisterDeath: _death,
    RemoveMember: _removal,
    RegisterStillbirth: _stillbirth,
    MoveOut: _leaving,
    MoveAbroad: _leaving,
    CancelMove: _letter,
    ConfirmArrivalElsewhere: _letter,
    Arrive: _arrival,
    ArriveFromAbroad: _arrival,
    NoteVitalEvent: _vital_event,
    SetCitizenship: _citizenship,
    CorrectCertificate: _certificate_fixed,
    CancelCertificate: _certificate_cancelled,
    ReissueCertificate: _certificate_quoted,
    RegisterForeigner: _foreigner,
    IssueLetter: _substitute,
    NoteTemporaryStay: _stay,
    ResolveDuplicate: _duplicate,
    ConfirmData: _confirmed,
}


def _person(person: PersonRef | None) -> str:
    return person.model_dump_json(exclude_none=True) if person else ""


def _certificate(certificate: CertificateRef) -> str:
    return certificate.model_dump_json(exclude_none=True)


def _family(family: FamilyRef) -> str:
    return family.model_dump_json(exclude_none=True)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(each for each in plain if each.isalnum() or each == " ").split())

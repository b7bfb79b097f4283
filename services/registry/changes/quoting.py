"""What is asked before an entry of a civil register is corrected, cancelled or quoted again."""

from services.registry.certificates.rules import CertificateKind
from services.registry.changes import rulings
from services.registry.changes.margins import name_of
from services.registry.changes.state import Entry, Person, State
from services.registry.changes.steps import Context, Findings
from shared.contract.certificates import OnBasis
from shared.contract.events import IssuedKind
from shared.contract.facts import CertificateRef
from shared.contract.plan import Effect

QUOTED = {
    CertificateKind.BIRTH: IssuedKind.BIRTH_CERTIFICATE,
    CertificateKind.LATE_BIRTH: IssuedKind.BIRTH_CERTIFICATE,
    CertificateKind.DEATH: IssuedKind.DEATH_CERTIFICATE,
    CertificateKind.MARRIAGE: IssuedKind.MARRIAGE_CERTIFICATE,
    CertificateKind.DIVORCE: IssuedKind.DIVORCE_CERTIFICATE,
    CertificateKind.MARRIAGE_ANNULMENT: IssuedKind.MARRIAGE_ANNULMENT,
    CertificateKind.DIVORCE_ANNULMENT: IssuedKind.DIVORCE_ANNULMENT,
    CertificateKind.ACKNOWLEDGEMENT: IssuedKind.ACKNOWLEDGEMENT,
    CertificateKind.LEGITIMATION: IssuedKind.LEGITIMATION,
}


def held(found: Findings, state: State, ref: CertificateRef) -> Entry | None:
    """Return the entry that a fact means, if it is in this register and still holds."""
    entry = state.certificate(ref)
    if entry is None:
        found.refuse("CERTIFICATE_NOT_FOUND", "/certificate")
    elif entry.cancelled:
        found.refuse("CERTIFICATE_CANCELLED", "/certificate")
        return None
    return entry


def check_basis(found: Findings, fact: OnBasis, subject: Person | None, context: Context) -> None:
    """Judge the ruling, where a court decided."""
    if fact.ruling is not None:
        born_on = subject.birth_date if subject else None
        rulings.check_ruling(found, fact.ruling, born_on, context, "/ruling")


def subject_of(state: State, entry: Entry) -> Person | None:
    """Return whom an entry is about; None of somebody who died without a NIK."""
    return state.persons.get(entry.subject or "")


def village_of(state: State, entry: Entry) -> str | None:
    """Return where the people of an entry live, for the case to be led there."""
    people = (state.persons.get(each or "") for each in (entry.subject, entry.partner))
    return next((each.village_code for each in people if each and each.village_code), None)


def quoted(entry: Entry) -> Effect:
    """Tell that a quotation with the next copy number takes the place of the former."""
    label = name_of(entry)
    return Effect(
        effect="document.queued",
        subject=entry.key,
        after={"kind": QUOTED[CertificateKind(entry.kind)]},
        text_id=f"Kutipan {label.id} nomor {entry.number} diterbitkan; kutipan lama tidak berlaku.",
        text_en=f"A quotation of the {label.en} no. {entry.number} is issued; earlier ones end.",
    )

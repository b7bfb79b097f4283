"""Whether the catalogue's data agree with one another, with the code lists and with the law.

Nobody may be asked for a letter of the neighbourhood, village or district save for a first biodata,
for the identity card of a witness, or for money (Perpres 96/2018; UU 24/2013 art 79A).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.requests.catalogue.deriving import DERIVABLE, REGISTERING
from services.requests.catalogue.model import AttachmentKind, Change, Condition, Service
from services.requests.catalogue.rules import Catalogue
from services.requests.catalogue.workflow_faults import workflow_faults
from shared.contract.facts import KINDS

LETTER_OF_FIRST_BIODATA = "RT_RW_LETTER"
FIRST_BIODATA = "BIO-NEW"
DOCUMENTS = {  # that a kind of fact leads to, if the service says nothing else
    "register_birth": "AKTA_LAHIR",
    "register_death": "AKTA_MATI",
    "register_stillbirth": "SK_LAHIR_MATI",
    "remove_member": "KK",
    "open_family": "KK",
    "change_address": "KK",
    "correct_positions": "KK",
    "reissue_family_card": "KK",
    "issue_card": "KIA",  # or a KTP-el, see there
    "renew_card": "KTP_EL",
    "activate_digital_id": "IKD",
    "note_marriage_elsewhere": "KK",
    "move_within": "KK",
    "move_out": "SKPWNI",
    "move_abroad": "SKPLN",
    "cancel_move": "KK",
    "arrive": "KK",
    "arrive_from_abroad": "SKDLN",
    "adopt_child": "CATATAN_PINGGIR",
    "legitimise_child": "AKTA_SAH",
    "acknowledge_child": "AKTA_AKU",
    "register_marriage": "AKTA_KAWIN",
    "annul_marriage": "SK_BATAL_KAWIN",
    "register_divorce": "AKTA_CERAI",
    "annul_divorce": "SK_BATAL_CERAI",
}
_FORBIDDEN = {
    "a letter of the neighbourhood, village or district": re.compile(
        r"pengantar|surat keterangan (rt|rw|desa|kelurahan|kecamatan)|neighbou?rhood letter",
        re.IGNORECASE,
    ),
    "the identity card of a witness": re.compile(
        r"(ktp|kk).*saksi|witness(es)? id|id.*witness", re.IGNORECASE
    ),
    "a proof of payment": re.compile(
        r"bayar|kuitansi|retribusi|payment|receipt|fee", re.IGNORECASE
    ),
}


class Fault(NamedTuple):
    """Something that stops the start: which entry, which of its fields, and what is wrong."""

    kind: str  # service, condition, attachment or workflow
    code: str
    field: str
    says: str


@dataclass(frozen=True)
class Known:
    """What the state's code lists hold."""

    forms: frozenset[str]
    documents: frozenset[str]
    roles: frozenset[str]


def faults(catalogue: Catalogue, known: Known) -> Iterator[Fault]:
    """Yield everything that is wrong."""
    for code, kind in catalogue.attachments.items():
        for field, says in _of_attachment(code, kind, known):
            yield Fault("attachment", code, field, says)
    for code, workflow in catalogue.workflows.items():
        terms = (catalogue.states, catalogue.actions, catalogue.channels, known.roles)
        for field, says in workflow_faults(workflow, *terms):
            yield Fault("workflow", code, field, says)
    for code, condition in catalogue.conditions.items():
        yield from (Fault("condition", code, *each) for each in _of_condition(condition))
    for code, service in catalogue.services.items():
        for field, says in _of_service(service, catalogue, known):
            yield Fault("service", code, field, says)


Found = Iterator[tuple[str, str]]  # field, what is wrong


def _of_attachment(code: str, kind: AttachmentKind, known: Known) -> Found:
    if kind.form is not None:
        yield from _unknown("form", [kind.form], known.forms, "formulir.csv")
    for what, pattern in _FORBIDDEN.items():
        named = any(pattern.search(each) for each in (kind.name_id, kind.name_en))
        if named and code != LETTER_OF_FIRST_BIODATA:
            yield "name_id", f"{what} may not be asked for"


def _of_condition(condition: Condition) -> Found:
    test = condition.test
    if test is None or test.tells_of is None:
        return
    kind = KINDS.get(test.tells_of)
    if kind is None:
        yield "test", f"{test.tells_of} is no kind of fact"
        return
    yield from _unknown("test", test.stating, kind.model_fields, test.tells_of)


def _unknown(field: str, codes: Iterable[str], known: Iterable[str], where: str) -> Found:
    for code in sorted(set(codes) - set(known)):
        yield field, f"{code} is not in {where}"


def _of_service(service: Service, catalogue: Catalogue, known: Known) -> Found:
    yield from _unknown("group", [service.group], catalogue.groups, "terms.yaml")
    yield from _unknown("applicants", service.applicants, catalogue.applicants, "terms.yaml")
    yield from _unknown("sla", [service.sla], catalogue.slas, "terms.yaml")
    yield from _unknown("forms", service.forms, known.forms, "formulir.csv")
    yield from _unknown("outputs", service.outputs, known.documents, "jenis_dokumen.csv")
    yield from _of_papers(service, catalogue)
    yield from _of_channels(service, catalogue)
    yield from _of_roles(service, catalogue, known)
    yield from _of_changes(service, catalogue)
    yield from _of_children(service, catalogue)


def _of_papers(service: Service, catalogue: Catalogue) -> Found:
    codes = [code for each in service.requires for code in each.any_of]
    yield from _unknown("requires", codes, catalogue.attachments, "attachments.yaml")
    whens = [each.when for each in service.requires if each.when]
    yield from _unknown("requires", whens, catalogue.conditions, "conditions.yaml")
    yield from _decidable("must", service.must, catalogue)
    if LETTER_OF_FIRST_BIODATA in codes and service.code != FIRST_BIODATA:
        yield "requires", f"{LETTER_OF_FIRST_BIODATA} may be asked for in {FIRST_BIODATA} only"


def _decidable(field: str, names: Iterable[str], catalogue: Catalogue) -> Found:
    names = list(names)
    yield from _unknown(field, names, catalogue.conditions, "conditions.yaml")
    for name in names:
        if name in catalogue.conditions and catalogue.conditions[name].test is None:
            yield field, f"{name} has no test, so that no machine can decide it"


def _of_channels(service: Service, catalogue: Catalogue) -> Found:
    yield from _unknown("channels", service.channels, catalogue.channels, "kanal.csv")
    for code in service.channels:
        channel = catalogue.channels.get(code)
        if channel is None:
            continue
        if not channel.can_intake:
            yield "channels", f"{code} takes nothing in"
        if service.presence and channel.kind == "online":
            yield "channels", f"{code} is online, and the person must be there"
        if service.biometrics and not channel.can_biometric:
            yield "channels", f"{code} cannot take biometrics"
    if service.biometrics and not service.presence:
        yield "biometrics", "whoever gives biometrics is present: say presence: true"


def _of_roles(service: Service, catalogue: Catalogue, known: Known) -> Found:
    workflow = catalogue.workflows.get(service.workflow)
    if workflow is None:
        yield "workflow", f"{service.workflow} is not in workflows.yaml"
        return
    moved_by_people = {each.action for each in workflow.transitions if not each.system}
    yield from _unknown("roles", service.roles, moved_by_people, f"the workflow {service.workflow}")
    for roles in service.roles.values():
        yield from _unknown("roles", roles, known.roles, "peran.csv")
    if service.open and not any(each.applies for each in workflow.transitions):
        yield "workflow", f"no step of {service.workflow} applies the changes"


def _of_changes(service: Service, catalogue: Catalogue) -> Found:
    changes = service.changes or ()
    if changes and service.information:
        yield "information", "what is answered without a case changes nothing"
    if changes and changes[0].derived:
        yield "changes", "the first fact comes from the client"
    for position, change in enumerate(changes):
        for says in _of_change(change, position):
            yield f"changes/{position}", says
        yield from _decidable(
            f"changes/{position}", [change.when] if change.when else [], catalogue
        )
        document = change.fixed.get("card") or DOCUMENTS.get(change.kind)
        if document is not None and document not in service.outputs:
            yield "outputs", f"{change.kind} leads to {document}: list it"


def _of_change(change: Change, position: int) -> Iterator[str]:
    unknown = [each for each in change.kinds if each not in KINDS]
    if unknown:
        yield from (f"{each} is no kind of fact" for each in unknown)
        return
    if change.derived and change.kind not in DERIVABLE:
        yield f"{change.kind} cannot be derived"
    if change.kind in REGISTERING and position:
        yield f"{change.kind} comes first, for others speak of created_by: 0"
    for name, value in change.fixed.items():
        yield from _of_fixed(change, name, value)


def _of_fixed(change: Change, name: str, value: str) -> Iterator[str]:
    fields = [KINDS[each].model_fields for each in change.kinds if name in KINDS[each].model_fields]
    if not fields:
        yield f"{change.kind} has no field {name}"
    elif not all(_fits(each[name].annotation, value) for each in fields):
        yield f"{value} does not fit {change.kind}.{name}"


def _fits(annotation: Any, value: str) -> bool:  # noqa: ANN401 - of a field
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


def _of_children(service: Service, catalogue: Catalogue) -> Found:
    bundle = service.workflow == "BUNDLE"
    if bundle != bool(service.children):
        yield "children", "a bundle has children, and nothing else has"
    codes = [code for child in service.children for code in child.any_of]
    yield from _unknown("children", codes, catalogue.services, "services/")
    for code in codes:
        if code in catalogue.services and catalogue.services[code].children:
            yield "children", f"{code} is a bundle itself"

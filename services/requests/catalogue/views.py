"""The catalogue's entries as they are shown, with every code spelt out."""

from collections.abc import Iterable, Iterator

from services.requests.catalogue.model import (
    Change,
    Condition,
    RequirementEntry,
    Service,
    TransitionEntry,
)
from services.requests.catalogue.rules import Catalogue
from services.requests.catalogue.schemas import (
    ActionOut,
    AttachmentKindOut,
    ChildOut,
    DeadlineOut,
    FactOut,
    Named,
    RequirementOut,
    ServiceBrief,
    ServiceOut,
    SlaOut,
    StateOut,
    TransitionOut,
    WhenOut,
    Words,
    WorkflowOut,
)
from shared import codes
from shared.contract.facts import KINDS


def brief(catalogue: Catalogue, service: Service) -> ServiceBrief:
    """Show a service in a list."""
    group, sla = catalogue.groups[service.group], catalogue.slas[service.sla]
    return ServiceBrief(
        code=service.code,
        name_id=service.name_id,
        name_en=service.name_en,
        category=group.category,
        group=Named(code=service.group, name_id=group.id, name_en=group.en),
        open=service.open,
        information=service.information is not None,
        channels=list(service.channels),
        presence=service.presence,
        sla=Words(id=sla.id, en=sla.en),
    )


def whole(catalogue: Catalogue, service: Service) -> ServiceOut:
    """Show everything about a service."""
    deadline = service.deadline
    answer = service.information
    return ServiceOut(
        **dict(brief(catalogue, service)),
        answer=Words(id=answer.id, en=answer.en) if answer else None,
        applicants=[_applicant(catalogue, each) for each in service.applicants],
        eligibility=[Words(id=each.id, en=each.en) for each in service.eligibility],
        rules=[_when(each, catalogue.conditions[each]) for each in service.must],
        forms=[_of_list("formulir", each) for each in service.forms],
        requires=[_requirement(catalogue, each) for each in service.requires],
        promise=SlaOut(**catalogue.slas[service.sla].model_dump()),
        deadline=DeadlineOut(**deadline.model_dump()) if deadline else None,
        outputs=[_of_list("jenis_dokumen", each) for each in service.outputs],
        facts=[
            _fact(catalogue, each, kind) for each in service.changes or () for kind in each.kinds
        ],
        children=[ChildOut(**each.model_dump()) for each in service.children],
        workflow=workflow(catalogue, service.workflow, service),
        biometrics=service.biometrics,
        legal_basis=list(service.legal_basis),
        certainty=service.certainty,
        effects=list(service.effects),
    )


def _applicant(catalogue: Catalogue, code: str) -> Named:
    words = catalogue.applicants[code]
    return Named(code=code, name_id=words.id, name_en=words.en)


def _of_list(name: str, code: str) -> Named:
    row = codes.find(name, code)
    return Named(code=code, name_id=row.name.id, name_en=row.name.en)


def attachment_kind(catalogue: Catalogue, code: str) -> AttachmentKindOut:
    """Show a paper."""
    return AttachmentKindOut(code=code, **catalogue.attachments[code].model_dump())


def _when(code: str, condition: Condition) -> WhenOut:
    by: str = "machine" if condition.test else "person"
    return WhenOut.model_validate(
        {"code": code, "id": condition.id, "en": condition.en, "decided_by": by}
    )


def _requirement(catalogue: Catalogue, each: RequirementEntry) -> RequirementOut:
    return RequirementOut(
        any_of=[attachment_kind(catalogue, code) for code in each.any_of],
        when=_when(each.when, catalogue.conditions[each.when]) if each.when else None,
    )


def _fact(catalogue: Catalogue, change: Change, kind: str) -> FactOut:
    return FactOut(
        kind=kind,
        derived=change.derived,
        when=_when(change.when, catalogue.conditions[change.when]) if change.when else None,
        fixed={
            name: value for name, value in change.fixed.items() if name in KINDS[kind].model_fields
        },
        instead_of=None if kind == change.kind else change.kind,
        json_schema=KINDS[kind].model_json_schema(),
    )


def workflow(catalogue: Catalogue, code: str, service: Service | None = None) -> WorkflowOut:
    """Show a workflow, with a service's own roles where one is given."""
    entry = catalogue.workflows[code]
    actions = dict.fromkeys(each.action for each in entry.transitions)
    return WorkflowOut(
        code=code,
        name=Words(id=entry.id, en=entry.en),
        states=list(_states(catalogue, entry.states)),
        side_states=list(_states(catalogue, entry.side_states)),
        actions=[
            ActionOut(code=each, id=catalogue.actions[each].id, en=catalogue.actions[each].en)
            for each in actions
        ],
        transitions=[
            _transition(each, state, service) for each in entry.transitions for state in each.from_
        ],
    )


def _states(catalogue: Catalogue, states: Iterable[str]) -> Iterator[StateOut]:
    for code in states:
        yield StateOut(code=code, **catalogue.states[code].model_dump())


def _transition(each: TransitionEntry, state: str, service: Service | None) -> TransitionOut:
    own = service.roles.get(each.action) if service and not each.system else None
    return TransitionOut(
        action=each.action,
        from_=state,
        to=each.to,
        roles=list(own or each.roles),
        system=each.system,
        channels=None if each.channels is None else list(each.channels),
        separate_from=list(each.separate_from),
        needs=list(each.needs),
    )

"""What the catalogue means for one case: who may file it, what is missing, what it will change.

Everything that is missing is told at once (Perpres 96/2018, Permendagri 19/2018): a citizen is
never sent away twice. Nothing beyond the published list is ever asked, and no service costs money
(UU 24/2013 art 79A).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from services.requests.catalogue import deriving, steps
from services.requests.catalogue.conditions import holds
from services.requests.catalogue.deriving import Completed
from services.requests.catalogue.lacking import Missing
from services.requests.catalogue.model import (
    AttachmentKind,
    Channel,
    Condition,
    Group,
    Service,
    Sla,
    StateEntry,
    Text,
    WorkflowEntry,
)
from services.requests.catalogue.steps import Transition, Workflow
from shared.contract.facts import Fact

__all__ = [
    "Asked",
    "Catalogue",
    "Completed",
    "Missing",
    "Service",
    "Transition",
    "Workflow",
    "asked",
    "complete",
    "may_file",
    "missing",
    "search",
    "workflow_of",
]


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue, checked; `version` changes with every change of the data."""

    services: Mapping[str, Service]
    workflows: Mapping[str, WorkflowEntry]
    states: Mapping[str, StateEntry]
    actions: Mapping[str, Text]
    attachments: Mapping[str, AttachmentKind]
    conditions: Mapping[str, Condition]
    channels: Mapping[str, Channel]
    groups: Mapping[str, Group]
    applicants: Mapping[str, Text]
    slas: Mapping[str, Sla]
    version: str


def search(
    catalogue: Catalogue,
    *,
    category: str | None = None,
    group: str | None = None,
    channel: str | None = None,
    words: str | None = None,
    open_: bool | None = None,
) -> Iterator[Service]:
    """Yield the services that fit every filter given, in the catalogue's order."""
    wanted = (words or "").casefold().split()
    for each in catalogue.services.values():
        text = f"{each.code} {each.name_id} {each.name_en}".casefold()
        fits = (
            category in {None, catalogue.groups[each.group].category}
            and group in {None, each.group}
            and (channel is None or channel in each.channels)
            and open_ in {None, each.open}
            and all(word in text for word in wanted)
        )
        if fits:
            yield each


class Asked(NamedTuple):
    """One of these papers, and whether this case needs it: `ask` is for a person to decide."""

    codes: tuple[str, ...]
    need: Literal["required", "ask"]
    given: bool
    when: Condition | None


def workflow_of(catalogue: Catalogue, service: Service, channel: str) -> Workflow:
    """Return the steps that a case of this service and channel can take."""
    entry = catalogue.workflows[service.workflow]
    return steps.workflow_of(entry, catalogue.states, service, channel)


def may_file(service: Service, channel: str) -> list[Missing]:
    """Return why a service cannot be filed by a channel, if anything.

    A service that needs the person, or their fingerprints, has no channel that cannot take them:
    the catalogue does not start otherwise.
    """
    return list(_not_now(service)) + list(_not_here(service, channel))


def _not_now(service: Service) -> Iterator[Missing]:
    if service.information:
        yield Missing("/service_code", "SERVICE_IS_INFORMATION", *_words(service.information))
    elif not service.open:
        yield Missing(
            "/service_code",
            "SERVICE_NOT_OPEN",
            f"Layanan {service.code} belum dibuka di sini; datang ke kantor Dispendukcapil.",
            f"{service.code} cannot be filed here yet; please visit the agency's office.",
        )


def _not_here(service: Service, channel: str) -> Iterator[Missing]:
    if channel not in service.channels:
        channels = ", ".join(service.channels)
        yield Missing(
            "/channel",
            "CHANNEL_NOT_OF_SERVICE",
            f"Ajukan {service.code} lewat salah satu saluran ini: {channels}.",
            f"File {service.code} by one of these channels: {channels}.",
        )


def _words(text: Text) -> tuple[str, str]:
    return text.id, text.en


def complete(
    catalogue: Catalogue, service: Service, facts: Sequence[Fact], today: date
) -> Completed:
    """Return every fact of a case in order, derived ones included, and what is wrong with them."""
    return deriving.complete(service, catalogue.conditions, facts, today)


def missing(
    catalogue: Catalogue,
    service: Service,
    facts: Sequence[Fact],
    given: Collection[str],
    today: date,
) -> list[Missing]:
    """Return everything that a case lacks, at once: facts, papers, and rules that it breaks."""
    return [
        *complete(catalogue, service, facts, today).missing,
        *_broken(catalogue, service, facts, today),
        *(
            _paper_missing(catalogue, each.codes)
            for each in asked(catalogue, service, facts, given, today)
            if each.need == "required" and not each.given
        ),
    ]


def _broken(
    catalogue: Catalogue,
    service: Service,
    facts: Sequence[Fact],
    today: date,
) -> Iterator[Missing]:
    for name in service.must:
        condition = catalogue.conditions[name]
        if condition.test and holds(condition.test, facts, today) is False:
            yield Missing("/service_code", name.upper(), condition.id, condition.en)


def asked(
    catalogue: Catalogue,
    service: Service,
    facts: Sequence[Fact],
    given: Collection[str],
    today: date,
) -> list[Asked]:
    """Return which papers this case needs, and which a person may find that it needs."""
    found = []
    for each in service.requires:
        condition = catalogue.conditions[each.when] if each.when else None
        need = _need(condition, facts, today)
        if need:
            found.append(Asked(each.any_of, need, bool(set(each.any_of) & set(given)), condition))
    return found


def _need(
    condition: Condition | None, facts: Sequence[Fact], today: date
) -> Literal["required", "ask"] | None:
    if condition is None:
        return "required"
    answer = holds(condition.test, facts, today) if condition.test else None
    if answer is None:
        return "ask"
    return "required" if answer else None


def _paper_missing(catalogue: Catalogue, codes: tuple[str, ...]) -> Missing:
    kinds = [catalogue.attachments[code] for code in codes]
    form = next((each.form for each in kinds if each.form), None)
    name_id = " atau ".join(each.name_id for each in kinds)
    name_en = " or ".join(each.name_en for each in kinds)
    return Missing(
        "/attachments",
        "ATTACHMENT_MISSING",
        f"Lampirkan: {name_id}{_by(form, 'formulir')}.",
        f"Attach: {name_en}{_by(form, 'form')}.",
        codes,
        form,
    )


def _by(form: str | None, word: str) -> str:
    return f" ({word} {form})" if form else ""

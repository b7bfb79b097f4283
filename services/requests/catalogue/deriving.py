"""What a service changes beyond what its applicant tells.

Whoever reports a birth tells of the birth; that the child joins the mother's card, that the card is
printed anew and that the child gets its own card follows from the service (Permendagri 2/2016: the
child card comes with the birth certificate).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from pydantic import TypeAdapter

from services.requests.catalogue import lacking
from services.requests.catalogue.conditions import holds
from services.requests.catalogue.lacking import Missing
from services.requests.catalogue.model import Change, Condition, Service
from shared.contract.facts import AddMember, BirthReport, CorrectResident, Fact, FamilyRef

REGISTERING = (
    "register_birth",
    "report_birth_abroad",
    "register_resident",
)  # kinds that bring a person into the registry

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


class Completed(NamedTuple):
    """Every fact of a case in order, and what keeps it from being whole."""

    facts: list[Fact]
    missing: list[Missing]


def complete(
    service: Service, conditions: Mapping[str, Condition], facts: Sequence[Fact], today: date
) -> Completed:
    """Match a client's facts with a service, in order, and derive what follows from them.

    What is complete already stays as it is. A person whom the case itself registers is `created_by`
    the first fact; nothing derived ever stands before it.
    """
    whole = Completed([], [])
    taken = 0
    for change in _wanted(service, conditions, facts, today):
        if sent := _sent(change, facts, taken):
            for fact in facts[taken : taken + sent]:
                whole.missing.extend(_against(change, fact, taken, service))
                whole.facts.append(_with_fixed(change, fact))
                taken += 1
        elif change.derived:
            _add_derived(change, whole, service)
        elif change.optional:
            continue
        elif not {*change.kinds} & {each.kind for each in facts[taken:]}:
            whole.missing.append(lacking.fact_missing(change.kind, _form(service)))
    kinds = ", ".join(kind for each in service.changes or () for kind in each.kinds)
    whole.missing.extend(
        lacking.not_of_service(f"/facts/{position}", service.code, kinds or "-")
        for position in range(taken, len(facts))
    )
    return whole


def _sent(change: Change, facts: Sequence[Fact], start: int) -> int:
    """Return how many of the client's facts, from `start` on, are this one's."""
    alike = takewhile(lambda fact: fact.kind in change.kinds, facts[start:])
    number = sum(1 for _ in alike)
    return number if change.repeats else min(number, 1)


def _wanted(
    service: Service, conditions: Mapping[str, Condition], facts: Sequence[Fact], today: date
) -> list[Change]:
    """Return the changes of a service save those whose condition plainly does not hold."""
    wanted = []
    for change in service.changes or ():
        test = conditions[change.when].test if change.when else None
        if test is None or holds(test, facts, today) is not False:
            wanted.append(change)
    return wanted


def _against(change: Change, fact: Fact, position: int, service: Service) -> list[Missing]:
    return _beyond(change, fact, position, service) + [
        lacking.fixed_otherwise(f"/facts/{position}/{name}", service.code, value)
        for name, value in _fixed(change, fact).items()
        if str(getattr(fact, name)) not in {value, _unsaid(fact, name)}
    ]


def _unsaid(fact: Fact, name: str) -> str:
    """Return what a field holds when nothing is said; a stored fact no longer tells."""
    return str(type(fact).model_fields[name].default)


def _beyond(change: Change, fact: Fact, position: int, service: Service) -> list[Missing]:
    """Refuse a correction of what the service does not ask papers for."""
    if not isinstance(fact, CorrectResident) or not change.elements:
        return []
    at = f"/facts/{position}"
    places = {each: f"{at}/to/{each}" for each in fact.to.model_dump(exclude_none=True)}
    places |= {str(each): f"{at}/emptied" for each in fact.emptied}
    allowed = ", ".join(change.elements)
    return [
        lacking.other_element(place, service.code, allowed)
        for name, place in sorted(places.items())
        if name not in change.elements
    ]


def _with_fixed(change: Change, fact: Fact) -> Fact:
    fixed = _fixed(change, fact)
    return _FACT.validate_python(fact.model_dump() | fixed) if fixed else fact


def _fixed(change: Change, fact: Fact) -> dict[str, str]:
    """Return the fields of a fact that the service decides; of alternatives, each its own."""
    return {k: value for k, value in change.fixed.items() if k in type(fact).model_fields}


def _add_derived(change: Change, whole: Completed, service: Service) -> None:
    if not whole.facts:
        return  # what it follows from is missing, and that was said
    if change.kind in _OF_NEWCOMERS and _is_known(whole.facts):
        return
    if "family" in DERIVABLE[change.kind] and _family(whole.facts) is None:
        if not whole.missing:  # said once
            whole.missing.append(lacking.family_missing(0, _form(service)))
        return
    about = {"person": {"created_by": 0}, "family": _family(whole.facts)}
    fields = {name: about[name] for name in DERIVABLE[change.kind]}
    whole.facts.append(_FACT.validate_python({"kind": change.kind, **fields, **change.fixed}))


DERIVABLE: dict[str, tuple[str, ...]] = {  # and what each is about
    "add_member": ("person", "family"),
    "reissue_family_card": ("family",),
    "issue_card": ("person",),
}


_OF_NEWCOMERS = ("add_member", "issue_card")


def _is_known(facts: Sequence[Fact]) -> bool:
    """Tell whether the case certifies the birth of somebody who is in the registry already."""
    return any(isinstance(each, BirthReport) and each.existing for each in facts)


def _family(facts: Sequence[Fact]) -> FamilyRef | None:
    """Return the family that is changed: the one that is joined, else the newborn's."""
    for fact in facts:
        if isinstance(fact, AddMember):
            return fact.family
    for fact in facts:
        if isinstance(fact, BirthReport) and (fact.family or fact.existing or fact.mother):
            return fact.family or FamilyRef(of=fact.existing or fact.mother)
    return None


def _form(service: Service) -> str | None:
    return service.forms[0] if service.forms else None

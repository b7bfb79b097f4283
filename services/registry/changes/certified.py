"""What a correction changes on a certificate, and what only a court may change: UU 23/2006 art 71.

An officer repairs what was written wrongly (contrarius actus, as long as nobody disputes it); whoever
is somebody else's child, or another person altogether, is for a court.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from services.registry.changes import births, correcting
from services.registry.changes.correcting import ELEMENTS, Element
from services.registry.changes.margins import BIRTHS
from services.registry.changes.naming import recorded
from services.registry.changes.state import Entry, Person
from services.registry.changes.steps import Context, Findings
from services.registry.documents.rules import Parentage
from shared.contract.facts import Basis, CertifiedWords, CorrectCertificate, Sex

_NAMES = ("full_name", "mother_name", "father_name", "birth_place")
_OF_NEWBORN = ("birth_place", "birth_place_code", "birth_order")  # in the report of the birth
LABELS = {**ELEMENTS, "birth_order": Element("Urutan kelahiran", "The order of birth")}
Words = Mapping[str, Any]


class Parents(NamedTuple):
    """The natural parents that a court names."""

    mother: Person | None
    father: Person | None


def asked(to: CertifiedWords, parents: Parents) -> dict[str, Any]:
    """Return the new words by element, as certificates write them."""
    stated = to.model_dump(exclude={"mother", "father"}, exclude_none=True)
    named = {"mother_name": parents.mother, "father_name": parents.father}
    stated |= {name: each.full_name for name, each in named.items() if each is not None}
    return {name: recorded(each) if name in _NAMES else each for name, each in stated.items()}


def now(entry: Entry, element: str) -> Any:  # noqa: ANN401 - whatever the register says
    """Return what an entry says; None where it says nothing of it."""
    if element in _OF_NEWBORN:
        return entry.data.get("child", {}).get(element)
    return entry.data.get(element)


def says(entry: Entry, element: str) -> bool:
    """Tell whether a register of this kind holds an element."""
    return entry.kind in BIRTHS or element in entry.data


def plain(value: Any) -> Any:  # noqa: ANN401 - as the register keeps it
    """Return a value as the register keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def rewritten(entry: Entry, words: Words, parents: Parents) -> dict[str, Any]:
    """Return the register's words after a correction, the sentence about the parents included."""
    data = dict(entry.data)
    child = dict(data.get("child", {}))
    for name, value in words.items():
        if name in child or name in _OF_NEWBORN:
            child[name] = plain(value)
        if name not in _OF_NEWBORN:
            data[name] = plain(value)
    if entry.kind not in BIRTHS:
        return data
    data["child"] = child
    ids = {"mother_id": parents.mother, "father_id": parents.father}
    data |= {name: each.key for name, each in ids.items() if each is not None}
    return data | _parentage(data, parents, words)


def _parentage(data: Mapping[str, Any], parents: Parents, words: Words) -> dict[str, Any]:
    shown = Parentage(data["parentage"])
    if parents.mother is not None and shown is Parentage.FOUNDLING:
        shown = Parentage.MOTHER
    if parents.father is not None and shown is Parentage.MOTHER:
        shown = Parentage.MARRIED
    order = int(words.get("birth_order", data["child_order"]))
    text = births.wording(shown, order, Sex(data["sex"]), data["father_name"], data["mother_name"])
    return {
        "parentage": shown.value,
        "child_order": order,
        "wording_id": text.id,
        "wording_en": text.en,
    }


def check(
    found: Findings, fact: CorrectCertificate, entry: Entry, words: Words, context: Context
) -> None:
    """Refuse what the register does not hold, and what an officer may not decide."""
    if not words:
        found.refuse("NOTHING_TO_CHANGE", "/to")
    for name in words:
        if not says(entry, name):
            found.refuse("ELEMENT_NOT_ON_CERTIFICATE", f"/to/{name}")
    born_on = words.get("birth_date")
    if born_on is not None and born_on > context.today:
        found.refuse("CORRECTION_IN_FUTURE", "/to/birth_date")
    if fact.basis is Basis.OFFICER:
        for place in _for_a_court(fact.to, entry, words):
            found.refuse("CERTIFICATE_NEEDS_COURT", f"/to/{place}")
    if "sex" in words:
        found.warn("CERTIFICATE_SEX", "/to/sex")


def _for_a_court(to: CertifiedWords, entry: Entry, words: Words) -> Iterator[str]:
    for name in ("full_name", "mother_name", "father_name"):
        old = now(entry, name)
        named = getattr(to, name.removesuffix("_name"), None) if name != "full_name" else None
        if named is not None:
            yield name.removesuffix("_name")
        elif name in words and not (old and correcting.is_typing_error(old, words[name])):
            yield name
    old = now(entry, "birth_date")
    if "birth_date" in words and old and not _is_slip(date.fromisoformat(old), words["birth_date"]):
        yield "birth_date"


def _is_slip(old: date, new: date) -> bool:
    """Tell whether a date differs in one place only: day, month or year."""
    pairs = zip(old.timetuple()[:3], new.timetuple()[:3], strict=True)
    return sum(one != other for one, other in pairs) <= 1

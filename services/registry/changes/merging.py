"""Whether two records are of one person, and what becomes of the one that ends: PP 40/2019 art 33.

The number whose fingers and eyes were recorded first is kept (Permendagri 74/2015 art 3). Nobody is
ever merged because a number was typed for two people: what differs is weighed by a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.registry.cards.recording import PRINTABLE, Status
from services.registry.changes.margins import BIRTHS
from services.registry.changes.naming import looks_alike
from services.registry.changes.rearranging import Closing, Rearranging
from services.registry.changes.state import Family, Key, Member, Person, State, new_home
from services.registry.changes.steps import Context, Findings
from services.registry.changes.succession import heads_others
from shared.contract.facts import DuplicateProof, MaritalStatus, Relationship, ResolveDuplicate


@dataclass(frozen=True, slots=True)
class Pair:
    """Who is kept, and whose record ends."""

    kept: Person
    ended: Person


@dataclass(frozen=True, slots=True)
class Taken:
    """What the kept record takes over because it says nothing of it."""

    mother: bool
    father: bool
    marriage: bool
    birth_certificate: bool
    adoption: bool  # with it the natural parents stay sealed


def check(found: Findings, state: State, fact: ResolveDuplicate, pair: Pair) -> None:
    """Refuse whoever is plainly two, and the number that biometrics do not keep."""
    kept, ended = pair.kept, pair.ended
    if kept.key == ended.key:
        found.refuse("MERGE_SAME_RECORD", "/end")
        return
    if _are_kin(kept, ended):
        found.refuse("MERGE_OF_KIN", "/end")
    if _are_twins(state, kept, ended):
        found.refuse("MERGE_OF_TWINS", "/end")
    if _is_recorded(ended) and not _is_recorded(kept):
        found.refuse("BIOMETRICS_KEEP", "/keep")
    if None not in {kept.spouse, ended.spouse} and kept.spouse != ended.spouse:
        found.refuse("SPOUSES_DIFFER", "/end")
    _weigh(found, fact, pair)
    if frozenset((kept.key, ended.key)) in state.two_people:
        heard = found.warn if fact.proof is DuplicateProof.BIOMETRICS else found.refuse
        heard("JUDGED_TWO_PEOPLE", "/end", kept=kept.full_name, ended=ended.full_name)
    if all(state.entry(BIRTHS, each.key) for each in (kept, ended)):
        found.warn("TWO_BIRTH_CERTIFICATES", "/end")


def _weigh(found: Findings, fact: ResolveDuplicate, pair: Pair) -> None:
    kept, ended = pair.kept, pair.ended
    same_name = looks_alike(kept.full_name, ended.full_name)
    same_day = kept.birth_date == ended.birth_date
    proved = fact.proof is DuplicateProof.BIOMETRICS
    if not proved and (kept.sex is not ended.sex or not (same_name or same_day)):
        found.refuse("NOT_ONE_PERSON", "/end")
    elif not (same_name and same_day and kept.sex is ended.sex):
        found.warn("RECORDS_DIFFER", "/end", kept=kept.full_name, ended=ended.full_name)


def _are_kin(kept: Person, ended: Person) -> bool:
    def close(person: Person) -> set[Key | None]:
        return {person.mother, person.father, person.spouse, *person.adopters}

    return kept.key in close(ended) or ended.key in close(kept)


def _are_twins(state: State, kept: Person, ended: Person) -> bool:
    """Tell whether the registers know two children of one birth: another place in the order."""
    orders = {kept.birth_order, ended.birth_order}
    both = all(state.entry(BIRTHS, each.key) for each in (kept, ended))
    same_mother = kept.mother is not None and kept.mother == ended.mother
    return both and same_mother and None not in orders and len(orders) == 2  # noqa: PLR2004 - they differ


def _is_recorded(person: Person) -> bool:
    return Status(person.particulars.recording_status) in PRINTABLE


def takes(pair: Pair) -> Taken:
    """Return what the kept record has not, and the other has."""
    kept, ended = pair.kept, pair.ended
    return Taken(
        mother=kept.mother is None and ended.mother is not None,
        father=kept.father is None and ended.father is not None,
        marriage=kept.spouse is None
        and (
            ended.spouse is not None
            or (kept.marital_status is MaritalStatus.NEVER_MARRIED and ended.ever_married)
        ),
        birth_certificate=not kept.has_birth_certificate and ended.has_birth_certificate,
        adoption=bool(ended.adopters) and not kept.adopters,
    )


def merged(state: State, pair: Pair, taken: Taken) -> State:
    """Return the state in which everything that named the ended record names the kept one."""
    kept, ended = state.persons[pair.kept.key], state.persons[pair.ended.key]
    news = replace(
        kept,
        mother=ended.mother if taken.mother else kept.mother,
        father=ended.father if taken.father else kept.father,
        spouse=(ended.spouse or kept.spouse) if taken.marriage else kept.spouse,
        marital_status=ended.marital_status if taken.marriage else kept.marital_status,
        has_birth_certificate=kept.has_birth_certificate or taken.birth_certificate,
        adopters=ended.adopters if taken.adoption else kept.adopters,
    )
    gone = replace(
        ended, status="TIDAK_VALID", mother=None, father=None, spouse=None, cards=(), family=None
    )
    state = state.with_person(news).with_person(gone)
    for child, element in children(state, pair):
        links = {element.removesuffix("_id"): kept.key}
        state = state.with_person(replace(state.persons[child], **links))  # type: ignore[arg-type]
    for each in adopted(state, pair):
        person = state.persons[each]
        parents = tuple(kept.key if one == ended.key else one for one in person.adopters)
        state = state.with_person(replace(person, adopters=parents))
    for each in spouses(state, pair):
        state = state.with_person(replace(state.persons[each], spouse=kept.key))
    for entry in state.entries.values():
        moved = {
            side: kept.key for side in ("subject", "partner") if getattr(entry, side) == ended.key
        }
        if moved:
            state = state.with_entry(replace(entry, **moved))  # type: ignore[arg-type]
    return replace(state, successors={**state.successors, ended.key: kept.key})


def children(state: State, pair: Pair) -> Iterator[tuple[Key, str]]:
    """Yield whose parent the ended record is, with the column that says so."""
    for each in sorted(state.persons.values(), key=lambda person: person.key):
        if each.mother == pair.ended.key:
            yield each.key, "mother_id"
        if each.father == pair.ended.key:
            yield each.key, "father_id"


def adopted(state: State, pair: Pair) -> Iterator[Key]:
    """Yield to whom a court gave the ended record as a parent."""
    everybody = sorted(state.persons.values(), key=lambda person: person.key)
    yield from (each.key for each in everybody if pair.ended.key in each.adopters)


def spouses(state: State, pair: Pair) -> Iterator[Key]:
    """Yield who is recorded as married to the ended record."""
    yield from sorted(each.key for each in state.persons.values() if each.spouse == pair.ended.key)


def settle(
    found: Findings,
    moving: Rearranging,
    fact: ResolveDuplicate,
    pair: Pair,
    index: int,
    context: Context,
) -> None:
    """Leave one person in one family: where the kept record lives, or where the fact says."""
    state = moving.state
    kept, ended = pair.kept, pair.ended
    stated = state.family(fact.family, index) if fact.family else state.family_of(kept)
    home = stated or state.family_of(ended)
    if fact.family is not None:
        found.check_family(stated, "/family", context)
    theirs = state.family_of(ended)
    if home is None or home.key == kept.family:
        _leave(found, moving, ended, theirs)
        return
    if theirs is None or home.key != theirs.key:
        found.refuse("MERGE_FAMILY_OF_NEITHER", "/family")
        return
    _take_place(found, moving, pair, theirs, index)


def _leave(found: Findings, moving: Rearranging, ended: Person, theirs: Family | None) -> None:
    if heads_others(moving.state, ended):
        found.refuse("MERGED_HEAD_OF_OTHERS", "/end", name=ended.full_name)
    elif theirs is not None:
        moving.leave(ended.key)
        moving.close_or_reprint(theirs.key)


def _take_place(
    found: Findings, moving: Rearranging, pair: Pair, theirs: Family, index: int
) -> None:
    """Put the kept record on the line of the ended one."""
    kept, ended = pair.kept, pair.ended
    if heads_others(moving.state, kept):
        found.refuse("MERGED_HEAD_OF_OTHERS", "/keep", name=kept.full_name)
        return
    former = moving.state.family_of(kept)
    if former is not None:
        moving.leave(kept.key)
        moving.close_or_reprint(former.key)
    if theirs.head != ended.key:
        position = theirs.relationship_of(ended.key) or Relationship.OTHER_RELATIVE
        moving.leave(ended.key)
        moving.join(kept.key, theirs.key, position)
        moving.reprint(theirs.key)
        return
    lines = [
        Member(kept.key if each.person == ended.key else each.person, each.relationship)
        for each in theirs.members
    ]
    for each in theirs.members:
        moving.leave(each.person, told=False)
    moving.close(theirs.key, Closing.HEAD_CHANGED)
    moving.open(replace(theirs, key=new_home(index), head=kept.key, closed=False), lines)

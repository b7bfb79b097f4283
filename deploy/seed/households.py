"""Families of one village: who lives with whom, under which head."""

from __future__ import annotations

from bisect import bisect_left
from random import Random

from deploy.seed.people import ADULT, MARRIED, NEVER, UNREGISTERED, YEAR, Person
from shared.contract.facts import Relationship

HEAD, HUSBAND, WIFE = (int(Relationship[name]) for name in ("HEAD", "HUSBAND", "WIFE"))
CHILD, CHILD_IN_LAW = int(Relationship.CHILD), int(Relationship.CHILD_IN_LAW)
GRANDCHILD, PARENT = int(Relationship.GRANDCHILD), int(Relationship.PARENT)
PARENT_IN_LAW, RELATIVE = int(Relationship.PARENT_IN_LAW), int(Relationship.OTHER_RELATIVE)
OTHER = int(Relationship.OTHER)
BOARDERS = range(13, 22)  # ages in a boarding school


class Household:
    """A family being made up."""

    __slots__ = ("id", "institution", "members", "opened")

    def __init__(self, head: Person, *, institution: bool = False) -> None:
        self.members: list[tuple[Person, int]] = [(head, HEAD)]
        self.institution = institution
        self.id = ""
        self.opened = 0

    @property
    def head(self) -> Person:
        """Return its head."""
        return self.members[0][0]

    def add(self, person: Person, relationship: int) -> None:
        """Put somebody on the next line of the card."""
        self.members.append((person, relationship))


def settle(people: list[Person], chance: Random, *, boarding_school: bool) -> list[Household]:
    """Put everybody but holders of a limited permit into exactly one family."""
    school = _boarding_school(people, chance) if boarding_school else None
    placed = {id(person) for person, _ in school.members} if school else set()
    heads = [
        each
        for each in people
        if each.permit != "ITAS"
        and id(each) not in placed
        and each.mother is None
        and (each.age >= ADULT or each.state != NEVER)
    ]
    families = {id(head): nucleus for head in heads for nucleus in _nucleus(head)}
    joined = _join_parents(families, chance)
    joined |= _take_in_the_old(families, joined, chance)
    households = [each for key, each in families.items() if key not in joined]
    _take_in_children(people, placed, households, chance)
    return [*households, *([school] if school else [])]


def _boarding_school(people: list[Person], chance: Random) -> Household | None:
    """Return a pesantren: its keeper is the head, its pupils are others (SHDK LAINNYA)."""
    keepers = [
        each
        for each in people
        if each.sex == "L" and each.age > 35 and each.permit is None and each.spouse is None  # noqa: PLR2004
        and each.mother is None
    ]  # fmt: skip
    pupils = [
        each for each in people if each.age in BOARDERS and each.state == NEVER and not each.permit
    ]
    if not keepers or not pupils:
        return None
    school = Household(chance.choice(keepers), institution=True)
    for pupil in chance.sample(pupils, min(len(pupils), max(5, len(pupils) // 6), 300)):
        if pupil.mother is not None:
            pupil.mother.children.remove(pupil)
            pupil.mother = pupil.father = None
        school.add(pupil, OTHER)
    return school


def _nucleus(head: Person) -> list[Household]:
    """Return the smallest family of somebody who may be a head; nothing for a wife of one."""
    wife, husband = (head, head.spouse) if head.sex == "P" else (head.spouse, head)
    if head.state in {MARRIED, UNREGISTERED} and wife is not None and husband is not None:
        wife_leads = wife.age >= 19 and (wife.born * 7 + husband.born) % 40 == 0  # noqa: PLR2004
        if (head is wife) is not wife_leads:
            return []
    family = Household(head)
    if head.spouse is not None:
        family.add(head.spouse, WIFE if head.sex == "L" else HUSBAND)
    for child in wife.children if wife else []:
        family.add(child, CHILD)
    return [family]


def _join_parents(families: dict[int, Household], chance: Random) -> set[int]:
    """Let young couples live with his parents or hers, and others who are young and alone."""
    hosts = sorted(
        (
            each
            for each in families.values()
            if _is_couple(each) and min(person.age for person, _ in each.members[:2]) > 38  # noqa: PLR2004
        ),
        key=lambda each: _wife(each).born,
    )
    births = [_wife(each).born for each in hosts]
    joined: set[int] = set()
    for key, young in families.items():
        if chance.random() > _wish_to_stay(young):
            continue
        hers = _is_couple(young) and chance.random() > 0.6  # noqa: PLR2004
        own = young.members[1][0] if hers else young.head
        i = bisect_left(births, own.born - chance.gauss(26, 4) * YEAR)
        host = hosts[i] if i < len(hosts) else None
        if host is not None and _can_be_child(own, host):
            _move_in(young, own, host)
            joined.add(key)
    return joined


def _wish_to_stay(family: Household) -> float:
    """Return how likely somebody lives with their parents: most who are young and alone."""
    if _is_couple(family):
        return 0.2 if family.head.age <= 34 else 0.0  # noqa: PLR2004
    if family.head.age > 45:  # noqa: PLR2004
        return 0.0
    return 0.85 if len(family.members) == 1 else 0.3


def _is_couple(family: Household) -> bool:
    return len(family.members) > 1 and family.members[1][1] in {WIFE, HUSBAND}


def _wife(family: Household) -> Person:
    return family.members[1][0] if family.head.sex == "L" else family.head


def _can_be_child(own: Person, host: Household) -> bool:
    mother = _wife(host)
    father = mother.spouse
    fits = 18 <= (own.born - mother.born) / YEAR <= 43  # noqa: PLR2004
    spaced = all(abs(own.born - each.born) > 335 for each in mother.children)  # noqa: PLR2004
    fathered = father is not None and (own.born - father.born) / YEAR > ADULT
    return fits and spaced and fathered and own.religion == mother.religion


def _move_in(young: Household, own: Person, host: Household) -> None:
    own.mother = _wife(host)
    own.father = own.mother.spouse
    own.mother.children.append(own)
    own.mother.children.sort(key=lambda each: each.born)
    for person, relationship in young.members:
        if person is own:
            host.add(person, CHILD)
        else:
            host.add(person, GRANDCHILD if relationship == CHILD else CHILD_IN_LAW)


def _take_in_the_old(families: dict[int, Household], joined: set[int], chance: Random) -> set[int]:
    """Let some who are old and alone live with a married child."""
    hosts = sorted(
        (each for key, each in families.items() if key not in joined and _is_couple(each)),
        key=lambda each: each.head.born,
    )
    births = [each.head.born for each in hosts]
    taken: set[int] = set()
    for key, family in families.items():
        old = family.head
        alone = len(family.members) == 1 and old.age > 55 and old.state != NEVER  # noqa: PLR2004
        if not alone or key in joined or chance.random() > 0.75:  # noqa: PLR2004
            continue
        i = bisect_left(births, old.born + chance.gauss(27, 4) * YEAR)
        host = hosts[i] if i < len(hosts) else None
        if host is not None and _become_parent(old, host, chance):
            taken.add(key)
    return taken


def _become_parent(old: Person, host: Household, chance: Random) -> bool:
    """Make somebody the parent of the head or of the spouse, if age and faith allow."""
    child = host.head if chance.random() < 0.65 else host.members[1][0]  # noqa: PLR2004
    years = (child.born - old.born) / YEAR
    free = child.mother is None if old.sex == "P" else child.father is None
    limit = 43 if old.sex == "P" else 60
    if not free or not 18 <= years <= limit or child.religion != old.religion:  # noqa: PLR2004
        return False
    if old.sex == "P":
        child.mother = old
        old.children.append(child)
    else:
        child.father = old
    host.add(old, PARENT if child is host.head else PARENT_IN_LAW)
    return True


def _take_in_children(
    people: list[Person], placed: set[int], households: list[Household], chance: Random
) -> None:
    """Give children whose parents live elsewhere a grandparent's or another family's roof."""
    couples = [each for each in households if _is_couple(each)] or households
    for child in people:
        lives_alone = child.mother is None and child.age < ADULT and child.state == NEVER
        if not lives_alone or id(child) in placed:
            continue
        host = chance.choice(couples)
        oldest = min(person.born for person, _ in host.members[:2])
        grandparents = (child.born - oldest) / YEAR > 38  # noqa: PLR2004
        host.add(child, GRANDCHILD if grandparents else RELATIVE)

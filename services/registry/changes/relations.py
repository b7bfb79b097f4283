"""What everybody is to a new head of the family, given what they and the new head were to the old one.

The position on a family card (SHDK) is relative to its head, so a change of head recomputes all of
them. The table only proposes: the family itself knows, and an officer confirms or overrides.
"""

from collections.abc import Mapping

from services.registry.changes.state import Person
from shared.contract.facts import Relationship, Sex

HEAD, HUSBAND, WIFE = Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE
CHILD, CHILD_IN_LAW = Relationship.CHILD, Relationship.CHILD_IN_LAW
GRANDCHILD = Relationship.GRANDCHILD
PARENT, PARENT_IN_LAW = Relationship.PARENT, Relationship.PARENT_IN_LAW
RELATIVE = Relationship.OTHER_RELATIVE
SPOUSES = frozenset({HUSBAND, WIFE})
# Who is no kin stays what they are, whoever is head.
_NO_KIN = frozenset({Relationship.DOMESTIC_WORKER, Relationship.OTHER})

_OF_A_SPOUSE = {
    CHILD: CHILD,
    CHILD_IN_LAW: CHILD_IN_LAW,
    GRANDCHILD: GRANDCHILD,
    PARENT: PARENT_IN_LAW,
    PARENT_IN_LAW: PARENT,
}
_OF_A_PARENT = {
    HEAD: CHILD,
    HUSBAND: CHILD_IN_LAW,
    WIFE: CHILD_IN_LAW,
    CHILD: GRANDCHILD,
}
_OF_A_PARENT_IN_LAW = {
    HEAD: CHILD_IN_LAW,
    HUSBAND: CHILD,
    WIFE: CHILD,
    CHILD: GRANDCHILD,
}
# Position of the new head under the old head -> position of a member then -> proposed position.
# What is not in the table is FAMILI LAIN: brothers and sisters, nephews, grandparents.
TABLE: Mapping[Relationship, Mapping[Relationship, Relationship]] = {
    HUSBAND: {HEAD: WIFE} | _OF_A_SPOUSE,
    WIFE: {HEAD: HUSBAND} | _OF_A_SPOUSE,
    CHILD: {HEAD: PARENT, HUSBAND: PARENT, WIFE: PARENT},
    CHILD_IN_LAW: {HEAD: PARENT_IN_LAW, HUSBAND: PARENT_IN_LAW, WIFE: PARENT_IN_LAW},
    PARENT: _OF_A_PARENT,
    PARENT_IN_LAW: _OF_A_PARENT_IN_LAW,
}


def proposed(
    member: Person, was: Relationship, head: Person, head_was: Relationship
) -> Relationship:
    """Return what a member is to the new head, by recorded kinship first and the table after it.

    `was` and `head_was` are what both were to the old head. Spouses are husband and wife only while
    both are recorded as married.
    """
    if (by_blood := _recorded(member, head)) is not None:
        return by_blood
    if head_was in _NO_KIN:  # an institution, or somebody who took in the family
        return was if was in _NO_KIN else Relationship.OTHER
    if was in _NO_KIN:
        return was
    suggested = TABLE.get(head_was, {}).get(was, RELATIVE)
    if suggested in SPOUSES and not are_spouses(member, head):
        return RELATIVE
    return suggested


def _recorded(member: Person, head: Person) -> Relationship | None:
    if head.key in {member.mother, member.father, *member.adopters}:
        return CHILD
    if member.key in {head.mother, head.father, *head.adopters}:
        return PARENT
    linked = member.spouse == head.key or head.spouse == member.key
    if linked and are_spouses(member, head):
        return WIFE if member.sex is Sex.FEMALE else HUSBAND
    return None


def are_spouses(one: Person, other: Person) -> bool:
    """Tell whether two people can be husband and wife of one family: both married, of either sex.

    Whoever is linked to a third person as spouse is not, save a husband whom this wife is linked to:
    he has several wives, and is linked to another of them.
    """
    if one.sex is other.sex or not (one.is_married and other.is_married):
        return False
    husband, wife = (one, other) if one.sex is Sex.MALE else (other, one)
    if wife.spouse is not None:
        return wife.spouse == husband.key
    return husband.spouse in {None, wife.key}

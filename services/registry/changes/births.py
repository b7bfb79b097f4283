"""What the law says about births. Pure functions."""

from datetime import date
from typing import NamedTuple

from services.registry.changes.state import Family, Person
from services.registry.documents.rules import Parentage
from shared.contract.facts import (
    Citizenship,
    MaritalStatus,
    MarriageEvidence,
    Newborn,
    Relationship,
    Sex,
)

YOUNGEST_MOTHER = 10  # years
OLDEST_MOTHER = 60
YOUNGEST_FATHER = 12
CLOSEST_SIBLINGS = 9  # months
SAME_BIRTH_DAYS = 1  # twins may come before and after midnight

_COUPLES = (
    {Relationship.HEAD, Relationship.WIFE},
    {Relationship.HEAD, Relationship.HUSBAND},
    {Relationship.CHILD, Relationship.CHILD_IN_LAW},
)


def months_apart(one: date, other: date) -> int:
    """Return completed months between two days, whichever is first."""
    earlier, later = sorted((one, other))
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def parentage(
    mother: Person | None, father: Person | None, evidence: MarriageEvidence, family: Family | None
) -> Parentage:
    """Return how the certificate names the parents: Perpres 96/2018 art 33, Permendagri 108/2019.

    `family` is the card that must show them as husband and wife when only F-2.04 is there.
    """
    if mother is None:
        return Parentage.FOUNDLING
    if father is None or evidence is MarriageEvidence.NONE:
        return Parentage.MOTHER
    if evidence is MarriageEvidence.MARRIAGE_PROOF:
        return Parentage.MARRIED
    shown = family is not None and shows_couple(family, mother, father)
    return Parentage.UNREGISTERED_MARRIAGE if shown else Parentage.MOTHER


def shows_couple(family: Family, mother: Person, father: Person) -> bool:
    """Tell whether a family card shows two people as husband and wife."""
    positions = {family.relationship_of(mother.key), family.relationship_of(father.key)}
    return mother.is_married and father.is_married and positions in _COUPLES


def marriage_is_known(mother: Person, father: Person) -> bool:
    """Tell whether the registry agrees with a proof of marriage.

    Divorced and widowed parents agree: the marriage may have ended before the birth was reported.
    """
    recorded = {
        MaritalStatus.MARRIED_REGISTERED,
        MaritalStatus.DIVORCED_REGISTERED,
        MaritalStatus.WIDOWED,
    }
    linked = mother.spouse in {None, father.key} and father.spouse in {None, mother.key}
    return linked and mother.marital_status in recorded and father.marital_status in recorded


def citizenship(mother: Person | None, father: Person | None) -> Citizenship:
    """Return a newborn's citizenship: UU 12/2006 art 4 and 6; a foundling is Indonesian."""
    if mother is None:
        return Citizenship.INDONESIAN
    foreign = [
        each.citizenship is Citizenship.FOREIGN for each in (mother, father) if each is not None
    ]
    if not any(foreign):
        return Citizenship.INDONESIAN
    return Citizenship.FOREIGN if all(foreign) else Citizenship.DUAL


def religion(mother: Person | None, father: Person | None, head: Person | None) -> int:
    """Return a newborn's religion: the parents', the mother's if they differ, else the host's."""
    for each in (mother, father, head):
        if each is not None:
            return each.religion
    return 1


def is_same_birth(child: Newborn, other: Person, *, alike: bool) -> bool:
    """Tell whether a child of the same mother is most likely this very child.

    Twins that are stated as such, with another place in the order, are not. `alike` tells whether
    the names are.
    """
    if abs((child.birth_date - other.birth_date).days) > SAME_BIRTH_DAYS:
        return False
    twins = child.birth_kind > 1 and other.birth_order not in {None, child.birth_order}
    if twins:
        return False
    return child.sex is other.sex or alike or other.birth_order == child.birth_order


class Wording(NamedTuple):
    """How the certificate tells whose child it is."""

    id: str
    en: str


def wording(
    parentage: Parentage, order: int, sex: Sex, father: str | None, mother: str | None
) -> Wording:
    """Return the sentence of the certificate about the parents."""
    if parentage is Parentage.FOUNDLING:
        return Wording(
            "anak yang tidak diketahui asal-usul atau keberadaan orang tuanya, "
            "berdasarkan berita acara pemeriksaan kepolisian atau SPTJM",
            "a child of unknown origin and parents, by police report or statement of liability",
        )
    gender = ("laki-laki", "male") if sex is Sex.MALE else ("perempuan", "female")
    start = Wording(f"anak ke-{order}, {gender[0]}, dari", f"child no. {order}, {gender[1]}, of")
    if parentage is Parentage.MOTHER:
        return Wording(f"{start.id} seorang ibu {mother}", f"{start.en} a mother {mother}")
    both = Wording(
        f"{start.id} ayah {father} dan ibu {mother}",
        f"{start.en} father {father} and mother {mother}",
    )
    if parentage is Parentage.MARRIED:
        return both
    return Wording(
        f"{both.id} yang perkawinannya belum tercatat sesuai dengan peraturan perundang-undangan",
        f"{both.en}, whose marriage is not yet recorded under the law",
    )

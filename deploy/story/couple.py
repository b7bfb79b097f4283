"""Who has a child in the story: a married couple of a village, found as its operator would."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.story.desk import Desk

HEAD, WIFE, CHILD = 1, 3, 4  # codes of shdk
MARRIED = 2  # KAWIN TERCATAT
MOTHER_AGES = range(20, 41)
APART = 300  # days between two births of one mother

FIRST = {
    "P": ("Kirana", "Ayu", "Larasati", "Nadia", "Sekar", "Melati"),
    "L": ("Bima", "Damar", "Galih", "Rangga", "Satria", "Wisnu"),
}
SECOND = {"P": ("Puspita", "Maharani", "Cahyani"), "L": ("Pratama", "Nugraha", "Wicaksono")}


@dataclass(frozen=True)
class Parent:
    """A resident as the registry names them."""

    id: str
    name: str
    birth_date: date


@dataclass(frozen=True)
class Couple:
    """A family that a child can be born into."""

    family_id: str
    village: str
    father: Parent
    mother: Parent
    children: int
    members: int

    def child_name(self, sex: str) -> str:
        """Return a name of two words, the same for the same couple and number of children."""
        turn = sum(map(ord, self.mother.name)) + self.children
        return f"{FIRST[sex][turn % len(FIRST[sex])]} {SECOND[sex][turn % len(SECOND[sex])]}"


def find_couple(operator: Desk, village: str, today: date) -> Couple | None:
    """Return the first couple of a village whose youngest child is old enough."""
    for line in residents(operator, village):
        born = date.fromisoformat(line["birth_date"])
        if line["sex"] == "P" and line["family_id"] and _age(born, today) in MOTHER_AGES:
            family = operator.get("registry", f"/v1/families/{line['family_id']}")
            if couple := couple_of(family, line["id"], today):
                return couple
    return None


def residents(operator: Desk, village: str) -> Iterator[dict[str, Any]]:
    """Yield everybody of a village, page after page."""
    after: dict[str, str] = {}
    while True:
        page = operator.get("registry", "/v1/residents", village_code=village, limit=100, **after)
        yield from page["items"]
        if page["next"] is None:
            return
        after = {"after": page["next"]}


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def couple_of(family: dict[str, Any], mother_id: str, today: date) -> Couple | None:
    """Return the couple of a family that may have a child today, if it has one."""
    members = [each for each in family["members"] if each["status"] == "HIDUP"]
    mother = next((each for each in members if each["resident_id"] == mother_id), None)
    father = next((each for each in members if each["relationship"] == HEAD), None)
    if not mother or not father or mother["relationship"] != WIFE or father["sex"] != "L":
        return None
    if {mother["marital_status"], father["marital_status"]} != {MARRIED}:
        return None
    children = [each for each in members if each["relationship"] == CHILD]
    born = [date.fromisoformat(each["birth_date"]) for each in children]
    if any((today - each).days < APART for each in born):
        return None
    return Couple(
        family_id=family["id"],
        village=family["village_code"],
        father=_parent(father),
        mother=_parent(mother),
        children=len(children),
        members=len(members),
    )


def _parent(member: dict[str, Any]) -> Parent:
    born = date.fromisoformat(member["birth_date"])
    return Parent(member["resident_id"], member["full_name"], born)

"""How people change families: who leaves, which family closes, which opens, and who joins.

Nobody is ever in two families or, if they live here, in none: a plan takes people out and puts
them somewhere in one go, and it is carried out in the same order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from services.registry.changes.state import Family, Key, Member, State
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import Relationship
from shared.contract.plan import Effect
from shared.language import Words


class Closing(StrEnum):
    """Why a family is closed; its number is dead for ever (UU 23/2006 art 61(3))."""

    HEAD_CHANGED = "HEAD_CHANGED"
    EMPTY = "EMPTY"


_WHY = {
    Closing.HEAD_CHANGED: Words("kepala keluarganya berganti", "its head changes"),
    Closing.EMPTY: Words("tidak ada anggota yang tersisa", "nobody is left in it"),
}


@dataclass(frozen=True, slots=True)
class Joining:
    """Who comes into an existing family, as what."""

    person: Key
    family: Key
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What to carry out, in the order of these fields."""

    left: tuple[tuple[Key, Key], ...] = ()  # person, family
    closed: tuple[tuple[Key, Closing], ...] = ()
    opened: tuple[Family, ...] = ()
    joined: tuple[Joining, ...] = ()
    printed: tuple[Key, ...] = ()


class Rearranging:
    """Collects what happens to families, and what to tell about it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.made = Rearrangement()
        self.effects: list[Effect] = []

    def leave(self, person_key: Key, *, told: bool = True) -> None:
        """Take somebody out of their family, if they are in one; they must come in elsewhere."""
        person = self.state.persons[person_key]
        family = self.state.family_of(person)
        if family is None:
            return
        self.state = self.state.without_member(family, person)
        self.made = replace(self.made, left=(*self.made.left, (person.key, family.key)))
        if told:
            self.effects.append(_left(person.full_name, person.key, family.key))

    def close(self, family_key: Key, reason: Closing) -> None:
        """Close a family that everybody has left."""
        family = self.state.families[family_key]
        self.state = self.state.with_family(replace(family, closed=True))
        self.made = replace(self.made, closed=(*self.made.closed, (family_key, reason)))
        self.effects.append(_closed(family_key, reason))

    def close_or_reprint(self, family_key: Key) -> None:
        """Close a family if nobody is left in it, else print its card anew."""
        if self.state.families[family_key].members:
            self.reprint(family_key)
        else:
            self.close(family_key, Closing.EMPTY)

    def open(self, family: Family, members: Iterable[Member]) -> None:
        """Open a family of people who are in none, with a number of its own; print its card."""
        self.state = self.state.with_family(replace(family, members=()))
        for each in members:
            person = self.state.persons[each.person]
            home = self.state.families[family.key]
            self.state = self.state.with_member(home, person, each.relationship)
        opened = self.state.families[family.key]
        self.made = replace(self.made, opened=(*self.made.opened, opened))
        self.effects.append(_opened(opened, self.state))
        self.reprint(family.key)

    def join(self, person_key: Key, family_key: Key, relationship: Relationship) -> None:
        """Put somebody who is in no family on the last line of this one."""
        person, family = self.state.persons[person_key], self.state.families[family_key]
        self.effects.append(_joined(person.full_name, person_key, family, relationship))
        self.state = self.state.with_member(family, person, relationship)
        joining = Joining(person_key, family_key, relationship)
        self.made = replace(self.made, joined=(*self.made.joined, joining))

    def reprint(self, family_key: Key) -> None:
        """Print the card of a family as it is at the end."""
        if family_key not in self.made.printed:
            self.made = replace(self.made, printed=(*self.made.printed, family_key))
            self.effects.append(_queued(family_key))


def _left(full_name: str, person: Key, family: Key) -> Effect:
    return Effect(
        effect="family.member_left",
        subject=family,
        before={"person": person, "full_name": full_name},
        text_id=f"{full_name} keluar dari Kartu Keluarga.",
        text_en=f"{full_name} leaves the family card.",
    )


def _closed(family: Key, reason: Closing) -> Effect:
    why = _WHY[reason]
    return Effect(
        effect="family.closed",
        subject=family,
        after={"reason": reason},
        text_id=f"Kartu Keluarga ditutup karena {why.id}; nomornya tidak dipakai lagi.",
        text_en=f"The family card is closed because {why.en}; its number is never used again.",
    )


def _opened(family: Family, state: State) -> Effect:
    lines = [
        (state.persons[each.person].full_name, each.relationship, each.person)
        for each in family.members
    ]
    listed_id = "; ".join(f"{name}, {_label(position).id}" for name, position, _ in lines)
    listed_en = "; ".join(f"{name}, {_label(position).en}" for name, position, _ in lines)
    return Effect(
        effect="family.opened",
        subject=family.key,
        after={
            "head": family.head,
            "village_code": family.village_code,
            "address": family.address,
            "rt": family.rt,
            "rw": family.rw,
            "members": [
                {"person": key, "full_name": name, "relationship": int(position)}
                for name, position, key in lines
            ],
        },
        text_id=f"Kartu Keluarga baru dengan nomor baru dibuka: {listed_id}.",
        text_en=f"A new family card with a new number is opened: {listed_en}.",
    )


def _joined(full_name: str, person: Key, family: Family, position: Relationship) -> Effect:
    label, line = _label(position), len(family.members) + 1
    return Effect(
        effect="family.member_added",
        subject=family.key,
        after={
            "person": person,
            "full_name": full_name,
            "relationship": int(position),
            "line": line,
        },
        text_id=f"{full_name} masuk Kartu Keluarga pada baris {line} sebagai {label.id}.",
        text_en=f"{full_name} joins the family card on line {line} as {label.en}.",
    )


def _queued(family: Key) -> Effect:
    return Effect(
        effect="document.queued",
        subject=family,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga diterbitkan.",
        text_en="The family card is issued.",
    )


def _label(position: Relationship) -> Words:
    return find("shdk", int(position)).name

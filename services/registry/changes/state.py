"""What a plan is made on: the people and families that its facts speak of, as they are now.

Everything is frozen; a fact that would change something makes a new state, which later facts see.
People and families have keys: their id as text, or `new/0` for whom fact 0 will register, because
ids and numbers are given only when a change is applied.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from shared.contract.facts import (
    CardKind,
    CertificateRef,
    Citizenship,
    FamilyRef,
    MaritalStatus,
    PersonRef,
    Relationship,
    Sex,
)

Key = str


def new_key(index: int) -> Key:
    """Return the key of the person whom this fact registers."""
    return f"new/{index}"


def new_arrival(index: int, line: int) -> Key:
    """Return the key of one of the people whom this fact brings into the registry."""
    return f"new/{index}/{line}"


def new_home(index: int) -> Key:
    """Return the key of the family that this fact opens."""
    return f"home/{index}"


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that was not taken back; it may have run out."""

    kind: CardKind
    variant: str | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What only corrections ask about somebody; named as the record's columns."""

    nik: str = ""
    title_before: str | None = None
    title_after: str | None = None
    birth_place: str = ""
    birth_place_code: str | None = None
    birth_date_precision: str = "DAY"
    belief_organisation: str | None = None
    blood_type: int = 13
    education: int = 1
    occupation: int = 1
    disability: int | None = None
    mother_name: str = ""
    father_name: str | None = None
    recording_status: str = "BELUM_WAJIB"
    marriage_date: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules ask about somebody."""

    key: Key
    full_name: str
    sex: Sex
    birth_date: date
    religion: int
    marital_status: MaritalStatus = MaritalStatus.NEVER_MARRIED
    citizenship: Citizenship = Citizenship.INDONESIAN
    permit: str | None = None
    status: str = "HIDUP"
    death_date: date | None = None
    spouse: Key | None = None
    mother: Key | None = None
    father: Key | None = None
    adopters: tuple[Key, ...] = ()  # by a court; the natural parents stay as they are
    family: Key | None = None
    village_code: str | None = None
    birth_order: int | None = None  # on the birth certificate
    has_birth_certificate: bool = False
    joins: Key | None = None  # the family that a birth names, which gave the NIK its district
    cards: tuple[HeldCard, ...] = ()
    has_digital_id: bool = False
    particulars: Particulars = Particulars()

    @property
    def is_alive(self) -> bool:
        """Tell whether the person is not dead; missing people and doubtful records are not."""
        return self.status != "MATI"

    @property
    def is_active(self) -> bool:
        """Tell whether services are open to this record (status_penduduk.csv)."""
        return self.status in {"HIDUP", "HILANG"}

    @property
    def ever_married(self) -> bool:
        """Tell whether the person is or was married: any status but BELUM KAWIN."""
        return self.marital_status is not MaritalStatus.NEVER_MARRIED

    @property
    def is_married(self) -> bool:
        """Tell whether the person is married now, recorded or not."""
        return self.marital_status in {
            MaritalStatus.MARRIED_REGISTERED,
            MaritalStatus.MARRIED_UNREGISTERED,
        }

    @property
    def is_temporary(self) -> bool:
        """Tell whether this is a foreigner without permanent permit, who is in no family card."""
        return self.citizenship is Citizenship.FOREIGN and self.permit != "ITAP"

    def card(self, kind: CardKind) -> HeldCard | None:
        """Return the card of a kind that was not taken back."""
        return next((each for each in self.cards if each.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a civil register of this regency; codes of jenis_akta.csv."""

    key: Key
    kind: str
    number: str
    subject: Key | None
    partner: Key | None
    event_date: date
    cancelled: bool
    data: Mapping[str, Any]  # the register's own words

    def of(self, *people: Key) -> bool:
        """Tell whether this is about exactly these people, in whatever order."""
        return {self.subject, self.partner} - {None} == set(people)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the change behind an entry did to somebody's record; columns as in its history."""

    person: Key
    before: Mapping[str, Any]
    after: Mapping[str, Any]  # only what it changed
    now: Mapping[str, Any]
    relationship: Relationship | None = None  # in the family of before

    @property
    def undone(self) -> dict[str, Any]:
        """What goes back to what it was: nobody has changed it since."""
        kept = (each for each in self.after if self.now.get(each) == self.after[each])
        return {
            each: self.before.get(each)
            for each in kept
            if self.before.get(each) != self.now.get(each)
        }

    @property
    def overtaken(self) -> tuple[str, ...]:
        """What somebody has changed since."""
        return tuple(each for each in self.after if self.now.get(each) != self.after[each])


@dataclass(frozen=True, slots=True)
class Member:
    """A line of a family card."""

    person: Key
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class Family:
    """A family and who is in it now, in the order of the card."""

    key: Key
    head: Key
    village_code: str
    address: str
    rt: str
    rw: str
    members: tuple[Member, ...]
    closed: bool = False
    institution: bool = False
    hamlet: str | None = None
    postal_code: str | None = None

    def relationship_of(self, person: Key | None) -> Relationship | None:
        """Return somebody's position in this family; None when not in it."""
        return next((each.relationship for each in self.members if each.person == person), None)


@dataclass(frozen=True, slots=True)
class Traveller:
    """One of the people of a letter; `status` as in moves.rules.Travel."""

    person: Key
    status: str
    relationship: Relationship | None = None  # in the family that was left


@dataclass(frozen=True, slots=True)
class Journey:
    """A letter of a move and its people, as the moves slice keeps it."""

    key: Key
    number: str
    direction: str
    status: str
    issued_on: date
    valid_until: date | None
    people: int
    elsewhere: str | None = None
    family: Key | None = None  # that was left
    stayers: Key | None = None  # the family that goes on without a head who left
    travellers: tuple[Traveller, ...] = ()
    lines: tuple[Member, ...] = ()  # of the family as it was
    village_code: str | None = None  # here


@dataclass(frozen=True)
class State:
    """The people and families that a list of facts speaks of."""

    persons: Mapping[Key, Person] = field(default_factory=dict)
    families: Mapping[Key, Family] = field(default_factory=dict)
    niks: Mapping[str, Key] = field(default_factory=dict)  # those in the facts that exist
    kk_numbers: Mapping[str, Key] = field(default_factory=dict)
    similar: Mapping[int, tuple[Key, ...]] = field(default_factory=dict)  # by index of the fact
    villages: Mapping[str, str] = field(default_factory=dict)  # those in the facts, with names
    restored: frozenset[Key] = frozenset()  # whose certificate of death is cancelled
    journeys: Mapping[str, Journey] = field(default_factory=dict)  # by number; those in the facts
    districts: Mapping[str, str] = field(default_factory=dict)  # likewise, also of other regencies
    stays: Mapping[str, date] = field(default_factory=dict)  # until when, by NIK in the facts
    # Who may be the very people that arrive, by fact and line.
    alike: Mapping[tuple[int, int], tuple[Key, ...]] = field(default_factory=dict)
    # What the civil registers hold about those named and their children.
    entries: Mapping[Key, Entry] = field(default_factory=dict)
    traces: Mapping[Key, tuple[Trace, ...]] = field(default_factory=dict)  # by key of the entry
    successors: Mapping[Key, Key] = field(default_factory=dict)  # of records that were merged
    # Pairs in a fact that would merge them, judged to be two people.
    two_people: frozenset[frozenset[Key]] = frozenset()

    def person(self, ref: PersonRef | None, before: int) -> Person | None:
        """Return whom a fact means; a fact may speak of those whom facts `before` it register."""
        if ref is None:
            return None
        if ref.created_by is not None:
            created = ref.created_by if ref.created_by < before else -1
            return self.persons.get(new_key(created))
        key = str(ref.resident_id) if ref.resident_id else self.niks.get(ref.nik or "")
        return self.persons.get(self.successors.get(key or "", key or ""))

    def family(self, ref: FamilyRef, before: int) -> Family | None:
        """Return which family a fact means."""
        if ref.of is not None:
            return self.family_of(self.person(ref.of, before))
        key = str(ref.family_id) if ref.family_id else self.kk_numbers.get(ref.kk_number or "")
        return self.families.get(key or "")

    def family_of(self, person: Person | None) -> Family | None:
        """Return the family somebody is in."""
        return self.families.get(person.family or "") if person else None

    def certificate(self, ref: CertificateRef) -> Entry | None:
        """Return which entry a fact means."""
        if ref.certificate_id:
            return self.entries.get(str(ref.certificate_id))
        found = (each for each in self.entries.values() if each.number == ref.number)
        return next(found, None)

    def entries_of(self, person: Person) -> list[Entry]:
        """Return every entry about somebody that still holds, oldest first."""
        valid = (each for each in self.entries.values() if not each.cancelled)
        theirs = (each for each in valid if person.key in {each.subject, each.partner})
        return sorted(theirs, key=lambda each: (each.event_date, each.key))

    def entry(self, kinds: Collection[str], *people: Key) -> Entry | None:
        """Return the newest entry of these registers about exactly these people that still holds."""
        held = (each for each in self.entries.values() if each.kind in kinds and each.of(*people))
        valid = (each for each in held if not each.cancelled)
        return max(valid, key=lambda each: (each.event_date, each.key), default=None)

    def children_of(self, mother: Person) -> Iterator[Person]:
        """Yield everybody who has this mother, oldest first."""
        children = (each for each in self.persons.values() if each.mother == mother.key)
        yield from sorted(children, key=lambda each: (each.birth_date, each.key))

    def only(self, persons: Collection[Key], families: Collection[Key]) -> "State":
        """Return what is left for somebody who may know of these only."""
        return replace(
            self,
            persons={key: each for key, each in self.persons.items() if key in persons},
            families={key: each for key, each in self.families.items() if key in families},
            entries={
                key: each
                for key, each in self.entries.items()
                if {each.subject, each.partner} - {None} <= set(persons)
            },
            traces={
                key: tuple(each for each in group if each.person in persons)
                for key, group in self.traces.items()
            },
            similar={
                index: tuple(key for key in keys if key in persons)
                for index, keys in self.similar.items()
            },
            alike={
                line: tuple(key for key in keys if key in persons)
                for line, keys in self.alike.items()
            },
            journeys={
                number: each
                for number, each in self.journeys.items()
                if {one.person for one in each.travellers} <= set(persons)
            },
        )

    def with_person(self, person: Person) -> "State":
        """Return the state in which this person is so."""
        return replace(self, persons={**self.persons, person.key: person})

    def with_entry(self, entry: Entry) -> "State":
        """Return the state in which this entry is so."""
        return replace(self, entries={**self.entries, entry.key: entry})

    def with_member(self, family: Family, person: Person, relationship: Relationship) -> "State":
        """Return the state in which this person is a member of this family."""
        joined = replace(family, members=(*family.members, Member(person.key, relationship)))
        moved = replace(person, family=family.key, village_code=family.village_code)
        families = {**self.families, family.key: joined}
        return replace(self.with_person(moved), families=families)

    def without_member(self, family: Family, person: Person) -> "State":
        """Return the state in which this person is in no family; the others stay in theirs."""
        stayed = tuple(each for each in family.members if each.person != person.key)
        families = {**self.families, family.key: replace(family, members=stayed)}
        return replace(self.with_person(replace(person, family=None)), families=families)

    def with_journey(self, journey: Journey) -> "State":
        """Return the state in which this letter is so."""
        return replace(self, journeys={**self.journeys, journey.number: journey})

    def with_family(self, family: Family) -> "State":
        """Return the state in which this family is so; its members come from elsewhere."""
        return replace(self, families={**self.families, family.key: family})

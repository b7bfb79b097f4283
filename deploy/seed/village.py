"""One village as rows to be copied: residents, families and memberships in COPY's text format."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from deploy.seed import biography, names
from deploy.seed.cover import cover
from deploy.seed.doubles import double, respelled
from deploy.seed.households import Household, settle
from deploy.seed.people import ADULT, MARRIED, UNREGISTERED, YEAR, Person, populate
from deploy.seed.regency import SEED, VillagePlan
from services.registry.residents.rules.spelling import words

BOARDING_DISTRICT = "35.10.23"  # its first village has a boarding school
PEOPLE_OF_RT = 260
RT_OF_RW = 5
NULL = "\\N"
SPLIT_OFF = date(2018, 1, 1).toordinal()  # when Blimbingsari's villages got their new codes

RESIDENT_COLUMNS = (
    "id", "nik", "full_name", "title_before", "words", "sex", "birth_place", "birth_place_code",
    "birth_date", "birth_date_precision", "religion", "belief_organisation", "blood_type",
    "marital_status", "marriage_number", "marriage_date", "spouse_id", "education", "occupation",
    "citizenship", "permit", "disability", "mother_name", "mother_id", "father_name", "father_id",
    "status", "family_id", "village_code", "rw", "rt", "recording_status",
    "birth_certificate_number", "kia_valid_until", "version", "valid_from", "recorded_at",
)  # fmt: skip
FAMILY_COLUMNS = (
    "id", "kk_number", "kind", "head_id", "address", "hamlet", "rt", "rw", "village_code",
    "opened_on", "version", "valid_from", "recorded_at",
)  # fmt: skip
MEMBERSHIP_COLUMNS = ("id", "family_id", "resident_id", "relationship", "position", "period")


class Rows(NamedTuple):
    """A village, ready to be copied."""

    lines: tuple[bytes, bytes, bytes]  # residents, families, memberships
    people: int
    households: int


def make(plan: VillagePlan, today: date) -> Rows:
    """Make up a village; the same plan and day give the same village, whoever makes it."""
    chance = Random(f"{SEED}/{plan.code}")
    people = populate(plan, chance, today)
    school = plan.code == f"{BOARDING_DISTRICT}.2001"
    households = settle(people, chance, boarding_school=school)
    double(households, plan)
    cover(people, plan, chance, today)
    return _Writer(plan, chance, today).write(people, households)


@lru_cache(maxsize=60_000)
def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=60_000)
def _digits(ordinal: int) -> tuple[str, str]:
    """Return DDMMYY as in a man's and in a woman's NIK."""
    day = date.fromordinal(ordinal)
    return f"{day:%d%m%y}", f"{day.day + 40}{day:%m%y}"


@lru_cache(maxsize=100_000)
def _folded(name: str) -> str:
    """Return the words of a name as an array."""
    return f"{{{','.join(words(name))}}}"


def _text(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


class _Serials:
    """The next serial of this village for twelve digits."""

    def __init__(self, plan: VillagePlan) -> None:
        self._plan = plan
        self._whole = range(9001, 10_000)
        self._last: dict[str, int] = {}

    def next(self, prefix: str) -> str:
        """Return sixteen digits.

        Raises:
            ValueError: the village has used up its part.
        """
        mine = self._plan.serials.get(prefix[:6], self._whole)
        serial = self._last.get(prefix, mine.start - 1) + 1
        if serial not in mine:
            raise ValueError(f"{self._plan.code} has no serial left for {prefix}")
        self._last[prefix] = serial
        return f"{prefix}{serial}"


class _Writer:
    """Gives numbers and addresses, and writes rows."""

    def __init__(self, plan: VillagePlan, chance: Random, today: date) -> None:
        self._plan = plan
        self._chance = chance
        self._today = today.toordinal()
        midnight = datetime.combine(today, time(), ZoneInfo("Asia/Jakarta")).astimezone(UTC)
        self._recorded_at = midnight.isoformat()
        self._milliseconds = int(midnight.timestamp() * 1000)
        self._niks, self._kks = _Serials(plan), _Serials(plan)
        self._ids = 0
        self._mothers: dict[Person, str] = {}  # names, so that a second record says the same

    def write(self, people: list[Person], households: list[Household]) -> Rows:
        """Return the rows of everybody and every family."""
        for each in people:
            each.id = self._id()
            born = date.fromordinal(each.born).year
            each.name = names.full_name(
                self._chance, each.religion, each.sex, born, madurese=each.madurese
            )
        for each in people:
            if each.double_of is not None:
                each.name = respelled(each.double_of.name)
        homes: dict[str, tuple[str, str]] = {}
        families, memberships = [], []
        streets = biography.Streets(self._chance)
        for i, household in enumerate(households):
            place = self._neighbourhood(i, len(households))
            families.append(self._family(household, place, streets))
            homes[household.id] = place
            memberships += [
                f"{self._id()}\t{household.id}\t{person.id}\t{relationship}\t{line}"
                f"\t[{_iso(person.since)},)"
                for line, (person, relationship) in enumerate(household.members, 1)
            ]
        residents = [self._resident(each, homes) for each in people]
        return Rows(
            (_text(residents), _text(families), _text(memberships)), len(residents), len(families)
        )

    def _id(self) -> str:
        """Return a UUIDv7 that is the same in every run: time, village, and this village's chance."""
        self._ids += 1
        rest = f"{self._chance.getrandbits(60):015x}"
        stamp = f"{self._milliseconds + self._ids:012x}"
        return f"{stamp[:8]}-{stamp[8:]}-7{self._plan.index:03x}-8{rest[:3]}-{rest[3:]}"

    def _neighbourhood(self, i: int, count: int) -> tuple[str, str]:
        """Return RW and RT of the i-th family; how many there are follows the real size."""
        rt_count = max(2, round(self._plan.full_size / PEOPLE_OF_RT))
        rt = i * rt_count // count
        return f"{rt // RT_OF_RW + 1:03}", f"{rt % RT_OF_RW + 1:03}"

    def _family(
        self, household: Household, place: tuple[str, str], streets: biography.Streets
    ) -> str:
        household.id = self._id()
        household.opened = self._opened_on(household)
        for person, _ in household.members:
            person.family = household.id
            person.since = max(person.born, household.opened)
        prefix = self._plan.prefix
        if household.opened < SPLIT_OFF and self._plan.old_prefix:
            prefix = self._plan.old_prefix
        number = self._kks.next(prefix + _digits(household.opened)[0])
        kind = "INSTITUTION" if household.institution else "ORDINARY"
        rw, rt = place
        street, hamlet = streets.address(rw, institution=household.institution)
        opened = _iso(household.opened)
        columns = (
            household.id, number, kind, household.head.id, street, hamlet, rt, rw, self._plan.code,
            opened, "1", opened, self._recorded_at,
        )  # fmt: skip
        return "\t".join(columns)

    def _opened_on(self, household: Household) -> int:
        """Draw the day on the card: after the head was grown, mostly in the last years."""
        head = household.head
        grown = head.born + int((ADULT if head.age >= ADULT else 16) * YEAR) + 2
        earliest = max(grown, head.married_on or 0, date(2005, 1, 3).toordinal())
        drawn = self._today - 1 - int(self._chance.expovariate(1 / 2000))
        return min(max(drawn, earliest), self._today - 1)

    def _resident(self, each: Person, homes: dict[str, tuple[str, str]]) -> str:
        chance, born = self._chance, date.fromordinal(each.born)
        story = biography.draw(each, born.year, chance, self._plan)
        mother, father = each.mother, each.father
        mother_name = mother.name if mother else self._parent(each, "P", born.year)
        mother_name = self._mothers.setdefault(each.double_of or each, mother_name)
        father_name = father.name if father else self._parent(each, "L", born.year)
        rw, rt = homes.get(each.family) or self._neighbourhood(0, 1)
        spouse = each.spouse
        married = _iso(each.married_on) if each.married_on else NULL
        return "\t".join((
            each.id, self._nik(each, story.came_from_elsewhere), each.name,
            story.title, _folded(each.name), each.sex,
            story.birth_place, story.birth_place_code, _iso(each.born), each.precision,
            str(each.religion), story.belief, str(story.blood_type),
            str(each.state), self._marriage_number(each, born.year), married,
            spouse.id if spouse else NULL, str(story.education), str(story.occupation),
            "2" if each.permit else "1", each.permit or NULL, story.disability,
            mother_name, mother.id if mother else NULL,
            father_name, father.id if father else NULL,
            story.status, each.family or NULL, self._plan.code, rw, rt, each.recording,
            each.certificate or NULL, _iso(each.kia_until) if each.kia_until else NULL,
            "1", _iso(each.since or max(each.born, self._today - 400)), self._recorded_at,
        ))  # fmt: skip

    def _parent(self, each: Person, sex: str, year: int) -> str:
        return names.full_name(self._chance, each.religion, sex, year - 27, madurese=each.madurese)

    def _nik(self, each: Person, elsewhere: bool) -> str:  # noqa: FBT001 - a fact about them
        prefix = self._plan.prefix
        if elsewhere and self._plan.elsewhere:
            prefix = self._chance.choice(self._plan.elsewhere)
        elif self._plan.old_prefix and each.born < SPLIT_OFF:
            prefix = self._plan.old_prefix
        day = each.born
        if self._chance.random() < 0.005:  # noqa: PLR2004 - the biodata was corrected later
            day -= 1 + int(self._chance.random() * 300)
        return self._niks.next(prefix + _digits(day)[each.sex == "P"])

    def _marriage_number(self, each: Person, year: int) -> str:
        """Return the number of the book of marriage, the same for both."""
        if each.state not in {MARRIED, UNREGISTERED} or each.married_on is None:
            return NULL
        if each.state == UNREGISTERED:
            return NULL
        wife = each if each.sex == "P" else each.spouse
        day = date.fromordinal(each.married_on)
        serial = 1 + (wife.born if wife else year) * 37 % 900
        if each.religion == names.ISLAM:
            return f"{serial:04}/{serial % 99 + 1:03}/{_ROMAN[day.month - 1]}/{day.year}"
        return f"3510-KW-{day:%d%m%Y}-{serial:04}"


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

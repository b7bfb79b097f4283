"""The people of one village before they have a family: ages, marriages, parents."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from random import Random

from deploy.seed.names import CATHOLIC, HINDU, ISLAM, PROTESTANT
from deploy.seed.regency import VillagePlan
from services.registry.coverage.rules import latest_birth

NEVER, MARRIED, UNREGISTERED, DIVORCED, DIVORCED_UNREGISTERED, WIDOWED = range(1, 7)
YEAR = 365.25
ADULT = 17

# Up to which age: share of never married, divorced, widowed; the rest is married.
_STATES = {
    "L": (
        (19, 0.985, 0.0, 0.0), (24, 0.83, 0.005, 0.0), (29, 0.43, 0.015, 0.0),
        (34, 0.17, 0.03, 0.002), (44, 0.07, 0.045, 0.008), (59, 0.03, 0.05, 0.03),
        (69, 0.02, 0.04, 0.09), (200, 0.015, 0.03, 0.22),
    ),
    "P": (
        (19, 0.90, 0.0, 0.0), (24, 0.48, 0.02, 0.0), (29, 0.17, 0.04, 0.003),
        (34, 0.08, 0.06, 0.01), (44, 0.045, 0.07, 0.03), (59, 0.03, 0.07, 0.13),
        (69, 0.02, 0.06, 0.32), (200, 0.015, 0.04, 0.60),
    ),
}  # fmt: skip
_OTHER_RELIGIONS = (
    (0.0170, HINDU), (0.0300, PROTESTANT), (0.0360, CATHOLIC), (0.0395, 5), (0.0396, 6), (0.0398, 7),
)  # fmt: skip
_HINDU_DISTRICTS = {"35.10.04", "35.10.10", "35.10.20"}
_MADURESE_DISTRICTS = {"35.10.10", "35.10.11", "35.10.18", "35.10.21"}


class Person:
    """Somebody being made up; days are proleptic ordinals."""

    __slots__ = (
        "age", "born", "certificate", "children", "double_of", "family", "father", "id", "kia_until", "madurese",
        "married_on", "mother", "name", "permit", "precision", "recording", "religion", "sex",
        "since", "spouse", "state",
    )  # fmt: skip

    def __init__(self, sex: str, age: int, born: int) -> None:
        self.sex = sex
        self.age = age
        self.born = born
        self.precision = "DAY"
        self.state = NEVER
        self.spouse: Person | None = None
        self.mother: Person | None = None
        self.father: Person | None = None
        self.children: list[Person] = []  # of a mother, oldest first
        self.married_on: int | None = None
        self.religion = 0
        self.madurese = False
        self.name = ""
        self.permit: str | None = None
        self.id = ""
        self.family = ""
        self.since = 0
        self.recording = "BELUM_WAJIB"
        self.certificate: str | None = None
        self.kia_until: int | None = None
        self.double_of: Person | None = None  # who is recorded twice: this is the second record


def populate(plan: VillagePlan, chance: Random, today: date) -> list[Person]:
    """Make everybody of a village: born, married, and children of somebody."""
    people = [Person(sex, age, 0) for (age, sex), count in plan.ages.items() for _ in range(count)]
    _give_birth_dates(people, chance, today)
    _make_foreign(people, plan, chance)
    couples = _marry(people, plan, chance)
    _give_religions(people, plan, chance)
    _give_parents(people, chance)
    _date_marriages(couples, chance, today.toordinal())
    return people


def _give_birth_dates(people: list[Person], chance: Random, today: date) -> None:
    """Draw a day within the year of age; unknown ones pile on 1 July and 31 December."""
    windows: dict[int, tuple[int, int, int, int]] = {}
    for each in people:
        if each.age not in windows:
            windows[each.age] = _window(each.age, today)
        first, size, july, december = windows[each.age]
        draw = chance.random()
        piled = 0.25 if each.age > today.year - 1960 else 0.07 if each.age > 35 else 0.012  # noqa: PLR2004
        if draw < piled:
            each.born, each.precision = july, "YEAR"
        elif draw < piled + 0.04 and each.age > today.year - 1960:
            each.born, each.precision = december, "YEAR"
        else:
            each.born = first + int(chance.random() * size)


def _window(age: int, today: date) -> tuple[int, int, int, int]:
    """Return the first day of birth of an age, how many days there are, 1 July and 31 December."""
    first = latest_birth(today, age + 1).toordinal() + 1
    last = latest_birth(today, age).toordinal()
    year = date.fromordinal(first).year
    july, december = (
        next(
            day
            for day in (date(y, month, d).toordinal() for y in (year, year + 1))
            if first <= day <= last
        )
        for month, d in ((7, 1), (12, 31))
    )
    return first, last - first + 1, july, december


def _make_foreign(people: list[Person], plan: VillagePlan, chance: Random) -> None:
    """Let some people of working age be foreigners; those with a limited permit stay single."""
    able = [each for each in people if 25 <= each.age <= 60]  # noqa: PLR2004
    chosen = chance.sample(able, min(len(able), plan.itas + plan.itap))
    for i, each in enumerate(chosen):
        each.permit = "ITAS" if i < plan.itas else "ITAP"


def _marry(people: list[Person], plan: VillagePlan, chance: Random) -> list[Person]:
    """Draw who is married and to whom; return the wives."""
    wives = chance.sample(_girls(people), plan.brides)
    for each in wives:
        each.state = MARRIED
    husbands: list[Person] = []
    for each in people:
        if each.age >= ADULT and each.permit != "ITAS":
            each.state = _state(each, chance)
            if each.state == MARRIED:
                (wives if each.sex == "P" else husbands).append(each)
    wives.sort(key=lambda each: each.born + chance.gauss(0, 700))
    husbands.sort(key=lambda each: each.born + chance.gauss(0, 700))
    _even_out(wives, husbands, chance)
    for wife, husband in zip(wives, husbands, strict=True):
        wife.spouse, husband.spouse = husband, wife
        registered = chance.random() >= 0.04 or wife.age < ADULT  # noqa: PLR2004
        wife.state = husband.state = MARRIED if registered else UNREGISTERED
    return wives


def _girls(people: list[Person]) -> list[Person]:
    return [each for each in people if each.sex == "P" and each.age == ADULT - 1]


def _state(each: Person, chance: Random) -> int:
    never, divorced, widowed = next(
        shares for bound, *shares in _STATES[each.sex] if each.age <= bound
    )
    draw = chance.random()
    if draw < never:
        return NEVER
    if draw < never + divorced:
        return DIVORCED if draw < never + 0.8 * divorced else DIVORCED_UNREGISTERED
    return WIDOWED if draw < never + divorced + widowed else MARRIED


def _even_out(wives: list[Person], husbands: list[Person], chance: Random) -> None:
    """Let the spouses that are too many be alone after all, evenly over the ages."""
    longer = wives if len(wives) > len(husbands) else husbands
    extra = abs(len(wives) - len(husbands))
    spared = {id(each) for each in longer if each.age < ADULT}
    able = [i for i, each in enumerate(longer) if id(each) not in spared]
    for i in sorted(chance.sample(able, min(extra, len(able))), reverse=True):
        each = longer.pop(i)
        each.state = WIDOWED if each.age > 55 else DIVORCED if each.age > 24 else NEVER  # noqa: PLR2004
    # A bride of sixteen for whom a hamlet has no husband is married to somebody from elsewhere.
    del wives[len(husbands) :], husbands[len(wives) :]


def _give_religions(people: list[Person], plan: VillagePlan, chance: Random) -> None:
    """Draw faith and origin of the grown; couples share theirs, children take their mother's."""
    more = 2.0 if plan.code[:8] in _HINDU_DISTRICTS else 0.75
    madurese = 0.6 if plan.code[:8] in _MADURESE_DISTRICTS else 0.09
    for each in people:
        draw = chance.random()
        if draw < _OTHER_RELIGIONS[0][0] * more:
            each.religion = HINDU
        else:
            others = (faith for bound, faith in _OTHER_RELIGIONS[1:] if draw < bound)
            each.religion = next(others, ISLAM)
        each.madurese = each.religion == ISLAM and chance.random() < madurese
        if each.spouse and each.spouse.religion:
            each.religion, each.madurese = each.spouse.religion, each.spouse.madurese


def _give_parents(people: list[Person], chance: Random) -> None:
    """Give the unmarried a mother of the village, so that siblings are far enough apart."""
    mothers = sorted(
        (each for each in people if each.sex == "P" and each.state != NEVER),
        key=lambda each: each.born,
    )
    births = [each.born for each in mothers]
    room = {id(each): 1 + int(chance.random() * 3.2) for each in mothers}
    previous: Person | None = None
    for child in sorted(_dependants(people, chance), key=lambda each: each.born):
        twin = previous is not None and previous.age == child.age and previous.mother is not None
        if twin and chance.random() < 0.012:  # noqa: PLR2004
            assert previous is not None  # noqa: S101 - a twin has a sibling
            child.born, child.precision = previous.born, previous.precision
            mother = previous.mother
        else:
            mother = _mother(child, mothers, births, room, chance)
        if mother is not None:
            _adopt(child, mother, room)
        previous = child


def _dependants(people: list[Person], chance: Random) -> list[Person]:
    """Return who lives with parents: all children, and of the unmarried ever fewer with age."""
    return [
        each
        for each in people
        if each.state == NEVER
        and each.permit is None
        and (each.age < 22 or chance.random() < 0.9 - (each.age - 22) * 0.02)  # noqa: PLR2004
    ]


def _mother(
    child: Person, mothers: list[Person], births: list[int], room: dict[int, int], chance: Random
) -> Person | None:
    """Return a woman of fitting age without another child within eleven months."""
    wanted = child.born - chance.gauss(26.5, 5.2) * YEAR
    middle = bisect_left(births, wanted)
    for step in range(120):
        i = middle + (step // 2 if step % 2 else -step // 2)
        if not 0 <= i < len(mothers):
            continue
        mother = mothers[i]
        years = (child.born - mother.born) / YEAR
        if not 18 <= years <= 43 or room[id(mother)] < 1:  # noqa: PLR2004
            continue
        if not mother.children or child.born - mother.children[-1].born > 335:  # noqa: PLR2004
            return mother
    return None


def _adopt(child: Person, mother: Person, room: dict[int, int]) -> None:
    child.mother = mother
    room[id(mother)] -= 1
    mother.children.append(child)
    child.religion, child.madurese = mother.religion, mother.madurese
    father = mother.spouse
    if father is not None and child.born - father.born > 17 * YEAR:
        child.father = father


def _date_marriages(wives: list[Person], chance: Random, today: int) -> None:
    """Let couples marry before their first child, and never before sixteen and seventeen."""
    for wife in wives:
        husband = wife.spouse
        assert husband is not None  # noqa: S101 - wives have husbands
        youngest = 19 if wife.age >= 19 else 16  # noqa: PLR2004
        first = int(max(wife.born + youngest * YEAR, husband.born + 19 * YEAR)) + 2
        if wife.children:
            day = wife.children[0].born - 290 - int(chance.random() * 700)
        else:
            day = int(first + chance.random() ** 2 * max(1, min(3650, today - first)))
        earliest = int(max(wife.born + 16 * YEAR, husband.born + ADULT * YEAR)) + 2
        wife.married_on = husband.married_on = min(max(day, earliest), today - 1)

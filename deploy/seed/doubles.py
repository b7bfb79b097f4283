"""People who are recorded twice, as every registry has some: domain 9 says 0.2 %."""

from random import Random

from deploy.seed.households import Household
from deploy.seed.regency import SEED, VillagePlan

SHARE = 0.001  # pairs per person: two of a thousand are in one
YOUNGEST = 20  # years; nobody's card depends on the day then


def double(households: list[Household], plan: VillagePlan) -> None:
    """Make some who live alone the second record of others who do: one sex, one day, one mother.

    Only of people without parents, spouse and children here, so that no other record changes.
    """
    chance = Random(f"{SEED}/{plan.code}/doubles")
    alone = [each.head for each in households if _is_alone(each)]
    chance.shuffle(alone)
    for _ in range(int(plan.size * SHARE + chance.random())):
        second = alone.pop() if alone else None
        first = next((each for each in alone if second and each.sex == second.sex), None)
        if first is None or second is None:
            return
        alone.remove(first)
        second.born, second.age, second.precision = first.born, first.age, first.precision
        second.religion, second.madurese = first.religion, first.madurese
        second.double_of = first


def _is_alone(household: Household) -> bool:
    head = household.head
    related = head.mother or head.father or head.spouse or head.children or head.permit
    single = len(household.members) == 1 and not household.institution
    return single and not related and head.age >= YOUNGEST


def respelled(name: str) -> str:
    """Return a name as another clerk wrote it: it sounds the same."""
    return name.replace("U", "OE", 1) if "U" in name else name

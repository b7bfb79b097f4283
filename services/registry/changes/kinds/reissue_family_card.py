"""A new print of a family card under the same number: Permendagri 108/2019 art 10-13."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.rules import may_be_head
from services.registry.changes.state import Family, Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.codes import label
from shared.contract.events import IssuedKind
from shared.contract.facts import ReissueFamilyCard
from shared.contract.plan import Effect


def plan(state: State, fact: ReissueFamilyCard, index: int, context: Context) -> Step[Key]:
    """Foresee the print, which shows the family as the earlier facts leave it."""
    found = Findings(index)
    family = state.family(fact.family, index)
    found.check_family(family, "/family", context)
    if family is not None and not may_be_head(state.persons.get(family.head), context.today):
        found.refuse("HEAD_NOT_FIT", "/family")
    if family is None or found.refusals:
        return found.step(state)
    return found.step(
        state,
        family.key,
        _reissued(state, fact, family),
        _queued(family),
        village_code=family.village_code,
    )


async def apply(session: AsyncSession, family: Key, made: Made) -> None:  # noqa: ARG001 - printed at the end
    """Have the card printed when all facts are applied."""
    made.print(IssuedKind.FAMILY_CARD, made.touch(family))


def _reissued(state: State, fact: ReissueFamilyCard, family: Family) -> Effect:
    lines = [
        f"{state.persons[each.person].full_name}, {label('shdk', int(each.relationship))}"
        for each in family.members
    ]
    return Effect(
        effect="family_card.reissued",
        subject=family.key,
        after={
            "reason": fact.reason,
            "address": f"{family.address}, RT {family.rt} RW {family.rw}",
            "village_code": family.village_code,
            "members": list(lines),
        },
        text_id=f"Kartu Keluarga dicetak ulang dengan nomor yang sama, {len(lines)} anggota.",
        text_en=f"The family card is printed again under the same number, {len(lines)} members.",
    )


def _queued(family: Family) -> Effect:
    return Effect(
        effect="document.queued",
        subject=family.key,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga diterbitkan.",
        text_en="The family card is issued.",
    )

"""What members are to the head of their family is recorded otherwise: Permendagri 108/2019 art 15."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.heads import check_positions
from services.registry.changes.state import Family, Key, Member, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.families import actions as families
from services.registry.families import store as family_store
from shared.codes import find
from shared.contract.events import IssuedKind
from shared.contract.facts import CorrectPositions, Relationship
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Positions:
    """What which members of a family are to its head from now on."""

    family: Key
    to: Mapping[Key, Relationship]


def plan(state: State, fact: CorrectPositions, index: int, context: Context) -> Step[Positions]:
    """Judge what members are said to be; the head and the number stay."""
    found = Findings(index)
    family = state.family(fact.family, index)
    found.check_family(family, "/family", context)
    if family is None or family.closed:  # whose head may be far away by now
        return found.step(state)
    head = state.persons[family.head]
    asked = check_positions(found, state, family, head, fact.positions, index)
    to = {key: each for key, each in asked.items() if family.relationship_of(key) is not each}
    if not to:
        found.refuse("POSITIONS_ARE_SO", "/positions")
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    changed = replace(family, members=tuple(_changed(family, to)))
    if [each.relationship for each in changed.members].count(Relationship.HUSBAND) > 1:
        found.refuse("SECOND_HUSBAND", "/positions")
    return found.step(
        state.with_family(changed),
        Positions(family.key, to),
        *_effects(state, family, to),
        village_code=family.village_code,
    )


async def apply(session: AsyncSession, decided: Positions, made: Made) -> None:
    """Write the relationships from today on, and print the card."""
    family_id = made.touch(decided.family)
    family = (await family_store.load(session, [family_id]))[family_id]
    to = {made.person(key): int(each) for key, each in decided.to.items()}
    source = made.source("correct_positions")
    await families.reposition(session, family, to, source=source, valid_from=made.today)
    made.print(IssuedKind.FAMILY_CARD, family_id)


def _changed(family: Family, to: Mapping[Key, Relationship]) -> Iterator[Member]:
    for each in family.members:
        yield Member(each.person, to.get(each.person, each.relationship))


def _effects(state: State, family: Family, to: Mapping[Key, Relationship]) -> Iterator[Effect]:
    for key, position in to.items():
        was, becomes = family.relationship_of(key), find("shdk", int(position)).name
        name = state.persons[key].full_name
        yield Effect(
            effect="family.relationship_changed",
            subject=family.key,
            before={"person": key, "relationship": int(was) if was else None},
            after={"person": key, "full_name": name, "relationship": int(position)},
            text_id=f"Hubungan {name} dengan kepala keluarga menjadi {becomes.id}.",
            text_en=f"The relationship of {name} to the head becomes {becomes.en}.",
        )
    yield Effect(
        effect="document.queued",
        subject=family.key,
        after={"kind": IssuedKind.FAMILY_CARD},
        text_id="Kartu Keluarga diterbitkan ulang.",
        text_en="The family card is issued again.",
    )

"""A family's address is written otherwise in the same village: Permendagri 108/2019 art 15."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes.state import Family, Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.families import actions as families
from services.registry.families import store as family_store
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind, ChangeAddress
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What of a family's address is written otherwise."""

    family: Key
    to: dict[str, Any]


def plan(state: State, fact: ChangeAddress, index: int, context: Context) -> Step[Rewritten]:
    """Judge the parts of an address that change; the number of the card and the village stay."""
    found = Findings(index)
    family = state.family(fact.family, index)
    found.check_family(family, "/family", context)
    if family is None:
        return found.step(state)
    stated = fact.model_dump(exclude={"kind", "family"}, exclude_none=True)
    to = {name: value for name, value in stated.items() if getattr(family, name) != value}
    if not to:
        found.refuse("MOVE_SAME_ADDRESS", "/address")
    if found.refusals:
        return found.step(state, village_code=family.village_code)
    _weigh_cards(found, state, family)
    return found.step(
        state.with_family(replace(family, **to)),
        Rewritten(family.key, to),
        *_effects(family, to),
        village_code=family.village_code,
    )


async def apply(session: AsyncSession, rewritten: Rewritten, made: Made) -> None:
    """Write the address from today on, for the family and all its members, and print the card."""
    family_id = made.touch(rewritten.family)
    family = (await family_store.load(session, [family_id]))[family_id]
    source = made.source("change_address")
    await families.change(session, family, rewritten.to, source=source, valid_from=made.today)
    made.print(IssuedKind.FAMILY_CARD, family_id)


def _weigh_cards(found: Findings, state: State, family: Family) -> None:
    """A KTP-el stays valid with the old address; a new one is for its holder to ask."""
    people = (state.persons[each.person] for each in family.members)
    holders = [each.full_name for each in people if each.card(CardKind.KTP_EL)]
    if holders:
        found.warn("CARD_SHOWS_OLD_ADDRESS", "/family", names=", ".join(holders[:5]))


def _effects(family: Family, to: dict[str, Any]) -> list[Effect]:
    after = replace(family, **to)
    return [
        Effect(
            effect="family.address_changed",
            subject=family.key,
            before={name: getattr(family, name) for name in to},
            after=to,
            text_id=f"Alamat Kartu Keluarga menjadi {after.address}, RT {after.rt} RW {after.rw}; "
            "nomornya tetap.",
            text_en=f"The address of the family card becomes {after.address}, RT {after.rt} "
            f"RW {after.rw}; its number stays.",
        ),
        Effect(
            effect="document.queued",
            subject=family.key,
            after={"kind": IssuedKind.FAMILY_CARD},
            text_id="Kartu Keluarga diterbitkan ulang.",
            text_en="The family card is issued again.",
        ),
    ]

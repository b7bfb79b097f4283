"""Carries out an amendment of somebody's record: versions, cards, prints, relatives' records."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards import rules as card_rules
from services.registry.changes.amending import DATA_CHANGED, Amendment
from services.registry.changes.steps import Made
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from services.registry.residents.tables import Resident
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind


async def write(session: AsyncSession, amendment: Amendment, made: Made, cause: str) -> Resident:
    """Write the new values as a version of their own day, and replace what shows the old."""
    source = made.source(cause)
    resident_id = made.person(amendment.person)
    resident = (await resident_store.load(session, [resident_id]))[resident_id]
    parents = {name: made.person(key) for name, key in amendment.parents.items()}
    values, since = {**amendment.values, **parents}, amendment.effective_on
    await residents.change(session, resident, values, source=source, valid_from=since)
    await _replace_cards(session, amendment, resident, source, made)
    await _rename_parent(session, amendment, source, made)
    for home in (amendment.family, *amendment.homes):
        if home is not None:
            made.print(IssuedKind.FAMILY_CARD, made.touch(home))
    return resident


async def _rename_parent(
    session: AsyncSession, amendment: Amendment, source: Source, made: Made
) -> None:
    ids = [made.person(each.person) for each in amendment.relatives]
    children = await resident_store.load(session, ids)
    for each in amendment.relatives:
        child = children[made.person(each.person)]
        news = {each.element: each.name}
        since = max(amendment.effective_on, child.birth_date)
        await residents.change(session, child, news, source=source, valid_from=since)


async def _take_back(
    session: AsyncSession, amendment: Amendment, holder: Resident, source: Source, made: Made
) -> None:
    if amendment.card_from is not None:
        await cards.let_card_wait(session, holder, DATA_CHANGED, source=source, today=made.today)
    else:
        await cards.revoke_identity_card(session, holder, DATA_CHANGED, today=made.today)


async def _replace_cards(
    session: AsyncSession, amendment: Amendment, holder: Resident, source: Source, made: Made
) -> None:
    if CardKind.KIA in amendment.ends:
        await cards.revoke_child_card(
            session, holder, DATA_CHANGED, source=source, today=made.today
        )
    if CardKind.KTP_EL in amendment.ends:
        await _take_back(session, amendment, holder, source, made)
    new = amendment.child_card
    if new is None or new.valid_until is None or new.variant is None:
        return
    kind = card_rules.Variant(new.variant)
    card = await cards.issue_child_card(
        session, holder, kind, new.valid_until, source=source, today=made.today
    )
    made.cards.append(card.id)
    made.print(IssuedKind.CHILD_CARD, card.id)

"""A foreigner's KTP-el after the permit was extended: UU 23/2006 jo UU 24/2013 art 63(4)."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.changes import identity_cards
from services.registry.changes.identity_cards import Order
from services.registry.changes.kinds.issue_card import order_identity_card
from services.registry.changes.state import State
from services.registry.changes.steps import Context, Findings, Made, Step
from shared.contract.facts import CardKind, Citizenship, RenewCard


def plan(state: State, fact: RenewCard, index: int, context: Context) -> Step[Order]:
    """Judge an extension: only a foreigner's card ends at all."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    identity_cards.check_home(found, person, context)
    identity_cards.check_duty(found, person, context)
    former = person.card(CardKind.KTP_EL)
    if person.citizenship is not Citizenship.FOREIGN:
        found.refuse("KTP_IS_FOR_LIFE", "/person")
    else:
        identity_cards.check_recording(found, person)
        identity_cards.check_permit(found, person, fact.permit_until, context)
    if former is None:
        found.warn("KTP_NOT_HELD", "/person")
    elif former.valid_until is not None and fact.permit_until <= former.valid_until:
        found.refuse("PERMIT_NOT_EXTENDED", "/permit_until")
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    order = Order(
        person=person.key,
        valid_until=fact.permit_until,
        former_ends="RENEWED" if former else None,
        ends_child_card=person.card(CardKind.KIA) is not None,
        print_at=fact.print_at,
    )
    return found.step(
        identity_cards.with_card(state, person, order),
        order,
        *identity_cards.effects(person, order),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, order: Order, made: Made) -> None:
    """End the former card and have the new one printed."""
    await order_identity_card(session, order, made, "renew_card")

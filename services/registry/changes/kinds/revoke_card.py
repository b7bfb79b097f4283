"""A card is taken back and none given in its place: UU 23/2006 jo UU 24/2013 art 64."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.changes import identity_cards
from services.registry.changes.state import Key, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.auth import covers
from shared.contract.facts import CardKind, RevokeCard


@dataclass(frozen=True, slots=True)
class Revocation:
    """Whose card ends, and why."""

    person: Key
    card: CardKind
    reason: str


def plan(state: State, fact: RevokeCard, index: int, context: Context) -> Step[Revocation]:
    """Judge whether there is a card in force to take back; the dead hand theirs back as well."""
    found = Findings(index)
    person = state.person(fact.person, index)
    if person is None:
        found.refuse("PERSON_NOT_FOUND", "/person")
        return found.step(state)
    if person.village_code and not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")
    if person.card(fact.card) is None:
        found.refuse("CARD_NOT_IN_FORCE", "/card")
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    kept = tuple(each for each in person.cards if each.kind is not fact.card)
    return found.step(
        state.with_person(replace(person, cards=kept)),
        Revocation(person.key, fact.card, fact.reason),
        identity_cards.revoked(person, fact.card, fact.reason),
        village_code=person.village_code,
    )


async def apply(session: AsyncSession, revocation: Revocation, made: Made) -> None:
    """End the card; what was recorded of its holder stays."""
    resident_id = made.person(revocation.person)
    holder = (await resident_store.load(session, [resident_id]))[resident_id]
    if revocation.card is CardKind.KTP_EL:
        await cards.revoke_identity_card(session, holder, revocation.reason, today=made.today)
        return
    await cards.revoke_child_card(
        session, holder, revocation.reason, source=made.source("revoke_card"), today=made.today
    )

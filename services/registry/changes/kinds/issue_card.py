"""A card: KIA (Permendagri 2/2016) or KTP-el (UU 24/2013 art 63-64)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards import rules
from services.registry.cards.recording import Status
from services.registry.changes import identity_cards
from services.registry.changes.identity_cards import WHY, Order
from services.registry.changes.state import HeldCard, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind, Citizenship, IssueCard
from shared.contract.plan import Effect


@dataclass(frozen=True, slots=True)
class Issue:
    """Which card a child gets, and why a former one ends."""

    person: Key
    variant: rules.Variant
    valid_until: date
    former_ends: str | None  # reason; None when there is no former card


def plan(state: State, fact: IssueCard, index: int, context: Context) -> Step[Issue | Order]:
    """Judge whether somebody may have a card, and foresee its type and last valid day."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    identity_cards.check_home(found, person, context)
    if fact.card is CardKind.KTP_EL:
        return _plan_identity_card(found, state, fact, person, context)
    return _plan_child_card(found, state, fact, person, context)


async def apply(session: AsyncSession, decided: Issue | Order, made: Made) -> None:
    """End the former card, give the new one, and have it printed."""
    source = made.source("issue_card")
    resident_id = made.person(decided.person)
    holder = (await resident_store.load(session, [resident_id]))[resident_id]
    if isinstance(decided, Order):
        await order_identity_card(session, decided, made, "issue_card")
        return
    if decided.former_ends:
        await cards.revoke_child_card(
            session, holder, decided.former_ends, source=source, today=made.today
        )
    card = await cards.issue_child_card(
        session, holder, decided.variant, decided.valid_until, source=source, today=made.today
    )
    made.cards.append(card.id)
    made.print(IssuedKind.CHILD_CARD, card.id)


async def order_identity_card(session: AsyncSession, order: Order, made: Made, cause: str) -> None:
    """End the former KTP-el and queue the new one at a print site; no paper is sealed for it."""
    resident_id = made.person(order.person)
    holder = (await resident_store.load(session, [resident_id]))[resident_id]
    if order.former_ends:
        await cards.revoke_identity_card(session, holder, order.former_ends, today=made.today)
    card = await cards.issue_identity_card(
        session,
        holder,
        order.valid_until,
        source=made.source(cause),
        today=made.today,
        case_id=made.source_id,
        print_at=order.print_at,
    )
    made.cards.append(card.id)


def _plan_identity_card(
    found: Findings, state: State, fact: IssueCard, person: Person, context: Context
) -> Step[Issue | Order]:
    identity_cards.check_duty(found, person, context)
    identity_cards.check_recording(found, person)
    identity_cards.check_permit(found, person, fact.permit_until, context)
    former = person.card(CardKind.KTP_EL)
    _check_former_identity_card(found, fact, person, former, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    order = Order(
        person=person.key,
        valid_until=fact.permit_until,
        former_ends=("RAN_OUT" if fact.reason == "NEW" else fact.reason) if former else None,
        ends_child_card=person.card(CardKind.KIA) is not None,
        print_at=fact.print_at,
    )
    return found.step(
        identity_cards.with_card(state, person, order),
        order,
        *identity_cards.effects(person, order),
        village_code=person.village_code,
    )


def _check_former_identity_card(
    found: Findings, fact: IssueCard, person: Person, former: HeldCard | None, context: Context
) -> None:
    if former is None:
        if fact.reason != "NEW":
            found.warn("KTP_NOT_HELD", "/reason")
        return
    runs = former.valid_until is None or former.valid_until >= context.today
    if fact.reason == "NEW" and runs:
        found.refuse("KTP_ALREADY_HELD", "/reason")
    if fact.reason == "RENEWED" and person.citizenship is not Citizenship.FOREIGN:
        found.refuse("KTP_IS_FOR_LIFE", "/reason")
    if person.particulars.recording_status == Status.IN_PRINT:
        found.refuse("KTP_IN_PRINT", "/reason")


def _plan_child_card(
    found: Findings, state: State, fact: IssueCard, person: Person, context: Context
) -> Step[Issue | Order]:
    _check_child(found, fact, person, context)
    former = person.card(CardKind.KIA)
    _check_former(found, fact, former, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    variant = rules.variant(person.birth_date, context.today)
    until = rules.valid_until(person.birth_date, variant)
    until = min(until, fact.permit_until or until)
    ends = ("EXPIRED" if fact.reason == "NEW" else fact.reason) if former else None
    issue = Issue(person.key, variant, until, ends)
    others = tuple(each for each in person.cards if each is not former)
    holder = replace(person, cards=(*others, HeldCard(CardKind.KIA, variant, until)))
    return found.step(
        state.with_person(holder),
        issue,
        *_effects(fact, person, former, issue),
        village_code=person.village_code,
    )


def _check_child(found: Findings, fact: IssueCard, person: Person, context: Context) -> None:
    if not rules.may_hold_child_card(
        person.birth_date, context.today, ever_married=person.ever_married
    ):
        found.refuse("KIA_NOT_A_CHILD", "/person")
    if not person.has_birth_certificate and person.citizenship is not Citizenship.FOREIGN:
        found.refuse("KIA_NEEDS_CERTIFICATE", "/person")
    if person.is_temporary:
        found.refuse("KIA_NEEDS_PERMIT", "/person")
    else:
        identity_cards.check_permit(found, person, fact.permit_until, context)


def _check_former(
    found: Findings, fact: IssueCard, former: HeldCard | None, context: Context
) -> None:
    if former is None:
        if fact.reason != "NEW":
            found.warn("KIA_NOT_HELD", "/reason")
        return
    runs = former.valid_until is None or former.valid_until >= context.today
    if fact.reason == "NEW" and runs:
        found.refuse("KIA_ALREADY_HELD", "/reason")


def _effects(
    fact: IssueCard, person: Person, former: HeldCard | None, issue: Issue
) -> Iterator[Effect]:
    name, until = person.full_name, issue.valid_until.isoformat()
    if former is not None:
        why = WHY[fact.reason]
        yield Effect(
            effect="card.revoked",
            subject=person.key,
            before={
                "kind": CardKind.KIA,
                "variant": former.variant,
                "valid_until": former.valid_until.isoformat() if former.valid_until else None,
            },
            after={"reason": issue.former_ends},
            text_id=f"KIA lama {name} ditarik karena {why[0]}.",
            text_en=f"The former child card of {name} ends because {why[1]}.",
        )
    yield Effect(
        effect="card.issued",
        subject=person.key,
        after={"kind": CardKind.KIA, "variant": issue.variant, "valid_until": until},
        text_id=f"{name} mendapat KIA tipe {issue.variant}, berlaku sampai {until}.",
        text_en=f"{name} gets a child card of type {issue.variant}, valid until {until}.",
    )
    yield Effect(
        effect="document.queued",
        subject=person.key,
        after={"kind": IssuedKind.CHILD_CARD},
        text_id=f"KIA {name} diterbitkan.",
        text_en=f"The child card of {name} is issued.",
    )

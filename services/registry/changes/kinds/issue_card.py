"""A child card (KIA): Permendagri 2/2016."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cards import actions as cards
from services.registry.cards import rules
from services.registry.changes.state import HeldCard, Key, Person, State
from services.registry.changes.steps import Context, Findings, Made, Step
from services.registry.residents import store as resident_store
from shared.auth import covers
from shared.contract.events import IssuedKind
from shared.contract.facts import CardKind, IssueCard
from shared.contract.plan import Effect

_REASONS = {
    "NEW": ("habis masa berlakunya", "ran out"),
    "RENEWED": ("diperbarui", "is renewed"),
    "LOST": ("hilang", "was lost"),
    "DAMAGED": ("rusak", "is damaged"),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """Which card a child gets, and why a former one ends."""

    person: Key
    variant: rules.Variant
    valid_until: date
    former_ends: str | None  # reason; None when there is no former card


def plan(state: State, fact: IssueCard, index: int, context: Context) -> Step[Issue]:
    """Judge whether a child may have a card, and foresee its type and last valid day."""
    found = Findings(index)
    person = state.person(fact.person, index)
    found.check_person(person, "/person")
    if person is None:
        return found.step(state)
    _check_home(found, person, context)
    _check_child(found, person, context)
    former = person.card(CardKind.KIA)
    _check_former(found, fact, former, context)
    if found.refusals:
        return found.step(state, village_code=person.village_code)
    variant = rules.variant(person.birth_date, context.today)
    until = rules.valid_until(person.birth_date, variant)
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


async def apply(session: AsyncSession, issue: Issue, made: Made) -> None:
    """End the former card, give the new one, and have it printed."""
    source = made.source("issue_card")
    resident_id = made.person(issue.person)
    holder = (await resident_store.load(session, [resident_id]))[resident_id]
    if issue.former_ends:
        await cards.revoke_child_card(
            session, holder, issue.former_ends, source=source, today=made.today
        )
    card = await cards.issue_child_card(
        session, holder, issue.variant, issue.valid_until, source=source, today=made.today
    )
    made.cards.append(card.id)
    made.print(IssuedKind.CHILD_CARD, card.id)


def _check_home(found: Findings, person: Person, context: Context) -> None:
    # The card prints the address of the family card.
    if person.family is None or person.village_code is None:
        found.refuse("PERSON_IN_NO_FAMILY", "/person")
    elif not covers([context.regency], person.village_code):
        found.refuse("NOT_IN_JURISDICTION", "/person")


def _check_child(found: Findings, person: Person, context: Context) -> None:
    if not rules.may_hold_child_card(
        person.birth_date, context.today, ever_married=person.ever_married
    ):
        found.refuse("KIA_NOT_A_CHILD", "/person")
    if not person.has_birth_certificate:
        found.refuse("KIA_NEEDS_CERTIFICATE", "/person")
    if person.is_temporary:
        found.refuse("KIA_NEEDS_PERMIT", "/person")


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
        why = _REASONS[fact.reason]
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
            text_en=f"The former child card of {name} ends because it {why[1]}.",
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

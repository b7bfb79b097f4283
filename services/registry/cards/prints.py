"""What can happen to an order of a print site, and to its blanks.

An order stands QUEUED while there is a blank for it and NO_BLANK while there is none, so that the
promised time of its case pauses and runs by itself. Where blanks were never counted, none lacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.registry.cards import letters, store
from services.registry.cards.printing import (
    AGENCY,
    UNDELIVERED,
    BlankReason,
    PrintResult,
    PrintState,
    may_follow,
)
from services.registry.cards.recording import Status
from services.registry.cards.tables import BlankMovement, CardPrint
from services.registry.residents import actions as residents
from services.registry.residents import store as resident_store
from services.registry.residents.schemas import Source
from shared import clock, outbox
from shared.contract.events import CardChanged, CaseHandedOver
from shared.contract.facts import CardKind
from shared.language import Words
from shared.problems import NotFound, Problem

_STANDING = {
    PrintState.PRINTED: Status.PRINTED,
    PrintState.SHIPPED: Status.SHIPPED,
    PrintState.HANDED_OVER: Status.ISSUED,
}
_BECOMES = {
    PrintResult.PRINTED: PrintState.PRINTED,
    PrintResult.SPOILED: PrintState.QUEUED,
    PrintResult.SHIPPED: PrintState.SHIPPED,
    PrintResult.HANDED_OVER: PrintState.HANDED_OVER,
}


class NotNow(Problem):
    """The order does not stand where this could be said of it."""

    status = 409
    slug = "print-not-in-this-state"
    title = Words("Kartu tidak dalam tahap ini", "The card is not at this stage")
    advice = Words(
        "Baca antrean cetak lagi; kartu tanpa blangko tidak dapat dicetak.",
        "Read the print queue again; a card without a blank cannot be printed.",
    )


class TooFewBlanks(Problem):
    """More blanks would be spoiled than there are."""

    status = 409
    slug = "too-few-blanks"
    title = Words("Blangko tidak sebanyak itu", "There are not so many blanks")
    advice = Words("Hitung ulang blangko di tempat cetak.", "Count the blanks at the site again.")


@dataclass(frozen=True, slots=True)
class Order:
    """What a site is to print."""

    kind: CardKind
    holder_name: str
    village_code: str | None
    resident_id: UUID | None = None
    card_id: UUID | None = None
    recording_id: UUID | None = None
    case_id: UUID | None = None
    point_id: str | None = None


async def order(session: AsyncSession, wanted: Order, source: Source) -> CardPrint:
    """Put a card into the queue of a site, the agency's own where none is named."""
    point_id = wanted.point_id or AGENCY
    stock = await store.lock_stock(session, point_id, wanted.kind)
    placed = CardPrint(
        id=uuid7(),
        card_id=wanted.card_id,
        recording_id=wanted.recording_id,
        resident_id=wanted.resident_id,
        kind=wanted.kind,
        holder_name=wanted.holder_name,
        village_code=wanted.village_code,
        point_id=point_id,
        case_id=wanted.case_id,
        state=PrintState.QUEUED,
        source_id=source.id,
    )
    session.add(placed)
    await session.flush()
    await _tell(session, placed)
    if stock is not None:
        await settle(session, point_id, wanted.kind)
    return placed


async def find(session: AsyncSession, print_id: UUID) -> CardPrint:
    """Return an order.

    Raises:
        NotFound: there is none.
    """
    found = await session.get(CardPrint, print_id)
    if found is None:
        raise NotFound
    return found


async def report(
    session: AsyncSession,
    print_id: UUID,
    result: PrintResult,
    *,
    actor: str,
    shipped_to: str | None = None,
) -> CardPrint:
    """Note what a site did with an order; a printed and a spoiled card each use a blank up.

    Raises:
        NotFound: there is no such order.
        NotNow: it does not stand where this could be said of it; there may be no blank.
    """
    found = await store.lock_print(session, print_id)
    if found is None:
        raise NotFound
    if not may_follow(PrintState(found.state), result):
        raise NotNow
    if result in {PrintResult.PRINTED, PrintResult.SPOILED}:
        why = BlankReason.USED if result is PrintResult.PRINTED else BlankReason.SPOILED
        await _use_blank(session, found, why, actor)
    found.shipped_to = shipped_to if result is PrintResult.SHIPPED else found.shipped_to
    await _move(session, found, _BECOMES[result], actor)
    await settle(session, found.point_id, found.kind)
    return found


async def handed_over(session: AsyncSession, event: CaseHandedOver) -> None:
    """Note that the citizen has the cards of a case."""
    for print_id in await store.undelivered_of_case(session, event.case_id):
        found = await store.lock_print(session, print_id)
        if found and may_follow(PrintState(found.state), PrintResult.HANDED_OVER):
            await _move(session, found, PrintState.HANDED_OVER, "requests")


async def cancel(session: AsyncSession, card_ids: list[UUID], actor: str) -> None:
    """Give up the orders of cards that were taken back before anybody got them."""
    for print_id in await store.undelivered(session, card_ids):
        found = await store.lock_print(session, print_id)
        if found and found.state in UNDELIVERED:
            await _move(session, found, PrintState.CANCELLED, actor)
            await settle(session, found.point_id, found.kind)


async def move_blanks(
    session: AsyncSession, point_id: str, kind: CardKind, why: BlankReason, count: int, actor: str
) -> int:
    """Note blanks that came or were spoiled; return how many there are.

    Raises:
        TooFewBlanks: there are not so many.
    """
    stock = await store.lock_stock(session, point_id, kind)
    change = count if why is BlankReason.RECEIVED else -count
    balance = (stock.balance if stock else 0) + change
    if balance < 0:
        raise TooFewBlanks
    movement = BlankMovement(point_id=point_id, kind=kind, change=change, why=why, actor=actor)
    await store.change_stock(session, movement)
    await settle(session, point_id, kind)
    return balance


async def settle(session: AsyncSession, point_id: str, kind: str) -> None:
    """Give the blanks of a site to those who wait longest; the others wait for blanks."""
    stock = await store.lock_stock(session, point_id, kind)
    if stock is None:
        return
    lacking = await store.queued(session, point_id, kind) - stock.balance
    if lacking > 0:
        await _hold(session, await store.youngest_queued(session, point_id, kind, lacking))
    elif lacking < 0:
        for each in await store.oldest_without(session, point_id, kind, -lacking):
            await _move(session, each, PrintState.QUEUED, "stock")


async def _hold(session: AsyncSession, orders: Iterable[CardPrint]) -> None:
    """Let orders wait for blanks; whoever waits for a KTP-el gets an interim letter."""
    for each in orders:
        await _move(session, each, PrintState.NO_BLANK, "stock")
        if each.kind == CardKind.KTP_EL and each.resident_id is not None:
            await letters.give_interim(session, each, today=clock.today())


async def _use_blank(
    session: AsyncSession, printed: CardPrint, why: BlankReason, actor: str
) -> None:
    if await store.lock_stock(session, printed.point_id, printed.kind) is None:
        return
    movement = BlankMovement(
        point_id=printed.point_id,
        kind=printed.kind,
        change=-1,
        why=why,
        print_id=printed.id,
        actor=actor,
    )
    await store.change_stock(session, movement)


async def _move(session: AsyncSession, moved: CardPrint, state: PrintState, actor: str) -> None:
    if moved.state == state:
        return
    moved.state = state
    await session.flush()
    if state in {PrintState.PRINTED, PrintState.CANCELLED}:
        await letters.end_interim(session, moved, today=clock.today())
    standing = _STANDING.get(state)
    if standing is not None and moved.kind == CardKind.KTP_EL and moved.resident_id is not None:
        people = await resident_store.load(session, [moved.resident_id], lock=True)
        source = Source(moved.case_id or moved.source_id, "card_print", actor)
        await residents.change(
            session,
            people[moved.resident_id],
            {"recording_status": standing},
            source=source,
            valid_from=clock.today(),
        )
    await _tell(session, moved)


async def _tell(session: AsyncSession, told: CardPrint) -> None:
    event = CardChanged(
        case_id=told.case_id,
        print_id=told.id,
        card_id=told.card_id,
        resident_id=told.resident_id,
        kind=CardKind(told.kind),
        state=told.state,
        point_id=told.point_id,
    )
    await outbox.add(session, event)

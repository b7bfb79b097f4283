"""Child cards, identity cards and digital identities."""

from typing import Any

from sqlalchemy import select

from services.registry.cards import prints, recordings
from services.registry.cards import store as cards
from services.registry.cards.printing import PrintResult
from services.registry.cards.recording import Status
from services.registry.cards.tables import CardPrint
from services.registry.residents.tables import Resident
from shared import clock
from shared.db import Sessions
from tests.end_to_end.lives.people import Life, alone, born, family, made, newcomer, who, years_ago
from tests.end_to_end.walking import Filing
from tests.registry.make import answers


async def child_card(sessions: Sessions, years: int, reason: str) -> Filing:
    _, child, _ = await born(sessions, years)
    if reason != "NEW":
        await made(sessions, {"kind": "issue_card", "person": who(child)})
    return Filing("parent", [{"kind": "issue_card", "person": who(child), "reason": reason}])


async def recorded(sessions: Sessions, status: str = "PRINT_READY_RECORD") -> Resident:
    """Register somebody whose recording for the KTP-el is that far."""
    someone = await alone(sessions)
    async with sessions.begin() as session:
        held = await session.get_one(Resident, someone.id)
        held.recording_status = status
    return someone


def carded(reason: str) -> Life:
    async def life(sessions: Sessions) -> Filing:
        holder = await recorded(sessions)
        fact = {"kind": "issue_card", "card": "KTP_EL", "person": who(holder)}
        if reason != "NEW":
            await made(sessions, fact)
            await hand_out(sessions, holder)
        return Filing("self", [fact | {"reason": reason}])

    return life


async def hand_out(sessions: Sessions, holder: Resident) -> None:
    """Let the print site finish what waits for somebody."""
    wanted = select(CardPrint.id).where(CardPrint.resident_id == holder.id)
    async with sessions.begin() as session:
        for each in (await session.scalars(wanted)).all():
            for result in (PrintResult.PRINTED, PrintResult.HANDED_OVER):
                await prints.report(session, each, result, actor="cetak-1")
    await answers(sessions)  # nobody is to hear of it


def captured(years: int = 20, **changes: Any) -> Life:  # noqa: ANN401 - of a fact or a person
    async def life(sessions: Sessions) -> Filing:
        status = "UNREGISTERED" if years > 16 else "BELUM_WAJIB"
        _, [child] = await family(sessions, years_ago(years, 40))
        async with sessions.begin() as session:
            held = await session.get_one(Resident, child.id)
            held.recording_status = status
        return Filing("self", [{"kind": "record_biometrics", "person": who(child)} | changes])

    return life


async def visitor(sessions: Sessions) -> Filing:
    _ = sessions
    other = newcomer()
    about = {name: other[name] for name in ("nik", "full_name", "birth_date")}
    fact = {"kind": "record_biometrics", "visitor": about | {"region_code": "34.04"}}
    return Filing("self", [fact])


async def seventeen(sessions: Sessions) -> Filing:
    filing = await captured(17)(sessions)
    person_ = filing.facts[0]["person"]
    phone = {"kind": "activate_digital_id", "person": person_, "device": "ponsel-1"}
    return Filing("self", [*filing.facts, phone])


def digital(action: str) -> Life:
    async def life(sessions: Sessions) -> Filing:
        holder = await recorded(sessions, "CARD_ISSUED")
        fact = {"kind": "activate_digital_id", "person": who(holder), "device": "ponsel-1"}
        if action == "RESET":
            await made(sessions, fact)
        return Filing("self", [fact | {"action": action, "device": "ponsel-2"}])

    return life


async def recorded_twice(sessions: Sessions) -> Filing:
    _, [grown] = await family(sessions, years_ago(20))
    await made(sessions, {"kind": "record_biometrics", "person": who(grown)})
    async with sessions.begin() as session:
        latest = await cards.latest(session, grown.id)
        assert latest is not None
        attempt = await cards.lock_recording(session, latest.id)
        assert attempt is not None
        for status in (Status.PACKED, Status.DUPLICATE):
            await recordings.advance(session, attempt, status, actor="centre", today=clock.today())
    await answers(sessions)
    fact = {"kind": "advance_recording", "person": who(grown), "status": "PRINT_READY_RECORD"}
    return Filing("self", [fact])

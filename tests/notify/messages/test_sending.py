"""Messages go out over real HTTP to the simulator, which misbehaves as providers do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from deploy.local.whatsapp import create_app as create_simulator
from services.notify.channels.whatsapp import WhatsApp
from services.notify.messages.rules import State
from services.notify.sender import Sender
from services.notify.settings import Settings as NotifySettings
from shared import clock
from shared.contract.events import (
    CaseReady,
    CaseReturned,
    CaseSubmitted,
    CaseVerified,
    Download,
    ExpectedDocument,
    Reason,
)
from shared.db import Sessions
from shared.settings import Settings
from tests.notify.make import NAME, PHONE, make_contact, make_event, receive
from tests.serving import serving

pytestmark = pytest.mark.anyio


@pytest.fixture
def mine(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["notify"]


@pytest.fixture
async def simulator(apps: dict[str, FastAPI]) -> AsyncIterator[httpx2.AsyncClient]:
    """The provider, which reports to our real callback."""
    async with serving(apps["notify"]) as notify:
        app = create_simulator(f"{notify}/v1/hooks/whatsapp", "local")
        async with serving(app) as url, httpx2.AsyncClient(base_url=url) as client:
            yield client


@pytest.fixture
async def sender(
    mine: Sessions, settings: dict[str, Settings], simulator: httpx2.AsyncClient
) -> AsyncIterator[Sender]:
    values = settings["notify"].model_dump() | {"whatsapp_url": str(simulator.base_url)}
    channel = WhatsApp(NotifySettings.model_validate(values))
    yield Sender(mine, channel)
    await channel.close()


async def by_day(sessions: Sessions) -> None:
    """Let every message fall due now, whatever the hour at which the test runs."""
    async with sessions.begin() as session:
        await session.execute(text("update messages set due_at = now() where state = 'QUEUED'"))


async def states(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(text("select state from messages order by id")))


async def until(sessions: Sessions, *wanted: State) -> None:
    async with asyncio.timeout(10):
        while await states(sessions) != list(wanted):  # noqa: ASYNC110 - the provider's news
            await asyncio.sleep(0.02)


async def inbox(simulator: httpx2.AsyncClient) -> list[dict[str, str]]:
    messages: list[dict[str, str]] = (await simulator.get("/inbox")).json()
    return messages


async def misbehave(simulator: httpx2.AsyncClient, kind: str, times: int = 1) -> None:
    answer = await simulator.post("/misbehaviour", json={"kind": kind, "times": times})
    assert answer.status_code == 204


async def test_a_message_is_sent_read_and_known_to_be_read(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    documents = [
        ExpectedDocument(document_id=uuid4(), kind=kind) for kind in ("AKTA_LAHIR", "KK", "KIA")
    ]
    case_id = uuid4()
    await receive(mine, make_event(CaseSubmitted, case_id))
    await receive(mine, make_event(CaseReady, case_id, documents=documents))
    await by_day(mine)

    await sender.step()

    message = next(m for m in await inbox(simulator) if m["template"] == "case_ready_v1")
    assert message["to"] == PHONE
    assert "BWI-261124-ABCDEF-G" in message["text"]
    assert "Kutipan Akta Kelahiran, Kartu Keluarga, Kartu Identitas Anak" in message["text"]
    await until(mine, State.READ, State.READ)


async def test_edge_55_addresses_and_their_pins_go_in_two_messages(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    documents = [
        ExpectedDocument(document_id=uuid4(), kind=kind) for kind in ("AKTA_LAHIR", "KK", "KIA")
    ]
    downloads = [
        Download(
            document_id=each.document_id,
            kind=each.kind,
            url=f"https://registry.example/d/{each.kind}",
            pin=pin,
            expires_at=clock.now(),
        )
        for each, pin in zip(documents[:2], ("402915", "118204"), strict=True)
    ]
    case_id = uuid4()
    ready = make_event(CaseReady, case_id, documents=documents, downloads=downloads)
    await receive(mine, make_event(CaseSubmitted, case_id), ready)
    await receive(mine, ready)  # once, however often it is told
    await by_day(mine)
    while await sender.step():
        pass
    texts = {each["template"]: each["text"] for each in await inbox(simulator)}
    assert len(await inbox(simulator)) == len(texts) == 3
    ready_text, pins = texts["case_ready_v1"], texts["document_pins_v1"]
    assert "Kutipan Akta Kelahiran https://registry.example/d/AKTA_LAHIR" in ready_text
    assert ", Kartu Identitas Anak" in ready_text
    assert "402915" not in ready_text
    assert "Kutipan Akta Kelahiran 402915, Kartu Keluarga 118204" in pins
    assert "https" not in pins
    assert NAME not in pins


async def test_one_person_is_told_things_in_the_order_in_which_they_happened(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    cases = [uuid4() for _ in range(6)]
    for case_id in cases:
        await receive(mine, make_event(CaseSubmitted, case_id), make_event(CaseVerified, case_id))
    await by_day(mine)

    async def drain() -> None:
        while await sender.step():
            pass

    await asyncio.gather(drain(), drain())
    await drain()

    told = [each["template"] for each in await inbox(simulator)]
    assert told == ["case_submitted_v1", "case_verified_v1"] * 6


async def test_a_busy_provider_is_asked_again_later(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(mine, make_event())
    await by_day(mine)
    await misbehave(simulator, "busy")

    await sender.step()

    assert await states(mine) == [State.QUEUED]
    assert await sender.step() == 0  # not at once
    await by_day(mine)
    await sender.step()
    assert len(await inbox(simulator)) == 1


async def test_a_lost_answer_is_never_sent_twice_and_the_callback_tells(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(mine, make_event())
    await by_day(mine)
    await misbehave(simulator, "silent")

    await sender.step()
    await by_day(mine)
    await sender.step()

    assert len(await inbox(simulator)) == 1
    await until(mine, State.READ)


async def test_what_a_dead_sender_left_is_uncertain_not_sent_again(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(mine, make_event())
    async with mine.begin() as session:  # claimed, and then the sender died
        late = text("update messages set state = 'SENDING', due_at = now() - interval '1 second'")
        await session.execute(late)

    await sender.step()

    assert await states(mine) == [State.UNCERTAIN]
    assert await inbox(simulator) == []


async def test_a_number_that_cannot_be_reached_fails_with_the_provider_s_code(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(mine, make_event())
    await by_day(mine)
    await misbehave(simulator, "undeliverable")

    await sender.step()

    async with mine() as session:
        row = (await session.execute(text("select state, why from messages"))).one()
    assert tuple(row) == ("FAILED", "131026")


async def test_four_senders_send_each_message_once(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    events = [make_event(contact=make_contact(phone=f"+62812345{n:05}")) for n in range(60)]
    await receive(mine, *events)
    await by_day(mine)

    async def drain() -> None:
        while await sender.step():
            pass

    await asyncio.gather(*(drain() for _ in range(4)))

    got = Counter(each["to"] for each in await inbox(simulator))
    assert len(got) == 60
    assert set(got.values()) == {1}


async def test_without_consent_or_telephone_nobody_is_written_to(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(
        mine,
        make_event(contact=make_contact(consents_to_whatsapp=False)),
        make_event(contact=make_contact(phone=None)),
    )
    await by_day(mine)

    assert await sender.step() == 0
    assert await states(mine) == [State.SUPPRESSED, State.SUPPRESSED]


async def test_consent_withdrawn_while_waiting_is_honoured(
    mine: Sessions, sender: Sender, simulator: httpx2.AsyncClient
) -> None:
    await receive(mine, make_event())
    async with mine.begin() as session:
        await session.execute(text("update contacts set consented = false"))
    await by_day(mine)

    await sender.step()

    assert await states(mine) == [State.SUPPRESSED]
    assert await inbox(simulator) == []


async def test_the_same_event_is_told_once_and_a_second_return_again(mine: Sessions) -> None:
    case_id = uuid4()
    reasons = [Reason(code="MISSING_BIRTH_LETTER", text_id="Surat lahir", text_en="Birth letter")]
    first = make_event(CaseReturned, case_id, reasons=reasons)
    later = first.at + timedelta(hours=1)

    await receive(mine, first, first, make_event(CaseReturned, case_id, reasons=reasons, at=later))

    assert len(await states(mine)) == 2


async def test_nothing_of_a_person_is_readable_in_the_tables(mine: Sessions) -> None:
    await receive(mine, make_event(), make_event(CaseVerified))

    async with mine() as session:
        rows = [
            str(row)
            for table in ("messages", "contacts", "consents", "inbox")
            for row in await session.execute(text(f"select t::text from {table} t"))
        ]
    assert len(rows) >= 5
    assert not any(NAME in row or PHONE in row or PHONE[3:] in row for row in rows)

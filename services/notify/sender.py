"""Sends what is due. Run it with `python -m services.notify.sender`; several may run.

A message is marked before it is handed over and settled afterwards. Where no answer came it stays
UNCERTAIN and is never sent again by itself: the provider's callback says what became of it.
"""

import asyncio
import contextlib
import logging
import signal
from collections import defaultdict
from collections.abc import Sequence

import uvloop
from sqlalchemy.exc import DBAPIError

from services.notify.channels.whatsapp import Busy, Outgoing, Uncertain, Undeliverable, WhatsApp
from services.notify.contacts import store as contacts
from services.notify.contacts.tables import Contact
from services.notify.messages import rules, store
from services.notify.messages.rules import State
from services.notify.messages.tables import Message
from services.notify.settings import Settings
from services.notify.templates import store as templates
from services.notify.templates.rules import filled
from shared import clock, logs, outbox, sealed
from shared.contract.events import Language
from shared.db import Sessions, make_engine, make_sessions

BATCH = 16
POLL_SECONDS = 1.0
AWAY_SECONDS = 1.0

log = logging.getLogger(__name__)


class Sender:
    """Claims due messages and hands them to their channel."""

    def __init__(self, sessions: Sessions, channel: WhatsApp) -> None:
        self._sessions = sessions
        self._channel = channel

    async def step(self) -> int:
        """Send one batch; return how many messages were claimed for it."""
        async with self._sessions.begin() as session:
            await store.give_up_waiting(session, clock.now())
            claimed = await store.claim(session, clock.now(), BATCH)
        by_contact = defaultdict(list)
        for message in sorted(claimed, key=lambda each: each.id):
            by_contact[message.contact_id].append(message)
        await asyncio.gather(*map(self._send_in_order, by_contact.values()))
        return len(claimed)

    async def _send_in_order(self, messages: Sequence[Message]) -> None:
        """Send what one person is told in the order in which it happened."""
        for message in messages:
            await self._send(message)

    async def _send(self, message: Message) -> None:
        async with self._sessions() as session:
            address = await session.get_one(Contact, message.contact_id)
        result = await self._result(message, address)
        async with self._sessions.begin() as session:
            if isinstance(result.get("provider_id"), str):
                await store.note_provider_id(session, message.id, str(result["provider_id"]))
            await store.settle(session, message.id, **result)

    async def _result(self, message: Message, address: Contact) -> dict[str, object]:
        if not address.consented:  # withdrawn since the message was queued
            return {"state": State.SUPPRESSED, "why": "no-consent"}
        try:
            provider_id = await self._channel.send(outgoing(message, address))
        except Busy:
            return _later(message)
        except Uncertain:
            return {"state": State.UNCERTAIN}
        except Undeliverable as reason:
            return {"state": State.FAILED, "why": reason.code[:40]}
        return {"state": State.SENT, "provider_id": provider_id}


def _later(message: Message) -> dict[str, object]:
    if message.attempts >= rules.TRIES:
        return {"state": State.FAILED, "why": "provider-busy"}
    due_at = clock.now() + rules.pause(message.attempts)
    return {"state": State.QUEUED, "due_at": due_at}


def outgoing(message: Message, address: Contact) -> Outgoing:
    """Put a message into words, as its template said when it was queued."""
    template = templates.exactly(message.template, message.template_version, message.channel)
    values = store.values_of(message)
    return Outgoing(
        id=message.id,
        to=contacts.address_of(address),
        template=f"{template.code}_v{template.version}",
        language=message.language,
        values=values,
        text=filled(template.texts[Language(message.language)], values),
    )


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Send until told to stop, then finish the batch under way."""
    engine = make_engine(settings, ping=False)
    channel = WhatsApp(settings)
    sender = Sender(make_sessions(engine), channel)
    while not stop.is_set():
        try:
            async with outbox.doorbell(engine, store.CHANNEL) as bell:
                await _work(sender, bell, stop)
        except (DBAPIError, OSError, TimeoutError):
            log.warning("database out of reach", exc_info=True)
            await _wait(stop, AWAY_SECONDS)
    await channel.close()
    await engine.dispose()


async def _work(sender: Sender, bell: asyncio.Event, stop: asyncio.Event) -> None:
    while not stop.is_set():
        bell.clear()
        if await sender.step() < BATCH:
            rung = asyncio.ensure_future(bell.wait())
            told = asyncio.ensure_future(stop.wait())
            await asyncio.wait(
                {rung, told}, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            rung.cancel()
            told.cancel()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _until_told(settings: Settings) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    log.info("sender started")
    await run(settings, stop)
    log.info("sender stopped")


if __name__ == "__main__":
    logs.configure()
    own = Settings.from_env("notify")
    sealed.use(sealed.Keyring.from_settings(own))
    uvloop.run(_until_told(own))

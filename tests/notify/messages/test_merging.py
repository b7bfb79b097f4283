"""Addresses and messages follow the record that is kept of somebody who had two."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from services.notify.contacts.tables import Contact
from services.notify.messages.tables import Message
from services.notify.worker import HANDLERS
from shared.contract.events import ResidentMerged
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.notify.make import make_contact, make_event, receive

pytestmark = pytest.mark.anyio

KEPT, ENDED, OTHER = uuid4(), uuid4(), uuid4()


async def test_edge_07_messages_and_addresses_follow_the_winner(
    sessions: dict[str, Sessions],
) -> None:
    notify = sessions["notify"]
    await receive(
        notify,
        make_event(contact=make_contact(resident_id=ENDED)),
        make_event(contact=make_contact(resident_id=OTHER, phone="+6281234567891")),
    )
    envelope = Envelope.around(ResidentMerged(winner_id=KEPT, loser_id=ENDED))

    for _ in range(2):
        assert await Inbox(notify, HANDLERS).receive(envelope, redelivered=False) is None

    async with notify() as session:
        addresses = await session.execute(select(Contact.resident_id, Contact.version))
        told = await session.scalars(select(Message.resident_id))
        versions = {row.resident_id: row.version for row in addresses}
        assert set(told) == {KEPT, OTHER}
    assert set(versions) == {KEPT, OTHER}
    assert versions[KEPT] > versions[OTHER]

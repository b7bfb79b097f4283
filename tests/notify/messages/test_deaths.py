"""Nothing is ever sent to the dead."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from services.notify.contacts.tables import Consent, Contact
from services.notify.messages.tables import Message
from services.notify.templates import store as templates
from services.notify.worker import HANDLERS
from shared import clock
from shared.contract.events import (
    CaseReady,
    CaseSubmitted,
    CaseVerified,
    ResidentDied,
    ResidentRestored,
)
from shared.db import Sessions
from shared.envelope import Envelope
from shared.inbox import Inbox
from tests.notify.make import VILLAGE, make_contact, make_event, receive

pytestmark = pytest.mark.anyio

DEAD, WIDOW = uuid4(), uuid4()


@pytest.fixture
def mine(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["notify"]


async def died(sessions: Sessions) -> None:
    event = ResidentDied(resident_id=DEAD, died_on=clock.today(), village_code=VILLAGE)
    assert (
        await Inbox(sessions, HANDLERS).receive(Envelope.around(event), redelivered=False) is None
    )


async def states(sessions: Sessions) -> list[tuple[str, str | None]]:
    async with sessions() as session:
        rows = await session.execute(select(Message.state, Message.why).order_by(Message.id))
        return [(row.state, row.why) for row in rows]


async def test_edge_29_what_waits_never_leaves(mine: Sessions) -> None:
    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))

    await died(mine)

    assert await states(mine) == [("SUPPRESSED", "recipient-died")]


async def test_edge_29_nothing_new_is_queued_for_the_dead(mine: Sessions) -> None:
    await died(mine)

    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))

    assert await states(mine) == [("SUPPRESSED", "recipient-died")]
    async with mine() as session:
        assert await session.scalar(select(Contact)) is None  # the address is not even kept


async def test_edge_29_what_was_sent_stays_as_it_was(mine: Sessions) -> None:
    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))
    async with mine.begin() as session:
        await session.execute(text("update messages set state = 'READ'"))

    await died(mine)

    assert await states(mine) == [("READ", None)]


async def test_edge_29_the_address_of_the_dead_alone_consents_to_nothing(mine: Sessions) -> None:
    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))

    await died(mine)

    async with mine() as session:
        address = await session.scalar(select(Contact))
        agreed = list(await session.scalars(select(Consent.granted).order_by(Consent.id)))
    assert address is not None
    assert (address.consented, address.resident_id) == (False, None)
    assert agreed == [True, False]


async def test_edge_29_the_telephone_of_a_family_still_reaches_the_widow(mine: Sessions) -> None:
    case_id = uuid4()
    hers = make_contact(resident_id=WIDOW)
    await receive(mine, make_event(CaseSubmitted, case_id, contact=hers))
    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))

    await died(mine)
    await receive(mine, make_event(CaseVerified, case_id, contact=hers))
    await receive(mine, make_event(CaseReady, case_id, contact=hers, documents=[]))

    assert [state for state, _ in await states(mine)] == [
        "QUEUED",
        "SUPPRESSED",
        "QUEUED",
        "QUEUED",
    ]


async def test_edge_30_whoever_was_wrongly_dead_is_written_to_again(mine: Sessions) -> None:
    await died(mine)
    alive = ResidentRestored(resident_id=DEAD, village_code=VILLAGE)
    await Inbox(mine, HANDLERS).receive(Envelope.around(alive), redelivered=False)

    await receive(mine, make_event(contact=make_contact(resident_id=DEAD)))

    assert await states(mine) == [("QUEUED", None)]


@pytest.mark.parametrize(
    ("service", "template"),
    [
        ("CAP-DEATH", "case_ready_condolence"),
        ("CAP-DEATH-MISSING", "case_ready_condolence"),
        ("PKT-DEATH", "case_ready_condolence"),
        ("CAP-BIRTH", "case_ready"),
    ],
)
async def test_whoever_mourns_is_told_with_condolences_and_nothing_of_the_dead(
    mine: Sessions, service: str, template: str
) -> None:
    await receive(mine, make_event(CaseReady, service_code=service, documents=[]))

    async with mine() as session:
        assert await session.scalar(select(Message.template)) == template


def test_condolences_have_no_place_for_the_dead_or_the_cause() -> None:
    words = templates.newest("case_ready_condolence", "WHATSAPP")

    assert set(words.places) == {"name", "number", "documents"}  # the name of who asked

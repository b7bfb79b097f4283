"""Further copies, links with a PIN, and the print of a resident's biodata."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select, update

from services.registry.documents import actions, links
from services.registry.documents.rules import (
    MOST_WRONG_PINS,
    CopyReason,
    LinkState,
    link_state,
)
from services.registry.documents.tables import Document, DocumentLink
from services.registry.residents.tables import Access, Resident
from services.registry.sealer import Sealer
from shared import clock, idempotency, outbox
from shared.contract.events import IssuedKind
from shared.sealed import keyring
from tests.registry.documents.conftest import As
from tests.registry.documents.samples import queue
from tests.registry.documents.test_api import PAGE
from tests.registry.documents.test_sealer import announced
from tests.registry.people import GENTENG, MUNCAR, Clients, Databases

pytestmark = pytest.mark.anyio

Headers = dict[str, str]


def once(headers: Headers, key: str | None = None) -> Headers:
    return headers | {"Idempotency-Key": key or uuid4().hex}


class Counter:
    """An officer of the village, at the counter."""

    def __init__(self, clients: Clients, headers: Headers) -> None:
        self.client, self.headers = clients["registry"], headers

    async def copy(self, document_id: UUID, **more: Any) -> httpx2.Response:  # noqa: ANN401
        path = f"/v1/documents/{document_id}/copies"
        body = {"reason": "DAMAGED"}
        return await self.client.post(path, json=body, headers=once(self.headers, **more))

    async def link(self, document_id: UUID, **more: Any) -> httpx2.Response:  # noqa: ANN401
        path = f"/v1/documents/{document_id}/links"
        return await self.client.post(path, json={}, headers=once(self.headers, **more))

    async def links(self, document_id: UUID) -> list[dict[str, Any]]:
        path = f"/v1/documents/{document_id}/links"
        answer = await self.client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def fetch(self, url: str, pin: str, headers: Headers | None = None) -> httpx2.Response:
        path = "/d/" + url.rpartition("/d/")[2]
        return await self.client.post(path, data={"pin": pin}, headers=headers or {})


@pytest.fixture
def counter(clients: Clients, as_: As) -> Counter:
    return Counter(clients, as_("OP_DESA", MUNCAR))


@pytest.fixture
async def linked(counter: Counter, sealed: Document) -> dict[str, Any]:
    answer = await counter.link(sealed.id)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def other(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06d}"


async def test_a_further_copy_replaces_the_former(
    counter: Counter, sessions: Databases, sealer: Sealer, sealed: Document
) -> None:
    answer = await counter.copy(sealed.id)
    assert answer.status_code == 202, answer.text
    copied = answer.json()
    assert (copied["kind"], copied["copy_number"], copied["status"]) == ("AKTA_LAHIR", 2, "QUEUED")
    assert await sealer.step()
    former = (await counter.client.get(f"/v/{sealed.token}")).json()
    assert (former["verdict"], former["copy_number"]) == ("REPLACED", 1)
    async with sessions["registry"]() as session:
        second = await session.get(Document, UUID(copied["id"]))
        assert second is not None
        assert (second.reason, second.ordered_by) == ("DAMAGED", "op_desa")
        assert second.content == sealed.content
        assert second.resident_ids == sealed.resident_ids
    assert (await counter.copy(sealed.id)).status_code == 410  # it is the newest that is copied


async def test_a_copy_of_a_family_card_shows_the_family_as_it_is_now(
    counter: Counter, sessions: Databases, siti: Resident
) -> None:
    async with sessions["registry"].begin() as session:
        stale = await queue(
            session,
            IssuedKind.FAMILY_CARD,
            about_id=siti.family_id,
            resident_ids=(siti.id,),
        )
    copied = (await counter.copy(stale.id)).json()
    async with sessions["registry"]() as session:
        now = await session.get(Document, UUID(copied["id"]))
        assert now is not None
        assert [each["nik"] for each in now.content["members"]] == [siti.nik]
    assert copied["copy_number"] == 2


async def test_the_same_order_twice_prints_once(counter: Counter, sealed: Document) -> None:
    key = uuid4().hex
    first, again = [await counter.copy(sealed.id, key=key) for _ in range(2)]
    assert first.json() == again.json()


async def test_a_card_is_not_copied(counter: Counter, sessions: Databases, siti: Resident) -> None:
    async with sessions["registry"].begin() as session:
        card = await queue(session, IssuedKind.CHILD_CARD, resident_ids=(siti.id,))
    answer = await counter.copy(card.id)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/card-not-copied")


async def test_whoever_may_not_have_it_gets_no_copy(
    clients: Clients, as_: As, siti: Resident, sealed: Document
) -> None:
    stranger = Counter(clients, as_("OP_DESA", GENTENG))
    assert (await stranger.copy(sealed.id)).status_code == 404
    assert (await stranger.link(sealed.id)).status_code == 404
    assert (await Counter(clients, as_("BUPATI")).copy(sealed.id)).status_code == 403
    holder = Counter(clients, as_("WARGA", resident_id=str(siti.id)))
    assert (await holder.copy(sealed.id)).status_code == 202


async def test_a_link_and_its_pin_fetch_the_paper_without_a_login(
    counter: Counter, sessions: Databases, siti: Resident, sealed: Document, linked: dict[str, Any]
) -> None:
    asked = await counter.client.get("/d/" + linked["url"].rpartition("/d/")[2])
    assert asked.status_code == 200
    assert "PIN" in asked.text
    assert "AMINAH" not in asked.text.upper()
    assert "KELAHIRAN" not in asked.text.upper()  # nor of what kind it is
    fetched = await counter.fetch(linked["url"], linked["pin"])
    assert fetched.status_code == 200
    assert fetched.content.startswith(b"%PDF")
    assert fetched.headers["cache-control"] == "private, no-store"
    assert (await counter.links(sealed.id))[0]["downloads"] == 1
    async with sessions["registry"]() as session:
        read = select(Access).where(Access.purpose == links.PURPOSE)
        (access,) = await session.scalars(read)
    assert (access.resident_id, access.sub) == (siti.id, f"link/{linked['id']}")


async def test_a_case_is_told_once_how_its_paper_is_fetched(
    counter: Counter, sessions: Databases, sealed: Document
) -> None:
    (event,) = await announced(sessions["registry"])
    assert event.download is not None
    assert event.download.document_id == sealed.id
    fetched = await counter.fetch(event.download.url, event.download.pin)
    assert fetched.status_code == 200
    async with sessions["registry"]() as session:
        (envelope,) = await session.scalars(select(outbox.table.c.envelope))
    assert event.download.pin not in str(envelope)  # on its way it is sealed
    assert event.download.url not in str(envelope)


async def test_cards_and_papers_of_no_case_have_no_link(
    sessions: Databases, sealer: Sealer
) -> None:
    async with sessions["registry"].begin() as session:
        await queue(session, IssuedKind.CHILD_CARD, case_id=uuid4())
        await queue(session)
    while await sealer.step():
        pass
    (event,) = await announced(sessions["registry"])
    assert event.download is None
    async with sessions["registry"]() as session:
        assert list(await session.scalars(select(DocumentLink))) == []


async def test_address_and_pin_are_told_once_and_kept_nowhere(
    counter: Counter, sessions: Databases, sealed: Document
) -> None:
    key = uuid4().hex
    told, again = [(await counter.link(sealed.id, key=key)).json() for _ in range(2)]
    assert re.fullmatch(r"[0-9]{6}", told["pin"])
    assert (again["url"], again["pin"], again["id"]) == (None, None, told["id"])
    async with sessions["registry"]() as session:
        link = await session.get(DocumentLink, UUID(told["id"]))
        assert link is not None
        kept = b"".join(
            each if isinstance(each, bytes) else str(each).encode() for each in vars(link).values()
        )
        replies = await session.scalars(select(idempotency.table.c.reply))
        assert told["pin"] not in "".join(replies)
    token = told["url"].rpartition("/")[2]
    assert token.encode() not in kept
    assert told["pin"].encode() not in kept


async def test_wrong_pins_are_counted_and_block_the_link(
    counter: Counter, sealed: Document, linked: dict[str, Any]
) -> None:
    wrong = other(linked["pin"])
    left = []
    for _ in range(MOST_WRONG_PINS):
        answer = await counter.fetch(linked["url"], wrong)
        assert answer.status_code == 403
        left.append((answer.json()["state"], answer.json()["tries_left"]))
    assert left == [*(("WRONG_PIN", n) for n in (4, 3, 2, 1)), ("BLOCKED", 0)]
    right = await counter.fetch(linked["url"], linked["pin"])
    assert (right.status_code, right.json()["state"]) == (403, "BLOCKED")
    shown = (await counter.links(sealed.id))[0]
    assert (shown["state"], shown["wrong_pins"], shown["downloads"]) == ("BLOCKED", 5, 0)


async def test_a_right_pin_forgives_wrong_ones(counter: Counter, linked: dict[str, Any]) -> None:
    for _ in range(2):
        for _ in range(MOST_WRONG_PINS - 1):
            await counter.fetch(linked["url"], other(linked["pin"]))
        assert (await counter.fetch(linked["url"], linked["pin"])).status_code == 200


async def test_a_newer_link_ends_the_former(
    counter: Counter, sealed: Document, linked: dict[str, Any]
) -> None:
    newer = (await counter.link(sealed.id)).json()
    former = await counter.fetch(linked["url"], linked["pin"])
    assert (former.status_code, former.json()["state"]) == (403, "ENDED")
    assert (await counter.fetch(newer["url"], newer["pin"])).status_code == 200
    states = [each["state"] for each in await counter.links(sealed.id)]
    assert states == ["OPEN", "ENDED", "ENDED"]  # the first went to its case


async def test_a_link_expires(
    counter: Counter, sessions: Databases, linked: dict[str, Any]
) -> None:
    async with sessions["registry"].begin() as session:
        await session.execute(update(DocumentLink).values(expires_at=clock.now()))
    answer = await counter.fetch(linked["url"], linked["pin"])
    assert (answer.status_code, answer.json()["state"]) == (403, "EXPIRED")
    page = await counter.client.get("/d/" + linked["url"].rpartition("/d/")[2])
    assert "kedaluwarsa" in page.text


async def test_a_replaced_paper_is_not_fetched(
    counter: Counter, sealed: Document, linked: dict[str, Any]
) -> None:
    await counter.copy(sealed.id)
    answer = await counter.fetch(linked["url"], linked["pin"])
    assert answer.status_code == 410
    page = await counter.fetch(linked["url"], linked["pin"], PAGE)
    assert (page.status_code, "tidak berlaku lagi" in page.text) == (410, True)


async def test_a_queued_paper_asks_for_patience(counter: Counter, queued: Document) -> None:
    made = (await counter.link(queued.id)).json()
    assert (await counter.fetch(made["url"], made["pin"])).status_code == 409
    assert (await counter.links(queued.id))[0]["downloads"] == 0


@pytest.mark.parametrize("token", ["x" * 22, "short", "a/b"])
async def test_addresses_that_nobody_knows(counter: Counter, token: str) -> None:
    assert (await counter.client.get(f"/d/{token}", headers=PAGE)).status_code == 404
    assert (await counter.fetch(f"/d/{token}", "123456")).status_code == 404


async def test_a_browser_reads_what_went_wrong(counter: Counter, linked: dict[str, Any]) -> None:
    page = await counter.fetch(linked["url"], other(linked["pin"]), PAGE)
    assert page.status_code == 403
    assert "PIN tidak cocok" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text


def test_states_of_a_link() -> None:
    now = clock.now()
    later, earlier = now + timedelta(days=1), now - timedelta(days=1)
    assert link_state(now, later, None, 4) is LinkState.OPEN
    assert link_state(now, later, None, 5) is LinkState.BLOCKED
    assert link_state(now, now, None, 0) is LinkState.EXPIRED
    assert link_state(now, later, earlier, 0) is LinkState.ENDED


async def test_a_pin_opens_its_own_link_alone(sessions: Databases, sealed: Document) -> None:
    async with sessions["registry"].begin() as session:
        link, key = await links.make(session, sealed.id, "sub", clock.now(), 1)
    assert link.pin_hash == keyring().blind_index(f"document-link|{link.id}|{key.pin}")
    assert link.pin_hash != keyring().blind_index(f"document-link|{uuid4()}|{key.pin}")


async def test_biodata_is_printed_for_a_resident(
    counter: Counter, sessions: Databases, siti: Resident, sealer: Sealer
) -> None:
    path = f"/v1/residents/{siti.id}/biodata"
    first = await counter.client.post(path, headers=once(counter.headers))
    assert first.status_code == 202, first.text
    second = await counter.client.post(path, headers=once(counter.headers))
    assert [each.json()["copy_number"] for each in (first, second)] == [1, 2]
    async with sessions["registry"]() as session:
        document = await session.get(Document, UUID(second.json()["id"]))
        assert document is not None
        content = document.content
        access = (await session.scalars(select(Access).order_by(Access.id.desc()))).first()
    assert (content["nik"], content["full_name"]) == (siti.nik, "SITI AMINAH")
    assert content["address"]["street"] == "DUSUN KRAJAN"
    assert content["relationship"] == 1
    assert access is not None
    assert (access.operation, access.fields) == ("documents.biodata", "whole")
    while await sealer.step():
        pass
    pdf = await counter.client.get(
        f"/v1/documents/{second.json()['id']}/file", headers=counter.headers
    )
    assert pdf.status_code == 200


async def test_biodata_of_somebody_elsewhere_does_not_exist(
    clients: Clients, as_: As, siti: Resident
) -> None:
    path = f"/v1/residents/{siti.id}/biodata"
    headers = once(as_("OP_DESA", GENTENG))
    assert (await clients["registry"].post(path, headers=headers)).status_code == 404


async def test_copies_ordered_at_once_leave_one_in_force(
    sessions: Databases, sealed: Document
) -> None:
    async with sessions["registry"].begin() as session:
        document = await session.get(Document, sealed.id)
        assert document is not None
        await actions.copy(session, document, CopyReason.LOST, "sub", clock.today())
    async with sessions["registry"].begin() as session:
        document = await session.get(Document, sealed.id)
        assert document is not None
        with pytest.raises(actions.NoLongerInForce):
            await actions.copy(session, document, CopyReason.LOST, "sub", clock.today())

"""Print sites, their queue and their blanks, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from services.registry.cards import store as cards
from services.registry.cards.printing import AGENCY
from services.registry.cards.tables import BlankMovement, CardPrint
from services.registry.documents.tables import Document
from services.registry.residents.tables import Access, Resident
from shared import clock
from shared.contract.events import CardChanged, CaseHandedOver, ChangeApplied
from shared.db import Sessions
from tests.conftest import Bearer
from tests.registry.make import Couple, answers, apply, make_couple, receive
from tests.registry.people import Databases

pytestmark = pytest.mark.anyio

SITE = "SP-3510-001"
PURPOSE = {"X-Purpose": "mencetak KTP-el"}


@pytest.fixture
async def registry(sessions: Databases) -> Sessions:
    return sessions["registry"]


@pytest.fixture
def printer(bearer: Bearer) -> dict[str, str]:
    return bearer("cetak-1", "OP_CETAK", point=SITE)


async def ready_couple(registry: Sessions) -> Couple:
    """Return a couple whose recordings are ready to print."""
    couple = await make_couple(registry)
    async with registry.begin() as session:
        for each in (couple.father, couple.mother):
            person = await session.get(Resident, each.id)
            assert person is not None
            person.recording_status = "PRINT_READY_RECORD"
    return couple


@pytest.fixture
async def couple(registry: Sessions) -> Couple:
    return await ready_couple(registry)


async def order(
    registry: Sessions,
    resident_id: UUID,
    case_id: UUID | None = None,
    **changes: Any,  # noqa: ANN401
) -> CardPrint:
    """Have a card ordered at the site by a change; return its print."""
    fact = {
        "kind": "issue_card",
        "card": "KTP_EL",
        "person": {"resident_id": str(resident_id)},
        "print_at": SITE,
    }
    answer = await apply(registry, [fact | changes], case_id=case_id or uuid4())
    assert isinstance(answer, ChangeApplied), answer
    assert answer.documents == []  # a KTP-el is no sealed paper
    [card_id] = answer.outcome.card_ids
    async with registry() as session:
        found = await session.scalar(select(CardPrint).where(CardPrint.card_id == card_id))
    assert found is not None
    return found


class Site:
    """A print operator at work."""

    def __init__(self, client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    async def queue(self, point: str = SITE, **query: Any) -> httpx2.Response:  # noqa: ANN401
        return await self._client.get(
            "/v1/cards/print-queue",
            params={"point": point} | query,
            headers=self._headers | PURPOSE,
        )

    async def waiting(self) -> list[tuple[str, str]]:
        answer = await self.queue()
        assert answer.status_code == 200, answer.text
        return [(each["holder_name"], each["state"]) for each in answer.json()["items"]]

    async def says(self, printed: CardPrint, result: str, version: int = 1) -> httpx2.Response:
        return await self._client.post(
            f"/v1/cards/prints/{printed.id}/results",
            json={"result": result},
            headers=self._headers | PURPOSE | {"If-Match": f'"{version}"'},
        )

    async def blanks(self, why: str, count: int, key: str | None = None) -> httpx2.Response:
        body = {"point_id": SITE, "kind": "KTP_EL", "why": why, "count": count}
        headers = self._headers | {"Idempotency-Key": key or uuid4().hex}
        return await self._client.post("/v1/cards/blanks", json=body, headers=headers)

    async def stock(self) -> list[dict[str, Any]]:
        answer = await self._client.get(
            "/v1/cards/blanks", params={"point": SITE}, headers=self._headers
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture
def site(clients: dict[str, httpx2.AsyncClient], printer: dict[str, str]) -> Site:
    return Site(clients["registry"], printer)


async def test_a_card_from_the_queue_to_its_holder(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    case_id = uuid4()
    printed = await order(registry, couple.father.id, case_id)
    assert await site.waiting() == [("BUDI SANTOSO", "QUEUED")]
    stale = await site.says(printed, "PRINTED", version=7)
    assert stale.status_code == 412
    answer = await site.says(printed, "PRINTED")
    assert (answer.status_code, answer.json()["state"]) == (200, "PRINTED")
    assert await site.waiting() == []
    again = await site.says(printed, "PRINTED", version=answer.json()["version"])
    assert again.status_code == 409
    [told] = await answers(registry)
    assert isinstance(told, CardChanged)
    assert (told.case_id, told.state) == (case_id, "PRINTED")

    handed_over = CaseHandedOver(
        case_id=case_id,
        number="BWI-261124-7KQ2MX-4",
        service_code="KTP-PRINT",
        channel="MPP",
        village_code=None,
        at=clock.now(),
    )
    [news] = await receive(registry, handed_over)
    assert isinstance(news, CardChanged)
    assert news.state == "HANDED_OVER"
    assert await receive(registry, handed_over.model_copy()) == []
    async with registry() as session:
        father = await session.get(Resident, couple.father.id)
        assert father is not None
        assert father.recording_status == "CARD_ISSUED"


async def test_a_card_that_is_shipped_is_handed_over_elsewhere(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    printed = await order(registry, couple.father.id)
    for version, (result, standing) in enumerate(
        [
            ("PRINTED", "CARD_PRINTED"),
            ("SHIPPED", "CARD_SHIPPED"),
            ("HANDED_OVER", "CARD_ISSUED"),
        ],
        1,
    ):
        answer = await site.says(printed, result, version)
        assert answer.status_code == 200, answer.text
        async with registry() as session:
            father = await session.get(Resident, couple.father.id)
            assert father is not None
            assert father.recording_status == standing


async def test_whoever_reads_the_queue_is_noted_and_sees_their_site_only(
    registry: Sessions,
    clients: dict[str, httpx2.AsyncClient],
    site: Site,
    couple: Couple,
    bearer: Bearer,
) -> None:
    printed = await order(registry, couple.father.id)
    shown = (await site.queue()).json()["items"][0]
    assert set(shown) & {"nik", "birth_date", "kk_number"} == set()
    async with registry() as session:
        [row] = await session.scalars(select(Access).where(Access.operation == "cards.print"))
    assert (row.resident_id, row.sub, row.purpose) == (
        couple.father.id,
        "cetak-1",
        PURPOSE["X-Purpose"],
    )
    assert (await site.queue("SP-3510-002")).status_code == 404
    elsewhere = Site(clients["registry"], bearer("cetak-2", "OP_CETAK", point="SP-3510-002"))
    assert (await elsewhere.says(printed, "PRINTED")).status_code == 404
    agency = Site(clients["registry"], bearer("kasi", "KASI", point="SP-3510-000"))
    assert len((await agency.queue()).json()["items"]) == 1
    assert await agency.stock() == []
    villager = Site(clients["registry"], bearer("op-desa", "OP_DESA", areas=("35.10.05.2003",)))
    assert (await villager.queue()).status_code == 403

    assert (await site.says(printed, "PRINTED")).status_code == 200  # tells the name: noted too
    async with registry() as session:
        noted = await session.scalars(select(Access).where(Access.sub == "cetak-1"))
        assert len(noted.all()) == 2


async def test_a_card_that_nobody_sends_elsewhere_is_printed_by_the_agency(
    registry: Sessions, couple: Couple
) -> None:
    printed = await order(registry, couple.father.id, print_at=None)

    assert printed.point_id == AGENCY


async def test_edge_46_without_blanks_cards_wait_in_their_order(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    assert await site.stock() == []
    taken = await site.blanks("RECEIVED", 1)
    assert (taken.status_code, taken.json()["balance"]) == (201, 1)
    first = await order(registry, couple.father.id)
    second = await order(registry, couple.mother.id)
    others = await ready_couple(registry)
    third = await order(registry, others.father.id)
    assert [each[1] for each in await site.waiting()] == ["QUEUED", "NO_BLANK", "NO_BLANK"]
    assert (await site.says(second, "PRINTED", version=2)).status_code == 409

    assert (await site.says(first, "PRINTED")).status_code == 200
    assert await site.stock() == [{"point_id": SITE, "kind": "KTP_EL", "balance": 0}]
    assert [each[1] for each in await site.waiting()] == ["NO_BLANK", "NO_BLANK"]
    await answers(registry)
    assert (await site.blanks("RECEIVED", 1)).status_code == 201
    assert [each[1] for each in await site.waiting()] == ["QUEUED", "NO_BLANK"]
    [released] = await answers(registry)
    assert isinstance(released, CardChanged)
    assert (released.print_id, released.state) == (second.id, "QUEUED")

    spoiled = await site.says(second, "SPOILED", version=3)
    assert (spoiled.status_code, spoiled.json()["state"]) == (200, "NO_BLANK")
    assert [each.id for each in await waiting_for_blanks(registry)] == [second.id, third.id]
    async with registry() as session:
        moved = await session.scalars(select(BlankMovement).order_by(BlankMovement.id))
        assert [(each.why, each.change) for each in moved] == [
            ("RECEIVED", 1),
            ("USED", -1),
            ("RECEIVED", 1),
            ("SPOILED", -1),
        ]


async def waiting_for_blanks(registry: Sessions) -> list[CardPrint]:
    async with registry() as session:
        return list(await cards.oldest_without(session, SITE, "KTP_EL", None))


async def test_no_more_blanks_are_spoiled_than_there_are(site: Site) -> None:
    key = uuid4().hex
    assert (await site.blanks("RECEIVED", 3, key)).json()["balance"] == 3
    assert (await site.blanks("RECEIVED", 3, key)).json()["balance"] == 3  # the same delivery
    assert (await site.blanks("SPOILED", 2)).json()["balance"] == 1
    refused = await site.blanks("SPOILED", 2)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-few-blanks")
    assert (await site.blanks("USED", 1)).status_code == 422


async def test_whoever_waits_for_a_blank_gets_an_interim_letter_until_the_card_is_there(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    await site.blanks("RECEIVED", 1)
    await order(registry, couple.father.id)
    case_id = uuid4()
    waiting = await order(registry, couple.mother.id, case_id)
    async with registry() as session:
        [letter] = await session.scalars(select(Document).where(Document.kind == "SUKET"))
    assert (letter.about_id, letter.case_id, letter.resident_ids) == (
        waiting.id,
        case_id,
        [couple.mother.id],
    )
    assert letter.content["full_name"] == "SITI AMINAH"
    assert letter.content["address"]["village"] == "Tembokrejo"
    assert letter.content["valid_until"] > (clock.today() + timedelta(days=30)).isoformat()

    await site.blanks("RECEIVED", 5)
    assert (await site.says(waiting, "PRINTED", version=3)).status_code == 200
    async with registry() as session:
        [ended] = await session.scalars(select(Document).where(Document.kind == "SUKET"))
    assert ended.ended_on == clock.today()


async def test_a_card_that_is_no_longer_wanted_gives_its_blank_to_the_next(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    await site.blanks("RECEIVED", 1)
    await order(registry, couple.father.id)
    await order(registry, couple.mother.id)
    revoke = {
        "kind": "revoke_card",
        "person": {"resident_id": str(couple.father.id)},
        "card": "KTP_EL",
        "reason": "INVALID",
    }
    await apply(registry, [revoke])

    assert await site.waiting() == [("SITI AMINAH", "QUEUED")]


async def test_the_interim_letter_ends_with_a_card_that_is_not_to_come(
    registry: Sessions, site: Site, couple: Couple
) -> None:
    await site.blanks("RECEIVED", 1)
    await order(registry, couple.father.id)
    await order(registry, couple.mother.id)
    revoke = {
        "kind": "revoke_card",
        "person": {"resident_id": str(couple.mother.id)},
        "card": "KTP_EL",
        "reason": "INVALID",
    }
    await apply(registry, [revoke])

    async with registry() as session:
        [letter] = await session.scalars(select(Document).where(Document.kind == "SUKET"))
    assert letter.ended_on == clock.today()

import hmac
import json
from hashlib import sha256
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import text

from shared.db import Sessions
from tests.conftest import Bearer
from tests.notify.make import NAME, PHONE, VILLAGE, make_contact, make_event, receive

pytestmark = pytest.mark.anyio

FATHER = uuid4()


@pytest.fixture
def mine(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["notify"]


@pytest.fixture
def client(clients: dict[str, httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return clients["notify"]


@pytest.fixture
async def case_id(mine: Sessions) -> str:
    event = make_event(contact=make_contact(resident_id=str(FATHER)))
    await receive(mine, event)
    return str(event.case_id)


@pytest.mark.parametrize(
    ("role", "areas", "claims", "seen"),
    [
        pytest.param("WARGA", (), {"resident_id": str(FATHER)}, 1, id="the father"),
        pytest.param("WARGA", (), {"resident_id": str(uuid4())}, 0, id="a neighbour"),
        pytest.param("WARGA", (), {}, 0, id="a citizen nobody knows"),
        pytest.param("OP_DESA", (VILLAGE,), {}, 1, id="the village"),
        pytest.param("OP_DESA", ("35.10.05.2004",), {}, 0, id="the next village"),
        pytest.param("OP_DESA", (), {}, 0, id="an operator of nowhere"),
        pytest.param("OP_KEC", ("35.10.05",), {}, 1, id="the district"),
        pytest.param("KADIS", ("35.10",), {}, 1, id="the agency"),
    ],
)
async def test_who_sees_a_message(
    client: httpx2.AsyncClient,
    bearer: Bearer,
    case_id: str,
    role: str,
    areas: tuple[str, ...],
    claims: dict[str, object],
    seen: int,
) -> None:
    answer = await client.get("/v1/messages", headers=bearer("x", role, areas=areas, **claims))

    assert answer.status_code == 200
    items = answer.json()["items"]
    assert len(items) == seen
    assert PHONE not in answer.text
    if items:
        assert items[0]["case_id"] == case_id
        assert items[0]["text"].startswith(f"Bapak/Ibu {NAME}, permohonan")
        assert items[0]["masked_address"].endswith(PHONE[-3:])


async def test_an_auditor_sees_that_but_not_what(
    client: httpx2.AsyncClient, bearer: Bearer, case_id: str
) -> None:
    answer = await client.get("/v1/messages", headers=bearer("x", "AUDITOR"))

    assert answer.json()["items"][0]["text"] is None
    assert NAME not in answer.text


async def test_somebody_without_a_fitting_role_is_refused(
    client: httpx2.AsyncClient, bearer: Bearer
) -> None:
    answer = await client.get("/v1/messages", headers=bearer("x", "KURIR"))

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/forbidden"


async def test_pages_follow_one_another(
    client: httpx2.AsyncClient, bearer: Bearer, mine: Sessions
) -> None:
    await receive(mine, *(make_event() for _ in range(5)))
    headers, seen, after = bearer("x", "KADIS"), [], ""

    while True:
        answer = await client.get(f"/v1/messages?limit=2{after}", headers=headers)
        seen += [each["id"] for each in answer.json()["items"]]
        if not answer.json()["next"]:
            break
        after = f"&after={answer.json()['next']}"

    assert len(set(seen)) == len(seen) == 5


def signed(body: bytes, secret: str = "local") -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()}


def callback(message_id: str, status: str) -> bytes:
    news = {"id": "wamid.1", "status": status, "biz_opaque_callback_data": message_id}
    return json.dumps({"entry": [{"changes": [{"value": {"statuses": [news]}}]}]}).encode()


async def test_a_forged_callback_changes_nothing(
    client: httpx2.AsyncClient, mine: Sessions, case_id: str
) -> None:
    async with mine.begin() as session:
        message_id = await session.scalar(text("update messages set state='SENT' returning id"))
    body = callback(str(message_id), "read")

    strange = {b"X-Hub-Signature-256": "sha256=é".encode()}
    for headers in ({}, signed(body, "guessed"), strange):
        answer = await client.post("/v1/hooks/whatsapp", content=body, headers=headers)
        assert answer.status_code == 404

    async with mine() as session:
        assert await session.scalar(text("select state from messages")) == "SENT"
    answer = await client.post("/v1/hooks/whatsapp", content=body, headers=signed(body))
    assert answer.status_code == 204
    async with mine() as session:
        assert await session.scalar(text("select state from messages")) == "READ"


async def test_news_in_the_wrong_order_never_turns_back(
    client: httpx2.AsyncClient, mine: Sessions, case_id: str
) -> None:
    async with mine.begin() as session:
        message_id = await session.scalar(text("update messages set state='SENT' returning id"))
    seen = []

    for status in ("delivered", "read", "sent", "delivered", "failed", "no such word", "read"):
        body = callback(str(message_id), status)
        answer = await client.post("/v1/hooks/whatsapp", content=body, headers=signed(body))
        assert answer.status_code == 204
        async with mine() as session:
            seen.append(await session.scalar(text("select state from messages")))

    assert seen == ["DELIVERED", *["READ"] * 6]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"entry": 1}', b'{"entry":' + b"[" * 5000])
async def test_a_signed_callback_that_makes_no_sense_is_a_problem(
    client: httpx2.AsyncClient, body: bytes
) -> None:
    answer = await client.post("/v1/hooks/whatsapp", content=body, headers=signed(body))

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_news_about_a_message_of_others_is_left_alone(client: httpx2.AsyncClient) -> None:
    body = callback(str(uuid4()), "read")

    answer = await client.post("/v1/hooks/whatsapp", content=body, headers=signed(body))

    assert answer.status_code == 204


async def test_the_administrator_lets_a_waiting_message_go_once(
    client: httpx2.AsyncClient, bearer: Bearer, mine: Sessions, case_id: str
) -> None:
    async with mine.begin() as session:
        later = text("update messages set due_at = now() + interval '9 hours' returning id")
        message_id = await session.scalar(later)
    path, body = f"/v1/messages/{message_id}/release", {"reason": "Keluarga menunggu di loket"}
    headers = bearer("ratna", "ADM_WILAYAH") | {"Idempotency-Key": uuid4().hex}

    first = await client.post(path, json=body, headers=headers)
    again = await client.post(path, json=body, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    async with mine() as session:
        row = await session.execute(text("select due_at <= now(), released_by from messages"))
        assert tuple(row.one()) == (True, "ratna: Keluarga menunggu di loket")


async def test_a_message_that_left_cannot_be_released(
    client: httpx2.AsyncClient, bearer: Bearer, mine: Sessions, case_id: str
) -> None:
    async with mine.begin() as session:
        message_id = await session.scalar(text("update messages set state='READ' returning id"))

    answer = await client.post(
        f"/v1/messages/{message_id}/release",
        json={"reason": "coba lagi"},
        headers=bearer("ratna", "ADM_WILAYAH") | {"Idempotency-Key": uuid4().hex},
    )

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/message-not-waiting"


async def test_a_citizen_withdraws_consent_at_their_own_address_only(
    client: httpx2.AsyncClient, bearer: Bearer, mine: Sessions, case_id: str
) -> None:
    father = bearer("father", "WARGA", resident_id=str(FATHER))
    [contact] = (await client.get("/v1/contacts", headers=father)).json()
    path, tag = f"/v1/contacts/{contact['id']}/consent", {"If-Match": f'"{contact["version"]}"'}
    other = bearer("other", "WARGA", resident_id=str(uuid4()))

    refused = await client.put(path, json={"consented": False}, headers=other | tag)
    done = await client.put(path, json={"consented": False}, headers=father | tag)
    stale = await client.put(path, json={"consented": True}, headers=father | tag)

    assert (refused.status_code, done.status_code, stale.status_code) == (404, 200, 412)
    async with mine() as session:
        rows = await session.scalars(text("select granted from consents order by id"))
        assert list(rows) == [True, False]

"""How an applicant fetches a paper is kept sealed until the case is ready, and told once."""

from uuid import UUID

import pytest
from sqlalchemy import select

from services.requests.cases.tables import CaseDocument
from shared import clock, outbox
from shared.contract.events import (
    CaseReady,
    DocumentIssued,
    Download,
    ExpectedDocument,
    IssuedKind,
)
from shared.db import Sessions
from shared.envelope import Envelope
from tests.requests.cases.making import Registry, documents

pytestmark = pytest.mark.anyio

URL = "https://registry.example/d/AbCdEfGhIjKlMnOpQrStUv"


@pytest.fixture
def database(sessions: dict[str, Sessions]) -> Sessions:
    return sessions["requests"]


def issued(case_id: str, document: ExpectedDocument) -> DocumentIssued:
    now = clock.now()
    download = Download(
        document_id=document.document_id,
        kind=document.kind,
        url=URL,
        pin="402915",
        expires_at=now,
    )
    return DocumentIssued(
        case_id=UUID(case_id),
        document_id=document.document_id,
        kind=IssuedKind(document.kind),
        copy_number=1,
        issued_at=now,
        download=download,
    )


async def kept(database: Sessions) -> list[str | None]:
    async with database() as session:
        return list(await session.scalars(select(CaseDocument.download)))


async def ready(database: Sessions) -> list[CaseReady]:
    async with database() as session:
        rows = await session.scalars(select(outbox.table.c.envelope))
        events = [Envelope.model_validate(each).event() for each in rows]
    return [each for each in events if isinstance(each, CaseReady)]


async def test_it_is_told_with_the_ready_case_and_forgotten(
    database: Sessions, registry: Registry, signed: str
) -> None:
    first, second = documents()[:2]
    await registry.applies(signed, [first, second])
    await registry.say(issued(signed, first))
    (waiting,) = [each for each in await kept(database) if each]
    assert "402915" not in waiting
    assert URL not in waiting
    envelope = await registry.say(issued(signed, second))
    (event,) = await ready(database)
    assert event.downloads is not None
    assert {each.document_id for each in event.downloads} == {
        first.document_id,
        second.document_id,
    }
    assert {(each.url, each.pin) for each in event.downloads} == {(URL, "402915")}
    assert await kept(database) == [None, None]
    await registry.again(envelope)
    assert len(await ready(database)) == 1


async def test_without_a_link_nothing_is_told_of_one(
    database: Sessions, registry: Registry, signed: str
) -> None:
    paper = documents()[0]
    await registry.applies(signed, [paper])
    await registry.issues(signed, paper)
    (event,) = await ready(database)
    assert event.downloads is None
